"""
What suppression hands over as a help: tables and moves as values of printed cells. All of it is
checked.

It comes as values at places in the tables, one after the other: no number of a cell crosses. Cells
that only the audit has are worked out where the printed ones tell them. What then agrees with no
sum is of no use, and dropped.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nilreturn.disclosure.audit.witnesses import Completing
from nilreturn.disclosure.model import Bools, Cells, Ints

Moves = tuple[tuple[Ints, Ints], ...]


@dataclass(frozen=True, eq=False)
class Handed:
    """
    `tables` (tables, places) are whole tables of counts, `moves` (moves, places) changes of them;
    places are those of all tables laid end to end, the earlier ones last.
    """

    tables: Ints
    moves: sparse.csr_matrix

    @classmethod
    def of(
        cls, of_table: Sequence[Ints], tables: Ints, moves: Sequence[tuple[Ints, Ints]]
    ) -> Handed:
        """From another numbering: `of_table` are its cells of each table."""
        places = _end_to_end(of_table)
        size = tables.shape[1]
        rows = np.repeat(np.arange(len(moves)), [len(cells) for cells, _ in moves])
        cells = np.concatenate(
            [np.zeros(0, dtype=np.int64), *(cells for cells, _ in moves)]
        ).astype(np.int64)
        steps = np.concatenate(
            [np.zeros(0, dtype=np.int64), *(steps for _, steps in moves)]
        ).astype(np.int64)
        changes = sparse.csr_matrix((steps, (rows, cells)), shape=(len(moves), size))
        return cls(tables[:, places], sparse.csr_matrix(changes[:, places]))

    @classmethod
    def nothing(cls) -> Handed:
        return cls(np.zeros((0, 0), dtype=np.int64), sparse.csr_matrix((0, 0), dtype=np.int64))

    def over(
        self, cells: Cells, equations: sparse.csr_matrix, low: Ints, high: Ints
    ) -> tuple[Ints, Moves]:
        """The tables and the moves over the audit's cells, which are within `low..high`."""
        places = _end_to_end(cells.of_table)
        if self.tables.shape[1] != len(places):
            return np.zeros((0, cells.size), dtype=np.int64), ()
        _, first = np.unique(places, return_index=True)
        values = sparse.vstack((sparse.csr_matrix(self.tables), self.moves), format="csc")
        spread = sparse.csr_matrix(
            (np.ones(len(first), dtype=np.int64), (first, places[first])),
            shape=(len(places), cells.size),
        )
        found, known = _determined(
            equations, sparse.csc_matrix(spread.T @ values.T), ~cells.unpublished
        )
        whole = found.T.tocsr()
        if len(cells.implied) and not known.all():
            whole = self._completed(whole, Completing(cells, equations, known, low, high))
        count = len(self.tables)
        tables = np.asarray(whole[:count].todense(), dtype=np.int64)
        moves = whole[count:]
        moves.eliminate_zeros()
        ends = moves.indptr
        listed = tuple(
            (moves.indices[a:b].astype(np.int64), moves.data[a:b])
            for a, b in itertools.pairwise(ends.tolist())
            if b > a
        )
        return tables, listed

    def _completed(self, whole: sparse.csr_matrix, completing: Completing) -> sparse.csr_matrix:
        """
        Tables, then moves, with what the sums leave open filled in; as they are where that is not
        found.
        """
        rows = []
        for number in range(whole.shape[0]):
            own = whole[number].toarray()[0]
            found = completing.table(own) if number < len(self.tables) else completing.change(own)
            rows.append(sparse.csr_matrix(own if found is None else found))
        return sparse.csr_matrix(sparse.vstack(rows)) if rows else whole


def _end_to_end(of_table: Sequence[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *(cells.reshape(-1) for cells in of_table)])


def _determined(
    equations: sparse.csr_matrix, values: sparse.csc_matrix, known: Bools
) -> tuple[sparse.csr_matrix, Bools]:
    """
    Fill in, cell by cell, what one equation tells from cells that have values; the rest is 0. And
    which are told.
    """
    values, known = values.tocsr(), known.copy()
    shape = abs(equations).sign()
    while not known.all():
        unknown = (~known).astype(np.int64)
        rows = np.flatnonzero(shape @ unknown == 1)
        if not len(rows):
            break
        own = equations[rows].multiply(unknown[None]).tocsr()
        own.eliminate_zeros()
        cells, first = np.unique(own.indices, return_index=True)
        factors = own.data[first]
        others = equations[rows[first]] @ values
        told = sparse.diags(-1 / factors) @ others
        told = sparse.csr_matrix(
            (np.rint(told.data).astype(np.int64), told.indices, told.indptr), shape=told.shape
        )
        put = sparse.csr_matrix(
            (np.ones(len(cells), dtype=np.int64), (cells, np.arange(len(cells)))),
            shape=(len(known), len(cells)),
        )
        values = sparse.csr_matrix(values + put @ told)
        known[cells] = True
    return values, known
