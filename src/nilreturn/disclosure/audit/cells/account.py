"""Cells and sums while they are gathered, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Bools, Ints, Strand, Union


@dataclass
class Account:
    """Cells by number, and sums: each has one total, and the cells that are its parts."""

    size: int = 0
    sums: int = 0
    entries: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)  # sums, cells, factors
    empty: list[Ints] = field(default_factory=list)
    units: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    derived_from: dict[int, str] = field(default_factory=dict)  # groups: what less what
    # Groups: the variables that tell each apart.
    apart: dict[int, tuple[str, ...]] = field(default_factory=dict)
    # Groups: those that are two others, or figures, put together.
    of_two: set[int] = field(default_factory=set)
    strands: list[Strand] = field(default_factory=list)  # whose unions are not laid out
    unions: list[Union] = field(default_factory=list)  # groups that are not laid out
    # (rows, 3): a count, what is not 0 where it is not, a cell.
    implied: list[Ints] = field(default_factory=list)

    def fresh(self, number: int) -> Ints:
        """New cells."""
        first, self.size = self.size, self.size + number
        return np.arange(first, self.size, dtype=np.int64)

    def sum_up(self, totals: Ints, rows: Ints, parts: Ints) -> None:
        """Sums of the cells `totals`; `parts[i]` is a part of the sum `rows[i]` of these."""
        count = len(totals)
        self.entries.append((self.sums + np.arange(count), totals, np.ones(count, dtype=np.int64)))
        self.entries.append((self.sums + rows, parts, np.full(len(parts), -1, dtype=np.int64)))
        self.sums += count

    def one_sum(self, total: int, parts: Sequence[int]) -> None:
        self.sum_up(
            np.array([total]), np.zeros(len(parts), dtype=np.int64), np.array(parts, dtype=np.int64)
        )

    def imply(self, counts: Ints, others: Ints) -> None:
        """Where one of `counts` is not 0, nor is the one of `others` in its place."""
        self.implied.append(np.stack((counts, others, self.fresh(len(counts))), axis=1))

    def matrix(self) -> sparse.csr_matrix:
        """The sums as equations, each once; those that say nothing are left out."""
        none = np.zeros(0, dtype=np.int64)
        rows, cells, factors = (
            np.concatenate([none, *(entry[k] for entry in self.entries)]).astype(np.int64)
            for k in range(3)
        )
        matrix = sparse.csr_matrix((factors, (rows, cells)), shape=(self.sums, self.size))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return matrix[_distinct(matrix)]


def _distinct(matrix: sparse.csr_matrix) -> Ints:
    """The first of each set of equal rows, without the empty ones."""
    matrix.sort_indices()
    seen: dict[bytes, int] = {}
    indptr, indices, data = matrix.indptr, matrix.indices, matrix.data
    kept = []
    for row, (first, after) in enumerate(
        zip(indptr[:-1].tolist(), indptr[1:].tolist(), strict=True)
    ):
        if first == after:
            continue
        signature = indices[first:after].tobytes() + data[first:after].tobytes()
        if seen.setdefault(signature, row) == row:
            kept.append(row)
    return np.array(kept, dtype=np.int64)


def reduced(
    matrix: sparse.csr_matrix, latent: Bools, empty: Bools, kept: Bools
) -> tuple[sparse.csr_matrix, Ints]:
    """
    The equations without the latent cells that say nothing, and the number of each cell among those
    left (-1: none).

    What is in one equation only, as its total, follows from it. Cells that are in the very same
    equations are merged: they can only be told together. What is empty is 0. `kept` cells stay as
    they are.
    """
    size = matrix.shape[1]
    free = latent & ~kept
    alive = ~(free & empty)
    while True:
        matrix = sparse.csr_matrix(matrix @ sparse.diags(alive.astype(np.int64), dtype=np.int64))
        matrix.eliminate_zeros()
        before = (int(alive.sum()), matrix.shape[0])
        matrix = _without_definitions(matrix, free & alive)
        alive &= ~free | (np.bincount(matrix.indices, minlength=size) > 0)
        alive[_doubles(matrix, free & alive)] = False
        if (int(alive.sum()), matrix.shape[0]) == before:
            break
    number = np.full(size, -1, dtype=np.int64)
    number[alive] = np.arange(int(alive.sum()))
    return sparse.csr_matrix(matrix[:, np.flatnonzero(alive)]), number


def _without_definitions(matrix: sparse.csr_matrix, free: Bools) -> sparse.csr_matrix:
    """Leave out equations that only say what a cell is which no other equation has."""
    entries = matrix.tocoo()
    times = np.bincount(entries.col, minlength=matrix.shape[1])
    defining = (entries.data > 0) & free[entries.col] & (times[entries.col] == 1)
    positive = np.bincount(entries.row[entries.data > 0], minlength=matrix.shape[0])
    gone = np.zeros(matrix.shape[0], dtype=np.bool_)
    gone[entries.row[defining]] = True
    gone &= positive == 1
    return matrix[np.flatnonzero(~gone & (np.diff(matrix.indptr) > 0))]


def _doubles(matrix: sparse.csr_matrix, free: Bools) -> Ints:
    """Free cells whose column another free cell has too, but for the first of each."""
    columns = matrix.tocsc()
    columns.sort_indices()
    seen: set[bytes] = set()
    doubles = []
    for cell in np.flatnonzero(free).tolist():
        first, after = columns.indptr[cell], columns.indptr[cell + 1]
        signature = columns.indices[first:after].tobytes() + columns.data[first:after].tobytes()
        if signature in seen:
            doubles.append(cell)
        seen.add(signature)
    return np.array(doubles, dtype=np.int64)
