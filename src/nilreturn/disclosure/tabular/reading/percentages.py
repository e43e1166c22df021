"""
What printed percentages tell of the counts behind them: 4.8% of 63 can only be 3.

A percentage bounds its count by what it is a share of, and that total by the count, however the
percentage was rounded. Neither need be printed: 57.1% beside a 3 of another kind is 4 of 7. That
several percentages add up to 100 tells no more, since each is rounded by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nilreturn.disclosure.model import NO_UPPER, Ints, PublishedTable
from nilreturn.disclosure.model import tighten_table as propagate_bounds
from nilreturn.disclosure.tabular.figures import share_of
from nilreturn.disclosure.tabular.marks import CellMarks
from nilreturn.disclosure.tabular.reading.percentage_columns import Index, Share, shares_in
from nilreturn.disclosure.tabular.reading.printed import read_printed
from nilreturn.disclosure.tabular.text_tables import TextTable, read_sheet
from nilreturn.errors import TableError
from nilreturn.tables import Dimension

Ends = tuple[int, int]
MOST_ROUNDS = 30
MOST_TRIED = 5_000  # values of a count that are tried one by one


def percentages_from_csv(
    path: Path,
    *,
    known: Sequence[PublishedTable] = (),
    marks: CellMarks | None = None,
    labels: int | None = None,
) -> PublishedTable | None:
    """
    Read what the percentages in a printed CSV file disclose of its counts.

    Parameters
    ----------
    path : Path
        The file.
    known : sequence of PublishedTable
        Other printed tables, which may hold the counts that the percentages are of.
    marks : CellMarks, optional
        How the table writes hidden cells.
    labels : int, optional
        Number of leading columns that hold labels, where the file does not show it.

    Returns
    -------
    PublishedTable or None
        The range of each count; None if the file has no percentages.

    Raises
    ------
    FileError
        If the file cannot be read.
    TableError
        If it is not clear what the percentages are of, or no integer is such a percentage.
    """
    marks = marks or CellMarks()
    sheet = read_sheet(path, marks)
    if not sheet.percentages(marks):
        return None
    read = read_printed(sheet, marks=marks, labels=labels)
    return read_percentages(sheet, read.table, known=known, marks=marks).table


@dataclass(frozen=True, eq=False)
class ReadPercentages:
    """
    What the percentages of a table tell, as a table of ranges, and of what each column is a share,
    in words.
    """

    table: PublishedTable | None
    words: tuple[str, ...] = ()


def read_percentages(
    sheet: TextTable,
    table: PublishedTable,
    *,
    known: Sequence[PublishedTable] = (),
    marks: CellMarks,
) -> ReadPercentages:
    """
    What the percentages of a sheet tell of the counts of its table. Raises like
    `percentages_from_csv`.
    """
    if not sheet.percentages(marks):
        return ReadPercentages(None)
    low, high = _with_known(table, known)
    settled = propagate_bounds(table.dimensions, low, high)
    bounds = _Bounds(table.dimensions, *(settled or (low, high)))
    found = shares_in(sheet, table.dimensions, bounds.low, bounds.high, marks)
    shares = [share for column in found for share in column.shares]
    for _ in range(MOST_ROUNDS):
        before = bounds.low.copy(), bounds.high.copy()
        for share in shares:
            bounds.take(share, sheet)
        settled = propagate_bounds(table.dimensions, bounds.low, bounds.high)
        if settled is None:
            break  # what is printed contradicts itself: the audit says where
        bounds.low, bounds.high = settled
        if (before[0] == bounds.low).all() and (before[1] == bounds.high).all():
            break
    if (bounds.told_low > bounds.told_high).any():
        raise TableError(
            f"table {sheet.name}: two percentages of one count contradict each other; correct one "
            f"of them"
        )
    hidden = np.zeros(bounds.low.shape, dtype=np.bool_)
    name = f"the percentage column of {table.name}"
    told = PublishedTable(
        name,
        table.title,
        table.population,
        table.dimensions,
        bounds.told_low,
        bounds.told_high,
        hidden,
    )
    return ReadPercentages(told, tuple(column.words for column in found))


def _with_known(table: PublishedTable, known: Sequence[PublishedTable]) -> tuple[Ints, Ints]:
    """
    The ranges of a table's cells with what other tables of the same records print of its margins.
    """
    low, high = table.low.copy(), table.high.copy()
    axis_of = {dimension.variable: axis for axis, dimension in enumerate(table.dimensions)}
    for other in known:
        if other.population != table.population or any(
            d.variable not in axis_of for d in other.dimensions
        ):
            continue
        for index in np.ndindex(other.low.shape):
            place = [0] * len(table.dimensions)
            for dimension, i in zip(other.dimensions, index, strict=True):
                labels = table.dimensions[axis_of[dimension.variable]].labels
                label = dimension.labels[i] if i else labels[0]
                if label not in labels:
                    break
                place[axis_of[dimension.variable]] = labels.index(label)
            else:
                at = tuple(place)
                least, most = max(low[at], other.low[index]), min(high[at], other.high[index])
                if least <= most:
                    low[at], high[at] = least, most
    return low, high


class _Bounds:
    """The ranges of a table's cells, narrowed share by share."""

    def __init__(self, dimensions: Sequence[Dimension], low: Ints, high: Ints) -> None:
        self.dimensions, self.low, self.high = dimensions, low.copy(), high.copy()
        self.told_low, self.told_high = np.zeros_like(low), np.full_like(high, NO_UPPER)

    def take(self, share: Share, sheet: TextTable) -> None:
        """
        Narrow a count and what it is a share of. Raises `TableError` where no integers are such a
        share.
        """
        x_low, x_high = int(self.low[share.count]), int(self.high[share.count])
        b_low, b_high = int(self.low[share.base]), int(self.high[share.base])
        found = share_of(share.ends, b_low, b_high)
        if found is None:
            total = str(b_low) if b_low == b_high else f"a total from {b_low} to {b_high}"
            raise TableError(
                f"table {sheet.name}: {share.words}: no whole number is the percentage printed in "
                f"{share.heading!r} of {total}; check what it is a share of"
            )
        self.told_low[share.count] = max(int(self.told_low[share.count]), found[0])
        self.told_high[share.count] = min(int(self.told_high[share.count]), found[1])
        if share.count == share.base:
            return
        if max(x_low, found[0]) > min(x_high, found[1]):
            return  # the audit names the contradiction
        x_low, x_high = max(x_low, found[0]), min(x_high, found[1])
        rest_low, rest_high = self._rest(share)
        most = share.ends[1]
        if most < 100 and rest_high < NO_UPPER:
            x_high = min(x_high, int(most * rest_high / (100 - most)))
        possible = _possible(share, (x_low, x_high), (b_low, b_high), (rest_low, rest_high))
        if possible is not None:
            (x_low, x_high), (b_low, b_high) = possible
        self._narrow(share.count, x_low, x_high)
        self._narrow(share.base, b_low, b_high)

    def _narrow(self, place: Index, low: int, high: int) -> None:
        """
        Narrow a cell, and note by how much a percentage did so; what only sums tell is the audit's.
        """
        if low > self.low[place]:
            self.low[place], self.told_low[place] = low, max(int(self.told_low[place]), low)
        if high < self.high[place]:
            self.high[place], self.told_high[place] = high, min(int(self.told_high[place]), high)

    def _rest(self, share: Share) -> tuple[int, int]:
        """
        The range of all that the total has beside the count: by the parts beside it, where they are
        in one sum.
        """
        b_low, b_high = int(self.low[share.base]), int(self.high[share.base])
        low = max(0, b_low - int(self.high[share.count]))
        high = NO_UPPER if b_high == NO_UPPER else b_high - int(self.low[share.count])
        axes = [
            axis for axis, (i, j) in enumerate(zip(share.count, share.base, strict=True)) if i != j
        ]
        if len(axes) != 1 or not self.dimensions[axes[0]].additive:
            return low, high
        axis, dimension = axes[0], self.dimensions[axes[0]]
        total, own = dimension.categories[share.base[axis]], dimension.categories[share.count[axis]]
        if own.parent != total.label:
            return low, high
        beside = [
            (*share.count[:axis], dimension.labels.index(part.label), *share.count[axis + 1 :])
            for part in dimension.children(total.label)
            if part.label != own.label
        ]
        low = max(low, sum(int(self.low[place]) for place in beside))
        tops = [int(self.high[place]) for place in beside]
        return low, high if NO_UPPER in tops else min(high, sum(tops))


def _possible(share: Share, count: Ends, base: Ends, rest: Ends) -> tuple[Ends, Ends] | None:
    """
    The ends of the counts and totals that are such a share, the counts tried one by one; None where
    there are too many to try, or none.
    """
    if not 0 <= count[1] - count[0] < MOST_TRIED:
        return None
    low, high = share.ends
    found = []
    for value in range(count[0], count[1] + 1):
        if value and not high:
            break
        least = max(base[0], value + rest[0], math.ceil(100 * value / high) if high else 0)
        most = min(base[1], value + rest[1] if rest[1] < NO_UPPER else NO_UPPER)
        if low > 0:
            most = min(most, math.floor(100 * value / low))
        if least <= most:
            found.append((value, least, most))
    if not found:
        return None
    return (found[0][0], found[-1][0]), (
        min(least for _, least, _ in found),
        max(most for _, _, most in found),
    )
