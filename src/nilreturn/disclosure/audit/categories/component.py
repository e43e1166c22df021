"""Tables that can have people in common, laid on what they can be told apart by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_matrix, csgraph

from nilreturn.disclosure.audit.categories.parts import Flags, atoms_of, bits_of
from nilreturn.disclosure.audit.categories.placing import Factor, Lines, PlacedTable, union
from nilreturn.disclosure.audit.categories.several import Several


@dataclass(frozen=True, eq=False)
class Component:
    """
    `everything` is what can occur of each variable. `void` are parts of a table's own population
    where nobody is, because its categories leave them out and still add up: (table, variable,
    pieces).
    """

    lines: Lines
    tables: tuple[PlacedTable, ...]
    everything: dict[str, int]
    void: dict[tuple[int, str], int]

    @cached_property
    def peopled(self) -> tuple[PlacedTable, ...]:
        """The tables that can count anybody."""
        return tuple(t for t in self.tables if all(factor.whole for factor in t.factors.values()))

    @cached_property
    def atoms(self) -> dict[str, list[int]]:
        """
        Of each variable that tells anybody apart, or by which keywords are counted: the parts that
        no table cuts.
        """
        found = {}
        for variable, everything in self.everything.items():
            masks = [everything]
            for table in self.tables:
                if variable in table.factors:
                    masks += table.factors[variable].masks
                masks.append(self.void.get((table.number, variable), 0))
            line = self.lines[variable]
            if isinstance(line, Several):
                masks += [
                    line.group(g, (form,))
                    for g in range(len(line.classes))
                    for form in line.all_forms
                ]
            parts = atoms_of([mask & everything for mask in masks], line.size)
            if len(parts) > 1 or any(self._has_members(table, variable) for table in self.tables):
                found[variable] = parts
        return found

    @property
    def unit(self) -> str:
        """What is counted by keywords."""
        counting = (
            t for t in self.tables if any(any(factor.members) for factor in t.factors.values())
        )
        return next(table.shape.population.unit for table in counting)

    def variables(self, table: PlacedTable) -> frozenset[str]:
        """The variables that a table divides, or is restricted by to less than everything."""
        return frozenset(
            variable
            for variable, factor in table.factors.items()
            if variable in self.atoms
            and (
                any(mask != self.everything[variable] for mask in factor.masks)
                or any(factor.members)
            )
        )

    def _has_members(self, table: PlacedTable, variable: str) -> bool:
        return variable in table.factors and any(table.factors[variable].members)

    def inside(self, variable: str, masks: Sequence[int]) -> Flags:
        """(masks, atoms) whether each atom of a variable is inside each mask."""
        first = [(atom & -atom).bit_length() - 1 for atom in self.atoms[variable]]
        return bits_of(masks, self.lines[variable].size)[:, first]

    def is_overlapping(self, table: PlacedTable) -> bool:
        """Whether some categories of the table overlap, so that they must be counted by pieces."""
        return any(factor.overlapping for factor in table.factors.values())

    def left_over(self, table: PlacedTable, factor: Factor, mask: int, parts: Iterable[int]) -> int:
        """What of a category is in none of those under it, and may hold somebody."""
        return mask & ~union(parts) & ~self.void.get((table.number, factor.variable), 0)


def components(lines: Lines, tables: Sequence[PlacedTable]) -> list[Component]:
    """The tables in sets, so that no two in different sets have anybody in common."""
    ends = [
        (i, j)
        for i in range(len(tables))
        for j in range(i)
        if _meet(tables[i], tables[j]) or tables[i] is tables[j]
    ]
    links = coo_matrix(
        (np.ones(len(ends)), ([a for a, _ in ends], [b for _, b in ends])), (len(tables),) * 2
    )
    count, label = csgraph.connected_components(links, directed=False)
    groups: list[list[PlacedTable]] = [[] for _ in range(count)]
    for table, number in zip(tables, label, strict=True):
        groups[number].append(table)
    return [_component(lines, group) for group in groups]


def _meet(one: PlacedTable, other: PlacedTable) -> bool:
    for variable, factor in one.factors.items():
        if variable in other.factors and not factor.whole & other.factors[variable].whole:
            return False
    return True


def _component(lines: Lines, tables: Sequence[PlacedTable]) -> Component:
    variables = dict.fromkeys(variable for table in tables for variable in table.factors)
    everything = {v: union(t.whole(v, lines[v].everything) for t in tables) for v in variables}
    while True:
        void = _void(lines, tables, everything)
        before = dict(everything)
        for table in tables:
            for variable in table.factors:
                others = (w for w in table.factors if w != variable)
                if all(table.factors[w].whole & everything[w] == everything[w] for w in others):
                    everything[variable] &= ~void.get((table.number, variable), 0)
        if everything == before:
            break
    placed = tuple(
        PlacedTable(
            t.number, t.shape, {v: factor.within(everything[v]) for v, factor in t.factors.items()}
        )
        for t in tables
    )
    left = {
        key: mask & everything[key[1]] for key, mask in void.items() if mask & everything[key[1]]
    }
    return Component(lines, placed, everything, left)


def _void(
    lines: Lines, tables: Sequence[PlacedTable], everything: dict[str, int]
) -> dict[tuple[int, str], int]:
    """
    Where a table's categories add up to all of its population, nobody is elsewhere in it. A value
    that another extract names may be new in it: then it is not taken to be empty.
    """
    named: dict[str, dict[str, int]] = {}  # of each variable: what tables of each source name
    for table in tables:
        for variable, factor in table.factors.items():
            of_source = named.setdefault(variable, {})
            source = table.shape.population.source
            of_source[source] = of_source.get(source, 0) | (factor.covered if factor.axes else 0)
    void = {}
    for table in tables:
        for variable, factor in table.factors.items():
            if not factor.axes or factor.overlapping:
                continue
            elsewhere = union(
                m for s, m in named[variable].items() if s != table.shape.population.source
            )
            may_be_new = lines[variable].named & elsewhere
            void[table.number, variable] = (
                factor.whole & ~factor.covered & ~may_be_new & everything[variable]
            )
    return void
