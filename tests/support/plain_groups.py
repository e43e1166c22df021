"""
The groups that tables tell by subtraction, by plain sets of record types: the oracle of the audit's
own account.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from nilreturn.disclosure import PublishedTable
from tests.support.random_releases import counts_mentions
from tests.support.record_types import Record, counts_plainly, is_left_out, places

Group = frozenset[int]


def possible_types(tables: Sequence[PublishedTable], types: Sequence[Record]) -> set[int]:
    """The record types that no table's categories leave out."""
    return {
        k
        for k, record in enumerate(types)
        if not any(is_left_out(table, record) for table in tables)
    }


def groups_of(tables: Sequence[PublishedTable], types: Sequence[Record]) -> set[Group]:
    """Every group that tables of one value a variable tell."""
    possible = possible_types(tables, types)
    figures = [
        figure for table in tables for figure in _figures(table, types, possible, finest=False)
    ]
    return told(
        figures, [(_figures(table, types, possible, finest=True), False) for table in tables]
    )


def groups_of_mentions(tables: Sequence[PublishedTable], types: Sequence[Record]) -> set[Group]:
    """
    Every group that tables of keywords tell; each keyword's row divides its own records by form.
    """
    figures: list[Group] = []
    partitions: list[tuple[list[Group], bool]] = []
    for table in tables:
        leaves = [
            [i for i, label in enumerate(d.labels) if label in {c.label for c in d.leaves}]
            for d in table.dimensions
        ]
        members = {
            place: frozenset(
                k for k, record in enumerate(types) if counts_mentions(table, place, record)
            )
            for place in places(table)
        }
        figures += [own for own in members.values() if own]
        rows = [leaves]
        for axis, dimension in enumerate(table.dimensions):
            if not dimension.additive:
                rows = [
                    [*leaves[:axis], [i], *leaves[axis + 1 :]]
                    for i in range(len(dimension.categories))
                ]
        for row in rows:
            cells = [members[place] for place in itertools.product(*row) if members[place]]
            partitions.append((cells, len(rows) > 1))
    return told(figures, partitions)


def told(
    figures: Sequence[Group], partitions: Sequence[tuple[Sequence[Group], bool]]
) -> set[Group]:
    """
    Every group told by setting figures, and what that tells, against partitions; none that one of
    them makes up. One that is a row of several tells only of what it covers.
    """
    groups: set[Group] = set()
    waiting = list(set(figures))
    while waiting:
        figure = waiting.pop()
        for cells, is_row in partitions:
            around = _union(cell for cell in cells if cell & figure)
            inside = _union(cell for cell in cells if cell <= figure)
            covers = figure <= around
            found = [figure - inside] if inside and (covers or not is_row) else []
            found += [around - figure] if covers else []
            for group in found:
                if (
                    group
                    and group not in groups
                    and not any(_makes_up(other, group) for other, _ in partitions)
                ):
                    groups.add(group)
                    waiting.append(group)
    return groups


def _figures(
    table: PublishedTable, types: Sequence[Record], possible: set[int], *, finest: bool
) -> list[Group]:
    leaves = [{d.labels.index(c.label) for c in d.leaves} for d in table.dimensions]
    found = []
    for place in places(table):
        if not finest or all(i in own for i, own in zip(place, leaves, strict=True)):
            members = frozenset(k for k in possible if counts_plainly(table, place, types[k]))
            if members:
                found.append(members)
    return found


def _union(groups: object) -> Group:
    return frozenset(itertools.chain.from_iterable(groups))  # type: ignore[call-overload, no-any-return]


def _makes_up(cells: Sequence[Group], group: Group) -> bool:
    return _union(cell for cell in cells if cell & group) == group
