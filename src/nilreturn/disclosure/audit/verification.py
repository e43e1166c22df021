"""
Check a release against its certificate, in integer arithmetic and without a solver.

    complaints = verify(published, certificate, known=register)

An empty answer means: the feasible table of the certificate agrees with all that is printed, and so
does whatever its moves make of it; among these feasible tables every hidden cell has two values,
every small cell takes each value that it must, and the one person in a cell of 1 still finds two
values for every other hidden cell. Whoever trusts this file, the sums that `audit.numbering` makes
of the tables, and the tables' own meaning need trust nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.model import (
    FORMAT,
    AttackerKnowledge,
    Bounds,
    Ints,
    PublishedTable,
    attacker_knowledge,
    equal_cells,
    fingerprint,
    most_by,
    propagate_bounds,
)

MOST_COMPLAINTS = 20
MOST = 2**31  # beyond any count, and small enough for no sum of theirs to overflow


def verify(
    published: Sequence[PublishedTable],
    certificate: Mapping[str, Any],
    *,
    known: Sequence[PublishedTable] = (),
) -> tuple[str, ...]:
    """
    Check the certificate of a release, in integer arithmetic and without a solver.

    Parameters
    ----------
    published : sequence of PublishedTable
        The printed tables, as `Protection.published` holds them.
    certificate : mapping
        The certificate, as `Protection.certificate` holds it.
    known : sequence of PublishedTable
        The earlier releases, as `Protection.known` holds them.

    Returns
    -------
    tuple of str
        What is wrong, in words, at most 20 complaints; empty if the certificate proves the release
        safe.
    """
    try:
        if certificate["format"] != FORMAT:
            return (
                (
                    f"the certificate has format {certificate['format']!r}; this version reads "
                    f"{FORMAT!r}"
                ),
            )
        if certificate["printed_sha256"] != fingerprint(published, known):
            return ("the certificate is of other tables, or they were changed since",)
        check = _Check(attacker_knowledge(published, known, number_cells=number_cells), certificate)
        return tuple(itertools.islice(check.complaints(), MOST_COMPLAINTS))
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        return (f"the certificate is not as nilreturn writes it ({type(error).__name__})",)


class _Check:
    def __init__(self, knowledge: AttackerKnowledge, certificate: Mapping[str, Any]) -> None:
        self.knowledge, size = knowledge, knowledge.cells.size
        # A cell that is not open has the one value that a reader can work out sum by sum.
        self.table: Ints = knowledge.bounds.low.copy()
        self.table[_numbers(certificate["open"], size)] = _numbers(certificate["world"], MOST)
        self.moves = _both_ways(certificate["moves"], size)
        self.of_cell, self.times = self.moves.tocsc(), self._multiples(self.moves, self.table)
        # Of each cell: how many moves change it that can be made.
        self.count: Ints = abs(self.moves.sign()).T @ np.minimum(self.times, 1)
        self.must_vary = _numbers(certificate["two_values"], size)
        self.ranges = [(int(c), int(low), int(high)) for c, low, high in certificate["every_value"]]
        self.singleton_moves = [
            (int(one), int(number), int(often)) for one, number, often in certificate["alone"]
        ]
        _numbers([cell for cell, _, _ in (*self.ranges, *self.singleton_moves)], size)
        _numbers(
            [number for _, number, often in self.singleton_moves if often], self.moves.shape[0]
        )
        _numbers([abs(often) for _, _, often in self.singleton_moves], MOST)
        # A cell is given away to nobody by its own people, whatever the other name they are counted
        # under.
        self.alias = equal_cells(knowledge.equations, knowledge.bounds.low, knowledge.bounds.high)
        self.waived = {(int(one), int(cell)) for one, cell in certificate["excused"]}
        self.public = {
            int(cell): (most, least) for cell, most, least in certificate.get("public", ())
        }

    def complaints(self) -> Iterator[str]:
        words = self.knowledge.cells.words
        yield from (
            f"what is printed cannot be true: {complaint}"
            for complaint in self.knowledge.complaints
        )
        yield from self._untrue()
        yield from self._unlisted()
        single = self.must_vary[self.count[self.must_vary] == 0].tolist()
        yield from (f"{words(cell)}: has one value in all worlds" for cell in single)
        yield from self._ranges()
        yield from self._insiders()

    def _untrue(self) -> Iterator[str]:
        known = self.knowledge
        for cell in np.flatnonzero((self.table < known.low) | (self.table > known.high)).tolist():
            yield f"the world disagrees with what is told of {known.cells.words(cell)}"
        if (known.equations @ self.table).any():
            yield "the world does not add up"
        for number in np.unique((known.equations @ self.moves.T).nonzero()[1]).tolist():
            yield f"move {number} changes a sum"

    def _unlisted(self) -> Iterator[str]:
        """
        Hidden cells that the certificate does not speak of, other than those that were public
        before.
        """
        known = self.knowledge
        before = propagate_bounds(known.equations, known.older_low, known.older_high)
        for cell in np.setdiff1d(
            np.flatnonzero(known.hidden & (before.low != before.high)), self.must_vary
        ).tolist():
            if not self._was_public(cell, before):
                words = known.cells.words(cell)
                yield (
                    f"{words}: is hidden, and the certificate leaves it out: nor does it say "
                    f"which sums give it"
                )

    def _was_public(self, cell: int, before: Bounds) -> bool:
        """
        Whether the sums that the certificate names leave a cell one value in the earlier releases.
        """
        if cell not in self.public:
            return False
        sums = self.knowledge.equations
        ends: list[int | None] = []
        for sign, (divisor, factors) in zip((1, -1), self.public[cell], strict=True):
            if not (
                isinstance(divisor, int)
                and divisor > 0
                and all(isinstance(f, int) for _, f in factors)
            ):
                raise ValueError("a multiplier that is none")
            _numbers([row for row, _ in factors], sums.shape[0])
            ends.append(most_by(sums, before.low, before.high, cell, sign, (divisor, factors)))
        most, least = ends
        return most is not None and least is not None and most == -least

    def _ranges(self) -> Iterator[str]:
        words = self.knowledge.cells.words
        for cell, low, high in self.ranges:
            numbers, steps = self._through(cell)
            asked = np.arange(low, high + 1)[:, None]
            often, rest = np.divmod(asked - self.table[cell], steps)
            shown = (rest == 0) & (often >= 0) & (often <= self.times[numbers])
            missing = (~shown.any(axis=1) & (asked[:, 0] != self.table[cell])).sum()
            if missing:
                yield (
                    f"{words(cell)}: no world shows {missing} of the values that it must be able "
                    "to take"
                )

    def _insiders(self) -> Iterator[str]:
        known, words = self.knowledge, self.knowledge.cells.words
        for one, number, often in self.singleton_moves:
            world = self.table + (often * self.moves[number].toarray()[0] if often else 0)
            if world[one] != 1 or (world < known.low).any() or (world > known.high).any():
                yield f"{words(one)}: is 1 in no world"
                continue
            for cell in self.must_vary[self._count_from(world, one)[self.must_vary] == 0].tolist():
                if self.alias[cell] != self.alias[one] and (one, cell) not in self.waived:
                    yield f"{words(cell)}: has one value in all worlds where {words(one)} is 1"

    def _count_from(self, table: Ints, one: int) -> Ints:
        """
        Of each cell: how many moves change it that can be made from a feasible table and leave the
        cell `one` as it is.
        """
        own = self._through(one)[0]
        # A move that has no cell in common with those that differ can be made from there as from
        # the first feasible table.
        changed = np.flatnonzero(table != self.table).tolist()
        near = np.unique(np.concatenate([own, *(self._through(cell)[0] for cell in changed)]))
        now = np.minimum(self._multiples(self.moves[near], table), 1) * ~np.isin(near, own)
        count: Ints = self.count + abs(self.moves[near].sign()).T @ (
            now - np.minimum(self.times[near], 1)
        )
        return count

    def _through(self, cell: int) -> tuple[Ints, Ints]:
        part = slice(self.of_cell.indptr[cell], self.of_cell.indptr[cell + 1])
        return self.of_cell.indices[part], self.of_cell.data[part]

    def _multiples(self, moves: sparse.csr_matrix, table: Ints) -> Ints:
        cells, steps, known = moves.indices, moves.data, self.knowledge
        room = np.where(
            steps > 0, known.high[cells] - table[cells], table[cells] - known.low[cells]
        ) // abs(steps)
        return np.maximum(np.minimum.reduceat(room, moves.indptr[:-1]), 0) if len(cells) else room


def _both_ways(
    moves: Sequence[tuple[Sequence[int], Sequence[int]]], size: int
) -> sparse.csr_matrix:
    cells = _numbers([cell for cells, _ in moves for cell in cells], size)
    rows = np.repeat(np.arange(len(moves)), [len(cells) for cells, _ in moves])
    steps = np.array([step for _, steps in moves for step in steps], dtype=np.int64).reshape(-1)
    _numbers(abs(steps), MOST)
    matrix = sparse.csr_matrix((steps, (rows, cells)), (len(moves), size))
    if not (np.diff(matrix.indptr).all() and matrix.data.all()):
        raise ValueError("a move changes nothing")
    return sparse.vstack((matrix, -matrix), format="csr")


def _numbers(listed: Sequence[int] | Ints, limit: int) -> Ints:
    numbers = np.array(listed, dtype=np.int64).reshape(-1)
    if len(numbers) and not (numbers.min() >= 0 and numbers.max() < limit):
        raise ValueError("a number that no cell, move or count has")
    return numbers
