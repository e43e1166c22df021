"""
Hiding enough, one need after another, and then showing again whatever need not be hidden.

The cheapest move for a need is a minimum-cost flow in which classes already hidden are nearly free. In large blocks it
is first looked for nearby. The order of needs matters little, because every choice is tried again by `leaner` and by
the searches built on top of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.clock import Clock
from nilreturn.disclosure.combine import Combiner
from nilreturn.disclosure.flows import Flows
from nilreturn.disclosure.grid import Grid, Hierarchies
from nilreturn.disclosure.moves import Moves, Need
from nilreturn.disclosure.recombine import recombined
from nilreturn.disclosure.system import Bools, Floats, Ints, Requirement

FREE = 0.01  # the price of using what is hidden already: enough to keep moves small
LARGE = 6_000  # classes; from here on moves are first looked for in a box around the class in need
TOGETHER = 12  # classes that are shown at once to be hidden anew
WIDTHS = (4, 8)  # how many codes of each dimension make a box
A_PART = 200  # classes hidden by choice that are put together anew at once, to begin with
A_TURN = 1.0  # seconds of work for each of the two ways to make a choice better

Move = tuple[Ints, Ints]


@dataclass(eq=False)
class Choice:
    """What is known about one block while its hidden classes are chosen."""

    block: Block
    requirement: Requirement
    clock: Clock
    hierarchies: Hierarchies
    seed: int = 1
    moves: Moves = field(init=False)
    banned: Bools = field(init=False)  # classes that may not be hidden, since nothing could protect them

    def __post_init__(self) -> None:
        self.moves = Moves(self.block, self.requirement.insiders)
        self.banned = np.zeros(self.block.size, dtype=bool)
        self._combiner = Combiner(self.moves, self.clock)
        self._grid = Grid(self.block, self.hierarchies)
        self._thorough = True  # off where a move that is hard to find is not worth its time
        self._whole: Flows | None = None
        self._inside: Flows | None = None
        # Ties between equal weights make the simplex method wander; a little noise is worth three times its speed.
        self._noise = np.random.default_rng(self.seed).uniform(1.0, 1.2, self.block.size)

    def cost(self, hidden: Bools) -> Floats:
        """What it costs to let each class change, given what is hidden."""
        return np.where(hidden | self.block.must, FREE, np.maximum(self.block.weight, FREE)) * self._noise

    def completed(self, hidden: Bools) -> Bools:
        """`hidden` and as little more as the cheapest moves ask for, such that every need is met."""
        whole = self.completed_by(hidden, float("inf"))
        if whole is None:
            raise AssertionError("there is always time")
        return whole

    def completed_by(self, hidden: Bools, until: float) -> Bools | None:
        """The same; or None when time runs out on the way, or when there was time but no move for a need was found."""
        start = (hidden | self.block.must) & ~self.banned
        hidden, cost = start.copy(), self.cost(start)
        while needs := self.moves.unmet(hidden):
            for need in needs:
                if self.moves.meets(need, hidden):
                    continue
                if self.clock() > until:
                    return None
                move = self._anywhere(need, cost)
                if move is not None:
                    hidden[move[0]] = True
                    cost[move[0]] = FREE * self._noise[move[0]]
                elif until < float("inf"):
                    return None  # a need is given up only where there is all the time to look for a move
                elif self._given_up(need):
                    return self.completed(start)
        return hidden

    def _anywhere(self, need: Need, cost: Floats) -> Move | None:
        """The cheapest move for a need, hiding more where that must be."""
        for width in WIDTHS if self.block.size >= LARGE else ():
            classes = self._grid.around(need.which, cost, width)
            move = self._inside_of(classes[~self.banned[classes]], need, cost)
            if move is not None:
                return move
        if self._whole is None:
            self._whole = Flows(self.block, self.clock)
        self._whole.open_only(~self.banned)
        return self._found(self._whole, need, cost)

    def _within(self, need: Need, hidden: Bools, cost: Floats) -> Move | None:
        """A move for a need among hidden classes."""
        move = self._combiner.find(need, hidden)
        if move is not None:
            self.moves.add(*move)
            return move
        if self.block.size >= LARGE:
            classes = self._grid.around(need.which, np.where(hidden, cost, np.inf), WIDTHS[-1])
            move = self._inside_of(classes[hidden[classes]], need, cost)
            if move is not None:
                return move
        return self._found(self._flows_of(hidden), need, cost, thoroughly=self.block.size < LARGE)

    def _inside_of(self, classes: Ints, need: Need, cost: Floats) -> Move | None:
        """A move among some classes, or none when the class in need is not one of them."""
        at = np.searchsorted(classes, need.which)
        if at == len(classes) or classes[at] != need.which:
            return None
        return self._found(Flows(self.block, self.clock, classes), need, cost)

    def _flows_of(self, hidden: Bools) -> Flows:
        """The programme over the hidden classes: the last one, when it has all of them and not many more."""
        flows = self._inside
        if flows is None or len(flows.classes) > 1.2 * hidden.sum() or hidden[flows.classes].sum() != hidden.sum():
            flows = self._inside = Flows(self.block, self.clock, np.flatnonzero(hidden))
        flows.open_only(hidden)
        return flows

    def _found(self, flows: Flows, need: Need, cost: Floats, *, thoroughly: bool = True) -> Move | None:
        flows.priced(cost)
        move = flows.find(need, thoroughly=thoroughly and self._thorough)
        if move is not None:
            self.moves.add(*move)
        return move

    def _given_up(self, need: Need) -> bool:
        """Excuse a need that nothing can meet; or ban the class that has it, when it need not be hidden (true)."""
        for which in (need.which, need.still):
            if which >= 0 and not self.block.must[which]:
                self.banned[which] = True
                return True
        self.moves.excused.add(need)
        return False

    def leaner(self, hidden: Bools, until: float, *, among: Bools | None = None) -> Bools:
        """`hidden` without any class (`among` some) that can be shown, all needs met; the dearest are tried first."""
        extra = np.flatnonzero(hidden & ~self.block.must & (True if among is None else among))
        self._thorough = False
        for which in extra[np.argsort(-self.block.weight[extra], kind="stable")]:
            if self.clock() > until:
                break
            less = hidden.copy()
            less[which] = False
            if not self.unmet(less, most=1, until=until):
                hidden = less
        self._thorough = True
        return hidden

    def improved(self, hidden: Bools, until: float) -> Bools:
        """
        The best choice found until time runs out, by turns: hide parts of it anew at other prices, and put the moves so
        found together in the cheapest way.
        """
        random = np.random.default_rng(self.seed)
        many = float(A_PART)
        while self.clock() < until and (hidden & ~self.block.must).any():
            hidden = self._regrown(hidden, min(until, self.clock() + A_TURN), random)
            start = self.clock()
            hidden = self._recombined(hidden, int(many), until, random)
            many = max(many * (1.5 if self.clock() - start < A_TURN else 0.7), TOGETHER)
        return hidden

    def _recombined(self, hidden: Bools, many: int, until: float, random: np.random.Generator) -> Bools:
        """`hidden` with so many of its classes put together anew, where that costs no more."""
        part = self._part(hidden, many, random)
        seconds = min(A_TURN, until - self.clock())
        if seconds <= 0:
            return hidden
        again = recombined(self.moves, hidden, part, self.banned, clock=self.clock, seconds=seconds)
        whole = self.completed_by(again, until)
        if whole is None:
            return hidden
        return self._better(hidden, self.leaner(whole, until, among=part | (whole & ~hidden)))

    def _part(self, hidden: Bools, many: int, random: np.random.Generator) -> Bools:
        """Some of the hidden classes that need not be, such as lie together."""
        extra = np.flatnonzero(hidden & ~self.block.must)
        part = np.zeros(self.block.size, dtype=bool)
        if len(extra) <= many:
            part[extra] = True
            return part
        found = [int(random.choice(extra))]
        part[found] = True
        for which in found:
            for beside in self._beside(which).tolist():
                if len(found) < many and not part[beside] and hidden[beside] and not self.block.must[beside]:
                    part[beside] = True
                    found.append(beside)
        return part

    def _better(self, hidden: Bools, other: Bools) -> Bools:
        return other if self._loss(other) <= self._loss(hidden) else hidden

    def _regrown(self, hidden: Bools, until: float, random: np.random.Generator) -> Bools:
        """
        The best choice found by showing some hidden classes that lie together and hiding anew what the needs then ask
        for, at other prices: over and over until time runs out, kept whenever it costs no more.
        """
        noise = self._noise
        while self.clock() < until and (hidden & ~self.block.must).any():
            self._noise = random.uniform(1.0, 2.0, self.block.size)
            gone = self._some_together(hidden, random)
            less = hidden & ~gone
            self._thorough = False
            again = self.completed_by(less, until)
            self._thorough = True
            if again is not None:
                again = self.leaner(again, until, among=(again & ~less) | gone)
                hidden = self._better(hidden, again)
        self._noise = noise
        return hidden

    def _some_together(self, hidden: Bools, random: np.random.Generator) -> Bools:
        """One of the hidden classes that need not be, and some more in its equations."""
        extra = hidden & ~self.block.must
        start = int(random.choice(np.flatnonzero(extra)))
        beside = self._beside(start)
        some = beside[extra[beside]]
        gone = np.zeros(self.block.size, dtype=bool)
        gone[random.choice(some, min(len(some), TOGETHER), replace=False)] = True
        gone[start] = True
        return gone

    def _beside(self, which: int) -> Ints:
        """The classes in the equations of `which`, itself among them."""
        columns, equations = self.block.columns, self.block.equations
        rows = columns.indices[columns.indptr[which] : columns.indptr[which + 1]]
        return np.unique(equations[rows].indices)

    def _loss(self, hidden: Bools) -> float:
        return float(self.block.weight[hidden & ~self.block.must].sum())

    def unmet(self, hidden: Bools, *, most: int, until: float = float("inf")) -> list[Need]:
        """
        Up to `most` of the needs that hiding `hidden` alone leaves unmet, or (past `until`) all that are left to ask.
        Moves found on the way are kept.
        """
        cost = self.cost(hidden)
        # A first move through a class may raise the question whether there is one without a certain other class.
        while needs := self.moves.unmet(hidden):
            unmet: list[Need] = []
            for k, need in enumerate(needs):
                if self.clock() > until:
                    return [*unmet, *needs[k:]]
                if self.moves.meets(need, hidden) or self._within(need, hidden, cost) is not None:
                    continue
                unmet.append(need)
                if len(unmet) >= most:
                    return unmet
            if unmet:
                return unmet
        return []
