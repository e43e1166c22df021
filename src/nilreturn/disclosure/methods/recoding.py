"""
Coarser categories: what is merged needs no hiding, and every total stays.

Ages and days are merged with their neighbours only; named categories with any other beside them
under the same parent. "Not known" is merged with nothing: it is no category of people. A merge is
made in all tables that have the two categories, so that one table does not take back what another
merged.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nilreturn.ages import OLDEST
from nilreturn.disclosure.methods.outcome import InformationLoss, Outcome
from nilreturn.disclosure.methods.problem import build_problem, check_additive, rules_of
from nilreturn.disclosure.model import Bools, Ints, PublishedTable
from nilreturn.disclosure.model import value_range_words as range_words
from nilreturn.disclosure.policy import Policy, Rule
from nilreturn.errors import DisclosureError
from nilreturn.progress import Progress
from nilreturn.tables import UNKNOWN, Category, CellStatus, Dimension, Extent, RawTable, SafeCell
from nilreturn.wording import counted

MOST_AT_ONCE = 4_000_000  # counts under comparison
NOT_MERGED = (UNKNOWN.casefold(), "not recorded", "not known", "not stated")


@dataclass(frozen=True, slots=True)
class Merge:
    """Two categories of a variable that become one."""

    variable: str
    first: str
    second: str


def by_recoding(
    tables: Sequence[RawTable], policy: Policy, known: Sequence[PublishedTable], progress: Progress
) -> Outcome:
    """Categories merged, the fewest that will do, until no count is small."""
    return _recoded(tables, policy, known, progress, ends_only=False)


def by_top_and_bottom_coding(
    tables: Sequence[RawTable], policy: Policy, known: Sequence[PublishedTable], progress: Progress
) -> Outcome:
    """The lowest and the highest bands merged inwards until no count is small."""
    return _recoded(tables, policy, known, progress, ends_only=True)


def _recoded(
    tables: Sequence[RawTable],
    policy: Policy,
    known: Sequence[PublishedTable],
    progress: Progress,
    *,
    ends_only: bool,
) -> Outcome:
    check_additive(tables)
    rules = rules_of(tables, policy)
    coarse, merges = list(tables), 0
    while (small := _small(coarse, rules)) > 0:
        best = _best(coarse, rules, ends_only=ends_only)
        if best is None:
            raise DisclosureError(
                f"merging categories leaves {counted(small, 'small count')} (totals, or categories "
                "that nothing may be merged with); use suppression"
            )
        coarse = [merged(table, best) for table in coarse]
        merges += 1
        progress("Merging categories", merges, merges + small)
    problem = build_problem(coarse, policy, known)
    size = problem.system.size
    words = (
        "Categories with small counts are merged with others; every printed count is the true one."
    )
    return Outcome(
        problem,
        tuple(coarse),
        tuple(
            {at: SafeCell(count, CellStatus.SAFE) for at, count in table.cells()}
            for table in coarse
        ),
        (words,) * len(coarse),
        InformationLoss(categories=merges, cost=float(merges)),
        problem.system.protect_low,
        problem.system.protect_high,
        np.zeros(size, dtype=np.bool_),
        np.zeros((0, size), dtype=np.int64),
    )


def merged(table: RawTable, merge: Merge) -> RawTable:
    """
    The table with two categories of one of its dimensions made one; the table itself when it lacks
    either.
    """
    axis = next((i for i, d in enumerate(table.dimensions) if d.variable == merge.variable), None)
    if axis is None or not {merge.first, merge.second} <= set(table.dimensions[axis].labels):
        return table
    dimension = table.dimensions[axis]
    first, second = (dimension.labels.index(label) for label in (merge.first, merge.second))
    joined = _joined(dimension.categories[first], dimension.categories[second])
    lines = np.moveaxis(table.counts.copy(), axis, 0)
    lines[first] += lines[second]
    gone = {merge.second}
    if all(c.label in (merge.first, merge.second) for c in dimension.children(joined.parent or "")):
        # The one part left of a parent is the parent: it is not printed twice.
        gone.add(merge.first)
    kept = [
        place for place, category in enumerate(dimension.categories) if category.label not in gone
    ]
    categories = tuple(joined if place == first else dimension.categories[place] for place in kept)
    coarse = replace(dimension, categories=categories)
    dimensions = (*table.dimensions[:axis], coarse, *table.dimensions[axis + 1 :])
    counts = np.ascontiguousarray(np.moveaxis(lines[kept], 0, axis))
    return replace(table, dimensions=dimensions, counts=counts)


def _joined(one: Category, other: Category) -> Category:
    first, second = (c.covers or Extent.of(c.label) for c in (one, other))
    covers = Extent((*first.ranges, *second.ranges), first.values | second.values)
    if len(covers.ranges) == 1 and not covers.values:
        return Category(_range_label(one.label, other.label, *covers.ranges[0]), one.parent, covers)
    return Category(f"{one.label} and {other.label}", one.parent, covers)


def _range_label(one: str, other: str, first: int, last: int) -> str:
    """A joined range; an upper end that neither of the two names stays open ("16 and over")."""
    if last == OLDEST and str(OLDEST) in re.findall(r"[0-9]+", f"{one} {other}"):
        return f"{first} to {last}"
    return range_words(first, last)


def _best(tables: Sequence[RawTable], rules: Sequence[Rule], *, ends_only: bool) -> Merge | None:
    """
    The merge that leaves the fewest small counts; of several the one of the fewest people, then the
    first by name: the same choice every time. None where nothing can be merged.
    """
    ranked = []
    for variable, pairs in _candidates(tables, ends_only=ends_only).items():
        small, people = np.zeros(len(pairs), dtype=np.int64), np.zeros(len(pairs), dtype=np.int64)
        for table, rule in zip(tables, rules, strict=True):
            axis = next((i for i, d in enumerate(table.dimensions) if d.variable == variable), None)
            if axis is not None:
                _weigh(table, rule, axis, pairs, small, people)
        fewest = np.flatnonzero(small == small.min())
        least = fewest[people[fewest] == people[fewest].min()]
        first, second = min(pairs[i] for i in least)
        ranked.append((int(small.min()), int(people[least[0]]), (variable, first, second)))
    return Merge(*min(ranked)[2]) if ranked else None


def _weigh(
    table: RawTable,
    rule: Rule,
    axis: int,
    pairs: Sequence[tuple[str, str]],
    small: Ints,
    people: Ints,
) -> None:
    """
    Add what each pair would do to one table: how many small counts more or less, and how many
    people it is of.
    """
    dimension = table.dimensions[axis]
    place = {label: i for i, label in enumerate(dimension.labels)}
    there = [i for i, pair in enumerate(pairs) if pair[0] in place and pair[1] in place]
    lines = np.moveaxis(table.counts, axis, 0).reshape(len(place), -1)
    before = _is_small(lines, rule).sum(axis=1)
    step = max(1, MOST_AT_ONCE // lines.shape[1])
    for start in range(0, len(there), step):
        part = there[start : start + step]
        first, second = (np.array([place[pairs[i][end]] for i in part]) for end in (0, 1))
        after = _is_small(lines[first] + lines[second], rule).sum(axis=1)
        # The two only parts of a parent, merged, are the parent itself.
        after *= [
            not _are_all(dimension, int(one), int(other))
            for one, other in zip(first, second, strict=True)
        ]
        small[part] += after - before[first] - before[second]
        people[part] += lines[first, 0] + lines[second, 0]  # totals of all other dimensions


def _are_all(dimension: Dimension, first: int, second: int) -> bool:
    one, other = dimension.categories[first], dimension.categories[second]
    return one.parent == other.parent and len(dimension.children(one.parent or "")) == 2


def _candidates(tables: Sequence[RawTable], *, ends_only: bool) -> dict[str, list[tuple[str, str]]]:
    """The pairs of categories that may be merged, by their variable."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for table in tables:
        for dimension in table.dimensions:
            if dimension.additive and (
                pairs := dict.fromkeys(_of_dimension(dimension, ends_only=ends_only))
            ):
                found.setdefault(dimension.variable, {}).update(pairs)
    return {variable: list(pairs) for variable, pairs in found.items()}


def _of_dimension(dimension: Dimension, *, ends_only: bool) -> Iterator[tuple[str, str]]:
    leaves = [c for c in dimension.leaves if c.parent is not None and not is_unknown(c)]
    for _, group in itertools.groupby(sorted(leaves, key=_parent), key=_parent):
        siblings = list(group)
        ordered = sorted(
            (c for c in siblings if is_range(c)), key=lambda c: c.covers.ranges if c.covers else ()
        )
        pairs = list(itertools.pairwise(c.label for c in ordered))
        if ends_only:
            pairs = [pairs[0], pairs[-1]] if pairs else []
        yield from pairs
        if not ends_only:
            yield from itertools.combinations([c.label for c in siblings if not is_range(c)], 2)


def _parent(category: Category) -> str:
    return category.parent or ""


def is_unknown(category: Category) -> bool:
    """Whether it is for those of whom nothing is known: no category of people."""
    return category.label.casefold() in NOT_MERGED


def is_range(category: Category) -> bool:
    """Whether it is one range of numbers: ages, days."""
    return (
        category.covers is not None
        and len(category.covers.ranges) == 1
        and not category.covers.values
    )


def _small(tables: Sequence[RawTable], rules: Sequence[Rule]) -> int:
    return sum(_small_counts(table, rule) for table, rule in zip(tables, rules, strict=True))


def _small_counts(table: RawTable, rule: Rule) -> int:
    return int(rule.small(table).sum())


def _is_small(counts: Ints, rule: Rule) -> Bools:
    small: Bools = (counts >= (1 if rule.zeros_printed else 0)) & (counts < rule.threshold)
    return small
