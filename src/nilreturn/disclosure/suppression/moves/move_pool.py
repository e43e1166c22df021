"""
Integer moves: deviations that leave every equation satisfied (Diaconis and Sturmfels 1998). A
published pattern protects a cell if some move over hidden cells changes it.

A move is usable when all the cells it touches are hidden; a need is met when some usable move meets
it. Everything suppression claims rests on moves, so `Moves` checks each in integer arithmetic
before keeping it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.model import Bools, Ints
from nilreturn.disclosure.suppression.presolve import Block

FARTHEST = 99  # multiples of a move that are looked at; no range of a rule is wider


@dataclass(frozen=True)
class MoveRequirement:
    """
    What some move must do: change class `which` by exactly `step`, or (`step` 0) by anything at
    all; without touching class `fixed`, when the person in that class is the reader.
    """

    which: int
    step: int = 0
    fixed: int = -1


@dataclass(frozen=True, slots=True)
class _Move:
    touched: Ints
    change: Ints
    parts: dict[int, int]  # the change of each class it touches
    persons: frozenset[int]  # classes of 1 that it touches
    meets: list[int]  # numbers of steps


@dataclass(eq=False)
class MovePool:
    """
    The moves known for a block, with what each of them meets.

    Choices are looked at one after another, each mostly like the last; so what holds for a choice
    is kept up to date class by class, and a class is asked for its needs again only when a move
    through it came or went.
    """

    block: Block
    insiders: bool
    # No choice of hidden cells could meet these.
    waived: set[MoveRequirement] = field(default_factory=set)

    def __post_init__(self) -> None:
        n = self.block.size
        steps = [(i, d) for i, own in enumerate(self.block.steps) for d in own]
        self._number = {step: k for k, step in enumerate(steps)}
        self._known: set[bytes] = set()
        self._moves: list[_Move] = []
        self._through: list[list[int]] = [[] for _ in range(n)]
        self._hidden = np.zeros(n, dtype=bool)
        self._published: list[int] = []  # of each move: how many classes it touches are not hidden
        self._usable_through = [0] * n  # of each class: usable moves through it
        self._met = [0] * len(steps)  # of each step: usable moves that make it
        # Of each class: the persons that once were in all its usable moves.
        self._pairs: dict[int, set[int]] = {}
        self._unmet: dict[int, list[MoveRequirement]] = {}
        self._stale = set(range(n))  # classes to ask again
        self._looked_at = 0  # entries of moves, since `taken_steps`

    def add(self, touched: Ints, change: Ints) -> None:
        """Keep a move (classes and their change), once. A wrong one is a defect."""
        order = np.argsort(touched)
        touched, change = touched[order], change[order]
        if change[0] < 0:
            change = -change  # kept one way round; its multiples say which ways it can be used
        change = change // np.gcd.reduce(change)
        key = touched.tobytes() + change.tobytes()
        if key in self._known:
            return
        least, most = self._multiples(touched, change)
        if self.block.unbalanced(touched, change) or least == most == 0:
            raise AssertionError("not a deviation that agrees with the equations")
        self._known.add(key)
        self._keep(touched, change, max(least, -FARTHEST), min(most, FARTHEST))

    def _keep(self, touched: Ints, change: Ints, least: int, most: int) -> None:
        parts = dict(zip(touched.tolist(), change.tolist(), strict=True))
        meets = [
            self._number[i, d]
            for i, c in parts.items()
            for d in self.block.steps[i]
            if d % c == 0 and least <= d // c <= most
        ]
        persons = frozenset(touched[self.block.singletons[touched]].tolist())
        number = len(self._moves)
        self._moves.append(_Move(touched, change, parts, persons, meets))
        self._published.append(int((~self._hidden[touched]).sum()))
        for i in parts:
            self._through[i].append(number)
        if not self._published[number]:
            self._count(number, 1)

    def _multiples(self, touched: Ints, change: Ints) -> tuple[int, int]:
        """
        The whole multiples of a move that stay within the limits: from least (<= 0) to most (>= 0).
        """
        down, up = self.block.down[touched], self.block.up[touched]
        size = np.abs(change)
        most = np.where(change > 0, up, down) // size
        least = np.where(change > 0, down, up) // size
        return -int(least.min()), int(most.min())

    def taken_steps(self) -> int:
        """The entries of moves looked at since this was last asked: the measure of its work."""
        taken, self._looked_at = self._looked_at, 0
        return taken

    def change(self, k: int) -> tuple[Ints, Ints]:
        """Classes and change of move number k."""
        return self._moves[k].touched, self._moves[k].change

    def steps_of(self, k: int) -> frozenset[int]:
        """The numbers of the steps asked for that move number k makes."""
        return frozenset(self._moves[k].meets)

    def parts(self, k: int) -> dict[int, int]:
        """The change of each class that move number k touches."""
        return self._moves[k].parts

    def through(self, which: int, hidden: Bools, *, lacking: int) -> list[int]:
        """The moves through a class that touch just so many classes which are not hidden."""
        self._look_at(hidden)
        self._looked_at += len(self._through[which])
        return [k for k in self._through[which] if self._published[k] == lacking]

    def multiples(self, k: int) -> tuple[int, int]:
        """From the least (<= 0) to the most (>= 0) that move number k can be made at once."""
        return self._multiples(*self.change(k))

    def usable(self, hidden: Bools) -> Sequence[int]:
        """The numbers of the moves that touch hidden classes only."""
        self._look_at(hidden)
        return [k for k, published in enumerate(self._published) if not published]

    def unmet(self, hidden: Bools, *, with_pairs: bool = False) -> list[MoveRequirement]:
        """
        All needs that no usable move meets, in the order of classes. Which person must be left out
        of a move is mostly seen once there is one; `with_pairs`, those that have been seen for
        another choice are asked again.
        """
        self._look_at(hidden)
        self._looked_at += len(self.block.members) // 64 + 4 * len(self._stale)
        for i in self._stale:
            if needs := self._needs_of(i):
                self._unmet[i] = needs
            else:
                self._unmet.pop(i, None)
        self._stale.clear()
        needs = [need for i in sorted(self._unmet) for need in self._unmet[i]]
        if with_pairs:
            pairs = (
                MoveRequirement(i, 0, q)
                for i, persons in sorted(self._pairs.items())
                if hidden[i]
                for q in sorted(persons)
            )
            needs = list(
                dict.fromkeys([*needs, *(pair for pair in pairs if not self.meets(pair, hidden))])
            )
        return [need for need in needs if need not in self.waived]

    def ways(self, need: MoveRequirement, hidden: Bools) -> list[int]:
        """
        The moves that meet a need, usable or not, those first that touch the fewest classes not
        hidden.
        """
        self._look_at(hidden)
        self._looked_at += 3 * len(self._through[need.which])
        if need.step:
            number = self._number[need.which, need.step]
            found = [k for k in self._through[need.which] if number in self._moves[k].meets]
        else:
            found = [
                k for k in self._through[need.which] if need.fixed not in self._moves[k].persons
            ]
        return sorted(found, key=self._published.__getitem__)

    def meets(self, need: MoveRequirement, hidden: Bools) -> bool:
        """Whether some usable move meets a need."""
        self._look_at(hidden)
        if need.step:
            return self._met[self._number[need.which, need.step]] > 0
        if need.fixed < 0:
            return self._usable_through[need.which] > 0
        moves = (k for k in self._through[need.which] if not self._published[k])
        return any(need.fixed not in self._moves[k].persons for k in moves)

    def _needs_of(self, i: int) -> list[MoveRequirement]:
        """
        The unmet needs of a class, far steps first: a move that makes one often makes the nearer
        ones too.
        """
        steps = [
            MoveRequirement(i, d) for d in self.block.steps[i] if not self._met[self._number[i, d]]
        ]
        needs = sorted(steps, key=lambda need: -abs(need.step))
        if self._hidden[i] and self.block.needed[i]:
            if not self._usable_through[i]:
                needs.append(MoveRequirement(i))
            elif self.insiders:
                together = self._always_with(i)
                if together:
                    self._pairs.setdefault(i, set()).update(together)
                needs += [MoveRequirement(i, 0, q) for q in sorted(together)]
        return needs

    def _always_with(self, i: int) -> frozenset[int]:
        """The classes of 1 that every usable move through a class also changes."""
        common: frozenset[int] | None = None
        self._looked_at += len(self._through[i])
        for k in self._through[i]:
            if not self._published[k]:
                persons = self._moves[k].persons
                common = persons - {i} if common is None else common & persons
                if not common:
                    break
        return common or frozenset()

    def _look_at(self, hidden: Bools) -> None:
        for i in np.flatnonzero(hidden != self._hidden).tolist():
            now_hidden = bool(hidden[i])
            self._hidden[i] = now_hidden
            self._stale.add(i)
            self._looked_at += len(self._through[i])
            for k in self._through[i]:
                if now_hidden:
                    self._published[k] -= 1
                    if not self._published[k]:
                        self._count(k, 1)
                else:
                    if not self._published[k]:
                        self._count(k, -1)
                    self._published[k] += 1

    def _count(self, k: int, by: int) -> None:
        """A move has become usable (1), or is so no more (-1)."""
        move = self._moves[k]
        self._looked_at += 2 * len(move.parts)
        for i in move.parts:
            self._usable_through[i] += by
        for step in move.meets:
            self._met[step] += by
        self._stale.update(move.parts)
