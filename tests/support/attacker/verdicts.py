"""
What an attacker makes of printed tables: cells exactly known or narrowed, groups told apart, what
insiders learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nilreturn.disclosure import PublishedTable
from nilreturn.tables import RawTable
from tests.support.attacker.figures import Figure
from tests.support.attacker.groups import differences, is_sum_of_two
from tests.support.attacker.layout import System, lay_out
from tests.support.attacker.search import Group, Searching

NO_CEILING = np.iinfo(np.int64).max
Place = tuple[str, tuple[str, ...]]  # table and labels; of a difference ("difference", its words)


@dataclass(frozen=True)
class Leak:
    """
    What a reader learns: `kind` is "exact" (the count follows), "narrowed" (part of the small
    counts is ruled out), "insider" (the one person in `by` learns it). `values` are the small
    counts left possible.
    """

    kind: str
    place: Place
    count: int
    values: tuple[int, ...]
    by: Place | None = None

    def __str__(self) -> str:
        words = f"{self.kind}: {self.place[0]} {' / '.join(self.place[1])} is {self.count}"
        left = f", can be {list(self.values)}" if self.values else ""
        return (
            f"{words}{left}, for the one person in {self.by[0]} {' / '.join(self.by[1])}"
            if self.by
            else words + left
        )


def _in_words(place: Place) -> str:
    return f"{place[0]}: {' / '.join(place[1])}"


class Attack:
    """
    An attack on printed `tables` (with those of earlier releases in `known`). `raw` and `known_raw`
    are the true tables behind them, which only say what is small: nothing of them is used to work
    anything out. Tables are called r0, r1, … in the order of `known` and then `tables`.
    """

    def __init__(
        self,
        tables: Sequence[PublishedTable],
        raw: Sequence[RawTable],
        *,
        known: Sequence[PublishedTable] = (),
        known_raw: Sequence[RawTable] = (),
        exact_units: bool = True,
    ) -> None:
        listed = [replace(table, release=f"r{k}") for k, table in enumerate((*known, *tables))]
        self.system: System = lay_out(listed, exact_units=exact_units)
        self.count: Mapping[Place, int] = {
            (f"r{k}: {table.name}", labels): count
            for k, table in enumerate((*known_raw, *raw))
            for labels, count in table.cells()
        }
        self.searching = Searching(self.system)

    def true_count(self, figure: Figure) -> int:
        return self.count[(figure.table, figure.labels)]

    @cached_property
    def truth(self) -> Searching:
        """The system with every figure known."""
        return Searching(
            with_counts(
                self.system,
                [0 if f.structural else self.true_count(f) for f in self.system.figures],
            )
        )

    def group_count(self, group: Group) -> int:
        """The true count of a difference: every table that gives the true figures has the same."""
        return int(self.truth.shown[0][list(group)].sum())

    def hidden(self) -> Iterator[tuple[Figure, Group]]:
        """Figures that are not printed, each group of people once."""
        seen: set[Group] = set()
        for figure, group in zip(self.system.figures, self.system.members, strict=True):
            if figure.structural or figure.low == figure.high or group in seen:
                continue
            seen.add(group)
            yield figure, group

    def small_groups(self, threshold: int) -> dict[Group, str]:
        """The differences of figures whose true count is small, with words for each."""
        return {
            g: words
            for g, words in differences(self.system).items()
            if 1 <= self.group_count(g) < threshold
        }

    def leaks(
        self, threshold: int, *, floor: int = 1, insiders: bool = True, groups: bool = True
    ) -> list[Leak]:
        """
        What is exactly known or narrowed of hidden cells, and of differences with a small count.
        `floor` is the least small count: 0 where zeros are hidden too.
        """
        found = [
            self._leak((f.table, f.labels), g, self.true_count(f), threshold, floor)
            for f, g in self.hidden()
        ]
        if groups:
            found += self._group_leaks(threshold)
        return [leak for leak in found if leak] + (list(self._insiders()) if insiders else [])

    def _group_leaks(self, threshold: int) -> Iterator[Leak | None]:
        """
        A difference that is two others put together again has no range of its own to keep, as
        little as two hidden cells of one row; but its count may not follow.
        """
        family = {*differences(self.system), *self.system.members}
        for group, words in self.small_groups(threshold).items():
            leak = self._leak(
                ("difference", (words,)), group, self.group_count(group), threshold, 1
            )
            if leak and (leak.kind == "exact" or not is_sum_of_two(group, family)):
                yield leak

    def _leak(
        self, place: Place, group: Group, count: int, threshold: int, floor: int
    ) -> Leak | None:
        if self.searching.is_fixed(group):
            return Leak("exact", place, count, (count,))
        if not floor <= count < threshold:
            return None
        values = self.searching.values(group, range(floor, threshold))
        return (
            Leak("narrowed", place, count, tuple(sorted(values)))
            if len(values) < threshold - floor
            else None
        )

    def _insiders(self) -> Iterator[Leak]:
        """
        What the one person in a hidden cell of 1 learns of others: cells that are then known and
        were not.
        """
        hidden = [(f, g) for f, g in self.hidden() if not self.searching.is_fixed(g)]
        for one, group in hidden:
            if self.true_count(one) != 1:
                continue
            knowing = Searching(self.system, also=[(group, 1, 1)])
            for figure, other in hidden:
                if other != group and knowing.is_fixed(other) and not self.is_alias(group, other):
                    by = (one.table, one.labels)
                    yield Leak(
                        "insider", (figure.table, figure.labels), self.true_count(figure), (), by
                    )

    def is_alias(self, group: Group, other: Group) -> bool:
        """
        Whether the two counts are equal in every feasible table: the same people under another
        name.
        """
        return not self.searching.differs(group - other, other - group)


def with_counts(system: System, counts: Sequence[int]) -> System:
    """The same sums with other figures, all of them known."""
    exact = np.array(counts, dtype=np.int64)
    rest = slice(len(exact), None)
    low, high = (
        np.concatenate([exact, system.low[rest]]),
        np.concatenate([exact, system.high[rest]]),
    )
    return replace(system, low=low, high=high)


def with_everything_hidden(
    tables: Sequence[PublishedTable], raw: Sequence[RawTable], *, floor: int = 1
) -> list[PublishedTable]:
    """
    The same tables with every count hidden that may be: all but zeros, and those too where `floor`
    is 0. What follows from these no choice of hidden cells can keep.
    """
    listed = []
    for table, true in zip(tables, raw, strict=True):
        hide = np.ones(table.low.shape, dtype=bool) if floor == 0 else true.counts > 0
        low = np.where(hide, floor, true.counts)
        high = np.where(hide, NO_CEILING, true.counts)
        listed.append(replace(table, low=low, high=high, hidden=hide))
    return listed


def beyond(found: Sequence[Leak], baseline: Sequence[Leak]) -> list[Leak]:
    """The leaks that hiding everything would have prevented."""
    kept = {(leak.place, leak.by): leak for leak in baseline}
    rest = []
    for leak in found:
        same = kept.get((leak.place, leak.by))
        if kept.get((leak.place, None)) is not None and kept[(leak.place, None)].kind == "exact":
            continue
        if same is None or same.kind != leak.kind or not set(same.values) <= set(leak.values):
            rest.append(leak)
    return rest
