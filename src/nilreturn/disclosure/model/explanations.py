"""Why a reader knows what they know, in words an officer can check against the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model.arrays import NO_UPPER, Bools, Ints
from nilreturn.disclosure.model.cells import Cells
from nilreturn.wording import in_words, listed

MOST_NAMED = 6  # cells listed by name in one sentence
MOST_SUMS = 4  # sums quoted for one conclusion


def range_words(low: int, high: int) -> str:
    """
    What a cell can be.

    >>> range_words(1, 4), range_words(6, 6), range_words(1, NO_UPPER)
    ('from 1 to 4', 'exactly 6', 'at least 1')
    """
    if low == high:
        return f"exactly {low}"
    return f"at least {low}" if high == NO_UPPER else f"from {low} to {high}"


@dataclass(frozen=True, slots=True)
class PrintedSum:
    """
    One sum as a reader has it: a total, its parts that are shown, and those that are hidden. With
    `is_implied` it says that the total is not 0 where the one part is not.
    """

    total: int
    printed: tuple[int, ...]
    hidden: tuple[int, ...]
    is_implied: bool = False


@dataclass(frozen=True, eq=False)
class Sums:
    """
    The sums of a set of tables with what is told of each cell, for putting them into words.
    `hidden` are cells hidden on purpose; one that is neither hidden nor told (a margin that was
    left out) is replaced by its own parts.
    """

    cells: Cells
    equations: sparse.csr_matrix
    low: Ints
    high: Ints
    hidden: Bools

    def printed_sum(self, row: int) -> PrintedSum:
        """A sum with the margins that nobody printed replaced by their parts."""
        total, waiting = self._sides(row)
        implied = self._implied.get(waiting[-1], ()) if waiting else ()
        if implied:
            return PrintedSum(implied[1], (), (implied[0],), is_implied=True)
        shown: list[int] = []
        left: list[int] = []
        opened: set[int] = set()
        while waiting:
            part = waiting.pop(0)
            parts = self._parts_of.get(part, ())
            if self.low[part] == self.high[part]:
                shown.append(part)
            elif self.hidden[part] or not parts or part in opened or self.cells.unpublished[part]:
                left.append(part)
            else:
                opened.add(part)
                waiting[:0] = parts
        return PrintedSum(total, tuple(sorted(shown)), tuple(sorted(left)))

    @cached_property
    def _implied(self) -> dict[int, tuple[int, int]]:
        """What is implied, by the cell that its sum alone has (the last in it)."""
        return {own: (count, other) for count, other, own in self.cells.implied.tolist()}

    @cached_property
    def _parts_of(self) -> dict[int, tuple[int, ...]]:
        """The parts of each total, in the first sum that has it."""
        parts: dict[int, tuple[int, ...]] = {}
        for row in range(self.equations.shape[0]):
            total, below = self._sides(row)
            parts.setdefault(total, tuple(below))
        return parts

    def name(self, cell: int, *, inside: int | None) -> str:
        """A cell's name; without its table where all is about table `inside`."""
        if inside is not None and self.cells.table_of(cell) == inside:
            return " / ".join(self.cells.labels(cell)) or "the figure"
        return self.cells.words(cell)

    def words_of(self, printed: PrintedSum, *, inside: int | None = None) -> str:
        """A sum in words."""
        name = self.name(printed.total, inside=inside)
        if printed.is_implied:
            return f"{self.name(printed.hidden[0], inside=inside)}: is 0 where {name} is 0"
        # Named once: what follows is of the same table unless it says so.
        inside = self.cells.table_of(printed.total)
        added = int(self.low[list(printed.printed)].sum())
        if self.low[printed.total] == self.high[printed.total]:
            figure = int(self.low[printed.total])
            if not printed.hidden:
                return f"{name} is {figure}, and its parts add up to {added}"
            less = self._less([int(self.low[p]) for p in printed.printed])
            those = (
                f"{in_words(len(printed.hidden), 'hidden cell')} "
                f"({self._names(printed.hidden, inside)})"
            )
            return f"{name} {figure}{less} leaves {figure - added} for {those}"
        shown = f"; its shown parts add up to {added}" if printed.printed else ""
        others = (
            f"; hidden with it: {self._names(printed.hidden, inside)}" if printed.hidden else ""
        )
        return (
            f"{name} is {'hidden' if self.hidden[printed.total] else 'not printed'}{shown}{others}"
        )

    def rest(self, printed: PrintedSum) -> int | None:
        """What a sum leaves for its hidden cells; None where the total is not told."""
        if printed.is_implied or self.low[printed.total] != self.high[printed.total]:
            return None
        return int(self.low[printed.total] - self.low[list(printed.printed)].sum())

    def most_of(self, printed: PrintedSum, cell: int) -> int | None:
        """The most that a cell can be by one sum alone, the others being at their least."""
        rest = self.rest(printed)
        if rest is None or cell not in printed.hidden:
            return None
        return rest - int(self.low[[other for other in printed.hidden if other != cell]].sum())

    def conclusion(
        self, cell: int, sums: Iterable[PrintedSum], low: int, high: int, *, inside: int | None
    ) -> str:
        """The sums and what follows from them for one cell."""
        words = list(dict.fromkeys(self.words_of(told, inside=inside) for told in sums))
        if not words:
            return f"all that is known is that it is {range_words(low, high)}"
        quoted = "; ".join(words[:MOST_SUMS])
        if len(words) > MOST_SUMS:
            quoted += f"; and {in_words(len(words) - MOST_SUMS, 'more sum')}"
        together = " (taken together)" if len(words) > 1 else ""
        least = int(self.low[cell])
        knowing = (
            f", and each is at least {least}" if least and high != NO_UPPER and low != high else ""
        )
        return f"{quoted}{together}{knowing}: so it is {range_words(low, high)}"

    def _sides(self, row: int) -> tuple[int, list[int]]:
        first, after = self.equations.indptr[row], self.equations.indptr[row + 1]
        cells, factors = self.equations.indices[first:after], self.equations.data[first:after]
        return int(cells[np.argmax(factors)]), [
            int(c) for c, f in zip(cells, factors, strict=True) if f < 0
        ]

    def _less(self, printed: list[int]) -> str:
        told = [value for value in printed if value]
        if not told:
            return ""
        if len(told) > MOST_NAMED:
            return f" less the shown {in_words(len(told), 'count')} (together {sum(told)})"
        return f" less the shown {listed(str(value) for value in told)}"

    def _names(self, cells: Sequence[int], inside: int | None) -> str:
        names = [self.name(cell, inside=inside) for cell in cells[:MOST_NAMED]]
        if len(cells) > MOST_NAMED:
            names.append(f"{len(cells) - MOST_NAMED} more")
        return listed(names)
