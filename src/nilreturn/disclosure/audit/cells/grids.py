"""
The cells that tables share, by the atoms of the variables that they share, and what ties each table
to them.

Where a table prints such a cell itself, it is that cell and nothing is added: a single table, and
tables that share margins of the same categories, are laid out by their own lines alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nilreturn.disclosure.audit.categories import Component, Factor, PlacedTable, Several
from nilreturn.disclosure.audit.cells.account import Account
from nilreturn.disclosure.audit.cells.members import Members
from nilreturn.disclosure.audit.cells.tree import Variables, hang
from nilreturn.disclosure.model import Bools, Ints
from nilreturn.errors import TableError

# Cells that tables share, before those that no figure tells apart are merged.
MOST_JOINT = 1_000_000


@dataclass
class Grids:
    """
    The shared cells of one component. `of_table` has the cells of each table by its number, in its
    own shape.
    """

    component: Component
    of_table: dict[int, Ints]
    account: Account
    arrays: dict[tuple[str, ...], Ints] = field(default_factory=dict)

    @cached_property
    def members(self) -> Members:
        return Members(self.component, self.account)

    def lay_out(self, beside: Sequence[Variables] = ()) -> None:
        """
        Add the shared cells, and the sums that tie the tables to them and them to one another. The
        cells over the variables of `beside` are laid out too.
        """
        tables = self.component.peopled
        edges = [self.component.variables(table) for table in tables]
        whole = [self.component.is_overlapping(table) for table in tables]
        # Keywords are tied to their class place by place, so that all that count them are laid out
        # by the same places.
        counting = [any(any(f.members) for f in table.factors.values()) for table in tables]
        places = frozenset[str]().union(
            *(edge for edge, counts in zip(edges, counting, strict=True) if counts)
        )
        edges = [places if counts else edge for edge, counts in zip(edges, counting, strict=True)]
        for node in hang([*edges, *beside], [*whole, *(True for _ in beside)]):
            table = (
                tables[node.table] if node.table is not None and node.table < len(tables) else None
            )
            names = [table.shape.name] if table is not None else self._around(node.variables)
            grid = self.over(node.shared, names)
            matches = table is not None and bool(node.links) and self._tie(table, node.shared)
            if not matches:
                for link in dict.fromkeys(node.links):
                    self._margin(node.shared, grid, link, names)

    def over(self, variables: Variables, names: Sequence[str]) -> Ints:
        """
        The cells over these variables: one axis each, in the order of the names, one place for each
        atom.
        """
        order = tuple(sorted(variables))
        if order not in self.arrays:
            shape = tuple(len(self.component.atoms[v]) for v in order)
            if math.prod(shape) > MOST_JOINT:
                raise TableError(
                    f"tables {', '.join(names)}: what they have in common has {math.prod(shape):,} "
                    f"parts by {', '.join(order)}, more than can be checked; use the same "
                    "categories of these in all of them, or ask fewer at once"
                )
            cells = np.full(shape, -1, dtype=np.int64)
            for table in self.component.peopled:
                self._fill(cells, order, table)
            missing = cells < 0
            cells[missing] = self.account.fresh(int(missing.sum()))
            self.arrays[order] = cells
        return self.arrays[order]

    def _around(self, variables: Variables) -> list[str]:
        """The names of the tables that divide or restrict two of the variables."""
        tables = self.component.peopled
        return [t.shape.name for t in tables if len(self.component.variables(t) & variables) > 1]

    def _fill(self, cells: Ints, order: Sequence[str], table: PlacedTable) -> None:
        """Put the table's own cells where it has them."""
        if table.number < 0 or not self.component.variables(table) >= set(order):
            return
        # Of each variable: entries, and the atom of each.
        taken: dict[str, tuple[list[int], list[int]]] = {}
        for variable, factor in table.factors.items():
            entries = range(len(factor.masks))
            if variable in order:
                inside = self.component.inside(variable, factor.masks)
                single = [e for e in entries if inside[e].sum() == 1 and factor.member(e) is None]
                taken[variable] = single, [int(np.flatnonzero(inside[e])[0]) for e in single]
            else:
                everything = self.component.everything[variable]
                alike = [
                    e for e in entries if factor.masks[e] == everything and factor.member(e) is None
                ]
                taken[variable] = alike[:1], []
        if not all(entries for entries, _ in taken.values()):
            return
        own = table.by_factor(self.of_table[table.number])
        own = own[np.ix_(*(taken[f.variable][0] for f in table.divided))]
        axes = [i for i, f in enumerate(table.divided) if f.variable in order]
        own = own.reshape([own.shape[i] for i in axes])  # the others have one entry each
        divided = [table.divided[i].variable for i in axes]
        own = own.transpose([divided.index(v) for v in order if v in divided])
        places = [taken[v][1] for v in order]
        cells[np.ix_(*places)] = own.reshape([len(p) for p in places])

    def _margin(
        self, variables: Variables, grid: Ints, link: Variables, names: Sequence[str]
    ) -> None:
        """The cells over fewer variables as sums of those over more."""
        if link == variables:
            return
        order = sorted(variables)
        totals = self.over(link, names)
        kept = [i for i, v in enumerate(order) if v in link]
        others = [i for i in range(len(order)) if i not in kept]
        lines = grid.transpose([*kept, *others]).reshape(totals.size, -1)
        rows = np.repeat(np.arange(totals.size), lines.shape[1])
        self.account.sum_up(totals.reshape(-1), rows, lines.reshape(-1))

    # A table and the cells it shares --------------------------------------------------------------

    def _tie(self, table: PlacedTable, variables: Variables) -> bool:
        """
        Tie a table to the cells over `variables`; whether these are all its own, so that its lines
        tie them too.
        """
        order = sorted(variables)
        grid = self.over(variables, [table.shape.name])
        is_part = any(
            factor.whole != self.component.everything[v]
            for v, factor in table.factors.items()
            if v not in variables
        )
        self._empty(table, order, grid, is_part=is_part)
        chosen = [self._entries(table, v) for v in order]
        matches = not is_part
        for entries in itertools.product(*chosen):
            ties = Ties(self, table, order, entries)
            matches &= ties.add(grid, is_part=is_part)
        return matches

    def _entries(self, table: PlacedTable, variable: str) -> list[list[int]]:
        """
        The entries of a factor to tie: all that are apart at once, others one by one. [] for a
        variable it lacks.
        """
        factor = table.factors.get(variable)
        if factor is None:
            return [[]]
        if factor.overlapping:
            return [[entry] for entry in range(len(factor.masks))]
        left = (
            factor.whole & ~factor.covered & ~self.component.void.get((table.number, variable), 0)
        )
        return [list(factor.leaves), [0]] if left else [list(factor.leaves)]

    def _empty(
        self, table: PlacedTable, order: Sequence[str], grid: Ints, *, is_part: bool
    ) -> None:
        """Mark the cells where nobody is, as the table's categories leave them out and add up."""
        if is_part:
            return
        for variable in order:
            void = self.component.void.get((table.number, variable))
            if not void:
                continue
            inside = [
                self.component.inside(
                    v, [void if v == variable else table.whole(v, self.component.everything[v])]
                )[0]
                for v in order
            ]
            self.account.empty.append(
                grid[np.ix_(*(np.flatnonzero(flags) for flags in inside))].reshape(-1)
            )


@dataclass(frozen=True, eq=False)
class Ties:
    """
    Some entries of a table's factors, apart from one another, and the shared cells that make up
    each combination.
    """

    grids: Grids
    table: PlacedTable
    order: Sequence[str]
    entries: Sequence[list[int]]  # of each variable of `order`

    def add(self, grid: Ints, *, is_part: bool) -> bool:
        """Add the sums; whether each is of a single cell that is the table's own."""
        member = next(
            (m for v, e in zip(self.order, self.entries, strict=True) if (m := self._member(v, e))),
            None,
        )
        if member is not None:
            self._add_member(grid, *member)
            return False
        own = self.own()
        blocks = self.blocks()
        rows, parts = blocks[blocks >= 0], grid[blocks >= 0]
        number = np.bincount(rows, minlength=own.size)
        single = np.full(own.size, -1, dtype=np.int64)
        single[rows] = parts
        if is_part:
            self._bound(own, rows, parts, number, single)
            return False
        if (
            bool((blocks >= 0).all())
            and np.array_equal(single[number > 0], own[number > 0])
            and number.max() == 1
        ):
            return True  # what no shared cell makes up can hold nobody
        self.grids.account.sum_up(own, rows, parts)
        return False

    def _add_member(self, grid: Ints, variable: str, entry: int) -> None:
        """Tie a keyword of a class of several to what its class allows at each place."""
        grids = self.grids
        line, member = grids.component.lines[variable], self.table.factors[variable].member(entry)
        if not isinstance(line, Several) or member is None:
            raise ValueError(f"{variable} has one value at a time")
        axis = self.order.index(variable)
        cells = grids.members.of(line, member.group, grid, axis)[member.keyword]
        elsewhere = [i for i in range(len(self.order)) if i != axis]
        places = Ties(
            grids,
            self.table,
            [self.order[i] for i in elsewhere],
            [self.entries[i] for i in elsewhere],
        )
        blocks = places.blocks().reshape(-1)
        own = self.own()
        counted = [cells[form - 1].reshape(-1)[blocks >= 0] for form in member.forms]
        rows = np.tile(blocks[blocks >= 0], len(counted))
        grids.account.sum_up(own, rows, np.concatenate(counted))

    def _bound(self, own: Ints, rows: Ints, parts: Ints, number: Ints, single: Ints) -> None:
        """The table counts only a part of the people in the shared cells."""
        account = self.grids.account
        together = np.where(number == 1, single, -1)
        new = together < 0
        together[new] = account.fresh(int(new.sum()))
        several = new[rows]
        account.sum_up(together[new], (np.cumsum(new) - 1)[rows[several]], parts[several])
        rest = account.fresh(own.size)
        every = np.arange(own.size)
        account.sum_up(together, np.concatenate((every, every)), np.concatenate((own, rest)))

    def own(self) -> Ints:
        """The table's cells of these entries, whole on all other variables."""
        entry = dict(zip(self.order, self.entries, strict=True))
        cells = self.table.by_factor(self.grids.of_table[self.table.number])
        cells = cells[np.ix_(*(entry.get(f.variable, [0]) for f in self.table.divided))]
        divided = [f.variable for f in self.table.divided]
        shared = [v for v in self.order if v in divided]
        others = [i for i, v in enumerate(divided) if v not in self.order]
        return cells.transpose([*(divided.index(v) for v in shared), *others]).reshape(-1)

    def blocks(self) -> Ints:
        """Of each shared cell: which combination of entries it belongs to, -1 for none."""
        found = np.zeros((1,) * len(self.order), dtype=np.int64)
        outside = np.zeros((1,) * len(self.order), dtype=np.bool_)
        for axis, (variable, entries) in enumerate(zip(self.order, self.entries, strict=True)):
            factor = self.table.factors.get(variable)
            width = 1 if factor is None or not factor.axes else len(entries)
            place = self._place(variable, factor, entries)
            shape = [1] * len(self.order)
            shape[axis] = len(place)
            found = found * width + np.maximum(place, 0).reshape(shape)
            outside = outside | (place < 0).reshape(shape)
        return np.where(outside, -1, found)

    def _place(self, variable: str, factor: Factor | None, entries: list[int]) -> Ints:
        if factor is None:
            return np.zeros(len(self.grids.component.atoms[variable]), dtype=np.int64)
        inside: Bools = self.grids.component.inside(
            variable, [factor.masks[entry] for entry in entries]
        )
        return np.where(inside.any(axis=0), inside.argmax(axis=0), -1)

    def _member(self, variable: str, entries: list[int]) -> tuple[str, int] | None:
        """The variable and entry where a keyword of a class of several is tied."""
        factor = self.table.factors.get(variable)
        if factor is None or len(entries) != 1 or factor.member(entries[0]) is None:
            return None
        return variable, entries[0]
