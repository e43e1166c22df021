"""
Hiding enough, one need after another, and then showing again whatever need not be hidden.

The cheapest move for a need is a minimum-cost flow in which classes already hidden are nearly free.
The order of needs matters little, because every choice is tried again by `leaner` and by the
searches built on top of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.model import AttackerModel, Bools, Floats
from nilreturn.disclosure.solver import A_CLASS, A_LOOK, WorkBudget
from nilreturn.disclosure.suppression.chance import random_of
from nilreturn.disclosure.suppression.moves import (
    Hierarchies,
    MovePool,
    MoveRequirement,
    MoveSearch,
)
from nilreturn.disclosure.suppression.presolve import Block

FREE = 0.01  # the price of using what is hidden already: enough to keep moves small


@dataclass(eq=False)
class PatternSearch:
    """What is known about one block while its hidden classes are chosen."""

    block: Block
    requirement: AttackerModel
    clock: WorkBudget
    hierarchies: Hierarchies
    seed: bytes = b""
    moves: MovePool = field(init=False)
    # Classes that may not be hidden, since nothing could protect them.
    excluded: Bools = field(init=False)

    def __post_init__(self) -> None:
        self.moves = MovePool(self.block, self.requirement.insiders)
        self.excluded = np.zeros(self.block.size, dtype=bool)
        self._excluded_for: dict[int, MoveRequirement] = {}
        # The last choice made lean, and its classes that were not shown to be needless: they are
        # not asked about again for a choice of no more classes.
        self._lean = np.zeros(self.block.size, dtype=bool)
        self._needed = np.zeros(self.block.size, dtype=bool)
        self._finder = MoveSearch(self.moves, self.clock, self.hierarchies)
        # Ties between equal weights make the simplex method wander; a little noise is worth three
        # times its speed.
        self._noise = random_of(self.seed, "prices").uniform(1.0, 1.2, self.block.size)

    def at_prices(self, noise: Floats) -> None:
        """From now on, take what a class costs `noise` times as dear."""
        self._noise = noise

    def prices(self, hidden: Bools) -> Floats:
        """What it costs to let each class change, given what is hidden."""
        return (
            np.where(hidden | self.block.forced_hidden, FREE, np.maximum(self.block.weight, FREE))
            * self._noise
        )

    def cost(self, hidden: Bools) -> float:
        """The weight of what is hidden by choice."""
        return float(self.block.weight[hidden & ~self.block.forced_hidden].sum())

    def repair(self, hidden: Bools) -> Bools:
        """
        `hidden` and as little more as the cheapest moves ask for, such that every need is met.
        """
        whole = self.repair_within(hidden, float("inf"))
        if whole is None:
            raise AssertionError("there is always time")
        return whole

    def repair_within(self, hidden: Bools, until: float) -> Bools | None:
        """
        The same; or None when time runs out on the way, or when there was time but no move for a
        need was found.
        """
        at_leisure = until == float("inf")  # then no need is given up before all has been tried
        self.clock.charge(A_LOOK + A_CLASS * self.block.size)
        start = (hidden | self.block.forced_hidden) & ~self.excluded
        hidden, cost = start.copy(), self.prices(start)
        while needs := self.moves.unmet(hidden):
            for need in needs:
                if self.moves.meets(need, hidden):
                    continue
                self.clock.charge_steps(self.moves.taken_steps())
                if self.clock() > until:
                    return None
                move = self._finder.anywhere(
                    need, hidden, cost, self.excluded, thoroughly=at_leisure
                )
                if move is not None:
                    hidden[move[0]] = True
                    cost[move[0]] = FREE * self._noise[move[0]]
                if move is not None and self.moves.meets(need, hidden):
                    continue
                if not at_leisure:
                    return None
                if self._give_up(need):
                    return self.repair(start)
        return hidden

    def _give_up(self, need: MoveRequirement) -> bool:
        """
        Give up a requirement that no move can meet. Returns True if a cell was excluded instead
        (the search restarts), False if the requirement was waived. Exclusions made for a singleton
        are lifted when a general requirement needs that cell.
        """
        for which in (need.which, need.fixed):
            if which >= 0 and not self.block.forced_hidden[which]:
                self.excluded[which] = True
                self._excluded_for[which] = need
                return True
        if need.fixed < 0 and self._lift_exclusions(need):
            return True
        self.moves.waived.add(need)
        return False

    def _lift_exclusions(self, need: MoveRequirement) -> bool:
        """
        Whether lifting bans meets a need; those that a move for it touches are lifted, and their
        needs excused.
        """
        still_excluded = self.excluded.copy()
        still_excluded[[which for which, own in self._excluded_for.items() if own.fixed >= 0]] = (
            False
        )
        if np.array_equal(still_excluded, self.excluded):
            return False
        move = self._finder.anywhere(
            need,
            self.block.forced_hidden,
            self.prices(self.block.forced_hidden),
            still_excluded,
            thoroughly=True,
        )
        if move is None:
            return False
        for which in move[0][self.excluded[move[0]]].tolist():
            self.excluded[which] = False
            self.moves.waived.add(self._excluded_for.pop(which))
        return True

    def remove_redundant(self, hidden: Bools, until: float, *, among: Bools | None = None) -> Bools:
        """
        `hidden` without any class (`among` some) that can be shown, all needs met; the dearest are
        tried first.
        """
        if (hidden & ~self._lean).any():
            self._needed = np.zeros(self.block.size, dtype=bool)
        self._lean = hidden.copy()
        extra = np.flatnonzero(
            hidden & ~self.block.forced_hidden & ~self._needed & (True if among is None else among)
        )
        for which in extra[np.argsort(-self.block.weight[extra].round(1), kind="stable")]:
            if self.clock() > until:
                break
            less = hidden.copy()
            less[which] = False
            if not self.unmet(less, most=1, until=until, thoroughly=False):
                hidden, self._lean = less, less.copy()
            elif self.clock() <= until:
                self._needed[which] = True
        return hidden

    def unmet(
        self, hidden: Bools, *, most: int, until: float = float("inf"), thoroughly: bool = True
    ) -> list[MoveRequirement]:
        """
        Up to `most` of the needs that hiding `hidden` alone leaves unmet, or (past `until`) all
        that are left to ask. Moves found on the way are kept.
        """
        cost = self.prices(hidden)
        self.clock.charge(A_LOOK + A_CLASS * self.block.size)
        # A first move through a class may raise the question whether there is one without a certain
        # other class.
        while needs := self.moves.unmet(hidden):
            unmet: list[MoveRequirement] = []
            for k, need in enumerate(needs):
                self.clock.charge_steps(self.moves.taken_steps())
                if self.clock() > until:
                    return [*unmet, *needs[k:]]
                if self.moves.meets(need, hidden):
                    continue
                if self._finder.within(need, hidden, cost, thoroughly=thoroughly) is None:
                    unmet.append(need)
                if len(unmet) >= most:
                    return unmet
            if unmet:
                return unmet
        self.clock.charge_steps(self.moves.taken_steps())
        return []
