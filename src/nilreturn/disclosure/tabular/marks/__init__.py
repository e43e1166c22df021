"""What is written in a cell of a printed table: a count, a range, or a mark, and how a doubtful one is decided."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.tabular.marks.deciding import Readings, decide, in_order, ranges_in_notes
    from nilreturn.disclosure.tabular.marks.marks import Kind, Marks, Written, as_percentage, told_marks
    from nilreturn.disclosure.tabular.marks.number_texts import is_plain_number, short, without_notes
    from nilreturn.disclosure.tabular.marks.rounded import (
        Rounding,
        common_base,
        noticed,
        small_to_zero,
        told_rounding,
        widen,
    )

__all__ = [
    "Kind",
    "Marks",
    "Readings",
    "Rounding",
    "Written",
    "as_percentage",
    "common_base",
    "decide",
    "in_order",
    "is_plain_number",
    "noticed",
    "ranges_in_notes",
    "short",
    "small_to_zero",
    "told_marks",
    "told_rounding",
    "widen",
    "without_notes",
]

open_door(__name__)
