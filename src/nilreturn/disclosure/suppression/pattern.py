"""
Hiding enough, one need after another, and then showing again whatever need not be hidden.

The cheapest move for a need is a minimum-cost flow in which classes already hidden are nearly free. The order of needs
matters little, because every choice is tried again by `leaner` and by the searches built on top of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.model import Bools, Floats, Requirement
from nilreturn.disclosure.solver import A_CLASS, A_LOOK, Clock
from nilreturn.disclosure.suppression.chance import random_of
from nilreturn.disclosure.suppression.moves import Finder, Hierarchies, Moves, Need
from nilreturn.disclosure.suppression.presolve import Block

FREE = 0.01  # the price of using what is hidden already: enough to keep moves small


@dataclass(eq=False)
class Choice:
    """What is known about one block while its hidden classes are chosen."""

    block: Block
    requirement: Requirement
    clock: Clock
    hierarchies: Hierarchies
    seed: bytes = b""
    moves: Moves = field(init=False)
    banned: Bools = field(init=False)  # classes that may not be hidden, since nothing could protect them

    def __post_init__(self) -> None:
        self.moves = Moves(self.block, self.requirement.insiders)
        self.banned = np.zeros(self.block.size, dtype=bool)
        self._banned_for: dict[int, Need] = {}
        self._finder = Finder(self.moves, self.clock, self.hierarchies)
        # Ties between equal weights make the simplex method wander; a little noise is worth three times its speed.
        self._noise = random_of(self.seed, "prices").uniform(1.0, 1.2, self.block.size)

    def at_prices(self, noise: Floats) -> None:
        """From now on, take what a class costs `noise` times as dear."""
        self._noise = noise

    def cost(self, hidden: Bools) -> Floats:
        """What it costs to let each class change, given what is hidden."""
        return np.where(hidden | self.block.must, FREE, np.maximum(self.block.weight, FREE)) * self._noise

    def loss(self, hidden: Bools) -> float:
        """The weight of what is hidden by choice."""
        return float(self.block.weight[hidden & ~self.block.must].sum())

    def completed(self, hidden: Bools) -> Bools:
        """`hidden` and as little more as the cheapest moves ask for, such that every need is met."""
        whole = self.completed_by(hidden, float("inf"))
        if whole is None:
            raise AssertionError("there is always time")
        return whole

    def completed_by(self, hidden: Bools, until: float) -> Bools | None:
        """The same; or None when time runs out on the way, or when there was time but no move for a need was found."""
        at_leisure = until == float("inf")  # then no need is given up before all has been tried
        self.clock.worked(A_LOOK + A_CLASS * self.block.size)
        start = (hidden | self.block.must) & ~self.banned
        hidden, cost = start.copy(), self.cost(start)
        while needs := self.moves.unmet(hidden):
            for need in needs:
                if self.moves.meets(need, hidden):
                    continue
                self.clock.stepped(self.moves.taken_steps())
                if self.clock() > until:
                    return None
                move = self._finder.anywhere(need, hidden, cost, self.banned, thoroughly=at_leisure)
                if move is not None:
                    hidden[move[0]] = True
                    cost[move[0]] = FREE * self._noise[move[0]]
                if move is not None and self.moves.meets(need, hidden):
                    continue
                if not at_leisure:
                    return None
                if self._given_up(need):
                    return self.completed(start)
        return hidden

    def _given_up(self, need: Need) -> bool:
        """
        Excuse a need that nothing can meet; or (true) ban the class that has it, when it need not be hidden. What is
        banned for the sake of one person comes back where a need of all readers cannot be met without it.
        """
        for which in (need.which, need.still):
            if which >= 0 and not self.block.must[which]:
                self.banned[which] = True
                self._banned_for[which] = need
                return True
        if need.still < 0 and self._brought_back(need):
            return True
        self.moves.excused.add(need)
        return False

    def _brought_back(self, need: Need) -> bool:
        """Whether lifting bans meets a need; those that a move for it touches are lifted, and their needs excused."""
        still_banned = self.banned.copy()
        still_banned[[which for which, own in self._banned_for.items() if own.still >= 0]] = False
        if np.array_equal(still_banned, self.banned):
            return False
        move = self._finder.anywhere(need, self.block.must, self.cost(self.block.must), still_banned, thoroughly=True)
        if move is None:
            return False
        for which in move[0][self.banned[move[0]]].tolist():
            self.banned[which] = False
            self.moves.excused.add(self._banned_for.pop(which))
        return True

    def leaner(self, hidden: Bools, until: float, *, among: Bools | None = None) -> Bools:
        """`hidden` without any class (`among` some) that can be shown, all needs met; the dearest are tried first."""
        extra = np.flatnonzero(hidden & ~self.block.must & (True if among is None else among))
        for which in extra[np.argsort(-self.block.weight[extra].round(1), kind="stable")]:
            if self.clock() > until:
                break
            less = hidden.copy()
            less[which] = False
            if not self.unmet(less, most=1, until=until, thoroughly=False):
                hidden = less
        return hidden

    def unmet(self, hidden: Bools, *, most: int, until: float = float("inf"), thoroughly: bool = True) -> list[Need]:
        """
        Up to `most` of the needs that hiding `hidden` alone leaves unmet, or (past `until`) all that are left to ask.
        Moves found on the way are kept.
        """
        cost = self.cost(hidden)
        self.clock.worked(A_LOOK + A_CLASS * self.block.size)
        # A first move through a class may raise the question whether there is one without a certain other class.
        while needs := self.moves.unmet(hidden):
            unmet: list[Need] = []
            for k, need in enumerate(needs):
                self.clock.stepped(self.moves.taken_steps())
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
        self.clock.stepped(self.moves.taken_steps())
        return []
