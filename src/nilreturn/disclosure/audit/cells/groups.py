"""
Groups of people that no table prints and that a reader can tell by subtracting printed figures,
however many.

A figure and a table whose finest cells cover its people tell two groups: the people of the cells
that meet the figure and who are not in it; and the people of the figure who are in none of the
cells inside it. Each is a figure to go on from. Who is exactly some cells of one table together is
that table's own business, and no group; so is who is exactly one figure of a table whose categories
overlap. Where a table of keywords prints 0 there is nobody: with no record that names A only in
another spelling, "any of these" so less those of B leaves those that name both.

Of ever longer periods there are as many groups as there are sets of periods. So with more than
`MOST_WHOLE` tables a group is not laid out, and not gone on from, where it is some cells of one
table and a group that is known, together. `unions` looks at these once the rest was examined, and
along one variable at all that are put together of several.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nilreturn.disclosure.audit.categories import Component, Keywords, PlacedTable, Several, mask_of
from nilreturn.disclosure.audit.cells.account import Account
from nilreturn.disclosure.audit.cells.boxes import Box, Region, hull, inner, minus, simplest
from nilreturn.disclosure.audit.cells.cutting import Cut, cut_of
from nilreturn.disclosure.audit.cells.inhabited import groups_by_zeros
from nilreturn.disclosure.audit.cells.partitions import Partition, partitions
from nilreturn.disclosure.audit.cells.strands import Place, place_of, prints_at, strands_of, varying
from nilreturn.disclosure.model import Bools, Ints, Union
from nilreturn.errors import TableError

MOST_STEPS = 2_000_000  # figures or groups set against tables
MOST_WHOLE = 8  # tables of which every group is looked at
# Groups set against groups and figures, to see which are two others put together.
MOST_PAIRS = 5_000_000
PRIME = (1 << 255) - 19


def add_groups(
    component: Component, of_table: dict[int, Ints], account: Account, zeros: Sequence[Bools]
) -> None:
    """
    Add a cell for each group that tables of one component tell, and the sums that tell it. `zeros`
    are the cells of each table that are known to be 0.
    """
    by_unit: dict[str, list[PlacedTable]] = {}
    for table in component.peopled:
        if table.number >= 0:
            by_unit.setdefault(table.shape.population.unit, []).append(table)
    lines = ((variable, component.lines[variable]) for variable in component.atoms)
    keywords = {variable: Keywords(line) for variable, line in lines if isinstance(line, Several)}
    for unit, tables in by_unit.items():
        laid = [partitions(component, keywords, table, of_table[table.number]) for table in tables]
        rows = [row for _, own in laid for row in own]
        if len(rows) > 1:
            sources = [source for source, _ in laid]
            empty = _empty(keywords, sources, zeros)
            _Search(component, keywords, unit, rows, account, empty).run(sources)


def add_groups_by_zeros(
    component: Component, of_table: dict[int, Ints], account: Account, zeros: Sequence[Bools]
) -> None:
    """
    Add what only printed zeros let be told (`inhabited`), of tables without keywords, as groups
    without a cell.
    """
    by_unit: dict[str, list[Partition]] = {}
    for table in component.peopled:
        if table.number >= 0 and not any(
            isinstance(component.lines[v], Several) for v in table.factors
        ):
            source, _ = partitions(component, {}, table, of_table[table.number])
            by_unit.setdefault(table.shape.population.unit, []).append(source)
    for tables in by_unit.values():
        account.unions += groups_by_zeros(component, tables, zeros)


def _empty(
    keywords: Mapping[str, Keywords], tables: Sequence[Partition], zeros: Sequence[Bools]
) -> list[Box]:
    """Where tables of keywords print 0, the states of one place together."""
    found: dict[Box, dict[str, int]] = {}
    for table in tables:
        variables = [v for v in keywords if v in table.table.factors]
        if len(variables) != 1:
            continue
        order = list(table.variables)
        along = order.index(variables[0])
        for box in table.zeros(zeros[table.table.number]):
            place = (*box[:along], keywords[variables[0]].everything, *box[along + 1 :])
            own = found.setdefault(place, {})
            own[variables[0]] = own.get(variables[0], 0) | box[along]
    return [
        tuple(
            mask & own.get(variable, mask)
            for variable, mask in zip(tables[0].variables, place, strict=True)
        )
        for place, own in found.items()
    ]


@dataclass(frozen=True)
class _Figure:
    """People whom a cell counts; `apart` are the variables that told them from others so far."""

    region: Region
    cell: int
    words: str
    apart: frozenset[str] = frozenset()


@dataclass(eq=False)
class _Search:
    component: Component
    keywords: Mapping[str, Keywords]
    unit: str
    tables: Sequence[Partition]
    account: Account
    empty: Sequence[Box]  # where a table of keywords says that nobody is
    groups: dict[int, int] = field(default_factory=dict)  # the cell of each region, by its measure
    # Of groups and figures, by their measure.
    regions: dict[int, Region] = field(default_factory=dict)
    unions: set[int] = field(default_factory=set)  # measures of groups that are not laid out
    waiting: deque[_Figure] = field(default_factory=deque)
    steps: int = 0

    def __post_init__(self) -> None:
        self.variables = list(self.component.atoms)
        self.weights = {
            v: [_weight(v, i) for i in range(len(self.component.atoms[v]))] for v in self.variables
        }
        whole = [0] * len(self.variables)
        for table in self.tables:
            whole = [a | b for a, b in zip(whole, table.covered, strict=True)]
        self.whole: Box = tuple(whole)
        self.nobody = tuple(self._nobody())
        self.printed = {
            self._measure(minus((box,), self.nobody))
            for table in self.tables
            if not table.is_partition
            for box, _ in table.figures([list(own) for own in table.entries])
        }
        self.is_many = len({table.table.number for table in self.tables}) > MOST_WHOLE
        self.varying = [k for k in varying(self.tables) if self.variables[k] not in self.keywords]
        self.places: dict[Place, bool] = {}  # whether there is a strand
        # Of a table and some of its cells: the cell of their sum.
        self.together: dict[tuple[int, int], int] = {}

    def run(self, sources: Sequence[Partition]) -> None:
        for source, table in itertools.product(sources, self.tables):
            if table.is_partition and source is not table:
                for figure in self._figures(source, table):
                    self._set_against(figure, table)
        while self.waiting:
            figure = self.waiting.popleft()
            for table in self.tables:
                if table.is_partition:
                    self._set_against(figure, table)
        self._find_those_of_two(sources)
        if self.is_many:
            boxes = ((self.regions[measure], cell) for measure, cell in self.groups.items())
            groups = [(region[0], cell) for region, cell in boxes if len(region) == 1]
            self.account.strands += strands_of(
                self.tables, self.varying, groups, self.unit, self.variables
            )

    def _find_those_of_two(self, sources: Sequence[Partition]) -> None:
        """
        Of too many groups none is taken to be two others put together: then more is asked of it
        than need be.
        """
        figures = sum(math.prod(map(len, source.entries)) for source in sources)
        if len(self.groups) * (len(self.groups) + figures) > MOST_PAIRS:
            return
        for source in sources:
            for box, _ in (
                source.figures([list(own) for own in source.entries]) if self.groups else ()
            ):
                region = minus((box,), self.nobody)
                self.regions.setdefault(self._measure(region), region)
        for measure, cell in self.groups.items():
            for part, region in self.regions.items():
                if (measure - part) % PRIME in self.regions and 0 != part != measure:
                    rest = minus(self.regions[measure], region)
                    if (
                        not minus(region, self.regions[measure])
                        and self._measure(rest) in self.regions
                    ):
                        self.account.of_two.add(cell)
                        break

    def _nobody(self) -> Iterator[Box]:
        """
        Where a table's categories leave out somebody, and add up; and where one of keywords prints
        0.
        """
        yield from self.empty
        for table in self.tables:
            whole = self._restricted(table)
            for variable in table.table.factors:
                void = self.component.void.get((table.table.number, variable), 0)
                if variable in self.keywords:
                    continue
                if variable in self.variables:
                    place = self.variables.index(variable)
                    inside = mask_of(
                        i for i, own in enumerate(self.component.inside(variable, [void])[0]) if own
                    )
                    if inside:
                        yield (*whole[:place], inside, *whole[place + 1 :])
                elif void:
                    yield whole

    def _restricted(self, table: Partition) -> Box:
        wholes = []
        for variable, entries in zip(self.variables, table.entries, strict=True):
            if variable in self.keywords:
                wholes.append(next((mask for mask, entry in entries.items() if entry == 0), 0))
                continue
            mask = table.table.whole(variable, self.component.everything[variable])
            wholes.append(
                mask_of(
                    i for i, own in enumerate(self.component.inside(variable, [mask])[0]) if own
                )
            )
        return tuple(wholes)

    def _figures(self, source: Partition, table: Partition) -> Iterator[_Figure]:
        """
        The figures of one table of which another could tell a group: those that it cuts in a way of
        its own.
        """
        kinds = [
            {mask: cut_of(mask, parts, others, covered, source.is_partition) for mask in own}
            for own, parts, others, covered in zip(
                source.entries, source.parts, table.parts, table.covered, strict=True
            )
        ]
        odd = Cut.ODD_AROUND | Cut.ODD_INSIDE
        if not self.nobody and not any(cut & odd for kind in kinds for cut in kind.values()):
            return
        for box, cell in source.figures([list(kind) for kind in kinds]):
            self._step()
            every, some = ~Cut(0), Cut(0)
            for kind, mask in zip(kinds, box, strict=True):
                every, some = every & kind[mask], some | kind[mask]
            is_odd = Cut.COVERED in every and Cut.ODD_AROUND in some
            is_odd |= Cut.HOLDS in every and Cut.ODD_INSIDE in some
            if is_odd or self.nobody:
                yield _Figure(minus((box,), self.nobody), cell, source.words(box))

    def _step(self) -> None:
        self.steps += 1 + len(self.empty)
        if self.steps > MOST_STEPS:
            names = ", ".join(table.name for table in self.tables)
            raise TableError(
                f"tables {names}: cut one another into more parts than can be checked for what "
                "their differences tell; use the same periods and categories in all of them, or "
                "ask fewer at once"
            )

    def _set_against(self, figure: _Figure, table: Partition) -> None:
        """The two groups that a table tells of a figure."""
        self._step()
        around = hull(figure.region, table.parts)
        covers = table.covers(figure.region)
        if covers:
            self._tell(minus(around, figure.region), figure, table, around, is_around=True)
        # Rows of keywords overlap: what is left of one without each of the others would be no end
        # of groups.
        inside = (
            inner(figure.region, table.parts, self.nobody) if covers or not table.is_row else ()
        )
        if inside:
            self._tell(minus(figure.region, inside), figure, table, inside, is_around=False)

    def _tell(
        self, group: Region, figure: _Figure, table: Partition, own: Region, *, is_around: bool
    ) -> None:
        group = simplest(minus(group, self.nobody))
        if not group or any(other.makes_up(group, self.nobody) for other in self.tables):
            return
        measure = self._measure(group)
        if measure in self.groups or measure in self.printed or measure in self.unions:
            return
        names = table.words(own[0]) if len(own) == 1 else table.name
        more, fewer = (names, figure.words) if is_around else (figure.words, names)
        # Of what a table covers, where nobody is tells nobody apart.
        apart = figure.apart | self._apart(figure.region, minus(own, self.nobody))
        words = self._words(group) or f"in {more} and not in {fewer}"
        together = self._put_together(group)
        if together is not None:
            self.unions.add(measure)
            cells, rest = together
            if cells:
                told = tuple(v for v in self.variables if v in apart)
                self.account.unions.append(
                    Union(self.unit, cells, rest, words, told, f"{more}, less {fewer}")
                )
            return
        cell = self.groups[measure] = int(self.account.fresh(1)[0])
        self.regions[measure] = group
        self.account.units[cell] = self.unit
        self.account.apart[cell] = tuple(v for v in self.variables if v in apart)
        self.account.words[cell] = f"{self.unit} that no table prints ({words})"
        self.account.derived_from[cell] = f"{more}, less {fewer}"
        self.waiting.append(_Figure(group, cell, f"({more}, less {fewer})", apart))
        whole = self._cell_of(table, own)
        total, part = (whole, figure.cell) if is_around else (figure.cell, whole)
        self.account.one_sum(total, [part, cell])

    def _put_together(self, group: Region) -> tuple[dict[int, int], int] | None:
        """
        Of many tables: how often to count which cells for a group that some cells of one table and
        a group that is known make up, and that group; no cells where the two are on a strand, None
        for another group.
        """
        if not self.is_many:
            return None
        for table in self.tables:
            inside = inner(group, table.parts, self.nobody) if table.is_partition else ()
            rest = self.groups.get(self._measure(minus(group, inside))) if inside else None
            if rest is None:
                continue
            if self._are_on_strand(group, inside):
                return {}, rest
            total, cells = table.cells_of(inside)
            if total is None:
                return dict.fromkeys((*cells, rest), 1), rest
            return {total: 1, rest: 1} | dict.fromkeys(cells, -1), rest
        return None

    def _are_on_strand(self, group: Region, inside: Region) -> bool:
        if len(group) > 1 or len(inside) > 1:
            return False
        unlike = [
            k
            for k, (one, other) in enumerate(zip(group[0], inside[0], strict=True))
            if one != other
        ]
        return len(unlike) == 1 and self._is_strand(place_of(group[0], unlike[0]))

    def _is_strand(self, place: Place) -> bool:
        if place not in self.places:
            printing = sum(prints_at(table, place) for table in self.tables)
            self.places[place] = printing > 1 and place[0] in self.varying
        return self.places[place]

    def _cell_of(self, table: Partition, region: Region) -> int:
        """The cell that counts some finest cells of a table together."""
        key = table.table.number, self._measure(region)
        if key not in self.together:
            total, cells = table.cells_of(region)
            if total is None and len(cells) == 1:
                self.together[key] = cells[0]
                return cells[0]
            cell = self.together[key] = int(self.account.fresh(1)[0])
            if total is None:
                self.account.one_sum(cell, cells)
            else:
                self.account.one_sum(total, [cell, *cells])
        return self.together[key]

    def _apart(self, region: Region, other: Region) -> frozenset[str]:
        """The variables on which two regions are not alike."""
        found = set()
        for place, variable in enumerate(self.variables):
            if {box[place] for box in region} != {box[place] for box in other}:
                found.add(variable)
        return frozenset(found)

    def _words(self, region: Region) -> str:
        """A region that is a box in words; empty for another."""
        if len(region) > 1:
            return ""
        words = []
        for variable, mask, whole in zip(self.variables, region[0], self.whole, strict=True):
            if mask != whole:
                if variable in self.keywords:
                    return ""
                atoms = self.component.atoms[variable]
                pieces = sum(atom for i, atom in enumerate(atoms) if mask >> i & 1)
                words.append(f"{variable}: {self.component.lines[variable].words(pieces)}")
        return ", ".join(words)

    def _measure(self, region: Region) -> int:
        """
        A number that equal regions have in common, however they are cut into boxes, and no others.
        """
        total = 0
        for box in region:
            product = 1
            for mask, variable in zip(box, self.variables, strict=True):
                product = product * self._weight_of(variable, mask) % PRIME
            total += product
        return total % PRIME

    def _weight_of(self, variable: str, mask: int) -> int:
        if variable in self.keywords:
            return mask % PRIME  # each state weighs a power of two
        return sum(weight for i, weight in enumerate(self.weights[variable]) if mask >> i & 1)


def _weight(variable: str, atom: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{variable}\0{atom}".encode()).digest(), "big") % PRIME
