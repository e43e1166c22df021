"""
The witness that hidden cells can differ: one feasible table and moves from it.

A feasible table is an integer table that agrees with everything published. A move is a vector of
integers that leaves every sum unchanged (Diaconis and Sturmfels 1998): a feasible table plus a
multiple of a move is another feasible table if every cell stays within its bounds. A few thousand
short moves therefore stand for a great many feasible tables.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nilreturn.disclosure.model import Bools, Ints

if TYPE_CHECKING:
    from nilreturn.disclosure.model import Block

MOST_MULTIPLE = 1_000_000  # a move that nothing bounds is made no more often


@dataclass(frozen=True, eq=False, slots=True)
class Move:
    """The cells that change, and by how much each does."""

    cells: Ints
    change: Ints

    @property
    def lists(self) -> tuple[list[int], list[int]]:
        return self.cells.tolist(), self.change.tolist()

    def multiple(self, factor: int) -> Move:
        """The move made a number of times."""
        return Move(self.cells, self.change * factor)


NO_MOVE = Move(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def move_between(table: Ints, other: Ints) -> Move:
    """The move from one feasible table to another."""
    cells = np.flatnonzero(table != other)
    return Move(cells, other[cells] - table[cells])


class Witness:
    """
    A feasible table of a block and the moves found from it. `up` and `down` are how often each can
    be made from there, forwards and backwards; `count` how many of those that can be made at all
    change each cell; `least..most` what each cell is in the feasible tables they lead to.
    """

    def __init__(self, block: Block, table: Ints) -> None:
        self.block, self.table = block, table
        self.moves: list[Move] = []
        # Of each move: by how much each of its cells changes.
        self.changes: list[dict[int, int]] = []
        self.up: list[int] = []
        self.down: list[int] = []
        # Of each cell: the moves, and its steps.
        self.through: list[dict[int, int]] = [{} for _ in range(block.size)]
        self.count = np.zeros(block.size, dtype=np.int64)
        # Slack of each cell: (lower - value <= 0, upper - value >= 0).
        self.room = list(
            zip((block.low - table).tolist(), (block.high - table).tolist(), strict=True)
        )
        self.least, self.most = table.copy(), table.copy()

    def add(self, move: Move) -> int:
        """Take in a move that leaves every sum as it is; its number."""
        number, values = len(self.moves), self.table[move.cells]
        up, down = (
            self._most_multiple(values, move.cells, move.change),
            self._most_multiple(values, move.cells, -move.change),
        )
        self.moves.append(move)
        self.changes.append(dict(zip(*move.lists, strict=True)))
        self.up.append(up)
        self.down.append(down)
        for cell, step in self.changes[number].items():
            self.through[cell][number] = step
        if up or down:
            self.count[move.cells] += 1
            for multiple in (up, -down):
                self.least[move.cells] = np.minimum(
                    self.least[move.cells], values + move.change * multiple
                )
                self.most[move.cells] = np.maximum(
                    self.most[move.cells], values + move.change * multiple
                )
        return number

    def showing(self, cell: int, value: int) -> tuple[int, int] | None:
        """
        A move (-1 for none) and how often to make it for the cell to have the value: of all known
        the one with fewest cells.
        """
        if value == self.table[cell]:
            return -1, 0
        found = []
        for number, step in self.through[cell].items():
            multiple, rest = divmod(value - int(self.table[cell]), step)
            if rest == 0 and -self.down[number] <= multiple <= self.up[number]:
                found.append((len(self.moves[number].cells), number, multiple))
        return min(found)[1:] if found else None

    def applied(self, number: int, multiple: int) -> Move:
        """The move multiplied by `multiple`; no move for number -1."""
        return self.moves[number].multiple(multiple) if multiple else NO_MOVE

    def varying(self, fixed: int, offset: Move) -> Bools:
        """
        Which cells are changed by some move that can be made after `offset` and leaves `fixed` as
        it is.
        """
        near = sorted(
            {number for cell in (fixed, *offset.cells.tolist()) for number in self.through[cell]}
        )
        # A move that has no cell in common with `away` can be made after it as well as before.
        count = self.count.copy()
        if not near:
            return count > 0
        moves = [self.moves[number] for number in near]
        cells = np.concatenate([move.cells for move in moves])
        steps = np.concatenate([move.change for move in moves])
        ends = np.cumsum([len(move.cells) for move in moves])
        before = [bool(self.up[number] or self.down[number]) for number in near]
        after = self._possible(cells, steps, ends, fixed, offset)
        np.add.at(
            count, cells, np.repeat(after.astype(np.int64) - before, np.diff(ends, prepend=0))
        )
        return count > 0

    def _possible(self, cells: Ints, steps: Ints, ends: Ints, fixed: int, offset: Move) -> Bools:
        """
        Of moves laid end to end, those that can be made after `offset`, either way, and leave the
        held cell.
        """
        table = self.table.copy()
        table[offset.cells] += offset.change
        starts = np.concatenate(([0], ends[:-1]))
        low, high = self.block.low[cells] - table[cells], self.block.high[cells] - table[cells]
        forwards = np.logical_and.reduceat((steps >= low) & (steps <= high), starts)
        backwards = np.logical_and.reduceat((-steps >= low) & (-steps <= high), starts)
        possible: Bools = (forwards | backwards) & ~np.logical_or.reduceat(cells == fixed, starts)
        return possible

    def _most_multiple(self, values: Ints, cells: Ints, steps: Ints) -> int:
        room = np.where(steps > 0, self.block.high[cells] - values, values - self.block.low[cells])
        return int(min((room // np.abs(steps)).min(), MOST_MULTIPLE))


Steps = tuple[int, int]  # the least and the most that a cell changes by


ANY = 2**40  # more than any count


UP, DOWN = (1, ANY), (-ANY, -1)


class Undecided(enum.Enum):
    """The answer when there is none yet."""

    WORK = "work"  # what was allowed for is done
    FRACTIONS = "fractions"  # the solution found is not integer
