"""Cells that share sums, directly or through others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from nilreturn.disclosure.model.arrays import Ints


@dataclass(frozen=True, eq=False)
class Block:
    """
    Cells that share sums, directly or through others: `equations @ x == rhs`, `low <= x <= high`.
    """

    cells: Ints  # their numbers among all cells
    rows: Ints  # the numbers of the equations
    equations: sparse.csr_matrix
    rhs: Ints
    low: Ints
    high: Ints

    @property
    def size(self) -> int:
        return len(self.cells)

    def is_feasible(self, world: Ints) -> bool:
        """Whether a table agrees with everything, in integer arithmetic."""
        inside = bool((world >= self.low).all() and (world <= self.high).all())
        return inside and np.array_equal(self.equations @ world, self.rhs)


def blocks(equations: sparse.csr_matrix, low: Ints, high: Ints) -> Iterator[Block]:
    """The blocks of the cells that are not settled, in the order of their first cell."""
    open_cells = np.flatnonzero(low != high)
    if not len(open_cells):
        return
    settled = np.where(low == high, low, 0)
    rhs = -(equations @ settled)
    left = sparse.csr_matrix(equations[:, open_cells])
    rows = np.flatnonzero(np.diff(left.indptr))
    left = sparse.csr_matrix(left[rows])
    links = sparse.csr_matrix(abs(left).T @ abs(left))
    _, label = csgraph.connected_components(links, directed=False)
    order = np.argsort(label, kind="stable")
    label_of_row = (
        label[left.indices[left.indptr[:-1]]] if len(rows) else np.zeros(0, dtype=np.int64)
    )
    row_order = np.argsort(label_of_row, kind="stable")
    cell_ends = np.searchsorted(label[order], np.arange(label.max() + 2))
    row_ends = np.searchsorted(label_of_row[row_order], np.arange(label.max() + 2))
    for number in range(label.max() + 1):
        members = order[cell_ends[number] : cell_ends[number + 1]]
        own = row_order[row_ends[number] : row_ends[number + 1]]
        cells = open_cells[members]
        part = sparse.csr_matrix(left[own][:, members])
        yield Block(cells, rows[own], part, rhs[rows[own]], low[cells], high[cells])
