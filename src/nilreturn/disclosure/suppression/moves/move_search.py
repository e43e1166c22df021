"""
Where a move for a need is looked for: among pairs of known moves, in the whole block, or in a box of a large one.

A box is kept as long as the needs that are asked lie in it, for its programme takes longer to make than to solve.
"""

from __future__ import annotations

import numpy as np

from nilreturn.disclosure.model import Bools, Floats, Ints
from nilreturn.disclosure.solver import A_SEARCH, Clock
from nilreturn.disclosure.suppression.moves.alike import Alike
from nilreturn.disclosure.suppression.moves.combined_moves import Combiner
from nilreturn.disclosure.suppression.moves.flow_moves import Flows
from nilreturn.disclosure.suppression.moves.hypercube_moves import CLOSED, Cubes
from nilreturn.disclosure.suppression.moves.move_pool import Moves, Need
from nilreturn.disclosure.suppression.moves.subtables import Grid, Hierarchies

LARGE, LARGE_IN_SPACE = 5_000, 12_000  # classes; from here on moves are looked for in boxes
A_BOX, A_HIDDEN_BOX = 600, 1_000  # classes of a box, at most
WIDTHS = (4, 6, 9, 14, 21, 32)  # how many codes of each dimension make a box
HURRY = 12.0  # seconds of work are for the first choice; then moves for it are looked for as in a large block
ROOMY = 1.2  # a programme may have so many times the classes that are hidden now

Move = tuple[Ints, Ints]


class Finder:
    """Looks for the cheapest moves of a block, and keeps what it finds among the known ones."""

    def __init__(self, moves: Moves, clock: Clock, hierarchies: Hierarchies) -> None:
        self._moves, self._block, self._clock = moves, moves.block, clock
        self._grid = Grid(moves.block, hierarchies)
        # In a plane the first choice need only be safe: cutting planes then find the best one from nothing.
        self._is_large = self._block.size >= (LARGE if self._block.dimensions <= 2 else LARGE_IN_SPACE)
        self._cubes = Cubes(moves.block, hierarchies)
        self._alike = Alike(moves.block, hierarchies)
        self._combiner = Combiner(moves, clock)
        self._whole: Flows | None = None
        self._box: Flows | None = None
        self._hidden: Flows | None = None

    def anywhere(self, need: Need, hidden: Bools, cost: Floats, banned: Bools, *, thoroughly: bool) -> Move | None:
        """
        A move for a need: one of classes that are `hidden` now where one alike is known, or else the cheapest, hiding
        more where that must be, but no `banned` class.
        """
        move, read = self._alike.find(need, hidden & ~banned)
        self._clock.stepped(read)
        if move is None:
            move = self._cheapest(need, cost, banned, thoroughly=thoroughly)
            if move is not None:
                self._alike.keep(need, move)
        else:
            self._moves.add(*move)
        return move

    def _cheapest(self, need: Need, cost: Floats, banned: Bools, *, thoroughly: bool) -> Move | None:
        # The first choice has to be made however long it takes, so some time must be left to make it better.
        if self._is_large or (thoroughly and self._clock.spent > HURRY):
            move = self._in_a_box(need, cost, banned, thoroughly=thoroughly)
            if move is not None:
                return move
        if self._whole is None:
            self._whole = Flows(self._block, self._clock)
        self._whole.open_only(~banned)
        move = self._found(self._whole, need, cost, thoroughly=False)
        if move is None and thoroughly:
            move = self._product(need, cost, banned) or self._found(self._whole, need, cost, thoroughly=True)
        return move

    def within(self, need: Need, hidden: Bools, cost: Floats, *, thoroughly: bool) -> Move | None:
        """A move for a need among hidden classes; where there are many, those far away are not looked at."""
        move = self._combiner.find(need, hidden)
        if move is not None:
            self._moves.add(*move)
            return move
        many = int(hidden.sum()) > 2 * A_HIDDEN_BOX
        flows = self._flows_near(need.which, hidden, cost) if many else self._flows_of(hidden)
        flows.open_only(hidden)
        return self._found(flows, need, cost, thoroughly=thoroughly)

    def _in_a_box(self, need: Need, cost: Floats, banned: Bools, *, thoroughly: bool) -> Move | None:
        """The cheapest product around the class in need, or else a move in the box at hand, or in one around it."""
        product = self._product(need, cost, banned)
        if product is not None:
            return product
        move = self._in(self._box, need, cost, banned, thoroughly=thoroughly)
        if move is None:
            self._box = Flows(self._block, self._clock, self._around(need.which, cost, A_BOX))
            move = self._in(self._box, need, cost, banned, thoroughly=thoroughly)
        return move

    def _in(self, box: Flows | None, need: Need, cost: Floats, banned: Bools, *, thoroughly: bool) -> Move | None:
        """A move in a box, if there is one and the class in need lies in it."""
        if box is None or need.which not in box:
            return None
        box.open_only(~banned)
        return self._found(box, need, cost, thoroughly=thoroughly)

    def _product(self, need: Need, cost: Floats, banned: Bools) -> Move | None:
        self._clock.worked(A_SEARCH)
        product = self._cubes.cheapest(need, np.where(banned, CLOSED, cost))
        if product is not None:
            self._moves.add(*product)
        return product

    def _around(self, which: int, cost: Floats, most: int, among: Bools | None = None) -> Ints:
        """The widest box around a class that has `most` classes or fewer (`among` some)."""
        box = np.array([which])
        for width in WIDTHS:
            wider = self._grid.around(which, cost, width)
            wider = wider if among is None else wider[among[wider]]
            if len(wider) > most or len(wider) == len(box):
                break
            box = wider
        return box

    def _flows_near(self, which: int, hidden: Bools, cost: Floats) -> Flows:
        """The programme over the hidden classes of a box."""
        if self._hidden is None or which not in self._hidden:
            near = self._around(which, np.where(hidden, cost, np.inf), A_HIDDEN_BOX, hidden)
            self._hidden = Flows(self._block, self._clock, near, few=True)
        return self._hidden

    def _flows_of(self, hidden: Bools) -> Flows:
        """The programme over all hidden classes: the last one, when it has all of them and not many more."""
        flows, many = self._hidden, hidden.sum()
        if flows is None or len(flows.classes) > ROOMY * many or hidden[flows.classes].sum() != many:
            flows = self._hidden = Flows(self._block, self._clock, np.flatnonzero(hidden), few=True)
        return flows

    def _found(self, flows: Flows, need: Need, cost: Floats, *, thoroughly: bool) -> Move | None:
        flows.priced(cost)
        move = flows.find(need, thoroughly=thoroughly)
        if move is not None:
            self._moves.add(*move)
        return move
