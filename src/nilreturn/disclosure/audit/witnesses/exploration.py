"""
Worlds: whole-number tables that agree with everything a reader has been told. What a reader cannot rule out is
shown by a world in which it is so; what no world shows is ruled out.

Each need is met by a short move from one world, and a short move meets many needs: it changes each of its cells, and it
shows so to the one person in any cell that it leaves alone. Only what no move at hand shows is asked of the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from nilreturn.disclosure.audit.witnesses.combined_moves import avoiding, reaching
from nilreturn.disclosure.audit.witnesses.witness import (
    ANY,
    DOWN,
    NOWHERE,
    UP,
    Move,
    Proof,
    Steps,
    Undecided,
    move_between,
)
from nilreturn.disclosure.model import Block, Ints

if TYPE_CHECKING:
    from nilreturn.disclosure.audit.witnesses.feasible_tables import Search
    from nilreturn.disclosure.audit.witnesses.sparse_moves import Shortest
    from nilreturn.disclosure.solver import Clock


# Where the first world is wished to lie: every cell one above its least, with any more of little matter. With room both
# ways in as many cells as can be, moves are short and more of them are in whole numbers (decision 14).
INWARD, FURTHER_IN = 1, 0.02


def search_of(block: Block) -> Search:
    """The search for worlds of a block. The solver is loaded here and not before: checking a release needs none."""
    from nilreturn.disclosure.audit.witnesses.feasible_tables import Search

    return Search(block)


# Needs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Needs:
    """
    What must be shown of a block's cells, by their places in it: each of `values` (cell, value) in some world; two
    values of each cell `two`; and for each cell of `ones`, two values of each of `two` among the worlds where it is 1,
    but for those that are the same people (`same` numbers the people of each cell) and those that everybody can work
    out.
    """

    values: tuple[tuple[int, int], ...]
    two: Ints
    ones: Ints
    same: Ints


@dataclass(eq=False)
class Shown:
    """
    The proof found, what it leaves ruled out, and what was left undecided. Places as in `Needs`. `alone` has for each
    cell of `ones` that can be 1 the number of a move of the proof (-1 for none) and how often it is made for that.
    """

    proof: Proof | None = None
    alone: list[tuple[int, int, int]] = field(default_factory=list)
    impossible: list[tuple[int, int]] = field(default_factory=list)
    single: list[int] = field(default_factory=list)
    given_away: list[tuple[int, int]] = field(default_factory=list)  # (cell of 1, what the person in it works out)
    undecided: list[int] = field(default_factory=list)
    contradiction: bool = False  # there is no world at all


def explore(block: Block, needs: Needs, pool: Iterable[Ints], moves: Iterable[Move] = (), *, clock: Clock) -> Shown:
    """
    Show what can be shown of `needs`, starting from the first world in `pool` that is one and from `moves`, checked
    before (`moves_within`).

    What cannot be shown is proven impossible, unless the work that `clock` allows is done first. Deterministic.
    """
    search, shown = search_of(block), Shown()
    world: Ints | Undecided | None = next((world for world in pool if block.holds(world)), None)
    if world is None:
        world = search.nearest(inside(block), np.ones(block.size), {}, clock=clock, rising=FURTHER_IN)
    if isinstance(world, np.ndarray):
        shown.proof = Proof(block, world)
        for move in moves:
            shown.proof.add(move)
        _Exploration(shown, shown.proof, search, clock).run(needs)
    elif isinstance(world, Undecided):
        shown.undecided = needs.two.tolist()
    else:
        shown.contradiction = True
    return shown


def inside(block: Block) -> Ints:
    """A target for each cell that leaves it room both ways."""
    middle: Ints = block.low + (np.minimum(block.high, block.low + ANY) - block.low) // 2
    return np.minimum(block.low + INWARD, middle)


def moves_within(block: Block, size: int, candidates: Sequence[tuple[Ints, Ints]]) -> list[Move]:
    """Of candidate moves over `size` cells, those that stay within a block and leave all its sums as they are."""
    place = np.full(size, -1)
    place[block.cells] = np.arange(block.size)
    within = [(place[cells], change) for cells, change in candidates if (place[cells] >= 0).all()]
    if not within:
        return []
    numbers = np.repeat(np.arange(len(within)), [len(cells) for cells, _ in within])
    cells, changes = (np.concatenate(parts) for parts in zip(*within, strict=True))
    together = sparse.csc_matrix((changes, (cells, numbers)), (block.size, len(within)))
    sums = abs(block.equations @ together).sum(axis=0)
    return [Move(*within[number]) for number in np.flatnonzero(np.asarray(sums).ravel() == 0)]


class _Exploration:
    def __init__(self, shown: Shown, proof: Proof, search: Search, clock: Clock) -> None:
        self.shown, self.proof, self.search, self.clock = shown, proof, search, clock
        self.block = proof.block
        self._even = np.ones(self.block.size)

    @cached_property
    def _shortest(self) -> Shortest:
        from nilreturn.disclosure.audit.witnesses.sparse_moves import Shortest

        return Shortest(self.block, self.proof.world)

    def run(self, needs: Needs) -> None:
        """Meet the needs, those of cells that lie together one after the other."""
        links = abs(self.block.equations)
        rank = np.argsort(csgraph.reverse_cuthill_mckee(sparse.csr_matrix(links.T @ links), symmetric_mode=True))
        twos = sorted(needs.two.tolist(), key=rank.__getitem__)
        values = sorted(needs.values, key=lambda need: rank[need[0]])
        # What takes a search over whole numbers comes last: it is long, and moves found meanwhile may spare it.
        for thorough in (False, True):
            twos = [cell for cell in twos if self._puts_off_two(cell, thorough=thorough)]
            values = [need for need in values if self._puts_off_value(*need, thorough=thorough)]
        unsettled = np.ones(self.block.size, dtype=np.bool_)
        unsettled[[*self.shown.single, *self.shown.undecided]] = False
        two = needs.two[unsettled[needs.two]]
        for one in sorted(needs.ones.tolist(), key=rank.__getitem__):
            self._insider(one, two[needs.same[two] != needs.same[one]])

    def _puts_off_two(self, cell: int, *, thorough: bool) -> bool:
        """Show two values of a cell or rule them out; whether that is left for a thorough search."""
        if self.proof.count[cell]:
            return False
        answer = self._other(cell, {}, NOWHERE, thorough=thorough)
        if answer is Undecided.FRACTIONS:
            return True
        if self._ruled_out(answer, cell):
            self.shown.single.append(cell)
        return False

    def _puts_off_value(self, cell: int, value: int, *, thorough: bool) -> bool:
        """The same for one value of a cell."""
        answer = self._reached(cell, value, thorough=thorough)
        if answer is Undecided.FRACTIONS:
            return True
        if self._ruled_out(answer, cell):
            self.shown.impossible.append((cell, value))
        return False

    def _insider(self, one: int, others: Ints) -> None:
        """What the one person in a cell of 1 still cannot tell of the others."""
        reached = self._reached(one, 1, thorough=True)
        if self._ruled_out(reached, one) or not isinstance(reached, tuple):
            return  # where the cell cannot be 1 nobody is alone in it
        self.shown.alone.append((one, *reached))
        away = self.proof.made(*reached)
        varied = self.proof.varying(one, away)
        for cell in others[~varied[others]].tolist():
            if not varied[cell]:
                found = self._other_for(one, cell, away)
                if isinstance(found, Move):
                    varied[found.cells] = True
                elif self._ruled_out(found, cell):
                    self.shown.given_away.append((one, cell))

    def _other_for(self, one: int, cell: int, away: Move) -> Move | Undecided | None:
        known = avoiding(self.proof, cell, one, away)
        if known is not None:
            self._keep(known)
            return known
        found = self._other(cell, {one: (0, 0)}, away, thorough=False)
        return self._other(cell, {one: (0, 0)}, away, thorough=True) if found is Undecided.FRACTIONS else found

    def _keep(self, move: Move) -> int:
        self._shortest.touched(move.cells)
        return self.proof.add(move)

    def _ruled_out(self, answer: object, cell: int) -> bool:
        if isinstance(answer, Undecided):
            self.shown.undecided.append(cell)
        return answer is None

    def _reached(self, cell: int, value: int, *, thorough: bool) -> tuple[int, int] | Undecided | None:
        """The number of a move, and how often to make it, for a cell to have a value."""
        known = self.proof.showing(cell, value)
        if known is not None:
            return known
        step = value - int(self.proof.world[cell])
        found = reaching(self.proof, cell, step) or self._move({cell: (step, step)}, NOWHERE, thorough=thorough)
        return (self._keep(found), 1) if isinstance(found, Move) else found

    def _other(self, cell: int, held: Mapping[int, Steps], away: Move, *, thorough: bool) -> Move | Undecided | None:
        """A move after `away` by which a cell changes, up or down."""
        undecided = None
        for steps in (UP, DOWN):
            found = self._move({cell: steps, **held}, away, thorough=thorough)
            if isinstance(found, Move):
                self._keep(found)
                return found
            undecided = undecided or found
        return undecided

    def _move(self, steps: Mapping[int, Steps], away: Move, *, thorough: bool) -> Move | Undecided | None:
        found = self._shortest.move(steps, away, clock=self.clock)
        if found is not Undecided.FRACTIONS or not thorough:
            return found
        world = self.proof.world.copy()
        world[away.cells] += away.steps
        held = {cell: (int(world[cell]) + low, int(world[cell]) + high) for cell, (low, high) in steps.items()}
        other = self.search.nearest(world, self._even, held, clock=self.clock)
        return move_between(world, other) if isinstance(other, np.ndarray) else other
