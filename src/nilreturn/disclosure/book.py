"""Cells and equations while they are being gathered from tables, each cell under its meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nilreturn.disclosure.meaning import Axis
from nilreturn.disclosure.model import Shaped
from nilreturn.errors import TableError

MOST_CELLS = 500_000  # beyond, the arithmetic would not end within minutes: refused with one line

Key = tuple[object, ...]
EMPTY, OVERLAP = object(), object()  # first in the keys of cells that have no unit, and so like no unit
Row = tuple[tuple[int, ...], tuple[int, ...]]  # cells, coefficients


@dataclass
class Book:
    """Cells and equations while they are being gathered."""

    number: dict[Key, int] = field(default_factory=dict)
    rows: dict[Row, None] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    difference: set[int] = field(default_factory=set)
    empty: set[int] = field(default_factory=set)
    apart: dict[int, tuple[str, ...]] = field(default_factory=dict)  # the variables a difference is told apart by

    def cell(self, key: Key) -> int:
        found = self.number.setdefault(key, len(self.number))
        if found >= MOST_CELLS:
            raise TableError(f"the tables have more than {MOST_CELLS:,} cells together; protect or audit fewer at once")
        return found

    def equation(self, total: int, parts: Iterable[int]) -> None:
        """`total` is the sum of `parts`. What says nothing (a cell equals itself) is left out."""
        terms: dict[int, int] = {total: 1}
        for part in parts:
            terms[part] = terms.get(part, 0) - 1
        kept = sorted((cell, factor) for cell, factor in terms.items() if factor)
        if kept:
            self.rows.setdefault((tuple(c for c, _ in kept), tuple(f for _, f in kept)))


@dataclass(frozen=True)
class Placed:
    """A table on the axes: the masks of its categories along each dimension, and of its population elsewhere."""

    shape: Shaped
    masks: dict[str, list[int]]  # of each variable it is broken down or restricted by

    def along(self, variable: str, axis: Axis) -> list[int]:
        return self.masks.get(variable, [axis.everything])


def key_of(unit: str, masks: Iterable[tuple[str, int]], axes: dict[str, Axis]) -> Key:
    """The meaning of a cell as something to compare."""
    told = ((variable, mask) for variable, mask in masks if mask != axes[variable].everything)
    return (unit, *sorted(told))
