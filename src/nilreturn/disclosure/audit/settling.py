"""
Whether what some cells count together follows from what is printed: examined by itself, as one more
cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from nilreturn.disclosure.audit.examination import examine
from nilreturn.disclosure.audit.findings import Audit, ProtectionRequirements, Verdict
from nilreturn.disclosure.model import NO_UPPER, AttackerKnowledge, Bools, Ints, propagate_bounds

FromEarlierReleases = Callable[[AttackerKnowledge, Bools], AttackerKnowledge]


@dataclass(frozen=True, eq=False)
class Settled:
    """
    A move over all cells that changes the count; without one it follows, or that was not found out.
    """

    move: Ints | None
    was_public: bool = False  # the earlier releases give it away by themselves
    is_undecided: bool = False


@dataclass(eq=False)
class Settling:
    """
    Counts of cells together, of an audit that is safe: `changes` has a row for each move that is
    known, and a column for each cell. `from_earlier_releases` gives what a reader has who has the
    earlier releases and not this one.
    """

    audit: Audit
    from_earlier_releases: FromEarlierReleases
    seconds: float
    examined: int = 0

    def __post_init__(self) -> None:
        self.size = self.audit.knowledge.cells.size
        self.changes = _changes([(move.cells, move.change) for move in self.audit.moves], self.size)

    def settle(self, unit: str, times: Mapping[int, int]) -> Settled:
        """
        Examine cells that are counted together, each so many times. A move that is found is kept.
        """
        self.examined += 1
        knowledge, demands = (
            _with_one_more(self.audit.knowledge, unit, times),
            _two_values(self.size),
        )
        world = np.append(
            self.audit.table,
            sum(often * int(self.audit.table[cell]) for cell, often in times.items()),
        )
        shown = examine(
            knowledge, demands, pool=world[None], explain=False, whole=False, seconds=self.seconds
        )
        changing = next((move for move in shown.moves if self.size in move.cells), None)
        if changing is not None:
            move = np.zeros(self.size + 1, dtype=np.int64)
            move[changing.cells] = changing.change
            self.changes = sparse.vstack(
                (self.changes, sparse.csr_matrix(move[: self.size])), format="csr"
            )
            return Settled(move[: self.size])
        if shown.by_cell[self.size].verdict is not Verdict.EXPOSED:
            return Settled(None, is_undecided=True)
        older = self.from_earlier_releases(knowledge, demands.must_vary)
        before = examine(older, demands, explain=False, whole=False, seconds=self.seconds)
        return Settled(None, was_public=before.by_cell[self.size].verdict is Verdict.EXPOSED)


def _changes(moves: Sequence[tuple[Ints, Ints]], size: int) -> sparse.csr_matrix:
    none = np.zeros(0, dtype=np.int64)
    rows = np.repeat(np.arange(len(moves)), [len(cells) for cells, _ in moves])
    cells, steps = (np.concatenate([none, *(move[k] for move in moves)]) for k in range(2))
    return sparse.csr_matrix((steps, (rows, cells)), shape=(len(moves), size))


def _two_values(cell: int) -> ProtectionRequirements:
    """That one cell, the last, has two values, and nothing else."""
    none = np.zeros(cell + 1, dtype=np.int64)
    two = none == 1
    two[cell] = True
    return ProtectionRequirements(two, none + 1, none, np.zeros_like(two), none)


def _with_one_more(
    knowledge: AttackerKnowledge, unit: str, times: Mapping[int, int]
) -> AttackerKnowledge:
    """What is known, with one more cell: what some count together."""
    cells, size = knowledge.cells, knowledge.cells.size
    own = ([1, *(-often for often in times.values())], ([0] * (len(times) + 1), [size, *times]))
    row = sparse.csr_matrix(own, shape=(1, size + 1), dtype=np.int64)

    def more(equations: sparse.csr_matrix) -> sparse.csr_matrix:
        wider = sparse.csr_matrix(
            (equations.data, equations.indices, equations.indptr), (equations.shape[0], size + 1)
        )
        return sparse.vstack((wider, row), format="csr")

    equations = more(knowledge.equations)
    low, high = np.append(knowledge.low, 0), np.append(knowledge.high, NO_UPPER)
    return replace(
        knowledge,
        cells=replace(
            cells,
            size=size + 1,
            equations=more(cells.equations),
            unpublished=np.append(cells.unpublished, True),
            empty=np.append(cells.empty, False),
            difference=np.append(cells.difference, True),
            units=(*cells.units, unit),
            place=np.vstack((cells.place, np.full((1, cells.place.shape[1]), -1))),
            _names=(*cells._names, (-1, -1)),
        ),
        equations=equations,
        low=low,
        high=high,
        bounds=propagate_bounds(equations, low, high),
        hidden=np.append(knowledge.hidden, False),
        older_low=np.append(knowledge.older_low, 0),
        older_high=np.append(knowledge.older_high, NO_UPPER),
        older_hidden=np.append(knowledge.older_hidden, False),
    )
