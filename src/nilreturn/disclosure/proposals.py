"""
What to merge where much is hidden: "Unknown" with a neighbour, two years, two areas; with what that
would show again.

Each proposal is the outcome of really protecting the merged tables, audit included, so that what it
says can be had: short of another choice of hidden cells where the choice made would itself give a
count away. Proposals tell which counts were hidden, so they are for the reviewer and the force's
own papers, never for release.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nilreturn.disclosure.methods import Merge, is_range, is_unknown, merged, rules_of
from nilreturn.disclosure.model import Bools, PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.protection import Protection, protect, tried
from nilreturn.errors import DisclosureError, TableError
from nilreturn.progress import Progress, no_progress
from nilreturn.tables import Category, Dimension, RawExtreme, RawTable, SafeTable
from nilreturn.wording import in_words

LARGE = 10  # times the threshold: a hidden count above it is one that a requester misses
MOST_TRIES = 6
MOST_TRIES_OF_A_REFUSAL = 3  # each may take as long as the refusal did
# Of all tries, and the earlier releases with each; counted, so the same on any machine.
MOST_CELLS_TRIED = 3_000
# Other categories that a named one (an area) is tried with: those of the fewest people.
MOST_PARTNERS = 3
MOST_PROPOSALS = 3
MOST_NAMED = 3  # cells that a proposal names
SECONDS = 1.0  # of work for each try: what comes out is safe in any case


@dataclass(frozen=True, slots=True)
class Tried:
    """
    A merge that was protected: the cells that are hidden without it and printed with it, and what
    it still hides.
    """

    merge: Merge
    title: str
    # The table's title and the cell's labels, the largest counts first.
    again: tuple[tuple[str, str], ...]
    people_again: int
    hidden: int

    @property
    def words(self) -> str:
        """One line, without any count of the tables."""
        first = f"merging '{self.merge.first}' and '{self.merge.second}' ({self.title})"
        by_table = itertools.groupby(
            sorted(self.again[:MOST_NAMED], key=lambda each: each[0]), key=lambda each: each[0]
        )
        named = "; ".join(
            f"{title}: {', '.join(cell for _, cell in cells)}" for title, cells in by_table
        )
        more = f"; and {len(self.again) - MOST_NAMED} more" if len(self.again) > MOST_NAMED else ""
        return (
            f"{first} would show again {named}{more}; {in_words(self.hidden, 'cell')} would "
            f"stay hidden"
        )


def protect_and_propose(
    tables: Sequence[RawTable],
    policy: Policy,
    *,
    extremes: Sequence[RawExtreme] = (),
    statements: Sequence[PublishedTable] = (),
    known: Sequence[PublishedTable] = (),
    progress: Progress = no_progress,
) -> Protection:
    """
    As `protect`; where a large count or a whole row is hidden the report proposes what to merge. A
    refusal says which merges would be safe.
    """
    trying = _Trying(tables, policy, extremes, statements, known, progress)
    try:
        protection = protect(
            tables, policy, extremes=extremes, statements=statements, known=known, progress=progress
        )
    except DisclosureError as error:
        safe = tuple(
            f"merging '{tried.merge.first}' and '{tried.merge.second}' ({tried.title}) would be "
            f"safe"
            for tried in trying.of(None)
        )
        raise DisclosureError(str(error), details=(*error.details, *safe)) from error
    if policy.method != "suppression" or not _much_is_hidden(tables, protection.tables, policy):
        return protection
    hidden = sum(table.hidden for table in protection.tables)
    better = [
        tried for tried in trying.of(protection.tables) if tried.again and tried.hidden < hidden
    ]
    proposals = tuple(tried.words for tried in better[:MOST_PROPOSALS])
    return replace(protection, report=replace(protection.report, proposals=proposals))


def _much_is_hidden(tables: Sequence[RawTable], safe: Sequence[SafeTable], policy: Policy) -> bool:
    """Whether a count over ten times the threshold is hidden, or a whole row."""
    for raw, printed, rule in zip(tables, safe, rules_of(tables, policy), strict=True):
        hidden = hidden_in(printed)
        limit = LARGE * (rule.threshold if rule.threshold > 1 else policy.threshold.value)
        if (raw.counts[hidden] > limit).any() or any(_rows_gone(raw, hidden)):
            return True
    return False


def hidden_in(table: SafeTable) -> Bools:
    """Which cells of a table are hidden, as an array of its shape."""
    flags = np.array([cell.value is None for _, cell in table.cells()], dtype=np.bool_)
    return flags.reshape(tuple(len(d.categories) for d in table.dimensions))


def _rows_gone(table: RawTable, hidden: Bools) -> Iterator[bool]:
    """
    Of each row below a total, whether all in it that is not zero is hidden, its own total included.
    """
    if len(table.dimensions) < 2:
        return
    for axis, size in enumerate(table.counts.shape):
        counts, flags = (
            np.moveaxis(a, axis, 0).reshape(size, -1)[1:] for a in (table.counts, hidden)
        )
        yield from (
            bool(row.any() and gone[row > 0].all()) for row, gone in zip(counts, flags, strict=True)
        )


class _Trying:
    def __init__(
        self,
        tables: Sequence[RawTable],
        policy: Policy,
        extremes: Sequence[RawExtreme],
        statements: Sequence[PublishedTable],
        known: Sequence[PublishedTable],
        progress: Progress,
    ) -> None:
        self.tables, self.extremes, self.known, self.progress = tables, extremes, known, progress
        self.statements = statements
        self.policy = policy.model_copy(update={"seconds": min(policy.seconds, SECONDS)})
        self.rules = rules_of(tables, policy)

    def of(self, safe: Sequence[SafeTable] | None) -> list[Tried]:
        """
        The merges that can be protected, the best first; `safe` is what would be printed without
        any.
        """
        hidden = [np.ones(t.counts.shape, dtype=np.bool_) for t in self.tables]
        if safe is not None:
            hidden = [hidden_in(table) for table in safe]
        ranked = sorted(dict.fromkeys(self._merges(hidden)), key=self._promise)
        size = sum(table.counts.size for table in self.tables) + sum(
            table.low.size for table in self.known
        )
        tries = MOST_TRIES if safe is not None else MOST_TRIES_OF_A_REFUSAL
        ranked = ranked[: min(tries, MOST_CELLS_TRIED // max(1, size))]
        found = []
        for number, merge in enumerate(ranked):
            self.progress("Trying what to merge", number, len(ranked))
            if (tried := self._try(merge, hidden)) is not None:
                found.append(tried)
        return sorted(found, key=lambda tried: (tried.hidden, -tried.people_again))

    def _promise(self, merge: Merge) -> tuple[int, int, tuple[str, str, str]]:
        """The fewest small counts left first, then the fewest people merged."""
        small = people = 0
        for table, rule in zip(self.tables, self.rules, strict=True):
            coarse = merged(table, merge)
            small += int(rule.small(coarse).sum())
            if coarse is not table:
                people += sum(
                    _people(table, merge.variable, label) for label in (merge.first, merge.second)
                )
        return small, people, (merge.variable, merge.first, merge.second)

    def _merges(self, hidden: Sequence[Bools]) -> Iterator[Merge]:
        for table, flags in zip(self.tables, hidden, strict=True):
            for axis, dimension in enumerate(table.dimensions):
                if dimension.additive and not dimension.qualifies:
                    lines = np.moveaxis(flags, axis, 0).reshape(len(dimension.categories), -1)
                    touched = {
                        c.label
                        for c, line in zip(dimension.categories, lines, strict=True)
                        if line.any()
                    }
                    for first, second in _pairs(table, dimension, touched):
                        yield Merge(dimension.variable, first, second)

    def _try(self, merge: Merge, hidden: Sequence[Bools]) -> Tried | None:
        coarse = [merged(table, merge) for table in self.tables]
        try:
            safe = tried(
                coarse,
                self.policy,
                extremes=self.extremes,
                statements=self.statements,
                known=self.known,
            )
        except (DisclosureError, TableError):
            return None
        again = []
        for raw, joint, flags, printed in zip(self.tables, coarse, hidden, safe, strict=True):
            was_hidden = dict(
                zip((labels for labels, _ in raw.cells()), flags.reshape(-1).tolist(), strict=True)
            )
            joined = _joined(raw, joint, merge)
            for labels, cell in printed.cells():
                parts = joined.get(labels, (labels,))
                if cell.value is not None and any(was_hidden.get(part, False) for part in parts):
                    again.append((cell.value, raw.title, " / ".join(labels) or "the figure"))
        title = next(
            d.title for t in self.tables for d in t.dimensions if d.variable == merge.variable
        )
        again.sort(key=lambda each: -each[0])
        people, named = (
            sum(count for count, *_ in again),
            tuple((table, cell) for _, table, cell in again),
        )
        return Tried(merge, title, named, people, sum(table.hidden for table in safe))


def _joined(
    raw: RawTable, coarse: RawTable, merge: Merge
) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Of each cell of the merged category, the two cells that it was."""
    for axis, (before, after) in enumerate(zip(raw.dimensions, coarse.dimensions, strict=True)):
        new = [label for label in after.labels if label not in before.labels]
        if before.variable == merge.variable and new:
            cells = [labels for labels, _ in coarse.cells() if labels[axis] == new[0]]
            both = (merge.first, merge.second)
            return {
                labels: tuple((*labels[:axis], one, *labels[axis + 1 :]) for one in both)
                for labels in cells
            }
    return {}


def _people(table: RawTable, variable: str, label: str) -> int:
    axis = next(i for i, d in enumerate(table.dimensions) if d.variable == variable)
    index = [0] * len(table.dimensions)
    index[axis] = table.dimensions[axis].labels.index(label)
    return int(table.counts[tuple(index)])


def _pairs(table: RawTable, dimension: Dimension, touched: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of categories under one parent of which one at least has a hidden cell."""
    leaves = sorted(
        (c for c in dimension.leaves if c.parent is not None), key=lambda c: c.parent or ""
    )
    for _, group in itertools.groupby(leaves, key=lambda c: c.parent):
        siblings = list(group)
        ordered = sorted(
            (c for c in siblings if is_range(c)), key=lambda c: c.covers.ranges if c.covers else ()
        )
        unknown = [c for c in siblings if is_unknown(c)]
        named = [c for c in siblings if not is_range(c) and not is_unknown(c)]
        pairs = [*itertools.pairwise(ordered)]
        pairs += [
            (other, one)
            for one in unknown
            for other in _least(table, dimension, [*ordered, *named])
        ]
        pairs += [
            (one, other)
            for one in named
            if one.label in touched
            for other in _least(table, dimension, [c for c in named if c is not one])
        ]
        for one, other in pairs:
            if {one.label, other.label} & touched:
                first, second = sorted((one.label, other.label), key=dimension.labels.index)
                yield first, second


def _least(table: RawTable, dimension: Dimension, categories: Sequence[Category]) -> list[Category]:
    """Those of the fewest people."""
    return sorted(categories, key=lambda c: (_people(table, dimension.variable, c.label), c.label))[
        :MOST_PARTNERS
    ]
