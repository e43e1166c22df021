"""
What follows for each cell by looking at one sum at a time, over and over: the least and the most it
can be.

This needs no solver, explains itself (each bound was last moved by one sum), and is never too
narrow. It may be too wide: what takes several sums together is found by `evidence`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from nilreturn.disclosure.model.arrays import NO_UPPER, Floats, Ints

# What the factors are to be divided by; pairs of a sum and its factor.
Multipliers = tuple[int, list[list[int]]]

MOST_ROUNDS = 200  # each round is valid as it stands; long chains of tiny steps are cut off here


@dataclass(frozen=True, eq=False)
class Bounds:
    """
    `low..high` of each cell (`NO_UPPER` where nothing bounds it), and the number of the sum that
    last moved each end, -1 where it is as it was told. `broken` is a sum that cannot hold, -1 when
    all can.
    """

    low: Ints
    high: Ints
    low_by: Ints
    high_by: Ints
    broken: int = -1


def propagate_bounds(equations: sparse.csr_matrix, low: Ints, high: Ints) -> Bounds:
    """The bounds of integers in `low..high` under `equations @ x == 0`."""
    entries = equations.tocoo()
    rows, columns, factors = entries.row, entries.col, entries.data.astype(np.float64)
    least, most = low.astype(np.float64), high.astype(np.float64)
    most[high == NO_UPPER] = np.inf
    low_by, high_by = np.full(len(low), -1), np.full(len(low), -1)
    for _ in range(MOST_ROUNDS):
        under, over = _implied(rows, columns, factors, least, most, equations.shape[0])
        raised = _apply(columns, rows, under, least, low_by, np.maximum)
        lowered = _apply(columns, rows, over, most, high_by, np.minimum)
        crossed = np.flatnonzero(least > most)
        if len(crossed):
            cell = int(crossed[0])
            broken = int(low_by[cell] if low_by[cell] >= 0 else high_by[cell])
            return Bounds(_whole(least), _whole(most), low_by, high_by, broken)
        if not raised and not lowered:
            break
    return Bounds(_whole(least), _whole(most), low_by, high_by)


def _implied(
    rows: Ints, columns: Ints, factors: Floats, least: Floats, most: Floats, count: int
) -> tuple[Floats, Floats]:
    """
    For each entry of the equations, the bounds of its cell given those of all the others of its
    row.
    """
    positive = factors > 0
    below = factors * np.where(positive, least[columns], most[columns])
    above = factors * np.where(positive, most[columns], least[columns])
    others_least = _of_others(rows, below, count)
    others_most = _of_others(rows, above, count)
    one, two = -others_most / factors, -others_least / factors
    under = np.ceil(np.minimum(one, two) - 1e-9)
    over = np.floor(np.maximum(one, two) + 1e-9)
    return under, over


def _of_others(rows: Ints, terms: Floats, count: int) -> Floats:
    """The sum of a row without the entry itself; infinite when any other entry is."""
    endless = np.isinf(terms)
    sign = np.sign(terms[endless][0]) if endless.any() else 1.0
    finite = np.where(endless, 0.0, terms)
    totals = np.bincount(rows, weights=finite, minlength=count)[rows] - finite
    others_endless = np.bincount(rows, weights=endless, minlength=count)[rows] - endless
    return np.where(others_endless > 0, sign * np.inf, totals)


def _apply(
    columns: Ints, rows: Ints, found: Floats, bound: Floats, by: Ints, choose: np.ufunc
) -> bool:
    """Move the bounds that `found` improves, in place; True when any moved."""
    best = bound.copy()
    choose.at(best, columns, found)
    moved = best != bound
    if not moved.any():
        return False
    entries = np.flatnonzero(moved[columns] & (found == best[columns]))
    # Reversed, so that the first such row is the one kept.
    by[columns[entries[::-1]]] = rows[entries[::-1]]
    bound[:] = best
    return True


def _whole(bound: Floats) -> Ints:
    whole = np.full(len(bound), NO_UPPER, dtype=np.int64)
    finite = np.isfinite(bound)
    whole[finite] = bound[finite].astype(np.int64)
    return whole


def most_by(
    equations: sparse.csr_matrix,
    low: Ints,
    high: Ints,
    cell: int,
    sign: int,
    multipliers: Multipliers,
) -> int | None:
    """
    The most that `sign` (1 or -1) times a cell can be, given by multipliers of sums; None where
    they give no bound.

    Every sum is 0. So the cell is what is left of it when the sums are taken away, each as often as
    its factor says, and that is at most what each cell left can add. Of integers a fraction more is
    nothing.
    """
    divisor, factors = multipliers
    left = {cell: sign * divisor}
    for row, factor in factors:
        first, after = equations.indptr[row], equations.indptr[row + 1]
        for other, entry in zip(
            equations.indices[first:after].tolist(), equations.data[first:after], strict=True
        ):
            left[other] = left.get(other, 0) - factor * int(entry)
    most = 0
    for other, factor in left.items():
        if factor > 0 and high[other] == NO_UPPER:
            return None
        most += factor * int(high[other] if factor > 0 else low[other])
    return most // divisor


def equal_cells(equations: sparse.csr_matrix, low: Ints, high: Ints) -> Ints:
    """
    A number for each cell, the same for cells that one sum shows to be the same people: a total all
    of whose other parts are told to be zero, and the one part that is not.
    """
    settled = low == high
    left = equations[:, np.flatnonzero(~settled)].tocsr()
    rest = -(equations @ np.where(settled, low, 0))
    columns = np.flatnonzero(~settled)
    pairs = [
        (int(columns[left.indices[first]]), int(columns[left.indices[first + 1]]))
        for first, after, other in zip(left.indptr[:-1], left.indptr[1:], rest, strict=True)
        if after - first == 2 and other == 0 and left.data[first] == -left.data[first + 1]
    ]
    links = sparse.coo_matrix(
        (np.ones(len(pairs)), ([a for a, _ in pairs], [b for _, b in pairs])), (len(low), len(low))
    )
    _, classes = csgraph.connected_components(links, directed=False)
    found: Ints = classes.astype(np.int64)
    return found
