"""
Where a move for a need is looked for: among pairs of known moves, in the whole block, or in a box
of a large one.

A box is kept as long as the needs that are asked lie in it, for its programme takes longer to make
than to solve.
"""

from __future__ import annotations

import numpy as np

from nilreturn.disclosure.model import Bools, Floats, Ints
from nilreturn.disclosure.solver import A_SEARCH, WorkBudget
from nilreturn.disclosure.suppression.moves.alike import Alike
from nilreturn.disclosure.suppression.moves.combined_moves import PairMoves
from nilreturn.disclosure.suppression.moves.flow_moves import FlowProgram
from nilreturn.disclosure.suppression.moves.hypercube_moves import CLOSED, HypercubeMoves
from nilreturn.disclosure.suppression.moves.move_pool import MovePool, MoveRequirement
from nilreturn.disclosure.suppression.moves.subtables import Hierarchies, Subtables

LARGE, LARGE_IN_SPACE = 5_000, 12_000  # classes; from here on moves are looked for in boxes
A_BOX, A_HIDDEN_BOX = 600, 1_000  # classes of a box, at most
WIDTHS = (4, 6, 9, 14, 21, 32)  # how many codes of each dimension make a box
# Seconds of work are for the first choice; then moves for it are looked for as in a large block
HURRY = 12.0
ROOMY = 1.2  # a programme may have so many times the classes that are hidden now

Move = tuple[Ints, Ints]


class MoveSearch:
    """Looks for the cheapest moves of a block, and keeps what it finds among the known ones."""

    def __init__(self, moves: MovePool, clock: WorkBudget, hierarchies: Hierarchies) -> None:
        self._moves, self._block, self._clock = moves, moves.block, clock
        self._grid = Subtables(moves.block, hierarchies)
        # In a plane the first choice need only be safe: cutting planes then find the best one from
        # nothing.
        self._is_large = self._block.size >= (
            LARGE if self._block.dimensions <= 2 else LARGE_IN_SPACE
        )
        self._cubes = HypercubeMoves(moves.block, hierarchies)
        self._alike = Alike(moves.block, hierarchies)
        self._combiner = PairMoves(moves, clock)
        self._whole: FlowProgram | None = None
        self._subtable: FlowProgram | None = None
        self._hidden: FlowProgram | None = None

    def anywhere(
        self,
        need: MoveRequirement,
        hidden: Bools,
        cost: Floats,
        excluded: Bools,
        *,
        thoroughly: bool,
    ) -> Move | None:
        """
        A move for a need: one of classes that are `hidden` now where one alike is known, or else
        the cheapest, hiding more where that must be, but no `excluded` class.
        """
        move, read = self._alike.find(need, hidden & ~excluded)
        self._clock.charge_steps(read)
        if move is None:
            move = self._cheapest(need, cost, excluded, thoroughly=thoroughly)
            if move is not None:
                self._alike.keep(need, move)
        else:
            self._moves.add(*move)
        return move

    def _cheapest(
        self, need: MoveRequirement, cost: Floats, excluded: Bools, *, thoroughly: bool
    ) -> Move | None:
        # The first choice has to be made however long it takes, so some time must be left to make
        # it better.
        if self._is_large or (thoroughly and self._clock.spent > HURRY):
            move = self._in_a_subtable(need, cost, excluded, thoroughly=thoroughly)
            if move is not None:
                return move
        if self._whole is None:
            self._whole = FlowProgram(self._block, self._clock)
        self._whole.open_only(~excluded)
        move = self._found(self._whole, need, cost, thoroughly=False)
        if move is None and thoroughly:
            move = self._product(need, cost, excluded) or self._found(
                self._whole, need, cost, thoroughly=True
            )
        return move

    def within(
        self, need: MoveRequirement, hidden: Bools, cost: Floats, *, thoroughly: bool
    ) -> Move | None:
        """
        A move for a need among hidden classes; where there are many, those far away are not looked
        at.
        """
        move = self._combiner.find(need, hidden)
        if move is not None:
            self._moves.add(*move)
            return move
        many = int(hidden.sum()) > 2 * A_HIDDEN_BOX
        flows = self._flows_near(need.which, hidden, cost) if many else self._flows_of(hidden)
        flows.open_only(hidden)
        return self._found(flows, need, cost, thoroughly=thoroughly)

    def _in_a_subtable(
        self, need: MoveRequirement, cost: Floats, excluded: Bools, *, thoroughly: bool
    ) -> Move | None:
        """
        The cheapest product around the class in need, or else a move in the box at hand, or in one
        around it.
        """
        product = self._product(need, cost, excluded)
        if product is not None:
            return product
        move = self._in(self._subtable, need, cost, excluded, thoroughly=thoroughly)
        if move is None:
            self._subtable = FlowProgram(
                self._block, self._clock, self._around(need.which, cost, A_BOX)
            )
            move = self._in(self._subtable, need, cost, excluded, thoroughly=thoroughly)
        return move

    def _in(
        self,
        subtable: FlowProgram | None,
        need: MoveRequirement,
        cost: Floats,
        excluded: Bools,
        *,
        thoroughly: bool,
    ) -> Move | None:
        """A move in a box, if there is one and the class in need lies in it."""
        if subtable is None or need.which not in subtable:
            return None
        subtable.open_only(~excluded)
        return self._found(subtable, need, cost, thoroughly=thoroughly)

    def _product(self, need: MoveRequirement, cost: Floats, excluded: Bools) -> Move | None:
        self._clock.charge(A_SEARCH)
        product = self._cubes.cheapest(need, np.where(excluded, CLOSED, cost))
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

    def _flows_near(self, which: int, hidden: Bools, cost: Floats) -> FlowProgram:
        """The programme over the hidden classes of a box."""
        if self._hidden is None or which not in self._hidden:
            near = self._around(which, np.where(hidden, cost, np.inf), A_HIDDEN_BOX, hidden)
            self._hidden = FlowProgram(self._block, self._clock, near, few=True)
        return self._hidden

    def _flows_of(self, hidden: Bools) -> FlowProgram:
        """
        The programme over all hidden classes: the last one, when it has all of them and not many
        more.
        """
        flows, many = self._hidden, hidden.sum()
        if (
            flows is None
            or len(flows.classes) > ROOMY * many
            or hidden[flows.classes].sum() != many
        ):
            flows = self._hidden = FlowProgram(
                self._block, self._clock, np.flatnonzero(hidden), few=True
            )
        return flows

    def _found(
        self, flows: FlowProgram, need: MoveRequirement, cost: Floats, *, thoroughly: bool
    ) -> Move | None:
        flows.priced(cost)
        move = flows.find(need, thoroughly=thoroughly)
        if move is not None:
            self._moves.add(*move)
        return move
