"""
What each cell of a release must withstand, worked out from the true tables, the policy and the
earlier releases, in the audit's own account of cells and sums.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.audit.examination import examine
from nilreturn.disclosure.audit.findings import ProtectionRequirements, Verdict
from nilreturn.disclosure.model import (
    NO_UPPER,
    AttackerKnowledge,
    Bools,
    Cells,
    Ints,
    PublishedTable,
    attacker_knowledge,
    from_raw,
    printed_zeros,
    propagate_bounds,
    reconcile,
)
from nilreturn.disclosure.policy import Policy, Rule
from nilreturn.tables import RawTable


@dataclass(frozen=True, eq=False)
class Release:
    """
    The true tables of a release under a policy, with what is said `beside` them, and the earlier
    releases as they were printed. `printed` are the tables with what is said beside them as readers
    have them.
    """

    tables: tuple[RawTable, ...]
    policy: Policy
    beside: tuple[PublishedTable, ...]
    printed_before: tuple[PublishedTable, ...]
    seconds: float
    printed: tuple[PublishedTable, ...] = ()

    @cached_property
    def lay_out(self) -> partial[Cells]:
        """
        The cells of this release and the earlier ones, with the groups that what is printed tells.
        """
        return partial(number_cells, zeros=printed_zeros((*self.printed, *self.printed_before)))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(
            self.policy.rule(
                t.name, [d.variable for d in t.dimensions], [v for v, _ in t.population.extents]
            )
            for t in self.tables
        )

    @property
    def floors(self) -> list[int]:
        """
        The least that a reader of each table takes a hidden count to be. With zeros hidden for
        groups it is 0.
        """
        return [
            0 if self.policy.group_disclosure else self.policy.floor(rule) for rule in self.rules
        ]

    @cached_property
    def truth(self) -> AttackerKnowledge:
        """What follows from the true tables and the earlier releases."""
        shown = [
            from_raw(table, np.zeros(table.counts.shape, dtype=np.bool_), floor=0)
            for table in self.tables
        ]
        told = (*shown, *self.beside)
        return attacker_knowledge(
            told,
            self.printed_before,
            number_cells=self.lay_out,
            records_moved=self.policy.records_moved,
        )

    @cached_property
    def earlier(self) -> tuple[PublishedTable, ...]:
        """The earlier releases as they can be true beside the present records."""
        return reconcile(self.printed_before, self.truth)

    @cached_property
    def value(self) -> tuple[Ints, Bools]:
        """The count of each cell, and of which cells it is known."""
        truth = self.truth
        value, is_known = truth.bounds.low.copy(), truth.bounds.low == truth.bounds.high
        asked = ~is_known & (truth.cells.difference | self.secret)
        if asked.any():
            found = examine(truth, _only(asked), explain=False, whole=False, seconds=self.seconds)
            for cell, finding in found.by_cell.items():
                if finding.verdict is Verdict.EXPOSED:
                    value[cell], is_known[cell] = finding.low, True
        return value, is_known

    @cached_property
    def secret(self) -> Bools:
        """Cells that the earlier releases hid, or printed changed."""
        truth, secret = self.truth, np.zeros(self.truth.cells.size, dtype=np.bool_)
        moved = np.zeros(truth.cells.size, dtype=np.bool_)
        moved[sorted(truth.loosened)] = True
        first = len(self.tables) + len(self.beside)
        for number, table in enumerate(self.printed_before, first):
            cells = truth.cells.of_table[number]
            changed = (table.low < table.high) & (table.high < NO_UPPER) & ~moved[cells]
            secret[cells[table.hidden | changed]] = True
        return secret

    def from_earlier_releases(
        self, knowledge: AttackerKnowledge, asked: Bools
    ) -> AttackerKnowledge:
        """What a reader has who has the earlier releases and not this one."""
        bounds = propagate_bounds(knowledge.equations, knowledge.older_low, knowledge.older_high)
        return AttackerKnowledge(
            cells=knowledge.cells,
            equations=knowledge.equations,
            low=knowledge.older_low,
            high=knowledge.older_high,
            bounds=bounds,
            hidden=asked,
            complaints=(),
            printed_by={},
            older_low=knowledge.older_low,
            older_high=knowledge.older_high,
            older_hidden=asked,
            notes=(),
            loosened=frozenset(),
        )

    def demands(self, knowledge: AttackerKnowledge) -> ProtectionRequirements:
        """
        What the release must withstand: no hidden count, small count or small group follows, nor
        what was hidden or changed before; and none of their range is ruled out. What the earlier
        releases give away already is exempt.
        """
        cells = knowledge.cells
        value, is_known = self.value
        small, least, most = self._small()
        self._add_groups(small, least, most)
        older = self.secret & ~self._printed_now() & ~small
        for cell in np.flatnonzero(older).tolist():
            first, last = self._older_range(cell, knowledge)
            if first <= last:
                least[cell], most[cell] = first, last
        before = propagate_bounds(knowledge.equations, knowledge.older_low, knowledge.older_high)
        public = (before.low == before.high) | cells.empty
        asked = (knowledge.hidden | small | self.secret) & ~public
        ranged = asked & (small | older) & self.policy.withstand.ranges
        low: Ints = np.where(ranged, np.maximum(least, before.low), 1)
        high: Ints = np.where(ranged, np.minimum(most, before.high), 0)
        ones = (
            asked & is_known & (value == 1) & self._printed_now() & self.policy.withstand.insiders
        )
        return ProtectionRequirements(asked, low, high, ones, np.zeros(cells.size, dtype=np.int64))

    def _printed_now(self) -> Bools:
        now = np.zeros(self.truth.cells.size, dtype=np.bool_)
        for numbers in self.truth.cells.of_table[: len(self.tables)]:
            now[numbers] = True
        return now

    def _small(self) -> tuple[Bools, Ints, Ints]:
        """The cells that the rules name, and the values of each that must stay possible."""
        cells = self.truth.cells
        small = np.zeros(cells.size, dtype=np.bool_)
        least, most = np.full(cells.size, NO_UPPER), np.zeros(cells.size, dtype=np.int64)
        for table, rule, numbers in zip(self.tables, self.rules, cells.of_table, strict=False):
            own = numbers[rule.small(table) & ~cells.empty[numbers]]
            low, high = self.policy.required(rule)
            small[own] = True
            least[own], most[own] = np.minimum(least[own], low), np.maximum(most[own], high)
        return small, least, most

    def _add_groups(self, small: Bools, least: Ints, most: Ints) -> None:
        cells = self.truth.cells
        value, is_known = self.value
        for cell in np.flatnonzero(cells.difference & is_known).tolist():
            threshold = self.threshold_of(cells.units[cell], cells.apart(cell))
            of_people = any(map(self.policy.describes_people, cells.apart(cell)))
            if not of_people or not 1 <= value[cell] < threshold:
                continue
            small[cell] = True
            # Like two hidden cells of one row together: it may not follow, and has no range.
            if cells.is_of_two(cell):
                least[cell], most[cell] = 1, 0
                continue
            least[cell], most[cell] = 1, threshold - 1
            if isinstance(self.policy.requirement, int):
                most[cell] = min(most[cell], self.policy.requirement)

    def threshold_of(self, unit: str, apart: Collection[str] = ()) -> int:
        """
        The strictest threshold among tables of a unit: what two tables tell falls under both their
        rules. What is told `apart` by keywords alone falls under the rules of the tables of those
        keywords.
        """
        of_unit = [
            (table, rule)
            for table, rule in zip(self.tables, self.rules, strict=True)
            if table.unit == unit
        ]
        keywords = {d.variable for table, _ in of_unit for d in table.dimensions if not d.additive}
        if apart and keywords.issuperset(apart):
            of_unit = [
                (table, rule) for table, rule in of_unit if not _variables(table).isdisjoint(apart)
            ]
        return max((rule.threshold for _, rule in of_unit), default=self.policy.threshold.value)

    def _older_range(self, cell: int, knowledge: AttackerKnowledge) -> tuple[int, int]:
        """
        The small counts that an earlier release left possible of a cell, as far as the true tables
        do.
        """
        value, is_known = self.value
        threshold = self.threshold_of(knowledge.cells.units[cell])
        if is_known[cell]:
            if not 1 <= value[cell] < threshold:
                return 1, 0
        elif self.truth.bounds.low[cell] >= threshold:
            return 1, 0
        low = max(
            int(knowledge.older_low[cell]),
            0 if is_known[cell] else int(self.truth.bounds.low[cell]),
        )
        high = (
            threshold - 1
            if is_known[cell]
            else min(threshold - 1, int(self.truth.bounds.high[cell]))
        )
        return low, min(high, int(knowledge.older_high[cell]))


def _variables(table: RawTable) -> set[str]:
    """Those that the table is divided by or restricted to a part of."""
    return {
        *(d.variable for d in table.dimensions),
        *(variable for variable, _ in table.population.extents),
    }


def _only(asked: Bools) -> ProtectionRequirements:
    """Nothing but that these cells have two values."""
    none = np.zeros(len(asked), dtype=np.int64)
    return ProtectionRequirements(
        asked, none + 1, none.copy(), np.zeros(len(asked), dtype=np.bool_), none.copy()
    )
