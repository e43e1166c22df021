"""
What shows that hidden cells can differ: one world, and moves away from it.

A world is a whole-number table that agrees with everything a reader has been told. A move is whole numbers that leave
every sum as it is: added to a world, once or several times, it gives another wherever every cell keeps within what is
told of it. So a few thousand short moves stand for a great many worlds.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nilreturn.disclosure.model import Bools, Ints

if TYPE_CHECKING:
    from nilreturn.disclosure.model import Block

MOST_TIMES = 1_000_000  # a move that nothing bounds is made no more often


@dataclass(frozen=True, eq=False, slots=True)
class Move:
    """The cells that change, and by how much each does."""

    cells: Ints
    steps: Ints

    @property
    def lists(self) -> tuple[list[int], list[int]]:
        return self.cells.tolist(), self.steps.tolist()

    def times(self, number: int) -> Move:
        """The move made a number of times."""
        return Move(self.cells, self.steps * number)


NOWHERE = Move(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def move_between(world: Ints, other: Ints) -> Move:
    """The move from one world to another."""
    cells = np.flatnonzero(world != other)
    return Move(cells, other[cells] - world[cells])


class Proof:
    """
    A world of a block and moves found from it. `up` and `down` are how often each can be made from there, forwards and
    backwards; `count` how many of those that can be made at all change each cell; `least..most` what each cell is in
    the worlds they lead to.
    """

    def __init__(self, block: Block, world: Ints) -> None:
        self.block, self.world = block, world
        self.moves: list[Move] = []
        self.steps: list[dict[int, int]] = []  # of each move: by how much each of its cells changes
        self.up: list[int] = []
        self.down: list[int] = []
        self.through: list[dict[int, int]] = [{} for _ in range(block.size)]  # of each cell: the moves, and its steps
        self.count = np.zeros(block.size, dtype=np.int64)
        # By how much each cell can fall, as a number below nought, and rise.
        self.room = list(zip((block.low - world).tolist(), (block.high - world).tolist(), strict=True))
        self.least, self.most = world.copy(), world.copy()

    def add(self, move: Move) -> int:
        """Take in a move that leaves every sum as it is; its number."""
        number, values = len(self.moves), self.world[move.cells]
        up, down = self._times(values, move.cells, move.steps), self._times(values, move.cells, -move.steps)
        self.moves.append(move)
        self.steps.append(dict(zip(*move.lists, strict=True)))
        self.up.append(up)
        self.down.append(down)
        for cell, step in self.steps[number].items():
            self.through[cell][number] = step
        if up or down:
            self.count[move.cells] += 1
            for often in (up, -down):
                self.least[move.cells] = np.minimum(self.least[move.cells], values + move.steps * often)
                self.most[move.cells] = np.maximum(self.most[move.cells], values + move.steps * often)
        return number

    def showing(self, cell: int, value: int) -> tuple[int, int] | None:
        """
        A move (-1 for none) and how often to make it for the cell to have the value: of all known the one with fewest
        cells.
        """
        if value == self.world[cell]:
            return -1, 0
        found = []
        for number, step in self.through[cell].items():
            often, rest = divmod(value - int(self.world[cell]), step)
            if rest == 0 and -self.down[number] <= often <= self.up[number]:
                found.append((len(self.moves[number].cells), number, often))
        return min(found)[1:] if found else None

    def made(self, number: int, often: int) -> Move:
        """A move as often as told; none for -1."""
        return self.moves[number].times(often) if often else NOWHERE

    def varying(self, held: int, away: Move) -> Bools:
        """Which cells are changed by some move that can be made after `away` and leaves `held` as it is."""
        near = sorted({number for cell in (held, *away.cells.tolist()) for number in self.through[cell]})
        # A move that has no cell in common with `away` can be made after it as well as before.
        count = self.count.copy()
        if not near:
            return count > 0
        moves = [self.moves[number] for number in near]
        cells = np.concatenate([move.cells for move in moves])
        steps = np.concatenate([move.steps for move in moves])
        ends = np.cumsum([len(move.cells) for move in moves])
        before = [bool(self.up[number] or self.down[number]) for number in near]
        after = self._possible(cells, steps, ends, held, away)
        np.add.at(count, cells, np.repeat(after.astype(np.int64) - before, np.diff(ends, prepend=0)))
        return count > 0

    def _possible(self, cells: Ints, steps: Ints, ends: Ints, held: int, away: Move) -> Bools:
        """Of moves laid end to end, those that can be made after `away`, either way, and leave the held cell."""
        world = self.world.copy()
        world[away.cells] += away.steps
        starts = np.concatenate(([0], ends[:-1]))
        low, high = self.block.low[cells] - world[cells], self.block.high[cells] - world[cells]
        forwards = np.logical_and.reduceat((steps >= low) & (steps <= high), starts)
        backwards = np.logical_and.reduceat((-steps >= low) & (-steps <= high), starts)
        possible: Bools = (forwards | backwards) & ~np.logical_or.reduceat(cells == held, starts)
        return possible

    def _times(self, values: Ints, cells: Ints, steps: Ints) -> int:
        room = np.where(steps > 0, self.block.high[cells] - values, values - self.block.low[cells])
        return int(min((room // np.abs(steps)).min(), MOST_TIMES))


Steps = tuple[int, int]  # the least and the most that a cell changes by


ANY = 2**40  # more than any count


UP, DOWN = (1, ANY), (-ANY, -1)


class Undecided(enum.Enum):
    """The answer when there is none yet."""

    WORK = "work"  # what was allowed for is done
    FRACTIONS = "fractions"  # what was found is not in whole numbers
