"""
Feasible tables: integer tables that agree with everything that is published. A value is possible
for a cell if some feasible table takes it, and impossible if none does.

Each need is met by a short move from one feasible table, and a short move meets many needs: it
changes each of its cells, and it shows so to the one person in any cell that it leaves alone. Only
what no move at hand shows is asked of the solver.
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
    NO_MOVE,
    UP,
    Move,
    Steps,
    Undecided,
    Witness,
    move_between,
)
from nilreturn.disclosure.model import Block, Ints

if TYPE_CHECKING:
    from nilreturn.disclosure.audit.witnesses.feasible_tables import Search
    from nilreturn.disclosure.audit.witnesses.sparse_moves import Shortest
    from nilreturn.disclosure.solver import WorkBudget


# Where the first feasible table is wished to lie: every cell one above its least, with any more of
# little matter. With room both ways in as many cells as can be, moves are short and more of them
# are in integers (decision 14).
INWARD, FURTHER_IN = 1, 0.02


def search_of(block: Block) -> Search:
    """
    The search for feasible tables of a block. The solver is loaded here and not before: checking a
    release needs none.
    """
    from nilreturn.disclosure.audit.witnesses.feasible_tables import Search

    return Search(block)


# Needs --------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class BlockRequirements:
    """
    What must be shown of a block's cells, by their places in it: each of `values` (cell, value) in
    some feasible table; two values of each cell `must_vary`; and for each cell of `singletons`, two
    values of each of `must_vary` among the feasible tables where it is 1, but for those that are
    the same people (`same_people` numbers the people of each cell) and those that everybody can
    work out.
    """

    values: tuple[tuple[int, int], ...]
    must_vary: Ints
    singletons: Ints
    same_people: Ints


@dataclass(eq=False)
class ExplorationResult:
    """
    The proof found, what it leaves ruled out, and what was left undecided. Places as in `Needs`.
    `singleton_moves` has for each cell of `ones` that can be 1 the number of a move of the proof
    (-1 for none) and how often it is made for that.
    """

    witness: Witness | None = None
    singleton_moves: list[tuple[int, int, int]] = field(default_factory=list)
    impossible: list[tuple[int, int]] = field(default_factory=list)
    single_valued: list[int] = field(default_factory=list)
    disclosed_to_singletons: list[tuple[int, int]] = field(
        default_factory=list
    )  # (cell of 1, what the person in it works out)
    undecided: list[int] = field(default_factory=list)
    contradiction: bool = False  # there is no feasible table


def explore(
    block: Block,
    needs: BlockRequirements,
    pool: Iterable[Ints],
    moves: Iterable[Move] = (),
    *,
    clock: WorkBudget,
) -> ExplorationResult:
    """
    Show what can be shown of `needs`, starting from the first feasible table in `pool` that is one
    and from `moves`, checked before (`moves_within`).

    What cannot be shown is proven impossible, unless the work that `clock` allows is done first.
    Deterministic.
    """
    search, result = search_of(block), ExplorationResult()
    table: Ints | Undecided | None = next(
        (world for world in pool if block.is_feasible(world)), None
    )
    if table is None:
        table = search.nearest(
            inside(block), np.ones(block.size), {}, clock=clock, rising=FURTHER_IN
        )
    if isinstance(table, np.ndarray):
        result.witness = Witness(block, table)
        for move in moves:
            result.witness.add(move)
        _Exploration(result, result.witness, search, clock).run(needs)
    elif isinstance(table, Undecided):
        result.undecided = needs.must_vary.tolist()
    else:
        result.contradiction = True
    return result


def inside(block: Block) -> Ints:
    """A target for each cell that leaves it room both ways."""
    middle: Ints = block.low + (np.minimum(block.high, block.low + ANY) - block.low) // 2
    return np.minimum(block.low + INWARD, middle)


def moves_within(block: Block, size: int, candidates: Sequence[tuple[Ints, Ints]]) -> list[Move]:
    """
    Of candidate moves over `size` cells, those that stay within a block and leave all its sums as
    they are.
    """
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
    def __init__(
        self, result: ExplorationResult, witness: Witness, search: Search, clock: WorkBudget
    ) -> None:
        self.result, self.witness, self.search, self.clock = result, witness, search, clock
        self.block = witness.block
        self._even = np.ones(self.block.size)

    @cached_property
    def _shortest(self) -> Shortest:
        from nilreturn.disclosure.audit.witnesses.sparse_moves import Shortest

        return Shortest(self.block, self.witness.table)

    def run(self, needs: BlockRequirements) -> None:
        """Meet the needs, those of cells that lie together one after the other."""
        links = abs(self.block.equations)
        rank = np.argsort(
            csgraph.reverse_cuthill_mckee(sparse.csr_matrix(links.T @ links), symmetric_mode=True)
        )
        twos = sorted(needs.must_vary.tolist(), key=rank.__getitem__)
        values = sorted(needs.values, key=lambda need: rank[need[0]])
        # Integer searches come last: they take long, and moves found before may make them
        # unnecessary.
        for thorough in (False, True):
            twos = [cell for cell in twos if self._puts_off_two(cell, thorough=thorough)]
            values = [need for need in values if self._puts_off_value(*need, thorough=thorough)]
        unsettled = np.ones(self.block.size, dtype=np.bool_)
        unsettled[[*self.result.single_valued, *self.result.undecided]] = False
        two = needs.must_vary[unsettled[needs.must_vary]]
        for one in sorted(needs.singletons.tolist(), key=rank.__getitem__):
            self._insider(one, two[needs.same_people[two] != needs.same_people[one]])

    def _puts_off_two(self, cell: int, *, thorough: bool) -> bool:
        """
        Show two values of a cell or rule them out; whether that is left for a thorough search.
        """
        if self.witness.count[cell]:
            return False
        answer = self._other(cell, {}, NO_MOVE, thorough=thorough)
        if answer is Undecided.FRACTIONS:
            return True
        if self._ruled_out(answer, cell):
            self.result.single_valued.append(cell)
        return False

    def _puts_off_value(self, cell: int, value: int, *, thorough: bool) -> bool:
        """The same for one value of a cell."""
        answer = self._reached(cell, value, thorough=thorough)
        if answer is Undecided.FRACTIONS:
            return True
        if self._ruled_out(answer, cell):
            self.result.impossible.append((cell, value))
        return False

    def _insider(self, one: int, others: Ints) -> None:
        """What the one person in a cell of 1 still cannot tell of the others."""
        reached = self._reached(one, 1, thorough=True)
        if self._ruled_out(reached, one) or not isinstance(reached, tuple):
            return  # where the cell cannot be 1 nobody is alone in it
        self.result.singleton_moves.append((one, *reached))
        offset = self.witness.applied(*reached)
        varied = self.witness.varying(one, offset)
        for cell in others[~varied[others]].tolist():
            if not varied[cell]:
                found = self._other_for(one, cell, offset)
                if isinstance(found, Move):
                    varied[found.cells] = True
                elif self._ruled_out(found, cell):
                    self.result.disclosed_to_singletons.append((one, cell))

    def _other_for(self, one: int, cell: int, offset: Move) -> Move | Undecided | None:
        known = avoiding(self.witness, cell, one, offset)
        if known is not None:
            self._keep(known)
            return known
        found = self._other(cell, {one: (0, 0)}, offset, thorough=False)
        return (
            self._other(cell, {one: (0, 0)}, offset, thorough=True)
            if found is Undecided.FRACTIONS
            else found
        )

    def _keep(self, move: Move) -> int:
        self._shortest.touched(move.cells)
        return self.witness.add(move)

    def _ruled_out(self, answer: object, cell: int) -> bool:
        if isinstance(answer, Undecided):
            self.result.undecided.append(cell)
        return answer is None

    def _reached(
        self, cell: int, value: int, *, thorough: bool
    ) -> tuple[int, int] | Undecided | None:
        """The number of a move, and how often to make it, for a cell to have a value."""
        known = self.witness.showing(cell, value)
        if known is not None:
            return known
        step = value - int(self.witness.table[cell])
        found = reaching(self.witness, cell, step) or self._move(
            {cell: (step, step)}, NO_MOVE, thorough=thorough
        )
        return (self._keep(found), 1) if isinstance(found, Move) else found

    def _other(
        self, cell: int, fixed: Mapping[int, Steps], offset: Move, *, thorough: bool
    ) -> Move | Undecided | None:
        """A move after `offset` by which a cell changes, up or down."""
        undecided = None
        for steps in (UP, DOWN):
            found = self._move({cell: steps, **fixed}, offset, thorough=thorough)
            if isinstance(found, Move):
                self._keep(found)
                return found
            undecided = undecided or found
        return undecided

    def _move(
        self, steps: Mapping[int, Steps], offset: Move, *, thorough: bool
    ) -> Move | Undecided | None:
        found = self._shortest.move(steps, offset, clock=self.clock)
        if found is not Undecided.FRACTIONS or not thorough:
            return found
        table = self.witness.table.copy()
        table[offset.cells] += offset.change
        fixed = {
            cell: (int(table[cell]) + low, int(table[cell]) + high)
            for cell, (low, high) in steps.items()
        }
        other = self.search.nearest(table, self._even, fixed, clock=self.clock)
        return move_between(table, other) if isinstance(other, np.ndarray) else other
