"""
Moves put together from two that are known, without any solver: exact by nature, and found in less
than a millisecond.

When a class is shown again, the moves through it break. Two that break on the same class often make
one that does not touch it; and where one move can be made only once, two side by side can take a
longer step.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import gcd

import numpy as np

from nilreturn.disclosure.model import Bools, Ints
from nilreturn.disclosure.solver import WorkBudget
from nilreturn.disclosure.suppression.moves.move_pool import MovePool, MoveRequirement

MOST_PAIRS = 200  # tried for one need

Parts = dict[int, int]  # a move: the change of each class it touches


class PairMoves:
    """Looks for moves among the pairs of known ones."""

    def __init__(self, moves: MovePool, clock: WorkBudget) -> None:
        self._moves, self._clock = moves, clock
        self._up: list[int] = moves.block.up.tolist()
        self._down: list[int] = moves.block.down.tolist()

    def find(self, need: MoveRequirement, hidden: Bools) -> tuple[Ints, Ints] | None:
        """A move (classes, change) among hidden classes that meets a need, or none."""
        entries = 10
        made: Parts | None = None
        for one, other, lacks in islice(self._pairs(need, hidden), MOST_PAIRS):
            entries += 10 + len(one) + len(other)
            made = self._made(one, other, lacks, need)
            if made is not None:
                break
        self._clock.charge_steps(entries + self._moves.taken_steps())
        if made is None:
            return None
        touched = np.array(sorted(made))
        return touched, np.array([made[i] for i in touched.tolist()])

    def _pairs(self, need: MoveRequirement, hidden: Bools) -> Iterator[tuple[Parts, Parts, int]]:
        """
        Pairs of moves, the first through the class in need, that lack one class and the same: and
        which it is.
        """
        moves = self._moves
        for k in sorted(
            moves.through(need.which, hidden, lacking=1), key=lambda k: len(moves.parts(k))
        ):
            one = moves.parts(k)
            lacks = next(i for i in one if not hidden[i])
            if lacks == need.which:
                continue
            for other in moves.through(lacks, hidden, lacking=1):
                if other != k:
                    yield one, moves.parts(other), lacks

    def _made(self, one: Parts, other: Parts, lacks: int, need: MoveRequirement) -> Parts | None:
        """
        What two moves make that leaves `lacks` as it is, made as often as meets the need; none when
        it cannot be.
        """
        common = gcd(one[lacks], other[lacks])
        p, r = other[lacks] // common, one[lacks] // common
        change = p * one[need.which] - r * other.get(need.which, 0)
        if change == 0 or need.step % change:
            return None
        for times in (need.step // change,) if need.step else (1, -1):
            made = self._sum(one, times * p, other, -times * r)
            if made is not None and need.fixed not in made:
                return made
        return None

    def _sum(self, one: Parts, p: int, other: Parts, r: int) -> Parts | None:
        """`p` times one move and `r` times another; none when that leaves the limits."""
        made: Parts = {}
        for i, by in one.items():
            change = p * by + r * other.get(i, 0)
            if change > self._up[i] or -change > self._down[i]:
                return None
            if change:
                made[i] = change
        for i, by in other.items():
            if i not in one:
                made[i] = change = r * by
                if change > self._up[i] or -change > self._down[i]:
                    return None
        return made
