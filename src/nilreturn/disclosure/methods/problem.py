"""
From tables, policy and earlier releases to the flat problem that suppression solves.

Counts that no table has (what an earlier release hid, what only a difference would tell) are filled
in with one integer table that agrees with all that is known. Any such table serves: a cell that a
reader would know to be small is small in every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from nilreturn.disclosure.linked_tables import build_cells, extent_of
from nilreturn.disclosure.methods.given_away import feasible_table, given_away
from nilreturn.disclosure.model import (
    NO_UPPER,
    AttackerKnowledge,
    Bools,
    Ints,
    PublishedTable,
    attacker_knowledge,
    from_raw,
    printed_zeros,
    reconcile,
)
from nilreturn.disclosure.policy import Policy, Rule
from nilreturn.disclosure.suppression import SuppressionProblem
from nilreturn.errors import DisclosureError, TableError
from nilreturn.tables import RawTable
from nilreturn.wording import counted, in_words


@dataclass(frozen=True, eq=False)
class Problem:
    """
    The system, and what its cells mean: `truth` numbers them, `known` are the earlier releases as
    they can be true now, `rules` hold for each table, `public` are cells whose count earlier
    releases give away already.
    """

    system: SuppressionProblem
    truth: AttackerKnowledge
    known: tuple[PublishedTable, ...]
    rules: tuple[Rule, ...]
    public: Bools
    small: Bools  # hidden because the rule names them, among cells of the tables
    notes: tuple[str, ...]
    with_implied: bool = False  # whether what is implied is among the equations

    def in_table(self, number: int, cells: Bools) -> Bools:
        """A flag of each cell as the array of one table."""
        flags: Bools = cells[self.truth.cells.of_table[number]]
        return flags


def rules_of(tables: Sequence[RawTable], policy: Policy) -> tuple[Rule, ...]:
    """What holds for each table."""
    return tuple(
        policy.rule(
            t.name,
            [d.variable for d in t.dimensions],
            [variable for variable, _ in t.population.extents],
        )
        for t in tables
    )


def check_additive(tables: Sequence[RawTable]) -> None:
    """
    Raise `TableError` unless the tables can be protected together: names differ, margins add up,
    and no cell has two counts. Sums that do not hold are named; their counts are not.
    """
    names = [table.name for table in tables]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TableError(f"two tables are called {twice}; give each its own name")
    shown = [
        from_raw(table, np.zeros(table.counts.shape, dtype=np.bool_), floor=0) for table in tables
    ]
    knowledge = attacker_knowledge(
        shown, number_cells=build_cells, names_only=True, others_see_less=True
    )
    if knowledge.complaints:
        number = len(knowledge.complaints)
        raise TableError(
            f"the counts contradict themselves in {counted(number, 'place')}; correct the margins "
            "or what the categories cover",
            details=knowledge.complaints[:20],
        )


def build_problem(
    tables: Sequence[RawTable],
    policy: Policy,
    known: Sequence[PublishedTable] = (),
    *,
    with_implied: bool = False,
) -> Problem:
    """
    The problem of protecting `tables` under `policy` from readers who have `known`. What is implied
    (`implied`) seldom tells more, and makes the search long, so that it is left out unless asked
    for.
    """
    check_additive(tables)
    rules = rules_of(tables, policy)
    shown = [
        from_raw(table, np.zeros(table.counts.shape, dtype=np.bool_), floor=0) for table in tables
    ]
    strictest = max((rule.threshold for rule in rules), default=policy.threshold.value)
    laid = partial(
        build_cells, zeros=_printed_zeros(shown, known, rules, policy), threshold=strictest
    )
    moved = policy.records_moved
    truth = attacker_knowledge(
        shown, known, number_cells=laid, records_moved=moved, names_only=True, others_see_less=True
    )
    if truth.complaints:
        raise DisclosureError(
            "the counts and an earlier release of the same records contradict each other; nothing "
            "can be protected until one of them is corrected",
            details=_first(truth.complaints),
        )
    return _ProblemBuilder(
        tables, policy, truth, reconcile(known, truth), rules, with_implied
    ).problem()


def _printed_zeros(
    shown: Sequence[PublishedTable],
    known: Sequence[PublishedTable],
    rules: Sequence[Rule],
    policy: Policy,
) -> list[Bools]:
    """The cells of each table that readers are told to be 0, whatever is hidden."""
    zeros = printed_zeros((*shown, *known))
    for flags, rule in zip(zeros, rules, strict=False):
        flags &= rule.zeros_printed and not policy.group_disclosure
    return zeros


def _first(complaints: Sequence[str]) -> tuple[str, ...]:
    """The first contradiction: those found after it may only follow from it."""
    more = len(complaints) - 1
    return (
        complaints[0],
        *([f"{in_words(more, 'further sum')} cannot hold beside it"] if more else ()),
    )


class _ProblemBuilder:
    def __init__(
        self,
        tables: Sequence[RawTable],
        policy: Policy,
        truth: AttackerKnowledge,
        known: tuple[PublishedTable, ...],
        rules: tuple[Rule, ...],
        with_implied: bool,
    ) -> None:
        self.with_implied = with_implied
        self.tables, self.policy, self.truth, self.known, self.rules = (
            tables,
            policy,
            truth,
            known,
            rules,
        )
        size = truth.cells.size
        self.value = _is_settled_table(truth)
        self.weight = np.zeros(size)
        self.primary, self.fixed, self.small = (np.zeros(size, dtype=np.bool_) for _ in range(3))
        self.printed_now = np.zeros(size, dtype=np.bool_)
        self.lower = truth.older_low.copy()
        self.upper = truth.older_high.copy()
        self.protect_low, self.protect_high = (
            np.zeros(size, dtype=np.int64),
            np.zeros(size, dtype=np.int64),
        )

    def problem(self) -> Problem:
        for number in range(len(self.tables)):
            self._table(number)
        if self.policy.group_disclosure:
            for number in range(len(self.tables)):
                self._groups(number)
        self._older()
        self._differences()
        public = self._public()
        self.fixed |= public | (self.upper == self.lower)
        self.primary &= ~public & ~self.fixed
        self.protect_low = np.clip(self.protect_low, self.lower, self.upper)
        self.protect_high = np.clip(self.protect_high, self.protect_low, self.upper)
        # An older figure that is itself printed is fixed; all else that no table prints now costs
        # nothing.
        latent = ~self.printed_now & ~self.fixed
        free = latent & ~self.primary & (self.lower == 0) & (self.upper == NO_UPPER)
        equations = self.truth.equations
        if not self.with_implied and len(self.truth.cells.implied):
            own = equations[:, self.truth.cells.implied[:, 2]]
            equations = equations[np.flatnonzero(np.diff(own.indptr) == 0)]
        equations = _binding(equations, free)
        used = np.zeros(self.truth.cells.size, dtype=np.bool_)
        used[equations.indices] = True
        self.fixed |= free & ~used
        latent &= ~self.fixed
        system = SuppressionProblem(
            self.value,
            equations,
            np.where(self.printed_now, self.weight, 0.0),
            self.primary,
            self.fixed,
            latent,
            self.lower,
            self.upper,
            self.protect_low,
            self.protect_high,
            self.truth.cells.place,
        )
        return Problem(
            system,
            self.truth,
            self.known,
            self.rules,
            public,
            self.small,
            self.truth.notes,
            self.with_implied,
        )

    def _table(self, number: int) -> None:
        table, rule = self.tables[number], self.rules[number]
        cells = self.truth.cells.of_table[number].reshape(-1)
        counts = table.counts.reshape(-1)
        least, most = self.policy.required(rule)
        small = rule.small(table).reshape(-1)
        small &= ~self.truth.cells.empty[cells]  # nobody can be in there, as everyone knows
        self.printed_now[cells] = True
        for cell, count, is_small, weight in zip(
            cells, counts, small, self._weights(table), strict=True
        ):
            self.weight[cell] = max(self.weight[cell], weight)
            if is_small:
                self.protect_low[cell] = (
                    min(self.protect_low[cell], least) if self.primary[cell] else least
                )
                self.protect_high[cell] = max(self.protect_high[cell], most)
                self.primary[cell] = self.small[cell] = True
            if count:
                self.lower[cell] = max(self.lower[cell], self.policy.floor(rule))
        zeros = cells[(counts == 0) & ~small]
        self.fixed[zeros[~self.primary[zeros]]] = True
        self.fixed[cells[small]] = False

    def _weights(self, table: RawTable) -> Iterator[float]:
        elsewhere = [extent for _, extent in table.population.extents]
        extents = [[extent_of(c, {}) for c in d.categories] for d in table.dimensions]
        roots = [d.total.label for d in table.dimensions]
        for index, (labels, count) in zip(
            np.ndindex(table.counts.shape), table.cells(), strict=True
        ):
            told = [e for axis, i in enumerate(index) if (e := extents[axis][i]) is not None]
            totals = sum(label == root for label, root in zip(labels, roots, strict=True))
            yield self.policy.weight(
                count,
                totals=totals,
                dimensions=len(roots),
                extents=[*told, *elsewhere] if told else elsewhere,
            )

    def _groups(self, number: int) -> None:
        """
        Where everyone under a margin is in one category, hide that category and the zeros beside
        it: a reader who sees the zeros would know what everyone in the margin is.
        """
        table = self.tables[number]
        cells = self.truth.cells.of_table[number]
        for axis, dimension in enumerate(table.dimensions):
            lines = np.moveaxis(cells, axis, 0).reshape(len(dimension.categories), -1)
            place = {label: i for i, label in enumerate(dimension.labels)}
            for parent in dimension.labels:
                below = [place[c.label] for c in dimension.children(parent)]
                if not dimension.additive or len(below) < 2:
                    continue
                for line in lines[below].T:
                    if np.count_nonzero(self.value[line]) == 1:
                        self._hide_group(line)

    def _hide_group(self, line: Ints) -> None:
        for cell in line[~self.truth.cells.empty[line]].tolist():
            if not self.primary[cell]:
                self.protect_low[cell], self.protect_high[cell] = (
                    (0, 1) if self.value[cell] == 0 else (self.value[cell],) * 2
                )
            self.lower[cell] = self.truth.older_low[cell]
            self.primary[cell] = self.small[cell] = True
            self.fixed[cell] = False

    def _older(self) -> None:
        """
        What an earlier release printed is fixed; what it hid stays hidden, and keeps the range it
        has.
        """
        older = self.truth.older_hidden & ~self.primary
        self.primary |= older
        self.fixed &= ~older
        most = self._strictest("").threshold - 1
        largest = np.where(self.printed_now, self.value, np.maximum(self.truth.older_low, most))
        self.protect_low[older] = np.where(self.printed_now, self.value, self.truth.older_low)[
            older
        ]
        self.protect_high[older] = np.where(self.printed_now, self.value, largest)[older]
        printed = (self.truth.older_low == self.truth.older_high) & ~self.truth.older_hidden
        self.fixed |= printed
        self.primary &= ~printed

    def _differences(self) -> None:
        """
        Small groups that printed figures tell apart are protected, where what tells them apart
        describes people.
        """
        cells = self.truth.cells
        for cell in np.flatnonzero(cells.difference & ~self.fixed).tolist():
            apart = cells.apart(cell)
            rule = self._strictest(cells.units[cell], apart)
            describes_people = not apart or any(
                self.policy.describes_people(variable) for variable in apart
            )
            if 1 <= self.value[cell] < rule.threshold and describes_people:
                self.primary[cell] = True
                self.protect_low[cell], self.protect_high[cell] = self.policy.required(rule)

    def _strictest(self, unit: str, apart: Sequence[str] = ()) -> Rule:
        """
        The strictest rule among tables of a unit, zeros aside: a difference of two falls under both
        their rules. One that only keywords tell `apart` falls under the rules of the tables of
        those keywords.
        """
        own = [
            (table, rule.threshold)
            for table, rule in zip(self.tables, self.rules, strict=True)
            if table.unit == unit
        ]
        overlapping = {d.variable for table, _ in own for d in table.dimensions if not d.additive}
        thresholds = [
            threshold
            for table, threshold in own
            if not apart or not set(apart) <= overlapping or _is_of(table, apart)
        ]
        return Rule(max(thresholds, default=self.policy.threshold.value), True, "")

    def _public(self) -> Bools:
        """
        The cells whose count the earlier releases give away by themselves: there is nothing left to
        protect.
        """
        size = self.truth.cells.size
        if not self.known:
            return np.zeros(size, dtype=np.bool_)
        asked = self.primary & (self.truth.older_hidden | self.truth.cells.difference)
        low, high = given_away(
            self.truth.equations, self.truth.older_low, self.truth.older_high, asked
        )
        self.protect_low[asked] = np.minimum(np.maximum(self.protect_low, low), high)[asked]
        self.protect_high[asked] = np.maximum(
            np.minimum(self.protect_high, high), self.protect_low
        )[asked]
        self._keep_ranges(low, high)
        public: Bools = low == high
        return public

    def _keep_ranges(self, low: Ints, high: Ints) -> None:
        """Clip each cell's protection interval to what earlier releases still leave possible."""
        self.lower = np.where(
            self.printed_now, np.maximum(self.lower, np.minimum(low, self.value)), self.lower
        )
        self.upper = np.where(self.printed_now, np.minimum(self.upper, high), self.upper)


def _is_of(table: RawTable, variables: Sequence[str]) -> bool:
    """Whether a table is divided by one of the variables, or restricted to a part of it."""
    named = (
        *(d.variable for d in table.dimensions),
        *(variable for variable, _ in table.population.extents),
    )
    return any(variable in named for variable in variables)


def _is_settled_table(truth: AttackerKnowledge) -> Ints:
    """
    Counts for all cells: those told, and for the rest one integer table that agrees with them.
    """
    value = feasible_table(truth.equations, truth.bounds.low, truth.bounds.high)
    if value is None:
        raise DisclosureError(
            "the earlier releases contradict the counts, or each other, when their sums are taken "
            "together; check the register for a release of other records"
        )
    return value


def _binding(equations: sparse.csr_matrix, free: Bools) -> sparse.csr_matrix:
    """
    The equations without those that only define a total which is `free`: nothing is known of it,
    nor asked.
    """
    kept = np.ones(equations.shape[0], dtype=np.bool_)
    entries = equations.tocoo()
    while True:
        inside = kept[entries.row]
        times = np.bincount(entries.col[inside], minlength=equations.shape[1])
        gone = np.unique(
            entries.row[inside & (times == 1)[entries.col] & free[entries.col] & (entries.data > 0)]
        )
        if not len(gone):
            return sparse.csr_matrix(equations[np.flatnonzero(kept)])
        kept[gone] = False
