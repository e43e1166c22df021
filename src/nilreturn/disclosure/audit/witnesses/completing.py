"""
Counts that no table prints, filled in to what is handed over, where the sums leave a choice: by a
programme over them alone. What is found serves as a help and is checked like all that is handed
over.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from nilreturn.disclosure.audit.witnesses.exploration import inside, search_of
from nilreturn.disclosure.model import Block, Bools, Cells, Ints
from nilreturn.disclosure.solver import WorkBudget

if TYPE_CHECKING:
    from nilreturn.disclosure.solver import Solver

STEADY = 5.0  # the price of changing what is implied; of others it is 1
FREE = 1e-3  # and of the cells that only the sums for this have
BUDGET = 30.0  # seconds of counted work for a whole table


class Completing:
    """
    Fills in the cells that are not `known`, so that `equations @ x == 0` holds and tables are
    within `low..high`.
    """

    def __init__(
        self, cells: Cells, equations: sparse.csr_matrix, known: Bools, low: Ints, high: Ints
    ) -> None:
        self.open = np.flatnonzero(~known)
        left = sparse.csr_matrix(equations[:, self.open])
        self.rows = np.flatnonzero(np.diff(left.indptr))
        self.equations, self.left = (
            sparse.csr_matrix(equations[self.rows]),
            sparse.csr_matrix(left[self.rows]),
        )
        self.low, self.high = low[self.open], high[self.open]
        price = np.ones(len(known))
        price[cells.implied[:, 1]], price[cells.implied[:, 2]] = STEADY, FREE
        self.price = price[self.open]

    def change(self, move: Ints) -> Ints | None:
        """
        A move over all cells, with as little change of the open ones as can be; None where that is
        not in whole numbers.
        """
        solver, rows = self._solver, np.arange(len(self.rows), dtype=np.int32)
        rest = self._rest(move).astype(np.float64)
        solver.changeRowsBounds(len(rows), rows, rest, rest)  # type: ignore[attr-defined]  # not in the stub
        solver.run()
        if not solver.found_optimum():
            return None
        found = np.array(solver.getSolution().col_value)
        return self._filled(
            move, np.rint(found[: len(self.open)] - found[len(self.open) :]).astype(np.int64)
        )

    def table(self, counts: Ints) -> Ints | None:
        """A whole table, with the open cells filled in; None where none was found."""
        block = Block(self.open, self.rows, self.left, self._rest(counts), self.low, self.high)
        found = search_of(block).nearest(
            inside(block), np.ones(block.size), {}, clock=WorkBudget(BUDGET)
        )
        return self._filled(counts, found) if isinstance(found, np.ndarray) else None

    @cached_property
    def _solver(self) -> Solver:
        from nilreturn.disclosure.solver import Solver, loaded  # checking a release needs no solver

        solver = Solver()
        loaded(
            solver,
            sparse.csc_matrix(self.left),
            np.tile(self.price, 2),
            np.full(2 * len(self.open), np.inf),
        )
        return solver

    def _rest(self, values: Ints) -> Ints:
        """What the open cells must add up to in each of their sums."""
        known = values.copy()
        known[self.open] = 0
        rest: Ints = -(self.equations @ known)
        return rest

    def _filled(self, values: Ints, found: Ints) -> Ints | None:
        filled = values.copy()
        filled[self.open] = found
        return None if (self.equations @ filled).any() else filled
