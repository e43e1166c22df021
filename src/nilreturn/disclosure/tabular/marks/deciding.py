"""
Marks that may mean two things, decided by the sums of their table: "-" is zero in some tables and
hidden in others, and what is "not available" is a hidden count where a printed total leaves
something for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.model import NO_UPPER, Bools, Ints, remainders
from nilreturn.disclosure.model import tighten_table as propagate_bounds
from nilreturn.disclosure.tabular.marks.marks import CellMarks, CellReading, Kind
from nilreturn.disclosure.tabular.marks.number_texts import whole_range
from nilreturn.errors import TableError
from nilreturn.tables import Dimension

_LIMIT = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\b"
_RANGES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:less than|fewer than|lower than|under|below|<) ?{_LIMIT}",
        rf"(?:up to|no more than|<=|≤) ?{_LIMIT}",
        rf"(?:between )?\b{_LIMIT} ?(?:-|–|to|and) ?{_LIMIT}",
        rf"{_LIMIT} or (?:fewer|less|under)",
    )
)


@dataclass(frozen=True, eq=False)
class Readings:
    """
    The cells of a table as arrays of its shape, with what was written in each; the arrays may be
    written to.
    """

    low: Ints
    high: Ints
    hidden: Bools
    # In the order of the flattened arrays; None where the table has no such cell.
    written: Sequence[CellReading | None]

    def where(self, kind: Kind, mark: str | None = None) -> Bools:
        """The cells with a mark of one kind."""
        flat = [
            w is not None and w.kind is kind and (mark is None or w.mark.casefold() == mark)
            for w in self.written
        ]
        return np.array(flat, dtype=np.bool_).reshape(self.low.shape)

    def marks(self, kind: Kind) -> tuple[str, ...]:
        """The marks of one kind in use, folded, in the order of their first cell."""
        found = (w.mark.casefold() for w in self.written if w is not None and w.kind is kind)
        return tuple(dict.fromkeys(found))

    def set(self, cells: Bools, low: int, high: int, *, hidden: bool) -> None:
        self.low[cells], self.high[cells], self.hidden[cells] = low, high, hidden


def decide(
    readings: Readings, dimensions: Sequence[Dimension], marks: CellMarks, ask: Callable[[int], str]
) -> dict[str, str]:
    """
    Settle the unclear marks of a table, in place; what each is taken to mean, in words.

    Raises `TableError`, with the option to give, for a mark that
    no sum decides.
    """
    told: dict[str, str] = {}
    for mark in readings.marks(Kind.UNCLEAR):
        told[mark] = _unclear(readings, dimensions, marks, mark, ask)
    for mark in readings.marks(Kind.ABSENT):
        cells = readings.where(Kind.ABSENT, mark)
        some, _ = _evidence(readings, dimensions, cells)
        readings.set(cells & some, 0, NO_UPPER, hidden=True)
        told[mark] = "not available"
        if some.any():
            rest = "" if (cells == some).all() else ", elsewhere not available"
            told[mark] = f"hidden where the totals leave a count for it{rest}"
    blanks = readings.where(Kind.HIDDEN, "")
    if blanks.any():
        _, none = _evidence(readings, dimensions, blanks)
        readings.set(blanks & none, 0, 0, hidden=False)
        hidden = "hidden, of any size"
        told[""] = hidden
        if none.any():
            told[""] = (
                "zero, by the totals"
                if (blanks == none).all()
                else f"zero where the totals say so, else {hidden}"
            )
    return told


def _unclear(
    readings: Readings,
    dimensions: Sequence[Dimension],
    marks: CellMarks,
    mark: str,
    ask: Callable[[int], str],
) -> str:
    cells = readings.where(Kind.UNCLEAR, mark)
    some, none = _evidence(readings, dimensions, cells)
    open_cells = cells & ~some & ~none
    if some.any() and not none.any():
        readings.set(cells, marks.floor, NO_UPPER, hidden=True)
        return "hidden (the totals leave a count for it)"
    if none.any() and not some.any():
        readings.set(cells, 0, 0, hidden=False)
        return "zero (the totals leave nothing for it)"
    if open_cells.any() or not cells.any():
        first = int(np.flatnonzero(open_cells)[0])
        raise TableError(
            f"{ask(first)}: {mark!r} may be zero or hidden, and no total tells; say which with "
            f"--mark '{mark}=zero' or --mark '{mark}=hidden'"
        )
    readings.set(cells & some, marks.floor, NO_UPPER, hidden=True)
    readings.set(cells & none & ~some, 0, 0, hidden=False)
    return "zero or hidden, as the totals tell"


def _evidence(
    readings: Readings, dimensions: Sequence[Dimension], cells: Bools
) -> tuple[Bools, Bools]:
    """The cells in a sum that leaves something for them, and those in a sum that leaves nothing."""
    some, none = (np.zeros(cells.size, dtype=np.bool_) for _ in range(2))
    for rest in remainders(dimensions, readings.low, readings.high, cells):
        some[rest.cells] |= rest.low > 0
        none[rest.cells] |= rest.high == 0
    shape = cells.shape
    return some.reshape(shape), (none & ~some).reshape(shape)


def ranges_in_notes(
    readings: Readings, dimensions: Sequence[Dimension], notes: Sequence[str]
) -> dict[str, str]:
    """
    Narrow hidden marks to what a note below the table says of them ("* fewer than 5"), in place,
    where the counts can add up so; in words, by mark. A mark that also hides others for their sake
    cannot, or the note says so.
    """
    told: dict[str, str] = {}
    for mark in readings.marks(Kind.HIDDEN):
        found = next((r for note in notes if mark and (r := _range_after(mark, note))), None)
        if found is None:
            continue
        cells = readings.where(Kind.HIDDEN, mark)
        low, high = readings.low.copy(), readings.high.copy()
        low[cells], high[cells] = (
            np.maximum(low[cells], found[0]),
            np.minimum(high[cells], found[1]),
        )
        if not (low > high).any() and propagate_bounds(dimensions, low, high) is not None:
            readings.low[...], readings.high[...] = low, high
            told[mark] = f"hidden, from {low[cells].min()} to {found[1]}, as the note says"
    return told


def _range_after(mark: str, note: str) -> tuple[int, int] | None:
    """
    What a note says that a mark stands for, where it names a range and nothing of other counts.
    """
    start = note.casefold().find(mark)
    words = note[start + len(mark) :].casefold() if start >= 0 else ""
    if any(
        word in words
        for word in ("other", "secondary", "or more", "prevent", "protect", "deduc", "calculat")
    ):
        return None
    for pattern in _RANGES:
        for found in pattern.finditer(words):
            try:
                if (told := whole_range(found[0], 1)) is not None and told[1] < 100:
                    return told
            except TableError:
                continue
    return None


def in_order(told: Mapping[str, str]) -> list[str]:
    """Marks with their meanings, for a reader: "'*' hidden"."""
    return [f"{mark!r} {meaning}" if mark else f"blank {meaning}" for mark, meaning in told.items()]
