"""
The shortest move from a feasible table that changes a given cell, by linear programming.

The cells near it are tried first, which takes about a millisecond whatever the size of the block,
and then all cells. Only the second search can prove that there is no such move. The few solutions
that are not integers are left to `nearest`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.audit.witnesses.witness import ANY, Move, Steps, Undecided
from nilreturn.disclosure.model import NO_UPPER, Block, Floats, Ints
from nilreturn.disclosure.solver import WorkBudget, changes_from

# Cells looked at first, at least; of these, those for which they are looked at, at most.
AROUND, CLOSE = 1_500, 300
MOST_PARTS_KEPT = 16
LARGE = 20_000  # cells of a block beyond which it is looked at in parts
UNTOUCHED = 0.4  # the price of a cell that no move has changed yet; others cost 1
SEED = 11  # of the prices that decide between moves of one length
MOST_PRICES = 1  # tried for a move in integers before branching
MOST_BRANCHES = 60  # programmes of one search for a move in integers
MOST_PARTS = 4  # a move in halves, thirds or quarters is made so often


class Shortest:
    """
    Looks for moves from one feasible table of a block, or from where another move leads from it.
    Deterministic.
    """

    def __init__(self, block: Block, table: Ints) -> None:
        self.block, self.table = block, table
        self._by_cell = block.equations.tocsc()
        # A move is led through cells that no move has changed yet.
        self._prices = np.full(block.size, UNTOUCHED)
        # Of a cell: around which the part lies that is looked at first.
        self._centre: dict[int, int] = {}
        self._parts: dict[int, _Part] = {}  # those used last, by their centres

    def move(
        self, steps: Mapping[int, Steps], offset: Move, *, clock: WorkBudget
    ) -> Move | Undecided | None:
        """
        A short move that can be made after `offset`, and by which each cell of `steps` changes as
        told, the first of them by something; None when there is none.
        """
        if self.block.size > LARGE:
            found = self._part_around(next(iter(steps))).move(steps, offset, clock)
            if isinstance(found, Move):
                return found
        return self._everywhere.move(steps, offset, clock)

    def touched(self, cells: Ints) -> None:
        """Take note that these cells need no more moves."""
        for cell in cells[self._prices[cells] < 1].tolist():
            self._prices[cell] = 1
            self._everywhere.set_price(cell)

    @cached_property
    def _everywhere(self) -> _MoveModel:
        return _MoveModel(self.block, self.table, self._prices)

    def _part_around(self, cell: int) -> _Part:
        """
        The part for a cell: one that is at hand, or a new one, which then serves the cells close by
        as well.
        """
        centre = self._centre.setdefault(cell, cell)
        part = self._parts.pop(centre, None) or self._new_part(centre)
        self._parts[centre] = part
        if len(self._parts) > MOST_PARTS_KEPT:
            del self._parts[next(iter(self._parts))]
        return part

    def _new_part(self, centre: int) -> _Part:
        """The cells that share a sum with one, those that share one with these, and so on."""
        cells = np.array([centre])
        while len(cells) < AROUND:
            rows = np.unique(self._by_cell[:, cells].indices)
            wider = np.unique(self.block.equations[rows].indices)
            if len(wider) == len(cells):
                break
            if len(wider) <= CLOSE:
                for cell in wider.tolist():
                    self._centre.setdefault(cell, centre)
            cells = wider
        return self._part(cells)

    def _part(self, cells: Ints) -> _Part:
        columns = self._by_cell[:, cells]
        rows = np.unique(columns.indices)
        equations = sparse.csr_matrix(columns.tocsr()[rows])
        block = Block(
            cells,
            rows,
            equations,
            self.block.rhs[rows],
            self.block.low[cells],
            self.block.high[cells],
        )
        return _Part(cells, _MoveModel(block, self.table[cells], self._prices[cells]))


@dataclass(frozen=True, eq=False)
class _Part:
    """Some cells of a block; moves among them leave the others as they are."""

    cells: Ints
    model: _MoveModel

    def move(
        self, steps: Mapping[int, Steps], offset: Move, clock: WorkBudget
    ) -> Move | Undecided | None:
        """As `Shortest.move`."""
        inside = np.isin(offset.cells, self.cells)
        there = Move(np.searchsorted(self.cells, offset.cells[inside]), offset.change[inside])
        asked = {
            int(np.searchsorted(self.cells, c)): told
            for c, told in steps.items()
            if np.isin(c, self.cells)
        }
        found = self.model.move(asked, there, clock)
        return Move(self.cells[found.cells], found.change) if isinstance(found, Move) else found


class _MoveModel:
    """The linear programme of one block, from one feasible table."""

    def __init__(self, block: Block, table: Ints, prices: Floats) -> None:
        self.block, self.table, self.size = block, table, block.size
        random = np.random.default_rng(SEED)
        self._priced = 0
        self._prices = [
            np.tile(prices, 2) + 0.2 * random.random(2 * self.size) for _ in range(MOST_PRICES)
        ]
        self._columns = np.arange(2 * self.size, dtype=np.int32)
        self._solver = changes_from(block, table, self._prices[0])
        self._solver.run()
        self._fixed = self._solver.getBasis()

    def set_price(self, cell: int) -> None:
        """Ask the full price for a cell."""
        for column in (cell, cell + self.size):
            for prices in self._prices:
                prices[column] += 1 - UNTOUCHED
            self._solver.changeColCost(column, self._prices[self._priced][column])

    def move(
        self, steps: Mapping[int, Steps], offset: Move, clock: WorkBudget
    ) -> Move | Undecided | None:
        """As `Shortest.move`."""
        left = {cell: self._room(cell, 0) for cell in steps}
        left |= {cell: self._room(cell, step) for cell, step in zip(*offset.lists, strict=True)}
        asked = {cell: _both(room, steps.get(cell, room)) for cell, room in left.items()}
        if any(low > high for low, high in asked.values()):
            return None
        for cell, (low, high) in asked.items():
            self._let(cell, low, high)
        try:
            return self._whole(asked, clock)
        finally:
            for cell in asked:
                self._let(cell, *self._room(cell, 0))

    def _room(self, cell: int, step: int) -> Steps:
        """By how much a cell may change after a step."""
        at, low, high = (
            int(self.table[cell]) + step,
            int(self.block.low[cell]),
            int(self.block.high[cell]),
        )
        return low - at, ANY if high == NO_UPPER else high - at

    def _let(self, cell: int, low: int, high: int) -> None:
        """A cell is its rise less its fall; where it must change one of the two is 0."""
        most = np.inf if high >= ANY else float(high)
        self._solver.changeColBounds(cell, float(max(low, 0)), max(most, 0.0))
        self._solver.changeColBounds(
            cell + self.size, float(max(-high, 0)), 0.0 if low > 0 else float(-low)
        )

    def _whole(self, asked: Mapping[int, Steps], clock: WorkBudget) -> Move | Undecided | None:
        """
        A move in integers, at one choice of prices or another, or by branching from a fractional
        one.
        """
        fractional: Floats | None = None
        for number in range(MOST_PRICES):
            self._set_prices(number)
            found = self._run(clock, from_scratch=True)
            if not isinstance(found, np.ndarray):
                return found
            whole = self._multiple(found, asked)
            if whole is not None:
                return whole
            fractional = found
        return (
            Undecided.FRACTIONS if fractional is None else self._branched(fractional, asked, clock)
        )

    def _branched(
        self, found: Floats, asked: Mapping[int, Steps], clock: WorkBudget
    ) -> Move | Undecided | None:
        """
        Depth first from a fractional answer: one cell is kept to the integers below or above it,
        the nearer ones first. Each programme starts from the last one's basis and takes a few
        iterations. None when every branch ends.
        """
        limits: dict[int, Steps] = {}
        left = list(self._branches(found, limits, asked))
        touched: set[int] = set()
        try:
            for _ in range(MOST_BRANCHES):
                if not left:
                    return None
                for cell in limits:
                    self._let(cell, *asked.get(cell, self._room(cell, 0)))
                limits = left.pop()
                for cell, (low, high) in limits.items():
                    self._let(cell, low, high)
                touched.update(limits)
                answer = self._run(clock, from_scratch=False)
                if answer is None:
                    continue
                if isinstance(answer, Undecided):
                    return answer
                whole = self._multiple(answer, asked)
                if whole is not None:
                    return whole
                left += self._branches(answer, limits, asked)
            return Undecided.FRACTIONS
        finally:
            for cell in touched - asked.keys():
                self._let(cell, *self._room(cell, 0))

    def _branches(
        self, found: Floats, limits: Mapping[int, Steps], asked: Mapping[int, Steps]
    ) -> Iterator[dict[int, Steps]]:
        """
        The two branches at the cell that is furthest from an integer, the one to try first last.
        """
        cell = int(np.argmax(np.abs(found - np.rint(found))))
        low, high = limits.get(cell) or asked.get(cell) or self._room(cell, 0)
        below = math.floor(found[cell])
        branches = [(low, below), (below + 1, high)]
        # Towards no change: a move that changes less is more often whole.
        for least, most in branches if found[cell] < 0 else reversed(branches):
            yield {**limits, cell: (least, most)}

    def _set_prices(self, number: int) -> None:
        if self._priced != number:
            self._solver.changeColsCost(len(self._columns), self._columns, self._prices[number])
            self._priced = number

    def _run(self, clock: WorkBudget, *, from_scratch: bool) -> Floats | Undecided | None:
        """The change of each cell; `from_scratch`, from the basis of no change."""
        if not clock.left:
            return Undecided.WORK
        if from_scratch:
            self._solver.setBasis(self._fixed)
        self._solver.run()
        clock.charge_run(self._solver)
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            return Undecided.WORK
        values = np.array(self._solver.getSolution().col_value)
        apart: Floats = values[: self.size] - values[self.size :]
        return apart

    def _multiple(self, found: Floats, asked: Mapping[int, Steps]) -> Move | None:
        cells = np.flatnonzero(np.abs(found) > 1e-6)
        for parts in range(1, MOST_PARTS + 1):
            steps = np.rint(found[cells] * parts).astype(np.int64)
            if np.abs(found[cells] * parts - steps).max(initial=0) < 1e-6:
                move = Move(cells, steps)
                return move if parts == 1 or self._fits(move, asked) else None
        return None

    def _fits(self, move: Move, asked: Mapping[int, Steps]) -> bool:
        """Whether there is room for a move that was made several times over."""
        for cell, step in zip(*move.lists, strict=True):
            low, high = asked.get(cell) or self._room(cell, 0)
            if not low <= step <= high:
                return False
        return True


def _both(one: Steps, other: Steps) -> Steps:
    return max(one[0], other[0]), min(one[1], other[1])
