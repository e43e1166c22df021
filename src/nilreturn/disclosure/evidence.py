"""
Worlds: whole-number tables that agree with everything a reader has been told. What a reader cannot rule out is
shown by a world in which it is so; what no world shows is ruled out.

Many open needs are put into one objective, so that one solution certifies many cells; what is left is asked one need
at a time.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from nilreturn.disclosure.system import NO_CEILING, Bools, Floats, Ints

if TYPE_CHECKING:
    from nilreturn.disclosure.nearest import Search

MOST_BASES, MOST_MOVES = 6, 12  # worlds and moves tried in making new worlds from old ones
IDLE_ROUNDS = 3  # rounds without a new certificate before needs are asked one at a time


class Undecided(enum.Enum):
    """The answer when time has run out."""

    TIME = "time"


@dataclass(frozen=True, eq=False)
class Block:
    """Cells that share sums, directly or through others: `equations @ x == rhs`, `low <= x <= high`."""

    cells: Ints  # their numbers among all cells
    rows: Ints  # the numbers of the equations
    equations: sparse.csr_matrix
    rhs: Ints
    low: Ints
    high: Ints

    @property
    def size(self) -> int:
        return len(self.cells)

    def has_room(self, cells: Ints, values: Ints) -> bool:
        """Whether the values lie within what is told of the cells."""
        return bool((values >= self.low[cells]).all() and (values <= self.high[cells]).all())

    def holds(self, world: Ints) -> bool:
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
    label_of_row = label[left.indices[left.indptr[:-1]]] if len(rows) else np.zeros(0, dtype=np.int64)
    row_order = np.argsort(label_of_row, kind="stable")
    cell_ends = np.searchsorted(label[order], np.arange(label.max() + 2))
    row_ends = np.searchsorted(label_of_row[row_order], np.arange(label.max() + 2))
    for number in range(label.max() + 1):
        members = order[cell_ends[number] : cell_ends[number + 1]]
        own = row_order[row_ends[number] : row_ends[number + 1]]
        cells = open_cells[members]
        part = sparse.csr_matrix(left[own][:, members])
        yield Block(cells, rows[own], part, rhs[rows[own]], low[cells], high[cells])


def search_of(block: Block) -> Search:
    """The search for worlds of a block. The solver is loaded here and not before: checking a release needs none."""
    from nilreturn.disclosure.nearest import Search

    return Search(block)


# Needs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Needs:
    """
    What must be shown of a block's cells, by their places in it: each of `values` (cell, value) in some world; two
    values of each cell `two`; and for each cell of `ones`, two values of each of `two` among the worlds where it is 1,
    but for those that are the same people (`same` numbers the people of each cell).
    """

    values: tuple[tuple[int, int], ...]
    two: Ints
    ones: Ints
    same: Ints


@dataclass(eq=False)
class Shown:
    """The worlds found, what they show, and what is ruled out or was left undecided. Places as in `Needs`."""

    worlds: list[Ints] = field(default_factory=list)
    impossible: list[tuple[int, int]] = field(default_factory=list)
    single: list[int] = field(default_factory=list)
    given_away: list[tuple[int, int]] = field(default_factory=list)  # (cell of 1, what the person in it works out)
    undecided: list[int] = field(default_factory=list)
    contradiction: bool = False  # there is no world at all


def explore(block: Block, needs: Needs, pool: Iterable[Ints], *, deadline: float, seed: int) -> Shown:
    """
    Show what can be shown of `needs`, starting from the worlds in `pool` (each is checked first).

    What cannot be shown is proven impossible, unless `deadline` (`time.monotonic()`) passes.
    """
    exploration = _Exploration(block, needs, deadline, seed)
    for world in pool:
        if block.holds(world):
            exploration.note(world)
    exploration.run()
    return exploration.shown


class _Exploration:
    """The needs still open, as worlds come in."""

    def __init__(self, block: Block, needs: Needs, deadline: float, seed: int) -> None:
        self.block, self.deadline = block, deadline
        self.search, self.shown = search_of(block), Shown()
        self.random = np.random.default_rng(seed)
        self.cell = np.array([c for c, _ in needs.values], dtype=np.int64)
        self.value = np.array([v for _, v in needs.values], dtype=np.int64)
        self.met = np.zeros(len(needs.values), dtype=np.bool_)
        self.two, self.ones = needs.two, needs.ones
        self.least, self.most = np.full(block.size, NO_CEILING), np.full(block.size, -1)
        # Of each cell of 1: what each other cell was first seen to be in a world where it is 1, and whether it varied.
        self.first_if = np.full((len(needs.ones), len(needs.two)), -1, dtype=np.int64)
        self.varied_if = np.zeros((len(needs.ones), len(needs.two)), dtype=np.bool_)
        self.itself = needs.same[needs.ones][:, None] == needs.same[needs.two][None, :]

    def note(self, world: Ints) -> bool:
        """Count what a world shows; whether that is anything new."""
        of_one = np.flatnonzero(world[self.ones] == 1)
        before = self._open_values() + self._open_pairs(of_one)
        self.met |= world[self.cell] == self.value
        np.minimum(self.least, world, out=self.least)
        np.maximum(self.most, world, out=self.most)
        first = self.first_if[of_one]
        self.varied_if[of_one] |= (first >= 0) & (first != world[self.two])
        self.first_if[of_one] = np.where(first < 0, world[self.two], first)
        gained = self._open_values() + self._open_pairs(of_one) < before or bool((first < 0).any())
        if gained or not self.shown.worlds:
            self.shown.worlds.append(world)
        return gained

    def run(self) -> None:
        if not self.shown.worlds and self._ask({}) is False:
            self.shown.contradiction = True
            return
        idle = 0
        while self._open_values() and idle < IDLE_ROUNDS and not self._late():
            idle = 0 if self._round({}) else idle + 1
        self._settle_values()
        for place, one in enumerate(self.ones.tolist()):
            if self._open_if(place).any():
                self._recombine(place, one)
            idle = 0
            while self._open_if(place).any() and idle < IDLE_ROUNDS and not self._late():
                idle = 0 if self._round({one: (1, 1)}, place) else idle + 1
            self._settle_insider(place, one)

    def _late(self) -> bool:
        return time.monotonic() >= self.deadline

    def _open_values(self) -> int:
        return int((~self.met).sum()) + int((self.least >= self.most)[self.two].sum())

    def _open_if(self, place: int) -> Bools:
        unseen: Bools = ~self.varied_if[place] & ~self.itself[place]
        return unseen

    def _open_pairs(self, places: Ints) -> int:
        return int((~self.varied_if[places] & ~self.itself[places]).sum())

    def _recombine(self, place: int, one: int) -> None:
        """
        Worlds for one insider out of those at hand, without the solver. Two worlds differ by moves that share no sum,
        and each move can be made in any world that has room for it; so make all that touch an open cell and not theirs.
        """
        for base in [world for world in self.shown.worlds if world[one] == 1][:MOST_BASES]:
            world, used = base.copy(), np.zeros(self.block.size, dtype=np.bool_)
            used[one] = True
            for cell in self.two[self._open_if(place)].tolist():
                for cells, step in self._moves.get(cell, ()):
                    after = world[cells] + step
                    if not used[cells].any() and self.block.has_room(cells, after):
                        world[cells], used[cells] = after, True
                        break
            if self.block.holds(world):
                self.note(base)
                self.note(world)
            if not self._open_if(place).any():
                return

    @cached_property
    def _moves(self) -> dict[int, list[tuple[Ints, Ints]]]:
        """By each cell, a few of the moves that the worlds found so far differ by and that change it."""
        moves: dict[int, list[tuple[Ints, Ints]]] = {}
        base = self.shown.worlds[0]
        links = abs(self.block.equations)
        for world in self.shown.worlds[1:]:
            changed = np.flatnonzero(world != base)
            if not len(changed):
                continue
            part = links[:, changed]
            _, label = csgraph.connected_components(part.T @ part, directed=False)
            order = np.argsort(label, kind="stable")
            for cells in np.split(changed[order], np.flatnonzero(np.diff(label[order])) + 1):
                step = world[cells] - base[cells]
                for cell in cells.tolist():
                    known = moves.setdefault(cell, [])
                    if len(known) < MOST_MOVES:
                        known += [(cells, step), (cells, -step)]
        return moves

    def _round(self, held: Mapping[int, tuple[int, int]], insider: int | None = None) -> bool:
        """Pull every cell with an open need towards it; whether a world came of it that shows something new."""
        found = self.search.nearest(*self._targets(insider), held, deadline=self.deadline, thorough=False)
        return False if found is None or isinstance(found, Undecided) else self.note(found)

    def _targets(self, insider: int | None) -> tuple[Ints, Floats]:
        costs = 0.01 * self.random.random(self.block.size)
        targets = np.where(self.most >= 0, self.least, self.block.low)
        if insider is None:
            stuck = self.two[(self.least >= self.most)[self.two]]
            seen = targets[stuck]
            unmet = self.random.permutation(np.flatnonzero(~self.met))
            targets[self.cell[unmet]] = self.value[unmet]
            costs[self.cell[unmet]] = 1 + self.random.random(len(unmet))
        else:
            places = np.flatnonzero(self._open_if(insider))
            stuck = self.two[places]
            seen = np.where(self.first_if[insider, places] >= 0, self.first_if[insider, places], targets[stuck])
        targets[stuck] = seen + self._steps(stuck, seen)
        costs[stuck] = 1 + self.random.random(len(stuck))
        return targets, costs

    def _steps(self, cells: Ints, at: Ints) -> Ints:
        """One up or one down for each cell, whichever it has room for."""
        up = self.random.random(len(cells)) < 0.5
        up |= at <= self.block.low[cells]
        up &= at < self.block.high[cells]
        return np.where(up, 1, -1)

    def _ask(self, held: Mapping[int, tuple[int, int]], insider: int | None = None) -> bool | None:
        """Whether there is a world with the held cells in their ranges; None when time has run out."""
        found = self.search.nearest(*self._targets(insider), held, deadline=self.deadline)
        if isinstance(found, Undecided):
            return None
        if found is not None:
            self.note(found)
        return found is not None

    def _ask_other(self, cell: int, seen: int, held: Mapping[int, tuple[int, int]]) -> bool | None:
        """Whether a cell can be anything but what it was seen to be."""
        above = self._ask({**held, cell: (seen + 1, NO_CEILING)})
        if above:
            return True
        below = self._ask({**held, cell: (0, seen - 1)})
        return None if above is None and not below else below

    def _settle_values(self) -> None:
        for place in range(len(self.met)):
            if self.met[place]:
                continue
            cell, value = int(self.cell[place]), int(self.value[place])
            if self._ruled_out(self._ask({cell: (value, value)}), cell):
                self.shown.impossible.append((cell, value))
        for cell in self.two.tolist():
            if self.least[cell] >= self.most[cell]:
                answer = self._ask_other(cell, int(self.least[cell]), {}) if self.most[cell] >= 0 else None
                if self._ruled_out(answer, cell):
                    self.shown.single.append(cell)

    def _settle_insider(self, place: int, one: int) -> None:
        held = {one: (1, 1)}
        if self._open_if(place).any() and (self.first_if[place] < 0).all():
            possible = self._ask(held, place)
            if possible is None:
                self.shown.undecided.append(one)
            if not possible:
                return  # where the cell cannot be 1 nobody is alone in it
        for j in np.flatnonzero(self._open_if(place)).tolist():
            if self._open_if(place)[j]:
                cell = int(self.two[j])
                answer = self._ask_other(cell, int(self.first_if[place, j]), held)
                if self._ruled_out(answer, cell):
                    self.shown.given_away.append((one, cell))

    def _ruled_out(self, answer: bool | None, cell: int) -> bool:
        if answer is None:
            self.shown.undecided.append(cell)
        return answer is False
