"""
The fixed wording of a reply: caveats, exemptions, rights, and the marks that stand for a figure.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.release.library.caveats import Caveat, applies, caveats_of, said
    from nilreturn.release.library.exemptions import HELD_BACK, Engaged, check_claims, engaged
    from nilreturn.release.library.symbols import (
        CONFIDENTIAL,
        NOT_APPLICABLE,
        NOT_AVAILABLE,
        legends,
        printed_cell,
    )
    from nilreturn.release.library.symbols import library as symbol_library

__all__ = [
    "CONFIDENTIAL",
    "HELD_BACK",
    "NOT_APPLICABLE",
    "NOT_AVAILABLE",
    "Caveat",
    "Engaged",
    "applies",
    "caveats_of",
    "check_claims",
    "engaged",
    "legends",
    "printed_cell",
    "said",
    "symbol_library",
]

open_door(__name__)
