"""
Where classes lie in their tables, and the small boxes of a table in which a move is likely.

A box is some codes of each dimension together with all totals above them. Whatever changes inside
can be made up for inside, so that a linear programme over a few hundred classes mostly finds what
one over a hundred thousand would.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Bools, Floats, Ints
from nilreturn.disclosure.suppression.presolve import Block, concatenated_ranges
from nilreturn.disclosure.suppression.problem import SuppressionProblem

A_LEVEL = 0.25  # how much dearer a code is for each total that it does not share


class Hierarchies:
    """
    Per dimension of a system's places: `above[d]` (codes, most totals above one) the totals above
    each code, padded with -1, and whether a code has no parts.
    """

    def __init__(self, system: SuppressionProblem) -> None:
        self.place = (
            np.zeros((system.size, 0), dtype=np.int64) if system.place is None else system.place
        )
        self.above: list[Ints] = []
        self.leaf: list[Bools] = []
        for d in range(self.place.shape[1]):
            codes = int(self.place[:, d].max(initial=-1)) + 1
            part, total = _pairs(system.equations, self.place, d)
            self.above.append(_padded(_closed(part, total, codes)))
            self.leaf.append(~np.isin(np.arange(codes), total))

    def of(self, block: Block) -> tuple[Ints, Ints]:
        """The places of a block's cells, of those that lie somewhere, and the class of each."""
        place = self.place[block.cells]
        there = (place >= 0).all(axis=1) & (place.shape[1] > 0)
        return place[there], block.owner[there]


def _pairs(equations: sparse.csr_matrix, place: Ints, d: int) -> tuple[Ints, Ints]:
    """(part, total): the codes that equations along one dimension join."""
    filled = np.flatnonzero(np.diff(equations.indptr))
    starts, codes = equations.indptr[filled], place[equations.indices]
    varies = np.minimum.reduceat(codes, starts, axis=0) != np.maximum.reduceat(
        codes, starts, axis=0
    )
    along = (
        varies[:, d] & (varies.sum(axis=1) == 1) & (np.minimum.reduceat(codes[:, d], starts) >= 0)
    )
    row = np.repeat(np.arange(len(filled)), np.diff(equations.indptr)[filled])
    total = np.zeros(len(filled), dtype=np.int64)
    total[row[equations.data > 0]] = codes[equations.data > 0, d]
    parts = (equations.data < 0) & along[row]
    pair = np.unique(np.stack([codes[parts, d], total[row[parts]]]), axis=1)
    return pair[0], pair[1]


def _closed(part: Ints, total: Ints, codes: int) -> sparse.csr_matrix:
    """
    (codes, codes): for each code, an entry where another is a total above it, at whatever height.
    """
    step = sparse.csr_matrix((np.ones(len(part), dtype=np.int32), (part, total)), (codes, codes))
    above = step
    while True:
        further = above + above @ step
        further.data[:] = 1
        if further.nnz == above.nnz:
            return above
        above = further


def _padded(matrix: sparse.csr_matrix) -> Ints:
    """The columns of the entries of each row, padded with -1."""
    lengths = np.diff(matrix.indptr)
    columns = np.full((len(lengths), int(lengths.max(initial=0))), -1)
    columns[
        np.repeat(np.arange(len(lengths)), lengths),
        concatenated_ranges(np.zeros_like(lengths), lengths),
    ] = matrix.indices
    return columns


class Subtables:
    """The classes of a block by their places."""

    def __init__(self, block: Block, hierarchies: Hierarchies) -> None:
        self._hierarchies = hierarchies
        place, self._owner = hierarchies.of(block)
        self._place = np.asfortranarray(place)
        self._first = np.full(block.size, -1)
        self._first[self._owner[::-1]] = np.arange(len(self._owner))[::-1]
        self._lines = [
            _Lines(np.delete(self._place, d, axis=1)) for d in range(self._place.shape[1])
        ]

    def around(self, which: int, cost: Floats, width: int) -> Ints:
        """
        A box around class `which`: `width` of the codes of each dimension that are cheapest to use
        from there (`cost` by class), and again as many below its own code where that is a total.
        Nothing for a class that lies nowhere.
        """
        middle = int(self._first[which])
        if middle < 0:
            return np.zeros(0, dtype=np.int64)
        inside = np.arange(len(self._owner))
        for d, lines in enumerate(self._lines):
            line = lines.through(middle)
            code = int(self._place[middle, d])
            line = line[self._place[line, d] != code]
            chosen = self._chosen(d, code, self._place[line, d], cost[self._owner[line]], width)
            inside = inside[chosen[self._place[inside, d]]]
        return np.unique(self._owner[inside])

    def _chosen(self, d: int, code: int, codes: Ints, cost: Floats, width: int) -> Bools:
        """
        The codes of a dimension in a box, those on the line through its middle being at hand for
        their cost.
        """
        above, leaf = self._hierarchies.above[d], self._hierarchies.leaf[d]
        kept = leaf[codes]
        codes, cost = codes[kept], cost[kept]
        shared = (above[codes][:, :, None] == above[code][above[code] >= 0]).any(axis=2)
        apart = (above[codes] >= 0).sum(axis=1) - shared.sum(axis=1)
        codes = codes[np.argsort(cost * (1.0 + A_LEVEL * apart), kind="stable")]
        below = (above[codes] == code).any(axis=1)
        picked = np.concatenate([codes[below][:width], codes[~below][:width], [code]])
        chosen = np.zeros(len(above) + 1, dtype=bool)  # with a place for the padding
        chosen[picked] = True
        chosen[above[picked]] = True
        return chosen[:-1]


class _Lines:
    """Cells by the line they are on: equal in all dimensions but one."""

    def __init__(self, others: Ints) -> None:
        self._line = np.unique(others, axis=0, return_inverse=True)[1].reshape(-1)
        self._order = np.argsort(self._line, kind="stable")
        self._start = np.searchsorted(
            self._line[self._order], np.arange(self._line.max(initial=-1) + 2)
        )

    def through(self, cell: int) -> Ints:
        line = self._line[cell]
        return self._order[self._start[line] : self._start[line + 1]]
