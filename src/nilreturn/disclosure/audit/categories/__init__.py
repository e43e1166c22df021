"""What categories mean, part by part, and the tables laid on the lines of their variables."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.audit.categories.component import Component, components
    from nilreturn.disclosure.audit.categories.listed import Keywords
    from nilreturn.disclosure.audit.categories.parts import (
        FURTHER,
        Line,
        line_of,
        mask_of,
        refuse_unnamed,
    )
    from nilreturn.disclosure.audit.categories.placing import (
        Factor,
        Lines,
        PlacedTable,
        cells_in,
        place,
        union,
    )
    from nilreturn.disclosure.audit.categories.several import Several, is_several, several_of

__all__ = [
    "FURTHER",
    "Component",
    "Factor",
    "Keywords",
    "Line",
    "Lines",
    "PlacedTable",
    "Several",
    "cells_in",
    "components",
    "is_several",
    "line_of",
    "mask_of",
    "place",
    "refuse_unnamed",
    "several_of",
    "union",
]

open_door(__name__)
