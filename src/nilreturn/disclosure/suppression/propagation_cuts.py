"""
Cuts from equations alone, without a linear program.

If a count changes, other counts in each of its equations must offset the change, and their own
other equations limit how far they can. These cuts are cheap and cover most cases, so the search
adds them before the capacity cuts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Bools, Ints
from nilreturn.disclosure.solver import WorkBudget
from nilreturn.disclosure.suppression.capacity_cuts import NOTHING, VIOLATED, Cut, cut_from, shares
from nilreturn.disclosure.suppression.moves import MoveRequirement
from nilreturn.disclosure.suppression.presolve import Block, concatenated_ranges

# Seconds for one cut, and for each class in the equations it is made of.
A_CUT, AN_ENTRY_OF_A_CUT = 1.5e-4, 2e-7
A_DEPTH, AN_ENTRY = 1e-4, 2e-7  # seconds for each depth, and for each entry of the equations there
A_PAIR = 1e-7  # seconds for each class beside a class of 1
DEEPEST = 8  # equations after equation that are followed
MOST_FOLLOWED = 300  # classes for which one cut puts in what their own equations say
PLENTY = 1 << 20  # more room than any step asks for
UP, DOWN = 0, 1

# A way to go, where a class stands in the equation that forbids it, and at what depth.
Said = tuple[int, int, int]
Price = tuple[Ints, Ints]  # classes in order, and the multiple of each in a sum of equations


@dataclass(frozen=True, eq=False)
class _Rooms:
    """
    How far each hidden class can go, up and down, as far as equations followed to some depth let
    it.
    """

    room: Ints  # (2, hidden classes)
    # (2, hidden classes) of the equation that says so: where the class stands in it; -1 where none
    # does
    entry: Ints
    depth: Ints  # (2, hidden classes) at which it said so
    others: Ints  # (2, entries) how far the rest of the equation can make up for the class


class _Look:
    """
    The equations of the hidden classes of one choice, entry by entry; classes are numbered among
    the hidden ones.
    """

    def __init__(self, equations: sparse.csr_matrix, row: Ints, limit: Ints, hidden: Bools) -> None:
        self.classes = np.flatnonzero(hidden)
        self.at = np.full(len(hidden), -1)
        self.at[self.classes] = np.arange(len(self.classes))
        self.limit = limit[:, self.classes]
        there = hidden[equations.indices]
        self.row, self.column = row[there], self.at[equations.indices[there]]
        self.sign = equations.data[there].astype(np.int64)
        self.size = np.abs(self.sign)
        self.starts = np.searchsorted(self.row, np.arange(equations.shape[0] + 1))
        self._by_class = np.argsort(self.column, kind="stable")
        self._filled, self._first = np.unique(self.column[self._by_class], return_index=True)

    def depths(self) -> Iterator[_Rooms]:
        """
        The rooms of all classes, each time as far as the last lets the others of their equations
        go.
        """
        room, nowhere = self.limit, np.full(self.limit.shape, -1)
        last = _Rooms(room, nowhere, nowhere, np.zeros((2, 0), dtype=np.int64))
        yield last
        for depth in range(1, DEEPEST + 1):
            others = self._others(last.room)
            least, at = self._tightest(others)
            narrower = least < last.room
            last = _Rooms(
                np.where(narrower, least, last.room),
                np.where(narrower, at, last.entry),
                np.where(narrower, depth, last.depth),
                others,
            )
            yield last
            if not narrower.any():
                break

    def _others(self, room: Ints) -> Ints:
        """
        (up, down) per entry: how far the other classes of its equation can make up for its own rise
        (or fall).
        """
        own = room[:, self.column] * self.size
        plus = self.sign > 0
        rise, fall = np.where(plus, own[UP], own[DOWN]), np.where(plus, own[DOWN], own[UP])
        n = len(self.starts) - 1
        rises = np.bincount(self.row, rise, n).astype(np.int64)[self.row] - rise
        falls = np.bincount(self.row, fall, n).astype(np.int64)[self.row] - fall
        return np.asarray(
            np.stack([np.where(plus, falls, rises), np.where(plus, rises, falls)]) // self.size
        )

    def _tightest(self, others: Ints) -> tuple[Ints, Ints]:
        """
        Per class, up and down: the least room that an equation leaves it, and where it stands in
        that.
        """
        least = np.full(self.limit.shape, PLENTY)
        entry = np.full(self.limit.shape, -1)
        if len(self.row):
            coded = others[:, self._by_class] * len(self.row) + self._by_class
            first = np.minimum.reduceat(coded, self._first, axis=1)
            least[:, self._filled], entry[:, self._filled] = np.divmod(first, len(self.row))
        return least, entry


class PropagationCuts:
    """The equations of a block entry by entry, to see at once which needs they forbid."""

    def __init__(self, block: Block, *, insiders: bool, clock: WorkBudget) -> None:
        self.block, self.insiders, self.clock = block, insiders, clock
        equations = block.equations
        self._row = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
        most = max((abs(d) for steps in block.steps for d in steps), default=1)
        self._limit = np.minimum(np.stack([block.up, block.down]), most)
        self._told: set[int] = set()  # persons of whom not everything is asked

    def cuts(self, hidden: Bools, waived: Collection[MoveRequirement]) -> Iterator[Cut]:
        """
        A cut for each need, but those that nothing can meet, that equations show to be unmet by
        `hidden`.
        """
        y = hidden.astype(np.float64)
        look, depths = self._looked(hidden)
        self._told = {need.fixed for need in waived if not self.block.forced_hidden[need.which]}
        for need, entries in self._unmet(look, depths):
            if need not in waived:
                cut = self._cut(need, entries, look, depths)
                if cut is not None and cut.violation(y) > VIOLATED:
                    yield cut

    def unmet(self, hidden: Bools, waived: Collection[MoveRequirement]) -> list[MoveRequirement]:
        """
        The needs, but those that nothing can meet, that equations show to be unmet by `hidden`.
        """
        return [need for need, _ in self._unmet(*self._looked(hidden)) if need not in waived]

    def _looked(self, hidden: Bools) -> tuple[_Look, list[_Rooms]]:
        look = _Look(self.block.equations, self._row, self._limit, hidden)
        depths = list(look.depths())
        self.clock.charge(
            AN_ENTRY * len(self._row) / 40 + len(depths) * (A_DEPTH + AN_ENTRY * len(look.row))
        )
        return look, depths

    def _unmet(
        self, look: _Look, depths: list[_Rooms]
    ) -> Iterator[tuple[MoveRequirement, tuple[Said, ...]]]:
        """Each such need, and what forbids each way of meeting it."""
        block, rooms = self.block, depths[-1]
        asked = block.needed[look.classes]
        for at in np.flatnonzero(asked & (rooms.room < look.limit).any(axis=0)).tolist():
            p = int(look.classes[at])
            steps = block.steps[p]
            if steps and steps[-1] > rooms.room[UP, at]:
                yield MoveRequirement(p, steps[-1]), (_said(rooms, UP, at),)
            if steps and -steps[0] > rooms.room[DOWN, at]:
                yield MoveRequirement(p, steps[0]), (_said(rooms, DOWN, at),)
        for at in np.flatnonzero(asked & (rooms.room < 1).all(axis=0)).tolist():
            yield (
                MoveRequirement(int(look.classes[at])),
                (_said(rooms, UP, at), _said(rooms, DOWN, at)),
            )
        if self.insiders:
            yield from self._of_insiders(asked, look, depths)

    def _of_insiders(
        self, asked: Bools, look: _Look, depths: list[_Rooms]
    ) -> Iterator[tuple[MoveRequirement, tuple[Said, ...]]]:
        """
        The same for pairs of classes in one equation where only the class of 1 makes up for the
        other.
        """
        rooms = depths[-1]
        shut = rooms.room < 1
        k, j = self._beside_persons(look)
        self.clock.charge(A_PAIR * len(k))
        q, p = look.column[k], look.column[j]
        against = np.where(look.sign[j] * look.sign[k] < 0, 0, 1)  # 0: both go the same way
        left = (
            rooms.others[:, j] * look.size[j] - look.size[k] * rooms.room[[against, 1 - against], q]
        )
        here = left < look.size[j]
        closed = (here | shut[:, p]).all(axis=0) & ~shut[:, p].all(axis=0) & asked[p] & (p != q)
        for at in np.flatnonzero(closed).tolist():
            yield (
                MoveRequirement(int(look.classes[p[at]]), 0, int(look.classes[q[at]])),
                tuple(
                    (way, int(j[at]), len(depths) - 1)
                    if here[way, at]
                    else _said(rooms, way, int(p[at]))
                    for way in (UP, DOWN)
                ),
            )

    def _beside_persons(self, look: _Look) -> tuple[Ints, Ints]:
        """
        Where each class of 1 stands in each of its equations, and beside it each class there,
        itself among them.
        """
        persons = np.flatnonzero(self.block.singletons[look.classes][look.column])
        starts, ends = look.starts[look.row[persons]], look.starts[look.row[persons] + 1]
        return np.repeat(persons, ends - starts), concatenated_ranges(starts, ends - starts)

    def _cut(
        self, need: MoveRequirement, reasons: tuple[Said, ...], look: _Look, depths: list[_Rooms]
    ) -> Cut | None:
        sides, prices = [], []
        for way, entry, depth in reasons:
            if entry < 0:  # it has no room of its own
                sides.append(NOTHING)
                continue
            price = self._price(need, way, entry, depth, look, depths)
            side = shares(self.block, need, need.step or (1, -1)[way], *price)
            if side is None:
                return None
            sides.append(side)
            prices.append(price)
        return self._of_one_sum(need, cut_from(self.block, need, sides), prices)

    def _of_one_sum(self, need: MoveRequirement, cut: Cut, prices: list[Price]) -> Cut:
        """
        A cut, made stronger where it says no more than that of one sum another class must change
        too. Then that holds of all in the sum: of free classes none is hidden, or two are. And two
        must be where one is for the sake of a class of 1, whose person would learn it.
        """
        if (
            not (cut.share == 1.0).all()
            or not prices
            or any(not np.array_equal(p, prices[0][0]) for p, _ in prices)
        ):
            return cut
        support = prices[0][0]
        support = support[(support != need.which) & (support != need.fixed)]
        alone = not self.block.forced_hidden[support].any() and len(cut.which) == len(support)
        if need.fixed in self._told or (need.fixed < 0 and need.which in self._told):
            return cut  # a person who may learn some other class after all
        if alone and cut.conditional_on == (need.which,) and need.step == 0 and len(prices) == 2:
            return Cut(cut.which, cut.share, cut.conditional_on, line=True)
        if (
            alone
            and not cut.conditional_on
            and need.fixed < 0
            and self.insiders
            and self.block.singletons[need.which]
        ):
            return Cut(cut.which, cut.share / 2, ())
        return cut

    def _price(
        self,
        need: MoveRequirement,
        way: int,
        entry: int,
        depth: int,
        look: _Look,
        depths: list[_Rooms],
    ) -> Price:
        """
        The equation, and with it for each class in it whose own equations leave it less room than
        it has by itself a multiple of the one that says so, such that the class drops out.
        """
        equations = self.block.equations
        which, still = look.at[need.which], look.at[need.fixed] if need.fixed >= 0 else -2
        classes, parts = [], []
        left = [(entry, (1, -1)[way] * int(np.sign(look.sign[entry])), depth)]
        for _ in range(MOST_FOLLOWED):
            if not left:
                break
            entry, times, depth = left.pop()
            row = look.row[entry]
            part = slice(equations.indptr[row], equations.indptr[row + 1])
            classes.append(equations.indices[part])
            parts.append(equations.data[part] * times)
            inside = slice(look.starts[row], look.starts[row + 1])
            columns, signs = look.column[inside], look.sign[inside] * times
            before = depths[depth - 1]
            ways = np.where(signs < 0, UP, DOWN)
            told, at = before.entry[ways, columns], before.depth[ways, columns]
            follow = (
                (told >= 0)
                & (columns != look.column[entry])
                & (columns != still)
                & (columns != which)
            )
            for k in np.flatnonzero(follow & (look.size[told] == 1)).tolist():
                left.append((int(told[k]), -int(signs[k] * look.sign[told[k]]), int(at[k])))
        return self._summed(classes, parts)

    def _summed(self, classes: list[Ints], parts: list[Ints]) -> Price:
        """Equations laid end to end, added up class by class."""
        every = np.concatenate(classes)
        self.clock.charge(A_CUT + AN_ENTRY_OF_A_CUT * len(every))
        if len(classes) == 1:
            order = np.argsort(every, kind="stable")
            return every[order].astype(np.int64), parts[0][order].astype(np.int64)
        kept, place = np.unique(every, return_inverse=True)
        price = np.bincount(place, np.concatenate(parts), len(kept)).astype(np.int64)
        return kept[price != 0].astype(np.int64), price[price != 0]


def _said(rooms: _Rooms, way: int, at: int) -> Said:
    return way, int(rooms.entry[way, at]), int(rooms.depth[way, at])
