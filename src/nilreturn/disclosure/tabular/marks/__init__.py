"""
What is written in a cell of a printed table: a count, a range, or a mark, and how a doubtful one is
decided.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.tabular.marks.deciding import (
        Readings,
        decide,
        in_order,
        ranges_in_notes,
    )
    from nilreturn.disclosure.tabular.marks.marks import (
        CellMarks,
        CellReading,
        Kind,
        as_percentage,
        meanings_of_marks,
    )
    from nilreturn.disclosure.tabular.marks.number_texts import (
        is_plain_number,
        short,
        without_notes,
    )
    from nilreturn.disclosure.tabular.marks.rounded import (
        Rounding,
        common_base,
        noticed,
        small_to_zero,
        stated_rounding,
        widen,
    )

__all__ = [
    "CellMarks",
    "CellReading",
    "Kind",
    "Readings",
    "Rounding",
    "as_percentage",
    "common_base",
    "decide",
    "in_order",
    "is_plain_number",
    "meanings_of_marks",
    "noticed",
    "ranges_in_notes",
    "short",
    "small_to_zero",
    "stated_rounding",
    "widen",
    "without_notes",
]

open_door(__name__)
