"""Tables as text read as counts, with how each mark and each figure was taken."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.tabular.reading.counts import (
        at,
        cells_of,
        identifier,
        refuse_other_total,
    )
    from nilreturn.disclosure.tabular.reading.how_read import as_data as reading_as_data
    from nilreturn.disclosure.tabular.reading.how_read import as_text as reading_as_text
    from nilreturn.disclosure.tabular.reading.percentages import percentages_from_csv
    from nilreturn.disclosure.tabular.reading.printed import read_printed
    from nilreturn.disclosure.tabular.reading.published_set import PublishedSet, read_published

__all__ = [
    "PublishedSet",
    "at",
    "cells_of",
    "identifier",
    "percentages_from_csv",
    "read_printed",
    "read_published",
    "reading_as_data",
    "reading_as_text",
    "refuse_other_total",
]

open_door(__name__)
