"""
Hiding enough, one need after another, and then showing again whatever need not be hidden.

The cheapest move for a need is a minimum-cost flow in which classes already hidden are nearly free. The order of
needs matters little, because every choice is tried again by `leaner` and by the searches built on top of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.flows import Flows
from nilreturn.disclosure.moves import Moves, Need
from nilreturn.disclosure.system import Bools, Floats, Requirement

BATCH = 20  # needs met between two looks at which are met by now
FREE = 0.01  # the price of using what is hidden already: enough to keep moves small


@dataclass(eq=False)
class Choice:
    """What is known about one block while its hidden classes are chosen."""

    block: Block
    requirement: Requirement
    seed: int = 1
    moves: Moves = field(init=False)
    banned: Bools = field(init=False)  # classes that may not be hidden, since nothing could protect them

    def __post_init__(self) -> None:
        self.moves = Moves(self.block, self.requirement.insiders)
        self.banned = np.zeros(self.block.size, dtype=bool)
        self._flows: Flows | None = None
        # Ties between equal weights make the simplex method wander; a little noise is worth three times its speed.
        self._noise = np.random.default_rng(self.seed).uniform(1.0, 1.2, self.block.size)

    @property
    def flows(self) -> Flows:
        """The programme over the whole block, made when first asked for."""
        if self._flows is None:
            self._flows = Flows(self.block)
        return self._flows

    def cost(self, hidden: Bools) -> Floats:
        """What it costs to let each class change, given what is hidden."""
        free = hidden | self.block.must
        return np.where(free, FREE, np.maximum(self.block.weight, FREE)) * self._noise

    def completed(self, hidden: Bools) -> Bools:
        """`hidden` and as little more as the cheapest moves ask for, such that every need is met."""
        start = (hidden | self.block.must) & ~self.banned
        hidden = start.copy()
        while needs := self.moves.unmet(hidden):
            self.flows.open_only(~self.banned)
            for need in needs[:: max(1, len(needs) // BATCH)]:
                self.flows.priced(self.cost(hidden))
                move = self.flows.find(need)
                if move is None:
                    if self._given_up(need):
                        return self.completed(start)
                    continue
                self.moves.add(*move)
                hidden[move[0]] = True
        return hidden

    def _given_up(self, need: Need) -> bool:
        """Excuse a need that nothing can meet; or ban the class that has it, when it need not be hidden (true)."""
        for which in (need.which, need.still):
            if which >= 0 and not self.block.must[which]:
                self.banned[which] = True
                return True
        self.moves.excused.add(need)
        return False

    def lean_completed(self, hidden: Bools, until: float) -> Bools:
        """A safe choice near `hidden`, which may not be safe."""
        return self.leaner(self.completed(hidden), until)

    def leaner(self, hidden: Bools, until: float) -> Bools:
        """`hidden` without any class that can be shown while all needs stay met; the dearest are tried first."""
        extra = np.flatnonzero(hidden & ~self.block.must)
        for which in extra[np.argsort(-self.block.weight[extra], kind="stable")]:
            if monotonic() > until:
                break
            less = hidden.copy()
            less[which] = False
            if self.meets_all(less):
                hidden = less
        return hidden

    def meets_all(self, hidden: Bools) -> bool:
        """Whether every need can be met by hiding `hidden` alone; new moves found on the way are kept."""
        self.flows.open_only(hidden)
        self.flows.priced(self.cost(hidden))
        # A first move through a class may raise the question whether there is one without a certain other class.
        while needs := self.moves.unmet(hidden):
            for need in needs:
                move = self.flows.find(need)
                if move is None:
                    return False
                self.moves.add(*move)
        return True
