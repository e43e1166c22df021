"""
The exact range of a hidden cell: how far sums taken together let it go, and whether a feasible
table goes so far.

Both are asked as changes from one feasible table. A programme that starts from changing nothing
seldom has far to go.
"""

from __future__ import annotations

import math
from functools import cached_property

import highspy
import numpy as np

from nilreturn.disclosure.audit.witnesses.combined_moves import reaching
from nilreturn.disclosure.audit.witnesses.sparse_moves import Shortest
from nilreturn.disclosure.audit.witnesses.witness import ANY, NO_MOVE, Move, Witness, move_between
from nilreturn.disclosure.model import Block, Floats, Ints
from nilreturn.disclosure.solver import Solver, WorkBudget, changes_from


class AttackerProblem:
    """
    What the cells of a block can be, starting from the feasible table and the moves of a proof,
    which gains moves here.
    """

    def __init__(self, block: Block, proof: Witness) -> None:
        self.block, self.proof = block, proof

    @cached_property
    def _shortest(self) -> Shortest:
        return Shortest(self.block, self.proof.table)

    @cached_property
    def _solver(self) -> Solver:
        return changes_from(self.block, self.proof.table, np.zeros(2 * self.block.size))

    @cached_property
    def _fixed(self) -> highspy.HighsBasis:
        self._solver.run()
        return self._solver.getBasis()

    def interval_bound(
        self, cell: int, *, highest: bool, clock: WorkBudget
    ) -> tuple[int | None, Ints]:
        """
        The least or greatest that a cell can be, and the rows of the block that prove it. It is
        worked out in fractions, so that it is never too narrow. None where nothing bounds it or the
        work allowed is done.
        """
        if not clock.left:
            return None, np.zeros(0, dtype=np.int64)
        self._solver.setBasis(self._fixed)
        self._aim(cell, -1.0 if highest else 1.0)
        self._solver.run()
        clock.charge_run(self._solver)
        status, solution = self._solver.getModelStatus(), self._solver.getSolution()
        self._aim(cell, 0.0)
        if status != highspy.HighsModelStatus.kOptimal:
            return None, np.zeros(0, dtype=np.int64)
        changes, multipliers = np.array(solution.col_value), np.array(solution.row_dual)
        apart = changes[: self.block.size] - changes[self.block.size :]
        self._take(apart)
        end = int(self.proof.table[cell]) + _whole(apart[cell], highest=highest)
        return end, np.flatnonzero(abs(multipliers) > 1e-7)

    def _take(self, apart: Floats) -> None:
        """Keep what the solver found, where it is a feasible table."""
        world = self.proof.table + np.rint(apart).astype(np.int64)
        if (
            np.abs(apart - np.rint(apart)).max() < 1e-6
            and self.block.is_feasible(world)
            and np.rint(apart).any()
        ):
            self.proof.add(move_between(self.proof.table, world))

    def can_exceed(self, cell: int, value: int, *, clock: WorkBudget) -> bool:
        """
        Whether a feasible table is at hand, or soon found, in which a cell is at least a value;
        "no" proves nothing.
        """
        if self.proof.most[cell] >= value:
            return True
        least = value - int(self.proof.table[cell])
        asked = {cell: (least, ANY)}
        found = reaching(self.proof, cell, least) or self._shortest.move(
            asked, NO_MOVE, clock=clock
        )
        if not isinstance(found, Move):
            return False
        self._shortest.touched(found.cells)
        self.proof.add(found)
        return True

    def _aim(self, cell: int, cost: float) -> None:
        self._solver.changeColCost(cell, cost)
        self._solver.changeColCost(cell + self.block.size, -cost)


def _whole(change: float, *, highest: bool) -> int:
    return math.floor(change + 1e-6) if highest else math.ceil(change - 1e-6)
