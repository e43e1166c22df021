"""
Cuts from one equation at a time: if a count changes, some other count of the same equation must make up for it.

They need no linear programme and say most of what there is to say, so the search for the best choice learns them first.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

import numpy as np

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.cuts import Cut, cut_from, shares
from nilreturn.disclosure.moves import Need
from nilreturn.disclosure.system import Bools, Floats, Ints

PLENTY = 1 << 20  # capacities are cut to this, far above any step


class Rows:
    """The equations of a block entry by entry, to see at once which needs one of them forbids."""

    def __init__(self, block: Block, *, insiders: bool) -> None:
        self.block, self.insiders = block, insiders
        equations = block.equations
        self._row = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
        self._column, self._sign = equations.indices, equations.data
        self._up = np.minimum(block.up, PLENTY)
        self._down = np.minimum(block.down, PLENTY)

    def cuts(self, hidden: Bools, excused: Container[Need]) -> Iterator[Cut]:
        """A cut for each need, but those that nothing can meet, that one equation shows to be unmet by `hidden`."""
        for need, rows in self._unmet(hidden):
            if need not in excused:
                yield self._cut(need, rows)

    def _unmet(self, hidden: Bools) -> Iterator[tuple[Need, dict[int, int]]]:
        """Each such need, and the equation that forbids each way of meeting it."""
        block = self.block
        more, less = self._raise(hidden), self._raise(hidden, lower=True)
        up_row, up_room = self._tightest(more)
        down_row, down_room = self._tightest(less)
        for p in np.flatnonzero(hidden & block.needed).tolist():
            steps = block.steps[p]
            if steps and steps[-1] > up_room[p]:
                yield Need(p, steps[-1]), {1: int(up_row[p])}
            if steps and -steps[0] > down_room[p]:
                yield Need(p, steps[0]), {-1: int(down_row[p])}
        shut_up, shut_down = (up_room < 1) | (block.up < 1), (down_room < 1) | (block.down < 1)
        for p in np.flatnonzero(hidden & block.needed & shut_up & shut_down).tolist():
            yield Need(p), {1: int(up_row[p]), -1: int(down_row[p])}
        if self.insiders:
            yield from self._of_insiders(hidden, more, less, (up_row, shut_up), (down_row, shut_down))

    def _of_insiders(
        self, hidden: Bools, more: Ints, less: Ints, up: tuple[Ints, Bools], down: tuple[Ints, Bools]
    ) -> Iterator[tuple[Need, dict[int, int]]]:
        """The same for pairs of classes in one equation where only the class of 1 makes up for the other."""
        block, starts = self.block, self.block.equations.indptr
        able = hidden & block.needed
        for row in np.unique(self._row[(hidden & block.single)[self._column]]):
            entries = slice(starts[row], starts[row + 1])
            columns, sign = self._column[entries], self._sign[entries]
            for q in np.flatnonzero((hidden & block.single)[columns]):
                person = columns[q]
                against = sign * sign[q] < 0  # both go the same way
                by_up = np.where(against, self._up[person], self._down[person])
                by_down = np.where(against, self._down[person], self._up[person])
                here_up = more[entries] - by_up < 1
                here_down = less[entries] - by_down < 1
                shut = (here_up | up[1][columns]) & (here_down | down[1][columns])
                told_apart = ~(up[1][columns] & down[1][columns])  # else the class is given away to anyone
                for k in np.flatnonzero(shut & told_apart & able[columns] & (columns != person)):
                    p = int(columns[k])
                    up_by, down_by = row if here_up[k] else up[0][p], row if here_down[k] else down[0][p]
                    yield Need(p, 0, int(person)), {1: int(up_by), -1: int(down_by)}

    def _raise(self, hidden: Bools, *, lower: bool = False) -> Ints:
        """Per entry: how far the other hidden classes of its equation can make up for its own rise (or fall)."""
        up, down = np.where(hidden, self._up, 0)[self._column], np.where(hidden, self._down, 0)[self._column]
        n = self.block.equations.shape[0]
        rise, fall = np.where(self._sign > 0, up, down), np.where(self._sign > 0, down, up)
        rises = np.bincount(self._row, rise, n).astype(np.int64)[self._row] - rise
        falls = np.bincount(self._row, fall, n).astype(np.int64)[self._row] - fall
        return np.asarray(np.where((self._sign > 0) != lower, falls, rises))

    def _tightest(self, room: Ints) -> tuple[Ints, Ints]:
        """Per class: the equation that leaves it the least room, and that room."""
        order = np.lexsort((room, self._column))
        first = order[np.flatnonzero(np.diff(self._column[order], prepend=-1))]
        row = np.full(self.block.size, -1)
        least = np.full(self.block.size, PLENTY)
        row[self._column[first]] = self._row[first]
        least[self._column[first]] = room[first]
        return row, least

    def _cut(self, need: Need, rows: dict[int, int]) -> Cut:
        steps = {1 if need.step > 0 else -1: need.step} if need.step else {1: 1, -1: -1}
        sides = []
        for way, step in steps.items():
            limit = self.block.up if way > 0 else self.block.down
            sides.append(np.zeros(self.block.size) if limit[need.which] < 1 else self._side(need, step, rows[way]))
        return cut_from(self.block, need, sides)

    def _side(self, need: Need, step: int, row: int) -> Floats:
        price = np.zeros(self.block.size, dtype=np.int64)
        entries = slice(self.block.equations.indptr[row], self.block.equations.indptr[row + 1])
        price[self._column[entries]] = self._sign[entries]
        side = shares(self.block, need, step, price)
        if side is None:
            raise AssertionError("the equation leaves room after all")
        return side
