"""
Plain enumeration of all tables of counts of record types that agree with printed tables: what a
reader cannot rule out.

A record type is a value of each variable. It shares no code with the numbering that it is there to
check.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure import PublishedTable
from nilreturn.tables import Category, Dimension, Extent

Value = int | str
Record = Mapping[str, Value]
Place = tuple[int, ...]
ENDLESS = 2_000_000  # steps after which an enumeration is given up


class TooManyError(Exception):
    """The enumeration would take too long."""


@dataclass
class Figures:
    """
    Sums of counts of record types that lie in ranges. `members[i]` are the types in figure `i`;
    `impossible` types that no record can have.
    """

    types: int
    members: list[frozenset[int]] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    impossible: set[int] = field(default_factory=set)

    def add(self, members: frozenset[int], low: int, high: int) -> int:
        self.members.append(members)
        self.low.append(low)
        self.high.append(high)
        return len(self.members) - 1

    def ranges(self, asked: Sequence[int]) -> list[tuple[int, int]]:
        """The least and the most of each figure over all tables of counts."""
        return _Search(self).run(asked)


class _Search:
    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        signatures: dict[tuple[int, ...], None] = {}
        for kind in range(figures.types):
            if kind not in figures.impossible:
                inside = tuple(i for i, members in enumerate(figures.members) if kind in members)
                if inside:
                    signatures.setdefault(inside)
        self.kinds = sorted(signatures, key=len, reverse=True)
        self.steps = 0
        last: dict[int, int] = {}
        for number, inside in enumerate(self.kinds):
            last |= dict.fromkeys(inside, number)
        self.ends = [
            [i for i, end in last.items() if end == number] for number in range(len(self.kinds))
        ]

    def run(self, asked: Sequence[int]) -> list[tuple[int, int]]:
        self.asked = list(asked)
        self.least = np.full(len(self.figures.members), 10**9)
        self.most = np.full(len(self.figures.members), -1)
        if any(
            low > 0
            for i, low in enumerate(self.figures.low)
            if not any(i in kind for kind in self.kinds)
        ):
            raise AssertionError("a figure counts somebody, and no record type is in it")
        self._from(0, np.zeros(len(self.figures.members), dtype=np.int64))
        assert (self.most[self.asked] >= 0).all(), "nothing agrees with what is printed"
        return [(int(self.least[i]), int(self.most[i])) for i in self.asked]

    def _from(self, number: int, counts: np.ndarray) -> None:
        self.steps += 1
        if self.steps > ENDLESS:
            raise TooManyError
        if number == len(self.kinds):
            self.least, self.most = np.minimum(self.least, counts), np.maximum(self.most, counts)
            return
        inside = list(self.kinds[number])
        room = min(self.figures.high[i] - int(counts[i]) for i in inside)
        for _ in range(room + 1):
            if all(counts[i] >= self.figures.low[i] for i in self.ends[number]):
                self._from(number + 1, counts.copy())
            counts[inside] += 1


def contains(extent: Extent, value: Value) -> bool:
    if isinstance(value, str):
        return value in extent.values
    return any(first <= value <= last for first, last in extent.ranges)


def covers(category: Category, value: Value) -> bool:
    """Whether a category below the total covers a value."""
    return contains(category.covers or Extent.of(category.label), value)


def in_population(table: PublishedTable, record: Record) -> bool:
    return all(contains(extent, record[variable]) for variable, extent in table.population.extents)


def in_category(dimension: Dimension, place: int, record: Record) -> bool:
    return place == 0 or covers(dimension.categories[place], record[dimension.variable])


def is_left_out(table: PublishedTable, record: Record) -> bool:
    """Whether a record is in the table's population and in none of a breakdown's categories."""
    return in_population(table, record) and any(
        len(d.categories) > 1
        and not any(in_category(d, i, record) for i in range(1, len(d.categories)))
        for d in table.dimensions
    )


def places(table: PublishedTable) -> list[Place]:
    return list(np.ndindex(table.low.shape))


def types_of(values: Mapping[str, Sequence[Value]]) -> list[Record]:
    """Every combination of values."""
    return [dict(zip(values, found, strict=True)) for found in itertools.product(*values.values())]


def figures_of(
    tables: Sequence[PublishedTable],
    types: Sequence[Record],
    counts: Callable[[PublishedTable, Place, Record], bool],
) -> tuple[Figures, dict[tuple[int, Place], int]]:
    """The figures of the tables, and the number of each by table and place."""
    figures, number = Figures(len(types)), {}
    for i, table in enumerate(tables):
        for place in places(table):
            members = frozenset(k for k, record in enumerate(types) if counts(table, place, record))
            number[i, place] = figures.add(
                members, int(table.low[place]), int(min(table.high[place], 10**6))
            )
    return figures, number


def counts_plainly(table: PublishedTable, place: Place, record: Record) -> bool:
    """Whether a cell counts records of a type, where every variable has one value."""
    return in_population(table, record) and all(
        in_category(d, i, record) for d, i in zip(table.dimensions, place, strict=True)
    )
