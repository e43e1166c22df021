"""
Moves put together from two that are known, without any solver: exact by nature, and found in less than a millisecond.

When a class is shown again, the moves through it break. Two that break on the same class often make one that does not
touch it; and where one move can be made only once, two side by side can take a longer step.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

import numpy as np

from nilreturn.disclosure.clock import Clock
from nilreturn.disclosure.moves import Moves, Need
from nilreturn.disclosure.system import Bools, Ints

MOST_PAIRS = 200  # tried for one need
A_PAIR = 1e-5  # seconds of work

Parts = dict[int, int]  # a move: the change of each class it touches


class Combiner:
    """Looks for moves among the pairs of known ones."""

    def __init__(self, moves: Moves, clock: Clock) -> None:
        self._moves, self._clock = moves, clock
        self._up: list[int] = moves.block.up.tolist()
        self._down: list[int] = moves.block.down.tolist()

    def find(self, need: Need, hidden: Bools) -> tuple[Ints, Ints] | None:
        """A move (classes, change) among hidden classes that meets a need, or none."""
        tried = 0
        for parts in self._pairs(need, hidden):
            tried += 1
            times = self._times(parts, need)
            if times or tried == MOST_PAIRS:
                break
        else:
            times = 0
        self._clock.worked(tried * A_PAIR)
        if not times:
            return None
        touched = np.array(sorted(parts))
        return touched, np.array([times * parts[i] for i in touched.tolist()])

    def _pairs(self, need: Need, hidden: Bools) -> Iterator[Parts]:
        """What pairs of moves make, one of them through the class in need: without the one class that is not hidden."""
        moves = self._moves
        for k in sorted(moves.through(need.which, hidden, lacking=1), key=lambda k: len(moves.parts(k))):
            one = moves.parts(k)
            lacks = next(i for i in one if not hidden[i])
            if lacks == need.which:
                continue
            for other in moves.through(lacks, hidden, lacking=1):
                if other != k:
                    yield _without(one, moves.parts(other), lacks)

    def _times(self, parts: Parts, need: Need) -> int:
        """How many times a move must be made to meet a need; 0 when it cannot."""
        change = parts.get(need.which, 0)
        if not change or need.still in parts or need.step % change:
            return 0
        for times in (need.step // change,) if need.step else (1, -1):
            if all(self._has_room(i, times * by) for i, by in parts.items()):
                return times
        return 0

    def _has_room(self, i: int, change: int) -> bool:
        return change <= self._up[i] and -change <= self._down[i]


def _without(one: Parts, other: Parts, which: int) -> Parts:
    """The smallest combination of two moves that leaves a class as it is."""
    common = gcd(one[which], other[which])
    p, r = other[which] // common, one[which] // common
    made = {i: p * by for i, by in one.items()}
    for i, by in other.items():
        made[i] = made.get(i, 0) - r * by
    made = {i: by for i, by in made.items() if by}
    common = gcd(*made.values()) if made else 1
    return {i: by // common for i, by in made.items()}
