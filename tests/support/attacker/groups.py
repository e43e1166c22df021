"""
Groups of people that printed figures tell apart: what differences of them count, however many it
takes.

A group is a set of record types. From a figure and a table whose finest cells cover it come two
more: what the cells that meet it have beside it, and what it has beside the cells that lie inside
it. New groups are taken as figures until nothing new comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from tests.support.attacker.layout import System
from tests.support.attacker.search import Group

MOST_GROUPS = 4_000


class TooManyGroupsError(Exception):
    """More differences than this attacker follows."""


def differences(system: System) -> dict[Group, str]:
    """
    Every group that is a difference and no cell, with words for where it came from. What is a union
    of finest cells of one table is that table's own business and is left out.
    """
    cells = {group: f"{f.table} {f.labels}" for f, group in _figures(system)}
    tables = _finest(system)
    found = dict(cells)
    todo = list(cells)
    while todo:
        group = todo.pop()
        for family, finest in tables.items():
            for new, words in _against(group, finest):
                if new not in found:
                    found[new] = f"{found[group]} against {' '.join(family)}: {words}"
                    todo.append(new)
        if len(found) > MOST_GROUPS:
            raise TooManyGroupsError(f"over {MOST_GROUPS:,} groups")
    return {
        g: w
        for g, w in found.items()
        if g not in cells and not any(_is_union(g, f) for f in tables.values())
    }


def is_sum_of_two(group: Group, family: Set[Group]) -> bool:
    """Whether the group is two of the family put together again, which have nothing in common."""
    parts = (part for part in family if part < group)
    return any(group - part in family for part in parts)


def _figures(system: System) -> Iterator[tuple]:
    for figure, group in zip(system.figures, system.members, strict=True):
        if group and not figure.structural:
            yield figure, group


def _finest(system: System) -> dict[tuple[str, ...], list[Group]]:
    tables: dict[tuple[str, ...], list[Group]] = {}
    for figure, group in _figures(system):
        if figure.finest:
            tables.setdefault(figure.family, []).append(group)
    return tables


def _against(group: Group, finest: list[Group]) -> Iterator[tuple[Group, str]]:
    if not group <= frozenset().union(*finest):
        return
    around = frozenset().union(*(cell for cell in finest if cell & group)) - group
    inside = group - frozenset().union(*(cell for cell in finest if cell <= group))
    for new, words in ((around, "around it"), (inside, "left of it")):
        if new and new != group:
            yield new, words


def _is_union(group: Group, finest: list[Group]) -> bool:
    inside = [cell for cell in finest if cell <= group]
    return frozenset().union(*inside) == group if inside else False
