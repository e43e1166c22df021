"""
Large neighbourhood search: improve a safe pattern while the work budget lasts.

Two steps alternate. One shows some neighbouring classes and hides again what the requirements then
need, at other prices. The other combines the known moves at the least cost. A result that costs
more is discarded.
"""

from __future__ import annotations

import numpy as np

from nilreturn.disclosure.model import Bools
from nilreturn.disclosure.solver import A_LOOK
from nilreturn.disclosure.suppression.chance import random_of
from nilreturn.disclosure.suppression.pattern import PatternSearch
from nilreturn.disclosure.suppression.recombination import recombine_moves

TOGETHER = 12  # classes that are shown at once to be hidden again
A_PART = 200  # classes hidden by choice that are put together again at once, to begin with
# Seconds of work for each of the two ways; of the work allowed, where that is more.
A_TURN, A_LONG_TURN = 1.0, 0.3


class NeighbourhoodSearch:
    """The search for something better than a safe choice of one block."""

    def __init__(self, choice: PatternSearch, hidden: Bools) -> None:
        self._choice, self._block, self._clock = choice, choice.block, choice.clock
        self._random = random_of(choice.seed, "better")
        self.incumbent = hidden

    def run(self, until: float) -> Bools:
        """The best choice found by the time `until`."""
        many, turn = float(A_PART), max(A_TURN, A_LONG_TURN * (until - self._clock()))
        while self._clock() < until and self._extra().any():
            self._clock.charge(A_LOOK)
            self._destroy_and_repair(min(until, self._clock() + turn))
            start = self._clock()
            small = self._recombine(int(many), until, turn)
            many = max(many * (1.5 if small and self._clock() - start < turn else 0.7), TOGETHER)
        return self.incumbent

    def _extra(self) -> Bools:
        """The hidden classes that need not be."""
        return self.incumbent & ~self._block.forced_hidden

    def _recombine(self, many: int, until: float, turn: float) -> bool:
        """
        Put the moves of so many classes together again; false where that is too much for the work
        left.
        """
        seconds = min(turn, until - self._clock())
        if seconds <= 0:
            return True
        choice, part = self._choice, self._part(many)
        again = recombine_moves(
            choice.moves, self.incumbent, part, choice.excluded, clock=self._clock, seconds=seconds
        )
        if again is None:
            return False
        whole = choice.repair_within(again, until)
        if whole is not None:
            self._keep(
                choice.remove_redundant(whole, until, among=part | (whole & ~self.incumbent))
            )
        return True

    def _part(self, many: int) -> Bools:
        """So many of the hidden classes that need not be, such as lie together."""
        extra = self._extra()
        if extra.sum() <= many:
            return extra
        found = [int(self._random.choice(np.flatnonzero(extra)))]
        part = np.zeros(self._block.size, dtype=bool)
        part[found] = True
        for which in found:
            beside = self._block.beside(which)
            new = beside[extra[beside] & ~part[beside]][: many - len(found)]
            part[new] = True
            found += new.tolist()
        return part

    def _destroy_and_repair(self, until: float) -> None:
        choice = self._choice
        while self._clock() < until and self._extra().any():
            self._clock.charge(A_LOOK)
            choice.at_prices(self._random.uniform(1.0, 2.0, self._block.size))
            gone = self._some_together()
            less = self.incumbent & ~gone
            again = choice.repair_within(less, until)
            if again is not None:
                self._keep(choice.remove_redundant(again, until, among=(again & ~less) | gone))

    def _some_together(self) -> Bools:
        """One of the hidden classes that need not be, and some more in its equations."""
        extra = self._extra()
        start = int(self._random.choice(np.flatnonzero(extra)))
        beside = self._block.beside(start)
        some = beside[extra[beside]]
        gone = np.zeros(self._block.size, dtype=bool)
        gone[self._random.choice(some, min(len(some), TOGETHER), replace=False)] = True
        gone[start] = True
        return gone

    def _keep(self, other: Bools) -> None:
        """Take another choice unless it costs more."""
        if self._choice.cost(other) <= self._choice.cost(self.incumbent):
            self.incumbent = other
