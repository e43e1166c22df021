"""Why a reader knows what they know, in words an officer can check against the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nilreturn.disclosure.cells import Cells
from nilreturn.disclosure.system import NO_CEILING, Ints

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MOST_NAMED = 6  # cells listed by name in one sentence
MOST_SUMS = 4  # sums quoted for one conclusion


def counted(number: int, noun: str) -> str:
    """
    A number of things, small numbers in words.

    >>> counted(3, "hidden cell"), counted(1, "hidden cell"), counted(12, "sum")
    ('three hidden cells', 'one hidden cell', '12 sums')
    """
    word = _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
    return f"{word} {noun}" + ("" if number == 1 else "s")


def listed(words: Iterable[str]) -> str:
    """
    Words in a row.

    >>> listed(["22", "2", "22"])
    '22, 2 and 22'
    """
    told = list(words)
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}" if told else ""


def range_words(low: int, high: int) -> str:
    """
    What a cell can be.

    >>> range_words(1, 4), range_words(6, 6), range_words(1, NO_CEILING)
    ('from 1 to 4', 'exactly 6', 'at least 1')
    """
    if low == high:
        return f"exactly {low}"
    return f"at least {low}" if high == NO_CEILING else f"from {low} to {high}"


@dataclass(frozen=True, eq=False)
class Sums:
    """The sums of a set of tables with what is told of each cell, for putting them into words."""

    cells: Cells
    equations: sparse.csr_matrix
    low: Ints
    high: Ints

    def name(self, cell: int, *, inside: int | None) -> str:
        """A cell's name; without its table where all is about table `inside`."""
        if inside is not None and self.cells.table_of(cell) == inside:
            return "/".join(self.cells.labels(cell)) or "the figure"
        return self.cells.words(cell)

    def in_words(self, row: int, *, inside: int | None = None) -> str:
        """One sum: what is shown of it and what that leaves for the cells that are not."""
        total, parts = self._sides(row)
        shown = [p for p in parts if self.low[p] == self.high[p]]
        left = [p for p in parts if self.low[p] != self.high[p]]
        name = self.name(total, inside=inside)
        if self.low[total] == self.high[total]:
            figure = int(self.low[total])
            rest = figure - int(self.low[shown].sum())
            less = self._less([int(self.low[p]) for p in shown])
            if not left:
                return f"{name} {figure}{less} leaves {rest} for nobody"
            those = f"{counted(len(left), 'hidden cell')} ({self._names(left, inside)})"
            return f"{name} {figure}{less} leaves {rest} for {those}"
        added = f"; its shown parts add up to {int(self.low[shown].sum())}" if shown else ""
        others = f"; hidden with it: {self._names(left, inside)}" if left else ""
        return f"{name} is hidden{added}{others}"

    def rest(self, row: int) -> tuple[int, int] | None:
        """What a sum leaves for how many hidden cells; None where the total is not told or nothing is hidden."""
        total, parts = self._sides(row)
        left = [p for p in parts if self.low[p] != self.high[p]]
        if self.low[total] != self.high[total] or not left:
            return None
        shown = [p for p in parts if self.low[p] == self.high[p]]
        return int(self.low[total] - self.low[shown].sum()), len(left)

    def conclusion(self, cell: int, rows: Iterable[int], low: int, high: int, *, inside: int | None) -> str:
        """The sums and what follows from them for one cell."""
        sums = [self.in_words(row, inside=inside) for row in dict.fromkeys(rows)]
        if not sums:
            return f"it is told to be {range_words(low, high)}"
        told = "; ".join(sums[:MOST_SUMS])
        if len(sums) > MOST_SUMS:
            told += f"; and {counted(len(sums) - MOST_SUMS, 'more sum')}"
        together = " (taken together)" if len(sums) > 1 else ""
        least = int(self.low[cell])
        knowing = f", and it is at least {least}" if least and low != high else ""
        return f"{told}{together}{knowing}: so it is {range_words(low, high)}"

    def _sides(self, row: int) -> tuple[int, list[int]]:
        first, after = self.equations.indptr[row], self.equations.indptr[row + 1]
        cells, factors = self.equations.indices[first:after], self.equations.data[first:after]
        return int(cells[np.argmax(factors)]), [int(c) for c, f in zip(cells, factors, strict=True) if f < 0]

    def _less(self, shown: list[int]) -> str:
        told = [value for value in shown if value]
        if not told:
            return ""
        if len(told) > MOST_NAMED:
            return f" less the shown {counted(len(told), 'count')} (together {sum(told)})"
        return f" less the shown {listed(str(value) for value in told)}"

    def _names(self, cells: list[int], inside: int | None) -> str:
        names = [self.name(cell, inside=inside) for cell in cells[:MOST_NAMED]]
        if len(cells) > MOST_NAMED:
            names.append(f"{len(cells) - MOST_NAMED} more")
        return listed(names)
