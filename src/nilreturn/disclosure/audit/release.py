"""
The audit of a release before it goes out. It derives what it demands by itself and takes nothing on
trust: what suppression hands over as evidence is checked, and a cell is excused only where it could
not be kept from a reader with everything hidden that may be.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from nilreturn.disclosure.audit.clashes import clashing
from nilreturn.disclosure.audit.demands import Release
from nilreturn.disclosure.audit.examination import examine
from nilreturn.disclosure.audit.findings import Audit, Finding, ProtectionRequirements, Verdict
from nilreturn.disclosure.audit.handed import Handed, Moves
from nilreturn.disclosure.audit.unions import Rules, disclosed_unions
from nilreturn.disclosure.model import (
    AttackerKnowledge,
    Bools,
    Ints,
    PublishedTable,
    attacker_knowledge,
    from_raw,
)
from nilreturn.progress import Progress, no_progress
from nilreturn.wording import listed

Pair = tuple[int, int]
MOST_NAMED = 5  # of cells that follow whatever is hidden: those of which the tables are named
UNAVOIDABLE = {Verdict.NARROWED, Verdict.DISCLOSED_TO_SINGLETON, Verdict.EXPOSED}


@dataclass(frozen=True, eq=False)
class ReleaseAudit:
    """
    The audit, and the earlier releases as it took them. `partially_protected` and `waived` name
    what no choice of hidden cells could have kept whole; `unavoidable` what follows from tables
    that clash whatever is hidden, and is refused. `unions` are small groups that follow together
    and not one by one; with one of them nothing is safe.
    """

    audit: Audit
    earlier: tuple[PublishedTable, ...]
    partially_protected: tuple[str, ...]
    waived: tuple[str, ...]
    unavoidable: tuple[str, ...]
    unions: tuple[Finding, ...] = ()

    @property
    def failed(self) -> tuple[Finding, ...]:
        """What is not safe."""
        return (*self.audit.exposures, *self.unions)

    @property
    def is_safe(self) -> bool:
        return self.audit.is_safe and not self.unions


def audit_release(
    printed: Sequence[PublishedTable],
    release: Release,
    *,
    handed: Handed,
    may_hide: bool,
    progress: Progress = no_progress,
) -> ReleaseAudit:
    """
    What a reader of `printed`, the tables and then what is said beside them, can work out together
    with the earlier releases, against what must be withstood.

    `may_hide` where the method hides cells: only then is something excused for the reason that
    hiding all would not help.
    """
    release = replace(release, printed=tuple(printed))
    knowledge = attacker_knowledge(
        printed, release.earlier, number_cells=partial(release.lay_out, groups_by_zeros=True)
    )
    auditing = _Auditing(release, knowledge, progress)
    tables, moves = handed.over(
        knowledge.cells, knowledge.equations, knowledge.bounds.low, knowledge.bounds.high
    )
    demands = release.demands(knowledge)
    found = auditing.examined(demands, tables, moves)
    if not found.exposures:
        return ReleaseAudit(found, release.earlier, (), (), (), auditing.unions(found))
    demands, before = auditing.without_public(found)
    excuses = auditing.waivers(found, demands) if may_hide else _Waivers()
    demands = excuses.applied(demands)
    pairs = {*before, *excuses.pairs}
    own_moves = tuple((move.cells, move.change) for move in found.moves)
    final = auditing.examined(demands, found.table[None], own_moves, pairs)
    words = knowledge.cells.words
    return ReleaseAudit(
        final,
        release.earlier,
        tuple(
            f"{words(cell)}: whatever is hidden, it cannot be {_values(v)}"
            for cell, v in excuses.values.items()
        ),
        tuple(
            f"{words(cell)}: by the one person in {words(one)}"
            for one, cell in sorted(excuses.pairs - before)
        ),
        tuple(auditing.unavoidable(final, excuses)),
        auditing.unions(final),
    )


def _values(values: Sequence[int]) -> str:
    return listed([str(value) for value in values])


@dataclass(frozen=True, eq=False)
class _Waivers:
    """
    What stays so with everything hidden: `values` of cells that are ruled out, `pairs` of (cell of
    1, what it gives away), and cells that are `exposed`.
    """

    values: dict[int, tuple[int, ...]] = field(default_factory=dict)
    pairs: frozenset[Pair] = frozenset()
    exposed: frozenset[int] = frozenset()

    def applied(self, demands: ProtectionRequirements) -> ProtectionRequirements:
        """The demands without the values that are ruled out: of the others the longest run."""
        low, high = demands.low.copy(), demands.high.copy()
        for cell, values in self.values.items():
            low[cell], high[cell] = _longest_run(int(low[cell]), int(high[cell]), values)
        return replace(demands, low=low, high=high)


def _longest_run(low: int, high: int, without: Sequence[int]) -> tuple[int, int]:
    """
    The longest run of numbers from `low` to `high` that leaves some out; (1, 0) where there is
    none.

    >>> _longest_run(1, 9, [2, 8])
    (3, 7)
    """
    ends = [low - 1, *sorted(without), high + 1]
    runs = [(after - before - 1, -before) for before, after in itertools.pairwise(ends)]
    length, start = max(runs)
    return (1, 0) if length <= 0 else (1 - start, length - start)


@dataclass(frozen=True, eq=False)
class _Auditing:
    release: Release
    knowledge: AttackerKnowledge
    progress: Progress

    def examined(
        self,
        demands: ProtectionRequirements,
        tables: Ints,
        moves: Moves,
        pairs: Iterable[Pair] = (),
    ) -> Audit:
        return examine(
            self.knowledge,
            demands,
            pool=tables,
            moves=moves,
            waived=sorted(pairs),
            explain=False,
            seconds=self.release.seconds,
            progress=self.progress,
        )

    def unions(self, found: Audit) -> tuple[Finding, ...]:
        """The small unions of groups that follow, of a release that is safe otherwise."""
        release = self.release
        if not found.is_safe:
            return ()

        def of_people(variables: Sequence[str]) -> bool:
            return any(map(release.policy.describes_people, variables))

        return disclosed_unions(
            found,
            Rules(release.threshold_of, of_people, release.from_earlier_releases, release.seconds),
        )

    def without_public(self, found: Audit) -> tuple[ProtectionRequirements, set[Pair]]:
        """
        The demands without what the earlier releases give away by themselves; and whom they give
        away to whom.
        """
        demands = found.demands
        if not self.release.earlier:
            return demands, set()
        failed = _failed(found)
        asked = _of(demands, failed, found.disclosed_to_singletons)
        older = self.release.from_earlier_releases(self.knowledge, failed)
        alone = examine(older, asked, explain=False, whole=False, seconds=self.release.seconds)
        two, low, high = demands.must_vary.copy(), demands.low.copy(), demands.high.copy()
        for cell, finding in alone.by_cell.items():
            if finding.verdict is Verdict.EXPOSED:
                two[cell], low[cell], high[cell] = False, 1, 0
            elif cell in alone.ruled_out:
                low[cell], high[cell] = _longest_run(
                    int(low[cell]), int(high[cell]), alone.ruled_out[cell]
                )
        ones = demands.singletons & two
        return replace(demands, must_vary=two, low=low, high=high, singletons=ones), set(
            alone.disclosed_to_singletons
        )

    def waivers(self, found: Audit, demands: ProtectionRequirements) -> _Waivers:
        """What of the findings would be so with everything hidden."""
        asked = _of(demands, _failed(found), found.disclosed_to_singletons)
        tables = (*self._everything_hidden(), *self.release.beside)
        hidden = attacker_knowledge(tables, self.release.earlier, number_cells=self.release.lay_out)
        own_moves = [(move.cells, move.change) for move in found.moves]
        least = examine(
            hidden,
            asked,
            pool=found.table[None],
            moves=own_moves,
            explain=False,
            whole=False,
            seconds=self.release.seconds,
        )
        by_cell = least.by_cell
        exposed = frozenset(cell for cell, f in by_cell.items() if f.verdict is Verdict.EXPOSED)
        narrow = {
            cell: tuple(v for v in found.ruled_out.get(cell, ()) if v in values)
            for cell, values in least.ruled_out.items()
            if cell not in exposed
        }
        pairs = frozenset(
            pair
            for pair in found.disclosed_to_singletons
            if pair in set(least.disclosed_to_singletons)
        )
        return _Waivers({cell: values for cell, values in narrow.items() if values}, pairs, exposed)

    def unavoidable(self, found: Audit, excuses: _Waivers) -> Iterator[str]:
        """What follows although everything is hidden, and from which tables."""
        cells = self.knowledge.cells
        tables = (
            *self._everything_hidden(but_public=False),
            *self.release.beside,
            *self.release.earlier,
        )
        for cell in sorted(excuses.exposed)[:MOST_NAMED]:
            if found.by_cell[cell].verdict is not Verdict.EXPOSED or cells.difference[cell]:
                continue  # of a group its advice says what tells it
            table = cells.table_of(cell)
            if table is None:
                continue
            place = int(np.flatnonzero(cells.of_table[table].reshape(-1) == cell)[0])
            names = clashing(tables, table, place, seconds=self.release.seconds)
            together = f"{listed(names)} together, " if len(names) > 1 else ""
            yield (
                f"{cells.words(cell)}: follows from {together}whatever is hidden"
                if together
                else (f"{cells.words(cell)}: follows, whatever is hidden")
            )

    def _everything_hidden(self, *, but_public: bool = True) -> list[PublishedTable]:
        """
        The tables with all hidden that may be: zeros stay where the policy prints them, and what is
        public.
        """
        release = self.release
        before = (self.knowledge.older_low == self.knowledge.older_high) & but_public
        hidden = []
        for table, rule, floor, numbers in zip(
            release.tables,
            release.rules,
            release.floors,
            self.knowledge.cells.of_table,
            strict=False,
        ):
            zeros = (table.counts == 0) & (
                rule.zeros_printed and not release.policy.group_disclosure
            )
            flags: Bools = ~zeros & ~before[numbers] & ~self.knowledge.cells.empty[numbers]
            hidden.append(from_raw(table, flags, floor=floor))
        return hidden


def _failed(found: Audit) -> Bools:
    """The cells that are not safe, other than those left undecided."""
    failed = np.zeros(found.knowledge.cells.size, dtype=np.bool_)
    failed[[cell for cell, finding in found.by_cell.items() if finding.verdict in UNAVOIDABLE]] = (
        True
    )
    return failed


def _of(
    demands: ProtectionRequirements, failed: Bools, pairs: Iterable[Pair]
) -> ProtectionRequirements:
    """
    What is demanded of some cells, where only the cells of 1 of these pairs are read by the person
    in them.
    """
    ones = np.zeros_like(failed)
    ones[[one for one, _ in pairs]] = True
    low, high = np.where(failed, demands.low, 1), np.where(failed, demands.high, 0)
    return ProtectionRequirements(
        failed & demands.must_vary, low, high, ones & demands.singletons, demands.small
    )
