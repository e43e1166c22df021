"""
Cuts from equations alone, without a linear programme: if a count changes, other counts of each of its equations must
make up for it, and what those can do is limited by their own other equations in turn.

They cost little and say most of what there is to say, so the search for the best choice learns them first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.clock import Clock
from nilreturn.disclosure.cuts import VIOLATED, Cut, cut_from, shares
from nilreturn.disclosure.moves import Need
from nilreturn.disclosure.system import Bools, Ints

A_CUT, A_CLASS_OF_A_CUT = 1e-4, 2e-8  # seconds for one cut, and for each class of its block
AN_ENTRY = 2e-7  # seconds for each entry of the equations, at each depth
DEEPEST = 8  # equations after equation that are followed
MOST_FOLLOWED = 300  # classes for which one cut puts in what their own equations say
PLENTY = 1 << 20  # more room than any step asks for
UP, DOWN = 0, 1

Said = tuple[int, int, int]  # a way to go, where a class stands in the equation that forbids it, and at what depth


@dataclass(frozen=True, eq=False)
class _Rooms:
    """How far each class can go, up and down, as far as equations followed to some depth let it."""

    room: Ints  # (2, classes)
    entry: Ints  # (2, classes) of the equation that says so: where the class stands in it; -1 where none does
    depth: Ints  # (2, classes) at which it said so
    others: Ints  # (2, entries) how far the rest of the equation can make up for the class


class Rows:
    """The equations of a block entry by entry, to see at once which needs they forbid."""

    def __init__(self, block: Block, *, insiders: bool, clock: Clock) -> None:
        self.block, self.insiders, self.clock = block, insiders, clock
        equations = block.equations
        self._row = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
        self._column, self._sign = equations.indices, equations.data
        self._size = np.abs(self._sign)
        most = max((abs(d) for steps in block.steps for d in steps), default=1)
        self._limit = np.minimum(np.stack([block.up, block.down]), most)
        self._told: set[int] = set()  # persons of whom not everything is asked
        self._by_class = np.argsort(self._column, kind="stable")
        self._filled, self._starts = np.unique(self._column[self._by_class], return_index=True)

    def cuts(self, hidden: Bools, excused: Collection[Need]) -> Iterator[Cut]:
        """A cut for each need, but those that nothing can meet, that equations show to be unmet by `hidden`."""
        y = hidden.astype(np.float64)
        depths = self._depths(hidden)
        self._told = {need.still for need in excused if not self.block.must[need.which]}
        for need, entries in self._unmet(hidden, depths):
            if need not in excused:
                cut = self._cut(need, entries, depths)
                if cut is not None and cut.lack(y) > VIOLATED:
                    yield cut

    def _depths(self, hidden: Bools) -> list[_Rooms]:
        """The rooms of all classes, each time as far as the last lets the others of their equations go."""
        room = np.where(hidden, self._limit, 0)
        nowhere = np.full(room.shape, -1)
        depths = [_Rooms(room, nowhere, nowhere, np.zeros((2, 0), dtype=np.int64))]
        while len(depths) <= DEEPEST:
            last = depths[-1]
            others = self._others(last.room)
            least, at = self._tightest(others)
            narrower = least < last.room
            depths.append(
                _Rooms(
                    np.where(narrower, least, last.room),
                    np.where(narrower, at, last.entry),
                    np.where(narrower, len(depths), last.depth),
                    others,
                )
            )
            self.clock.worked(AN_ENTRY * len(self._row))
            if not narrower.any():
                break
        return depths

    def _others(self, room: Ints) -> Ints:
        """(up, down) per entry: how far the other classes of its equation can make up for its own rise (or fall)."""
        own = room[:, self._column] * self._size
        plus = self._sign > 0
        rise, fall = np.where(plus, own[UP], own[DOWN]), np.where(plus, own[DOWN], own[UP])
        n = self.block.equations.shape[0]
        rises = np.bincount(self._row, rise, n).astype(np.int64)[self._row] - rise
        falls = np.bincount(self._row, fall, n).astype(np.int64)[self._row] - fall
        return np.asarray(np.stack([np.where(plus, falls, rises), np.where(plus, rises, falls)]) // self._size)

    def _tightest(self, others: Ints) -> tuple[Ints, Ints]:
        """Per class, up and down: the least room that an equation leaves it, and where it stands in that."""
        least = np.full((2, self.block.size), PLENTY)
        entry = np.full((2, self.block.size), -1)
        coded = others[:, self._by_class] * len(self._row) + self._by_class
        first = np.minimum.reduceat(coded, self._starts, axis=1)
        least[:, self._filled], entry[:, self._filled] = np.divmod(first, len(self._row))
        return least, entry

    def _unmet(self, hidden: Bools, depths: list[_Rooms]) -> Iterator[tuple[Need, tuple[Said, ...]]]:
        """Each such need, and what forbids each way of meeting it."""
        block, rooms = self.block, depths[-1]
        asked = hidden & block.needed
        for p in np.flatnonzero(asked & (rooms.room < self._limit).any(axis=0)).tolist():
            steps = block.steps[p]
            if steps and steps[-1] > rooms.room[UP, p]:
                yield Need(p, steps[-1]), (_said(rooms, UP, p),)
            if steps and -steps[0] > rooms.room[DOWN, p]:
                yield Need(p, steps[0]), (_said(rooms, DOWN, p),)
        for p in np.flatnonzero(asked & (rooms.room < 1).all(axis=0)).tolist():
            yield Need(p), (_said(rooms, UP, p), _said(rooms, DOWN, p))
        if self.insiders:
            yield from self._of_insiders(asked, hidden & block.single, depths)

    def _of_insiders(
        self, asked: Bools, person: Bools, depths: list[_Rooms]
    ) -> Iterator[tuple[Need, tuple[Said, ...]]]:
        """The same for pairs of classes in one equation where only the class of 1 makes up for the other."""
        rooms, starts = depths[-1], self.block.equations.indptr
        shut = rooms.room < 1
        for row in np.unique(self._row[person[self._column]]):
            entries = np.arange(starts[row], starts[row + 1])
            columns, sign, size = self._column[entries], self._sign[entries], self._size[entries]
            for k in np.flatnonzero(person[columns]):
                q = int(columns[k])
                against = np.where(sign * sign[k] < 0, 0, 1)  # 0: both go the same way
                here = rooms.others[:, entries] * size - size[k] * rooms.room[[against, 1 - against], q] < size
                closed = (here | shut[:, columns]).all(axis=0) & ~shut[:, columns].all(axis=0)
                for j in np.flatnonzero(closed & asked[columns] & (columns != q)):
                    p = int(columns[j])
                    yield (
                        Need(p, 0, q),
                        tuple(
                            (way, int(entries[j]), len(depths) - 1) if here[way, j] else _said(rooms, way, p)
                            for way in (UP, DOWN)
                        ),
                    )

    def _cut(self, need: Need, said: tuple[Said, ...], depths: list[_Rooms]) -> Cut | None:
        sides, prices = [], []
        self.clock.worked(len(said) * (A_CUT + A_CLASS_OF_A_CUT * self.block.size))
        for way, entry, depth in said:
            if entry < 0:  # it has no room of its own
                sides.append(np.zeros(self.block.size))
                continue
            price = self._price(need, way, entry, depth, depths)
            side = shares(self.block, need, need.step or (1, -1)[way], price)
            if side is None:
                return None
            sides.append(side)
            prices.append(price)
        return self._of_one_sum(need, cut_from(self.block, need, sides), prices)

    def _of_one_sum(self, need: Need, cut: Cut, prices: list[Ints]) -> Cut:
        """
        A cut, made stronger where it says no more than that of one sum another class must change too. Then that holds
        of all in the sum: of free classes none is hidden, or two are. And two must be where one is for the sake of a
        class of 1, whose person would learn it.
        """
        if not (cut.share == 1.0).all() or any(((p != 0) != (prices[0] != 0)).any() for p in prices[1:]):
            return cut
        support = prices[0] != 0
        support[[c for c in (need.which, need.still) if c >= 0]] = False
        alone = not self.block.must[support].any() and len(cut.which) == support.sum()
        if need.still in self._told or (need.still < 0 and need.which in self._told):
            return cut  # a person who may learn some other class after all
        if alone and cut.when == (need.which,) and need.step == 0 and len(prices) == 2:
            return Cut(cut.which, cut.share, cut.when, line=True)
        if alone and not cut.when and need.still < 0 and self.insiders and self.block.single[need.which]:
            return Cut(cut.which, cut.share / 2, ())
        return cut

    def _price(self, need: Need, way: int, entry: int, depth: int, depths: list[_Rooms]) -> Ints:
        """
        The equation, and with it for each class in it whose own equations leave it less room than it has by itself a
        multiple of the one that says so, such that the class drops out.
        """
        price = np.zeros(self.block.size, dtype=np.int64)
        left = [(entry, (1, -1)[way] * int(np.sign(self._sign[entry])), depth)]
        for _ in range(MOST_FOLLOWED):
            if not left:
                break
            entry, times, depth = left.pop()
            row = self._row[entry]
            entries = slice(self.block.equations.indptr[row], self.block.equations.indptr[row + 1])
            columns, part = self._column[entries], self._sign[entries] * times
            price[columns] += part
            before = depths[depth - 1]
            ways = np.where(part < 0, UP, DOWN)
            told, at = before.entry[ways, columns], before.depth[ways, columns]
            follow = (told >= 0) & (columns != self._column[entry]) & (columns != need.still) & (columns != need.which)
            for k in np.flatnonzero(follow & (self._size[told] == 1)).tolist():
                left.append((int(told[k]), -int(part[k] * self._sign[told[k]]), int(at[k])))
        return price


def _said(rooms: _Rooms, way: int, which: int) -> Said:
    return way, int(rooms.entry[way, which]), int(rooms.depth[way, which])
