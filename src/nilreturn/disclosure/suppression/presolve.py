"""
A presolved `SuppressionProblem`: classes of equal cells, in blocks that share no equation.

Two cells that every choice of hidden cells leaves equal (a total whose other parts are all printed
zeros, and its one part) stand or fall together: they are one *alias class*. A cell that no choice
leaves uncertain is *settled*. Quantities are written as deviations from the true counts: a table
that agrees with all that is printed is the true one plus a deviation `f` with `equations @ f == 0`
which is nowhere outside `-down..up` and zero where printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from nilreturn.disclosure.model import AttackerModel, Bools, Floats, Ints
from nilreturn.disclosure.suppression.problem import SuppressionProblem

FAR = 1 << 40  # stands for "no limit" of a deviation; counts stay far below


@dataclass(frozen=True, eq=False)
class Block:
    """
    One connected part of a system, by alias class; classes are numbered from 0 inside their block.
    """

    equations: sparse.csr_matrix
    down: Ints  # how far the count could be lower; FAR or more when nothing limits it
    up: Ints
    weight: Floats  # of hiding the class, over members that are printed otherwise
    # Hidden whatever the choice: holds a primary cell, or is never printed at all.
    forced_hidden: Bools
    singletons: Bools  # its true count is 1, and the one person in it may read the tables
    needed: Bools  # must have two values once hidden (all but cells that are never printed)
    # Per class, the deviations that a reader must be unable to rule out.
    steps: tuple[tuple[int, ...], ...]
    members: tuple[Ints, ...]  # cells of the system

    @property
    def size(self) -> int:
        return len(self.down)

    @property
    def dimensions(self) -> int:
        """How many equations most classes are a part of: two in a table of rows and columns."""
        parts = self.equations.indices[self.equations.data < 0]
        return int(np.median(np.bincount(parts, minlength=self.size)))

    @cached_property
    def columns(self) -> sparse.csc_matrix:
        """The equations, to be taken class by class."""
        return sparse.csc_matrix(self.equations)

    @cached_property
    def cells(self) -> Ints:
        """The cells of all classes, class by class."""
        return np.concatenate(self.members)

    @cached_property
    def owner(self) -> Ints:
        """The class of each of `cells`."""
        return np.repeat(np.arange(self.size), [len(members) for members in self.members])

    def beside(self, which: int) -> Ints:
        """The classes in the equations of a class, itself among them."""
        rows = self.columns.indices[self.columns.indptr[which] : self.columns.indptr[which + 1]]
        return np.unique(self.equations[rows].indices)

    def unbalanced(self, classes: Ints, change: Ints) -> bool:
        """Whether a change of some classes breaks an equation."""
        columns = self.columns
        lengths = np.diff(columns.indptr)[classes]
        entries = concatenated_ranges(columns.indptr[classes], lengths)
        rows, place = np.unique(columns.indices[entries], return_inverse=True)
        sums = np.zeros(len(rows), dtype=np.int64)
        np.add.at(sums, place, columns.data[entries] * np.repeat(change, lengths))
        return bool(sums.any())


@dataclass(frozen=True, eq=False)
class Presolved:
    """
    All blocks of a system, and the cells that have one value whatever is hidden (fixed cells among
    them).
    """

    blocks: tuple[Block, ...]
    settled: Bools


def presolve(
    system: SuppressionProblem, requirement: AttackerModel, by_itself: Bools | None = None
) -> Presolved:
    """
    Alias classes, tightened limits and blocks of `system`; the order of classes follows that of
    cells. Cells that are `by_itself` count as cells of one person.
    """
    person = (system.value == 1) & (~system.unpublished | system.primary)
    person = person if by_itself is None else person | by_itself
    class_of, settled = np.arange(system.size), system.publishable.copy()
    while True:
        cells = np.flatnonzero(~settled)
        kept, column = np.unique(class_of[cells], return_inverse=True)
        gather = sparse.csr_matrix(
            (np.ones(len(cells), dtype=np.int64), (cells, column)), (system.size, len(kept))
        )
        equations = _distinct_rows(sparse.csr_matrix(system.equations.astype(np.int64) @ gather))
        down, up = _limits(system, equations, cells, column, len(kept))
        stuck = down + up == 0
        stuck[equations.indices[equations.indptr[:-1][np.diff(equations.indptr) == 1]]] = True
        together = _equal_columns(equations)
        if not stuck.any() and together.max(initial=-1) == len(kept) - 1:
            break
        settled[cells[stuck[column]]] = True
        class_of[cells] = _smallest(together, kept)[column]
    return Presolved(
        tuple(_cut(system, requirement, person, equations, down, up, cells, column)), settled
    )


def _distinct_rows(equations: sparse.csr_matrix) -> sparse.csr_matrix:
    """The rows that say something, each once."""
    equations.eliminate_zeros()
    equations.sort_indices()
    seen: dict[tuple[bytes, bytes], int] = {}
    for row in range(equations.shape[0]):
        part = slice(equations.indptr[row], equations.indptr[row + 1])
        if part.start < part.stop:
            sign = np.sign(equations.data[part.start])
            seen.setdefault(
                (equations.indices[part].tobytes(), (sign * equations.data[part]).tobytes()), row
            )
    return sparse.csr_matrix(equations[list(seen.values())])


def _equal_columns(equations: sparse.csr_matrix) -> Ints:
    """Component number of each column when `x - y == 0` joins x and y."""
    first = equations.indptr[:-1][np.diff(equations.indptr) == 2]
    pair = first[equations.data[first] + equations.data[first + 1] == 0]
    n = equations.shape[1]
    ends = (equations.indices[pair], equations.indices[pair + 1])
    _, label = csgraph.connected_components(
        sparse.coo_matrix((np.ones(len(pair)), ends), (n, n)), directed=False
    )
    return np.asarray(label, dtype=np.int64)


def _smallest(label: Ints, kept: Ints) -> Ints:
    """The smallest class number of each label, per column."""
    least = np.full(label.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, label, kept)
    return np.asarray(least[label])


def _limits(
    system: SuppressionProblem,
    equations: sparse.csr_matrix,
    cells: Ints,
    column: Ints,
    n: int,
    rounds: int = 30,
) -> tuple[Ints, Ints]:
    """
    How far each class can go down and up when everything that may be hidden is hidden, from one
    equation at a time: a total of three hidden parts is at least 3.
    """
    down, up = np.full(n, FAR), np.full(n, FAR)
    np.minimum.at(down, column, np.minimum(system.value[cells] - system.lower[cells], FAR))
    room = np.minimum(system.upper[cells], system.value[cells] + FAR) - system.value[cells]
    np.minimum.at(up, column, np.minimum(room, FAR))
    rows = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
    columns, sign = equations.indices, equations.data
    for _ in range(rounds):
        # of sign * f, entry by entry: at least -least and at most +most; an equation's sum is zero
        least = np.where(sign > 0, down[columns], up[columns]) * np.abs(sign)
        most = np.where(sign > 0, up[columns], down[columns]) * np.abs(sign)
        others_least = np.bincount(rows, least, equations.shape[0])[rows] - least
        others_most = np.bincount(rows, most, equations.shape[0])[rows] - most
        new_least = np.minimum(least, others_most // np.abs(sign)).astype(np.int64)
        new_most = np.minimum(most, others_least // np.abs(sign)).astype(np.int64)
        before = down.sum() + up.sum()
        np.minimum.at(down, columns, np.where(sign > 0, new_least, new_most))
        np.minimum.at(up, columns, np.where(sign > 0, new_most, new_least))
        if down.sum() + up.sum() == before:
            break
    return down, up


def _cut(
    system: SuppressionProblem,
    requirement: AttackerModel,
    person: Bools,
    equations: sparse.csr_matrix,
    down: Ints,
    up: Ints,
    cells: Ints,
    column: Ints,
) -> Iterator[Block]:
    """The blocks, in the order of their first cell."""
    n = len(down)
    order = np.argsort(column, kind="stable")
    members = np.split(cells[order], np.flatnonzero(np.diff(column[order])) + 1)
    rows, columns = equations.nonzero()
    graph = sparse.coo_matrix(
        (np.ones(len(rows)), (n + rows, columns)), (n + equations.shape[0],) * 2
    )
    label = csgraph.connected_components(graph, directed=False)[1]
    rows_of, classes_of = _grouped(label[n:]), _grouped(label[:n])
    for part in sorted(classes_of, key=lambda part: members[classes_of[part][0]][0]):
        group = classes_of[part]
        own = tuple(members[c] for c in group)
        within = sparse.csr_matrix(equations[rows_of.get(part, [])][:, group])
        yield _block(system, requirement, person, within, down[group], up[group], own)


def optimality_tolerance(weight: Floats) -> tuple[float, float]:
    """
    How near a loss must come to the bound to be called the best, and how much small parts of
    weights that only break ties come to: where weights are integers but for these, the integers
    decide. Else 1 or more.
    """
    ties = float((weight - np.floor(weight)).sum())
    if ties < 0.5 and weight.min(initial=1.0) >= 1.0:
        return 0.98 - ties, ties
    return 1e-6 * float(weight.sum()), 1.0


def concatenated_ranges(starts: Ints, lengths: Ints) -> Ints:
    """`start, start + 1, …` of each of several stretches, one after another."""
    before = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return np.asarray(
        np.repeat(starts - before, lengths) + np.arange(lengths.sum()), dtype=np.int64
    )


def _grouped(label: Ints) -> dict[int, Ints]:
    """The positions of each label."""
    if not len(label):
        return {}
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order])) + 1
    return {int(label[group[0]]): group for group in np.split(order, starts)}


def _block(
    system: SuppressionProblem,
    requirement: AttackerModel,
    person: Bools,
    equations: sparse.csr_matrix,
    down: Ints,
    up: Ints,
    members: tuple[Ints, ...],
) -> Block:
    primary = np.array([system.primary[m].any() for m in members])
    unprinted = np.array([system.unpublished[m].all() for m in members])
    weight = [system.weight[m[~system.primary[m] & ~system.unpublished[m]]].sum() for m in members]
    steps = [
        sorted(
            {
                int(d)
                for c in m
                if system.primary[c]
                for d in _steps_of(system, c)
                if -lower <= d <= upper
            }
        )
        for m, lower, upper in zip(members, down, up, strict=True)
    ]
    return Block(
        equations=equations,
        down=down,
        up=up,
        weight=np.array(weight, dtype=np.float64),
        forced_hidden=primary | unprinted,
        singletons=np.array([person[m].any() for m in members]),
        needed=primary | ~unprinted,
        steps=tuple(tuple(s) if requirement.ranges else () for s in steps),
        members=members,
    )


def _steps_of(system: SuppressionProblem, cell: int) -> list[int]:
    value = int(system.value[cell])
    return [
        k - value
        for k in range(int(system.protect_low[cell]), int(system.protect_high[cell]) + 1)
        if k != value
    ]
