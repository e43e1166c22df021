"""The groups that tables tell by subtraction, by plain sets of record types: the oracle of the audit's own account."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from nilreturn.disclosure import PublishedTable
from tests.support.record_types import Record, counts_plainly, is_left_out, places

Group = frozenset[int]


def possible_types(tables: Sequence[PublishedTable], types: Sequence[Record]) -> set[int]:
    """The record types that no table's categories leave out."""
    return {k for k, record in enumerate(types) if not any(is_left_out(table, record) for table in tables)}


def groups_of(tables: Sequence[PublishedTable], types: Sequence[Record]) -> set[Group]:
    """Every group that is no union of one table's finest cells."""
    possible = possible_types(tables, types)
    figures = [_figures(table, types, possible, finest=False) for table in tables]
    finest = [_figures(table, types, possible, finest=True) for table in tables]
    groups: set[Group] = set()
    waiting = list({figure for of_table in figures for figure in of_table})
    while waiting:
        figure = waiting.pop()
        for cells in finest:
            around = _union(cell for cell in cells if cell & figure)
            inside = _union(cell for cell in cells if cell <= figure)
            found = [figure - inside] if inside else []
            if figure <= around:
                found.append(around - figure)
            for group in found:
                if group and group not in groups and not any(_makes_up(other, group) for other in finest):
                    groups.add(group)
                    waiting.append(group)
    return groups


def _figures(table: PublishedTable, types: Sequence[Record], possible: set[int], *, finest: bool) -> list[Group]:
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
