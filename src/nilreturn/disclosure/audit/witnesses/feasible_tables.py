"""
The feasible table nearest to chosen targets: a linear programme over how far each cell lies above
and below its target.

Solutions are integers by nature in two dimensions; elsewhere a fractional one is solved again over
whole numbers. Each feasible table is checked in integer arithmetic before it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.audit.witnesses.witness import Undecided
from nilreturn.disclosure.model import NO_UPPER, Block, Floats, Ints
from nilreturn.disclosure.solver import Solver, WorkBudget, limit_integer_run, load

# Limits on searches over integers are of nodes and of work, so that a busy machine finds the same
# tables.
NODES = 50
THOROUGH_NODES = 20_000
WIDENINGS = 3


class Search:
    """
    Looks for feasible tables of one block. Deterministic: the solver runs on one thread from the
    same model.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        self._rounded = block.low
        self._fractional = np.zeros(block.size, dtype=np.bool_)
        self._columns = np.arange(2 * block.size, dtype=np.int32)
        self._solver = Solver()
        load(self._solver, block, np.zeros(2 * block.size), np.full(2 * block.size, np.inf))
        # Any feasible table will do: the first over integers is taken, near or not.
        self._solver.setOptionValue("mip_max_improving_sols", 1)

    def nearest(
        self,
        targets: Ints,
        costs: Floats,
        fixed: Mapping[int, tuple[int, int]],
        *,
        clock: WorkBudget,
        rising: float = 1.0,
        thorough: bool = True,
    ) -> Ints | Undecided | None:
        """
        A feasible table near `targets` whose `fixed` cells lie in the given ranges; distance is
        weighted by `costs`, above the targets `rising` times as much. None when there is no such
        feasible table. Without `thorough` it gives up where whole numbers are hard to find.
        """
        low, high = self.block.low.copy(), self.block.high.copy()
        for cell, (least, most) in fixed.items():
            low[cell], high[cell] = max(least, low[cell]), min(most, high[cell])
            if low[cell] > high[cell]:
                return None
        targets = np.clip(targets, low, high)
        self._ask(targets, np.concatenate((costs * rising, costs)), low, high)
        found = self._run(targets, clock)
        if found is None or isinstance(found, Undecided) or self.block.is_feasible(self._rounded):
            return found
        return self._over_integers(targets, low, high, clock, thorough=thorough)

    @cached_property
    def _neighbours(self) -> sparse.csr_matrix:
        links = abs(self.block.equations)
        return sparse.csr_matrix(links.T @ links)

    def _ask(self, targets: Ints, costs: Floats, low: Ints, high: Ints) -> None:
        count = 2 * self.block.size
        rhs = (self.block.rhs - self.block.equations @ targets).astype(np.float64)
        self._solver.changeColsCost(count, self._columns, costs)
        self._set_limits(targets, low, high)
        rows = np.arange(len(rhs), dtype=np.int32)
        self._solver.changeRowsBounds(len(rhs), rows, rhs, rhs)  # type: ignore[attr-defined]  # not in the stub

    def _set_limits(self, targets: Ints, low: Ints, high: Ints) -> None:
        """Columns are how far above its target each cell lies, then how far below."""
        least, most = (low - targets).astype(np.float64), (high - targets).astype(np.float64)
        most[high == NO_UPPER] = np.inf
        lower = np.concatenate((np.maximum(least, 0), np.maximum(-most, 0)))
        upper = np.concatenate((np.maximum(most, 0), np.maximum(-least, 0)))
        self._solver.changeColsBounds(len(self._columns), self._columns, lower, upper)

    def _over_integers(
        self, targets: Ints, low: Ints, high: Ints, clock: WorkBudget, *, thorough: bool
    ) -> Ints | Undecided | None:
        """
        First with all cells but the fractional ones and their neighbours held where they are, which
        is quick; then, if asked to be thorough, with all of them free, which alone can tell that
        there is none.
        """
        values, free = self._rounded, self._fractional
        self._set_integer(True)
        try:
            for _ in range(WIDENINGS):
                free = free | (self._neighbours @ free.astype(np.int64) > 0)
                self._set_limits(targets, np.where(free, low, values), np.where(free, high, values))
                found = self._run(targets, clock, nodes=NODES)
                if isinstance(found, np.ndarray) and self.block.is_feasible(found):
                    return found
            if not thorough:
                return Undecided.WORK
            self._set_limits(targets, low, high)
            found = self._run(targets, clock, nodes=THOROUGH_NODES)
        finally:
            self._set_integer(False)
        if found is None or isinstance(found, Undecided) or self.block.is_feasible(found):
            return found
        return Undecided.WORK  # beyond the solver's precision: never counted as shown

    def _run(self, targets: Ints, clock: WorkBudget, *, nodes: int = 0) -> Ints | Undecided | None:
        """A solution rounded; over integers, in up to `nodes` nodes, where that is not 0."""
        if not clock.left:
            return Undecided.WORK
        if nodes:
            limit_integer_run(self._solver, clock.left, nodes=nodes)
        self._solver.run()
        if nodes:
            clock.charge_integer_run(self._solver)
        else:
            clock.charge_run(self._solver)
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        solution = self._solver.getSolution()
        if status not in _WITH_A_SOLUTION or not solution.value_valid:
            return Undecided.WORK
        values = np.array(solution.col_value)
        apart = values[: self.block.size] - values[self.block.size :]
        self._rounded = targets + np.rint(apart).astype(np.int64)
        self._fractional = np.abs(apart - np.rint(apart)) > 1e-6
        return self._rounded

    def _set_integer(self, whole: bool) -> None:
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        count = len(self._columns)
        self._solver.changeColsIntegrality(
            count, self._columns, np.full(count, int(kind), dtype=np.uint8)
        )


_WITH_A_SOLUTION = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kObjectiveTarget,
)
