"""The classes around one class among which a move for it is likely: enough of a table to close a small box in it."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.system import Bools, Ints

LEVELS = 4  # a box in a table of k dimensions closes after k steps


class Nearby:
    """A block's equations, both ways round."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self._rows = block.equations
        self._columns = sparse.csc_matrix(block.equations)
        self._degree = np.diff(self._columns.indptr)

    def around(self, which: int, hidden: Bools, width: int, *, only_hidden: bool = False) -> Ints:
        """
        Classes near `which`, itself among them: in each of its equations the `width` others that are cheapest to use
        (hidden ones first), then what shares two, three… equations with those. With `only_hidden`, no others.
        """
        allowed = hidden if only_hidden else np.ones(self.block.size, dtype=bool)
        chosen = {which, *self._partners(which, hidden, width, allowed)}
        for level in range(2, LEVELS + 1):
            cells = np.fromiter(chosen, dtype=np.int64)
            seen, times = np.unique(self._entries(self._equations_of(cells)), return_counts=True)
            closing = times >= np.minimum(level, self._degree[seen])
            chosen.update(seen[closing & allowed[seen]].tolist())
        return self._pruned(np.array(sorted(chosen), dtype=np.int64))

    def beside(self, which: int) -> Ints:
        """The classes in the equations of `which`, itself among them."""
        return np.unique(self._entries(self._equations_of(np.array([which]))))

    def _partners(self, which: int, hidden: Bools, width: int, allowed: Bools) -> list[int]:
        found: list[int] = []
        for row in self._equations_of(np.array([which])):
            entries = self._entries(np.array([row]))
            entries = entries[(entries != which) & allowed[entries]]
            order = np.lexsort(((entries * 40503) % 65537, self.block.weight[entries].round(1), ~hidden[entries]))
            found += entries[order[:width]].tolist()
        return found

    def _equations_of(self, cells: Ints) -> Ints:
        return np.unique(_joined(self._columns, cells))

    def _entries(self, rows: Ints) -> Ints:
        return _joined(self._rows, rows)

    def _pruned(self, cells: Ints) -> Ints:
        """`cells` without those that are alone in an equation, and so could not change."""
        while len(cells):
            rows = _joined(self._columns, cells)
            alone = np.flatnonzero(np.bincount(rows) == 1)
            owner = np.repeat(cells, self._degree[cells])
            stuck = np.unique(owner[np.isin(rows, alone)])
            if not len(stuck):
                break
            cells = np.setdiff1d(cells, stuck, assume_unique=True)
        return cells


def _joined(matrix: sparse.csr_matrix | sparse.csc_matrix, lines: Ints) -> Ints:
    """The indices of several rows (or columns) one after another."""
    starts, lengths = matrix.indptr[lines], np.diff(matrix.indptr)[lines]
    offset = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    return np.asarray(matrix.indices[offset + np.arange(lengths.sum())], dtype=np.int64)
