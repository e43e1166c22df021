"""
A move for one class, carried over to another that lies in the same place but for one code.

The months in which nobody is counted are all alike: what shows that one of them need not be 0 shows
it of any other, with the two months exchanged. So of a long table of hidden zeros few moves have to
be looked for.
"""

from __future__ import annotations

import numpy as np

from nilreturn.disclosure.model import Bools, Ints
from nilreturn.disclosure.suppression.moves.move_pool import MoveRequirement
from nilreturn.disclosure.suppression.moves.subtables import Hierarchies
from nilreturn.disclosure.suppression.presolve import Block

FROM = 500  # classes of a block: in a smaller one the cheapest move is found as soon

Place = tuple[int, ...]
Move = tuple[Ints, Ints]


class Alike:
    """The last moves found in a block, by the line that the class in need lies on."""

    def __init__(self, block: Block, hierarchies: Hierarchies) -> None:
        self._block = block
        self._places: dict[int, Place] = {}
        self._classes: dict[Place, int] = {}
        self._found: dict[tuple[int, Place, int], tuple[int, Ints, Ints]] = {}
        if block.size < FROM:
            return
        places, owner = hierarchies.of(block)
        for place, which in zip(map(tuple, places.tolist()), owner.tolist(), strict=True):
            self._places.setdefault(which, place)
            self._classes[place] = which

    def keep(self, need: MoveRequirement, move: Move) -> None:
        """Remember a move that meets a need of all readers."""
        place = self._places.get(need.which)
        if place is not None and need.fixed < 0:
            for d, code in enumerate(place):
                self._found[d, (*place[:d], *place[d + 1 :]), need.step] = (code, *move)

    def find(self, need: MoveRequirement, free: Bools) -> tuple[Move | None, int]:
        """
        A move (classes, change) among `free` classes that meets a need, or none; and how many
        entries were read.
        """
        place, read = self._places.get(need.which), 0
        if place is None or need.fixed >= 0:
            return None, read
        for d, code in enumerate(place):
            found = self._found.get((d, (*place[:d], *place[d + 1 :]), need.step))
            if found is None or found[0] == code:
                continue
            other, touched, change = found
            read += 10 * len(touched)
            classes = self._exchanged(touched, d, {other: code, code: other})
            if classes is not None and self._is_move(need, classes, change, free):
                return (classes, change), read
        return None, read

    def _exchanged(self, touched: Ints, d: int, codes: dict[int, int]) -> Ints | None:
        """
        The classes at the same places with two codes of a dimension exchanged; None where there are
        none.
        """
        classes = []
        for which in touched.tolist():
            place = self._places.get(which)
            if place is None:
                return None
            classes.append(
                self._classes.get((*place[:d], codes.get(place[d], place[d]), *place[d + 1 :]), -1)
            )
        return (
            np.array(classes) if -1 not in classes and len(set(classes)) == len(classes) else None
        )

    def _is_move(self, need: MoveRequirement, classes: Ints, change: Ints, free: Bools) -> bool:
        block = self._block
        own = change[classes == need.which]
        if not free[classes].all() or not own.any() or (need.step and own[0] != need.step):
            return False
        within = (change <= block.up[classes]) & (-change <= block.down[classes])
        return bool(within.all()) and not block.unbalanced(classes, change)
