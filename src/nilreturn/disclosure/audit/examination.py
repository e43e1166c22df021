"""
The audit: what a reader can infer about each hidden cell from what is printed.

It does not use how the cells were chosen, and it shares no search with suppression. Every verdict
has a proof: a cell is safe because it has another value in some feasible table, and exposed because
a sum or a linear program shows it. If time runs out, the verdict is "undecided", which is not
safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.audit.findings import (
    Audit,
    Finding,
    ProtectionRequirements,
    Verdict,
    asked_cells,
)
from nilreturn.disclosure.audit.witnesses import (
    BlockRequirements,
    ExplorationResult,
    Move,
    explore,
    moves_within,
)
from nilreturn.disclosure.model import (
    NO_UPPER,
    AttackerKnowledge,
    Block,
    Ints,
    PrintedSum,
    PublishedTable,
    attacker_knowledge,
    blocks,
    equal_cells,
)
from nilreturn.disclosure.solver import WorkBudget
from nilreturn.disclosure.tabular import refuse_strangers
from nilreturn.progress import Progress, no_progress
from nilreturn.wording import listed

if TYPE_CHECKING:
    from nilreturn.disclosure.audit.witnesses import AttackerProblem, Witness

# How many cells, times the square of the cells of their block, get an exact range where known moves
# do not show it: a programme takes so long. Beyond, what single sums leave is reported.
MOST_EXACT = 60_000_000


def audit(
    published: Sequence[PublishedTable],
    *,
    threshold: int | Mapping[str, int] = 5,
    known: Sequence[PublishedTable] = (),
    insiders: bool = False,
    records_moved: int = 0,
    seconds: float = 60,
    progress: Progress = no_progress,
) -> Audit:
    """
    Find what a reader of printed tables can infer, without the true counts.

    A hidden cell that is known to be below the threshold must be able to take every small count
    from its lower bound up. No hidden cell may have a single possible value.

    Parameters
    ----------
    published : sequence of PublishedTable
        The printed tables.
    threshold : int or mapping of str to int
        The least count that is not small, for all tables or for each table by name.
    known : sequence of PublishedTable
        What readers have from elsewhere, such as earlier releases.
    insiders : bool
        Whether to take each hidden cell that can be 1 as read by the one person in it.
    records_moved : int
        By how much a count may differ between two sources because records were changed.
    seconds : float
        Time limit in seconds. Cells that are not decided by then are `Verdict.UNDECIDED`.
    progress : Progress
        Called while the audit runs.

    Returns
    -------
    Audit
        A finding for each hidden cell, and the proof.

    Raises
    ------
    TableError
        If columns of different tables may be the same variable under different names.

    Examples
    --------
    >>> from nilreturn.disclosure import audit, printed_from_frame
    >>> import polars as pl
    >>> frame = pl.DataFrame({"sex": ["Total", "Female", "Male"], "count": [9, None, 6]})
    >>> found = audit([printed_from_frame(frame, name="victims")])
    >>> found.is_safe, found.findings[0].low, found.findings[0].high
    (False, 3, 3)
    """
    refuse_strangers([*published, *known])
    knowledge = attacker_knowledge(
        published, known, number_cells=number_cells, records_moved=records_moved
    )
    of_table = [
        threshold if isinstance(threshold, int) else threshold[table.name] for table in published
    ]
    small = np.zeros(knowledge.cells.size, dtype=np.int64)
    for number in range(len(published)):
        cells = knowledge.cells.of_table[number].reshape(-1)
        small[cells] = np.maximum(small[cells], of_table[number])
    size = knowledge.cells.size
    two = knowledge.hidden.copy()
    low, high = np.ones(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    surely = two & (knowledge.bounds.high < small)
    low[surely], high[surely] = knowledge.low[surely], small[surely] - 1
    ones = two & (knowledge.bounds.low <= 1) & (knowledge.bounds.high > 1) & insiders
    return examine(
        knowledge,
        ProtectionRequirements(two, low, high, ones, small),
        seconds=seconds,
        progress=progress,
    )


def examine(
    knowledge: AttackerKnowledge,
    demands: ProtectionRequirements,
    *,
    pool: Ints | None = None,
    moves: Sequence[tuple[Ints, Ints]] = (),
    waived: Sequence[tuple[int, int]] = (),
    explain: bool = True,
    whole: bool = True,
    seconds: float = 60,
    progress: Progress = no_progress,
) -> Audit:
    """
    The audit of what a reader knows against what each cell must withstand.

    `pool` are candidate feasible tables over all cells and `moves` candidate moves (cells, change),
    from anywhere: what is used of them has been checked here. `waived` are pairs of cells of which
    the person in the first may work out the second. Without `explain` safe cells get no exact range
    and no reason; no verdict needs them. Unless `whole`, blocks of which nothing is demanded are
    left out: `world` then is no whole table.
    """
    auditing = _Auditing(knowledge, demands, frozenset(waived), explain, WorkBudget(seconds))
    everything = list(blocks(knowledge.equations, knowledge.bounds.low, knowledge.bounds.high))
    if not whole:
        asked = demands.must_vary | demands.singletons | (demands.low <= demands.high)
        everything = [block for block in everything if asked[block.cells].any()]
    for done, block in enumerate(everything):
        auditing.block(block, pool, moves_within(block, knowledge.cells.size, moves))
        progress("Checking what a reader can work out", done + 1, len(everything))
    return auditing.result()


class _Auditing:
    def __init__(
        self,
        knowledge: AttackerKnowledge,
        demands: ProtectionRequirements,
        excused: frozenset[tuple[int, int]],
        explain: bool,
        clock: WorkBudget,
    ) -> None:
        self.knowledge, self.excused, self.clock = knowledge, excused, clock
        # More may be found small.
        self.demands = replace(demands, low=demands.low.copy(), high=demands.high.copy())
        size = knowledge.cells.size
        self.low, self.high = knowledge.bounds.low.copy(), knowledge.bounds.high.copy()
        self.seen_low, self.seen_high = np.full(size, NO_UPPER), np.full(size, -1)
        settled = self.low == self.high
        self.seen_low[settled] = self.seen_high[settled] = self.low[settled]
        # The sums that a linear programme took together for a cell.
        self.by: dict[int, list[int]] = {}
        self.ruled_out: dict[int, list[int]] = {}
        self.undecided: set[int] = set()
        # Whoever is alone in a cell knows as much of the same people under another name, and of
        # nobody else.
        self.alias = equal_cells(knowledge.equations, knowledge.bounds.low, knowledge.bounds.high)
        self.disclosed_to_singletons: dict[int, int] = {}
        self.pairs: set[tuple[int, int]] = set()
        self.complaints = list(knowledge.complaints)
        self.table = self.low.copy()
        self.moves: list[Move] = []
        self.singleton_moves: list[tuple[int, int, int]] = []
        self.explain = explain
        self.exact_left = MOST_EXACT if explain else 0
        self.sums_stated: dict[
            int, list[PrintedSum]
        ] = {}  # the sums with a printed total that a hidden cell is part of
        for told in _printed_sums(knowledge, demands) if explain else ():
            for cell in told.hidden:
                self.sums_stated.setdefault(cell, []).append(told)

    def block(self, block: Block, pool: Ints | None, moves: Sequence[Move]) -> None:
        """Examine one block; the feasible table and the moves that prove its verdicts are kept."""
        candidates = () if pool is None else (world[block.cells] for world in pool)
        shown = explore(block, self._needs(block), candidates, moves, clock=self.clock)
        if shown.contradiction:
            self._contradict(block)
            return
        self._note(block, shown)
        if shown.witness is None:
            return
        ranges = _ranges_of(block, shown.witness)
        newly = self._find_small(block, ranges)
        if newly:
            nobody = np.zeros(0, dtype=np.int64)
            needs = BlockRequirements(tuple(newly), nobody, nobody, self.alias[block.cells])
            self._note(block, explore(block, needs, [shown.witness.table], clock=self.clock))
        self._exact_ranges(block, ranges)

    def _needs(self, block: Block) -> BlockRequirements:
        demands = self.demands
        wanted = [
            (place, value)
            for place, cell in enumerate(block.cells.tolist())
            for value in range(int(demands.low[cell]), int(demands.high[cell]) + 1)
        ]
        two = np.flatnonzero(demands.must_vary[block.cells])
        return BlockRequirements(
            tuple(wanted),
            two,
            np.flatnonzero(demands.singletons[block.cells]),
            self.alias[block.cells],
        )

    def _note(self, block: Block, shown: ExplorationResult) -> None:
        if shown.witness is not None:
            self._keep(block, shown.witness, shown.singleton_moves)
        for place, value in shown.impossible:
            self.ruled_out.setdefault(int(block.cells[place]), []).append(value)
        for place in shown.single_valued:
            cell = int(block.cells[place])
            self.low[cell] = self.high[cell] = self.seen_low[cell]
        self.undecided.update(int(block.cells[place]) for place in shown.undecided)
        for place, other in shown.disclosed_to_singletons:
            one, cell = int(block.cells[place]), int(block.cells[other])
            if (one, cell) not in self.excused:
                self.disclosed_to_singletons.setdefault(cell, one)
                self.pairs.add((one, cell))

    def _keep(self, block: Block, proof: Witness, alone: Iterable[tuple[int, int, int]]) -> None:
        """
        Blocks share no sum, so that their feasible tables side by side are one, and a move of one
        is a move of all.
        """
        self._see(block, proof)
        self.table[block.cells] = proof.table
        before = len(self.moves)
        self.moves += (Move(block.cells[move.cells], move.change) for move in proof.moves)
        for one, number, often in alone:
            self.singleton_moves.append(
                (int(block.cells[one]), before + number if often else -1, often)
            )

    def _contradict(self, block: Block) -> None:
        names = [self.knowledge.cells.words(int(cell)) for cell in block.cells[:3]]
        self.complaints.append(
            f"what is printed around {listed(names)} contradicts itself when its sums are taken "
            f"together"
        )
        self.undecided.update(int(cell) for cell in block.cells if self.demands.must_vary[cell])

    def _find_small(self, block: Block, ranges: AttackerProblem) -> list[tuple[int, int]]:
        """
        The values that must be possible of cells which turn out, by several sums together, to be
        small.
        """
        found = []
        for place, cell in enumerate(block.cells.tolist()):
            small = int(self.demands.small[cell])
            known = self.demands.low[cell] <= self.demands.high[cell]
            if known or not self.demands.must_vary[cell] or self.seen_high[cell] >= small:
                continue
            if not self.clock.left:
                self.undecided.add(cell)
                continue
            if ranges.can_exceed(place, small, clock=self.clock):
                continue
            self._reach(block, ranges, place, highest=True)
            if self.high[cell] < small:
                found += [(place, value) for value in range(int(self.knowledge.low[cell]), small)]
                self.demands.low[cell], self.demands.high[cell] = (
                    self.knowledge.low[cell],
                    small - 1,
                )
        self._see(block, ranges.proof)
        return found

    def _exact_ranges(self, block: Block, ranges: AttackerProblem) -> None:
        """Work out the ends of ranges that no known move reaches."""
        seen_low, seen_high = self.seen_low[block.cells], self.seen_high[block.cells]
        short = (seen_low > self.low[block.cells]) | (seen_high < self.high[block.cells])
        for place in np.flatnonzero(self.demands.must_vary[block.cells] & short).tolist():
            if self.exact_left <= 0 or not self.clock.left:
                return
            cell = int(block.cells[place])
            if self.seen_low[cell] > self.low[cell]:
                self._reach(block, ranges, place, highest=False)
            if self.seen_high[cell] < self.high[cell]:
                self._reach(block, ranges, place, highest=True)
            self.exact_left -= block.size**2

    def _reach(self, block: Block, ranges: AttackerProblem, place: int, *, highest: bool) -> None:
        """Find a feasible table at one end of a cell's range, or the sums that move this end."""
        cell = int(block.cells[place])
        end = int((self.high if highest else self.low)[cell])
        value, rows = ranges.interval_bound(place, highest=highest, clock=self.clock)
        if value is not None and (value < end if highest else value > end):
            (self.high if highest else self.low)[cell] = value
            self.by[cell] = block.rows[rows].tolist()
        self._see(block, ranges.proof)

    def _see(self, block: Block, proof: Witness) -> None:
        self.seen_low[block.cells] = np.minimum(self.seen_low[block.cells], proof.least)
        self.seen_high[block.cells] = np.maximum(self.seen_high[block.cells], proof.most)

    def result(self) -> Audit:
        findings = tuple(self._finding(cell) for cell in asked_cells(self.demands))
        return Audit(
            findings,
            tuple(self._sums()) if self.explain else (),
            tuple(self.complaints),
            self.knowledge,
            self.demands,
            self.table,
            tuple(self.moves),
            tuple(self.singleton_moves),
            tuple(sorted(self.excused)),
            tuple(sorted(self.pairs)),
            {
                cell: ruled_out
                for cell in asked_cells(self.demands)
                if (ruled_out := tuple(self._ruled_out(cell)))
            },
        )

    def _finding(self, cell: int) -> Finding:
        low, high = int(self.low[cell]), int(self.high[cell])
        verdict, why = self._verdict(cell, low, high)
        return Finding(
            self.knowledge.cells.table_name(cell) or self.knowledge.cells.words(cell),
            self.knowledge.cells.labels(cell),
            low,
            None if high >= self.knowledge.beyond else high,
            bool(
                self.seen_low[cell] == low and self.seen_high[cell] == high < self.knowledge.beyond
            ),
            verdict,
            why,
            self.knowledge.cells.advice(cell),
        )

    def _verdict(self, cell: int, low: int, high: int) -> tuple[Verdict, str]:
        ruled_out = self._ruled_out(cell)
        if low == high and (self.demands.must_vary[cell] or ruled_out):
            return Verdict.EXPOSED, self._reason(cell, low, high)
        if ruled_out:
            reason = self._reason(cell, low, high)
            return Verdict.NARROWED, f"{reason}; it cannot be {listed(str(v) for v in ruled_out)}"
        if cell in self.undecided:
            return (
                Verdict.UNDECIDED,
                "it was not shown to have two values within the work allowed; allow more seconds",
            )
        if cell in self.disclosed_to_singletons:
            one = self.knowledge.cells.words(self.disclosed_to_singletons[cell])
            return (
                Verdict.DISCLOSED_TO_SINGLETON,
                f"the one person in {one}, knowing that it is 1, can work it out",
            )
        return Verdict.SAFE, self._reason(cell, low, high) if self.explain else ""

    def _ruled_out(self, cell: int) -> list[int]:
        """The values that must be possible and are not."""
        needed = range(int(self.demands.low[cell]), int(self.demands.high[cell]) + 1)
        outside = [value for value in needed if value < self.low[cell] or value > self.high[cell]]
        return sorted({*self.ruled_out.get(cell, []), *outside})

    def _reason(self, cell: int, low: int, high: int) -> str:
        printed = self.knowledge.printed_by.get(cell)
        if printed is not None:
            return f"{printed} prints it"
        sums, bounds = self.knowledge.sums, self.knowledge.bounds
        inside = self.knowledge.cells.table_of(cell)
        simple = next(
            (told for told in self.sums_stated.get(cell, []) if sums.most_of(told, cell) == high),
            None,
        )
        if simple is not None and (low == high or low == self.knowledge.low[cell]):
            return sums.conclusion(cell, [simple], low, high, inside=inside)
        rows = self.by.get(cell) or [
            int(row) for row in (bounds.low_by[cell], bounds.high_by[cell]) if row >= 0
        ]
        rows = list(self._chain(rows)) if low == high else rows
        return sums.conclusion(
            cell, [sums.printed_sum(row) for row in rows], low, high, inside=inside
        )

    def _chain(self, rows: Iterable[int]) -> Iterator[int]:
        """The sums behind a conclusion, each after those that settled its other cells first."""
        bounds, seen = self.knowledge.bounds, set()

        def before(row: int) -> Iterator[int]:
            if row in seen:
                return
            seen.add(row)
            matrix = self.knowledge.equations
            for member in matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist():
                if (
                    self.knowledge.low[member] != self.knowledge.high[member]
                    and bounds.low[member] == bounds.high[member]
                ):
                    first = int(
                        bounds.high_by[member]
                        if bounds.high_by[member] >= 0
                        else bounds.low_by[member]
                    )
                    if first >= 0 and first not in seen and len(seen) < 12:
                        yield from before(first)
            yield row

        for row in rows:
            yield from before(row)

    def _sums(self) -> Iterator[str]:
        """What each printed total leaves for the cells hidden under it."""
        for told in dict.fromkeys(told for sums in self.sums_stated.values() for told in sums):
            yield self.knowledge.sums.words_of(told)


def _ranges_of(block: Block, proof: Witness) -> AttackerProblem:
    """
    The ranges of a block. The solver is loaded here and not before: checking a release needs none.
    """
    from nilreturn.disclosure.audit.witnesses import AttackerProblem

    return AttackerProblem(block, proof)


def _printed_sums(
    knowledge: AttackerKnowledge, demands: ProtectionRequirements
) -> Iterator[PrintedSum]:
    """The sums that have a printed total and a hidden cell under it, each once."""
    sums = knowledge.sums
    matrix = knowledge.equations
    unsettled = knowledge.low != knowledge.high
    of_interest = np.flatnonzero(abs(matrix) @ unsettled.astype(np.int64))
    seen: set[tuple[int, ...]] = set()
    for row in of_interest.tolist():
        told = sums.printed_sum(row)
        if sums.rest(told) is None or not demands.must_vary[list(told.hidden)].any():
            continue
        if told.hidden not in seen:
            seen.add(told.hidden)
            yield told
