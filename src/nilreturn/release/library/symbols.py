"""
The marks that stand for a figure, from the government's harmonised list: letters in square
brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nilreturn.release.wording import Wording
from nilreturn.tables import Coordinates, PrintedTable

CONFIDENTIAL = "[c]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"


def printed(count: int | None) -> int | str:
    """
    A count as readers see it: its number, or the mark of a hidden one.

    Both reasons for hiding have the same mark; otherwise the mark would show which cells are small.
    A figure rounded to 0 is printed as 0 and never as "[low]", which would distinguish it from a
    true 0.
    """
    return CONFIDENTIAL if count is None else count


def printed_cell(table: PrintedTable, labels: Coordinates) -> int | str:
    """
    A cell as readers see it: its count, or the mark of one that is hidden, that the records do not
    cover, or whose offence could not be recorded on its days.
    """
    outside = {(row.variable, row.label) for row in table.not_covered}
    if outside and any(
        (d.variable, label) in outside for d, label in zip(table.dimensions, labels, strict=True)
    ):
        return NOT_AVAILABLE
    return NOT_APPLICABLE if labels in table.not_in_use else printed(table.count(*labels))


def legends(wording: Wording, marks: Sequence[str], *, prints_zeros: bool) -> Iterator[str]:
    """What each of the marks means, and that a hidden figure is no zero where zeros are printed."""
    for mark in marks:
        is_told = mark == CONFIDENTIAL and prints_zeros
        no_zero = f" {wording.say('figure.no_zero')}" if is_told else ""
        meaning = wording.of(f"symbols.{mark}")
        yield f"{wording.say('figure.legend', mark=mark, meaning=meaning)}{no_zero}"
