"""Cells and equations while they are being gathered from tables, each cell under its meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nilreturn.disclosure.linked_tables.axes import Axis
from nilreturn.disclosure.model import MOST_CELLS
from nilreturn.errors import TableError

Key = tuple[object, ...]
BY_PRODUCT = "by-product"  # first in the keys of cells that are no part of a unit
Row = tuple[tuple[int, ...], tuple[int, ...]]  # cells, coefficients


@dataclass
class CellBuilder:
    """Cells and equations while they are being gathered."""

    number: dict[Key, int] = field(default_factory=dict)
    # Of each cell what it counts; empty for by-products.
    units: list[str] = field(default_factory=list)
    # Of each cell that is a box: its key.
    boxes: dict[int, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    rows: dict[Row, None] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    difference: set[int] = field(default_factory=set)
    empty: set[int] = field(default_factory=set)
    # The variables a difference is told apart by.
    apart: dict[int, tuple[str, ...]] = field(default_factory=dict)
    advice: dict[int, str] = field(default_factory=dict)
    # Two cells, and one of their own.
    implied: dict[tuple[int, int], int] = field(default_factory=dict)

    def cell(self, key: Key, unit: str = "") -> int:
        """The number of the cell with this meaning."""
        found = self.number.get(key)
        if found is None:
            found = self.number[key] = len(self.units)
            self.units.append(unit)
            if found >= MOST_CELLS:
                raise TableError(
                    f"the tables have more than {MOST_CELLS:,} cells together; protect or audit "
                    f"fewer at once"
                )
        return found

    def box(
        self, universe: str, unit: str, masks: Iterable[tuple[str, int]], axes: dict[str, Axis]
    ) -> int:
        """The number of the cell that counts a part of each variable. No mask is empty."""
        told = tuple(sorted((v, mask) for v, mask in masks if mask != axes[v].everything))
        number = self.cell((universe, *told), unit)
        self.boxes.setdefault(number, told)
        return number

    def equation(self, total: int, parts: Iterable[int]) -> None:
        """`total` is the sum of `parts`. What says nothing (a cell equals itself) is left out."""
        terms: dict[int, int] = {total: 1}
        for part in parts:
            terms[part] = terms.get(part, 0) - 1
        kept = sorted((cell, factor) for cell, factor in terms.items() if factor)
        if kept:
            self.rows.setdefault((tuple(c for c, _ in kept), tuple(f for _, f in kept)))

    def imply(self, count: int, other: int) -> None:
        """Where `count` is not 0, nor is `other`."""
        self.implied.setdefault((count, other), self.cell((BY_PRODUCT, "beyond", count, other)))

    def no_more_than(self, part: int, total: int, unit: str = "") -> int:
        """`part` is among `total`; the number of the cell that counts the others."""
        other = self.cell((BY_PRODUCT, "not in", total, part), unit)
        self.equation(total, (part, other))
        return other
