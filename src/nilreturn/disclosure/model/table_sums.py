"""
What the sums of one table say of its own cells, each by itself: enough to read a mark, a percentage
or a rounded figure by. It is no audit: sums taken together, and other tables, are the audit's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.model.arrays import MOST_COUNT, NO_UPPER, Bools, Ints
from nilreturn.tables import Dimension

OPEN = 4 * MOST_COUNT  # an upper end that nothing bounds; sums of these still fit in 64 bits
MOST_ROUNDS = 50


@dataclass(frozen=True)
class SumBlock:
    """
    The sums of one category into its parts, a column each: flat indices, totals (sums,) and parts
    (parts, sums).
    """

    totals: Ints
    parts: Ints


def sum_blocks(dimensions: Sequence[Dimension]) -> Iterator[SumBlock]:
    """
    Every sum of a table: each category with parts, along each dimension that adds up, in each line
    of the others.
    """
    shape = tuple(len(d.categories) for d in dimensions)
    flat = np.arange(int(np.prod(shape, dtype=np.int64)), dtype=np.int64).reshape(shape)
    for axis, dimension in enumerate(dimensions):
        if not dimension.additive:
            continue
        by_category = np.moveaxis(flat, axis, 0).reshape(len(dimension.categories), -1)
        place = {label: i for i, label in enumerate(dimension.labels)}
        for label in dimension.labels:
            parts = [place[part.label] for part in dimension.children(label)]
            if parts:
                yield SumBlock(by_category[place[label]], by_category[parts])


@dataclass(frozen=True)
class Remainder:
    """A sum with open cells in it: which they are, and what the rest leaves for them together."""

    cells: Ints
    low: int
    high: int


def remainders(
    dimensions: Sequence[Dimension], low: Ints, high: Ints, is_open: Bools
) -> Iterator[Remainder]:
    """What each sum leaves for its `is_open` cells, where the other cells bound it from above."""
    least, most, flat_open = low.reshape(-1), capped(high).reshape(-1), is_open.reshape(-1)
    for block in sum_blocks(dimensions):
        inside = flat_open[block.parts]
        total_open = flat_open[block.totals]
        for line in np.flatnonzero(inside.any(axis=0) != total_open).tolist():
            total, parts, chosen = int(block.totals[line]), block.parts[:, line], inside[:, line]
            if total_open[line]:
                yield Remainder(np.array([total]), int(least[parts].sum()), int(most[parts].sum()))
            else:
                others = parts[~chosen]
                rest_low, rest_high = (
                    least[total] - most[others].sum(),
                    most[total] - least[others].sum(),
                )
                yield Remainder(parts[chosen], int(rest_low), int(rest_high))


def capped(high: Ints) -> Ints:
    """Upper ends that can be added: what nothing bounds is `OPEN`."""
    return np.minimum(high, OPEN)


def propagate_bounds(
    dimensions: Sequence[Dimension], low: Ints, high: Ints
) -> tuple[Ints, Ints] | None:
    """
    The bounds of each cell by the sums that it is in, until they settle; None where no counts can
    add up so.
    """
    least, most = low.reshape(-1).copy(), capped(high).reshape(-1).copy()
    blocks = list(sum_blocks(dimensions))
    for _ in range(MOST_ROUNDS):
        before = least.copy(), most.copy()
        for block in blocks:
            part_low, part_high = least[block.parts], most[block.parts]
            sum_low, sum_high = part_low.sum(axis=0), part_high.sum(axis=0)
            total_low = np.maximum(least[block.totals], sum_low)
            total_high = np.minimum(most[block.totals], sum_high)
            least[block.totals], most[block.totals] = total_low, total_high
            least[block.parts] = np.maximum(part_low, total_low - (sum_high - part_high))
            most[block.parts] = np.minimum(part_high, total_high - (sum_low - part_low))
        if (least > most).any():
            return None
        if (before[0] == least).all() and (before[1] == most).all():
            break
    ceiling = np.where(most >= OPEN, NO_UPPER, most)
    return least.reshape(low.shape), ceiling.reshape(low.shape)
