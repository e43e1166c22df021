"""
Groups that readers can tell because some printed figures are 0, among the record types in which
somebody may be.

Those types are numbered, and sets of them are bits of an integer. The cells of a table that meet a
set, less the set, are a group; so is the set less the cells inside it. It starts from all figures
and goes on, difference by difference, as far as their number allows (`MOST_GROUPS`), once in any
case. None gets a cell: of those that are small it is asked whether they follow (`unions`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from nilreturn.disclosure.audit.categories import Component, mask_of
from nilreturn.disclosure.audit.cells.boxes import Box
from nilreturn.disclosure.audit.cells.partitions import Partition
from nilreturn.disclosure.model import Bools, Ints, Union
from nilreturn.errors import TableError

MOST_TABLES = 8  # that hang together; with more, zeros are not used
MOST_TYPES = 200_000
MOST_POINTS = 4_000_000  # combinations of atoms looked at for them
MOST_GROUPS = 1_000  # by differences of differences
MOST_FIRST = 50_000  # by one difference
MOST_STEPS = 20_000_000  # cells set against sets

Times = dict[int, int]  # how often to count which cells


@dataclass(frozen=True)
class _Set:
    bits: int
    times: Times
    words: str
    apart: frozenset[str] = frozenset()


@dataclass(eq=False)
class _Finest:
    """
    The finest cells of a table: the set of each, and the place of the cell that each type lies in
    (-1: none).
    """

    table: Partition
    sets: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    of_type: list[int] = field(default_factory=list)


def groups_by_zeros(
    component: Component, tables: Sequence[Partition], zeros: Sequence[Bools]
) -> Iterator[Union]:
    """
    The groups of the tables of one unit, none of which has keywords. `zeros` flags, by the number
    of a table, the cells that are known to be 0. Raises `TableError` where there are too many.
    """
    if not 1 < len(tables) <= MOST_TABLES or not any(
        zeros[table.table.number].any() for table in tables
    ):
        return
    may_be = {
        id(table.table): _may_be(component, table, zeros[table.table.number]) for table in tables
    }
    types = _types(component, tables, may_be)
    if types is None:
        tables = _core(tables)
        types = _types(component, tables, may_be)
    if types is None:
        names = ", ".join(table.name for table in tables)
        raise TableError(
            f"tables {names}: tell apart more than {MOST_TYPES:,} kinds of records; use the same "
            "categories in all of them, or ask fewer at once"
        )
    if len(tables) > 1:
        yield from _Search(component, tables, types).groups()


def _may_be(component: Component, table: Partition, zeros: Bools) -> Bools:
    """
    Over the atoms of all variables: where a table does not say that nobody is; 1 long where it is
    not divided.
    """
    shape = [len(component.atoms[v]) if v in table.table.factors else 1 for v in table.variables]
    found = np.ones(shape, dtype=np.bool_)
    for box in (*table.zeros(zeros), *_void(component, table)):
        places = [_bits(mask) if size > 1 else [0] for mask, size in zip(box, shape, strict=True)]
        found[np.ix_(*places)] = False
    return found


def _void(component: Component, table: Partition) -> Iterator[Box]:
    """Where the categories of a table leave out somebody and add up: nobody is there."""
    whole = []
    for variable in table.variables:
        mask = table.table.whole(variable, component.everything[variable])
        whole.append(mask_of(np.flatnonzero(component.inside(variable, [mask])[0])))
    for k, variable in enumerate(table.variables):
        void = component.void.get((table.table.number, variable), 0)
        inside = mask_of(np.flatnonzero(component.inside(variable, [void])[0])) if void else 0
        if inside:
            yield (*whole[:k], inside, *whole[k + 1 :])


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def _cuts(table: Partition, k: int) -> frozenset[int]:
    return frozenset(table.parts[k])


def _core(tables: Sequence[Partition]) -> list[Partition]:
    """
    Tables without the variables that only one of them cuts, and without those all of whose cuts
    another has, until no more can be left out.
    """
    left = list(tables)
    wholes = [0] * len(left[0].variables)
    for table in left:
        wholes = [whole | covered for whole, covered in zip(wholes, table.covered, strict=True)]
    while True:
        own = [
            {(k, _cuts(t, k)) for k, whole in enumerate(wholes) if _cuts(t, k) != {whole}}
            for t in left
        ]
        kept: list[int] = []
        for i in sorted(range(len(left)), key=lambda i: -len(own[i])):
            if not any(own[i] <= own[j] for j in kept):
                kept.append(i)
        often = Counter(k for i in kept for k, _ in own[i])
        alone = [
            [k for k, _ in own[i] if often[k] == 1 and len(left[i].parts[k]) > 1] for i in kept
        ]
        if len(kept) == len(left) and not any(alone):
            return left
        left = [_by_totals(left[i], places) for i, places in zip(kept, alone, strict=True)]


def _by_totals(table: Partition, places: Sequence[int]) -> Partition:
    entries, parts = list(table.entries), list(table.parts)
    for k in places:
        total = next(iter(entries[k]))
        first = min(entries[k], key=lambda mask: entries[k][mask], default=total)
        entries[k], parts[k] = {first: entries[k][first]}, (first,)
    return replace(table, entries=tuple(entries), parts=tuple(parts))


def _types(
    component: Component, tables: Sequence[Partition], may_be: dict[int, Bools]
) -> Ints | None:
    """
    (types, variables) the atoms of each type in which somebody may be, 0 where nothing is cut;
    None: too many.
    """
    variables = tables[0].variables
    cut = [
        any(len(t.parts[k]) > 1 or t.parts[k] != tables[0].parts[k] for t in tables)
        for k in range(len(variables))
    ]
    found, there = np.zeros((1, len(variables)), dtype=np.int64), set[int]()
    waiting = list(tables)
    while waiting:
        table = min(waiting, key=lambda t: may_be[id(t.table)].size)
        waiting.remove(table)
        flags = may_be[id(table.table)]
        for k, variable in enumerate(variables):
            if flags.shape[k] > 1 and not cut[k]:
                # Nothing tells its atoms apart.
                flags = np.any(flags, axis=k, keepdims=True).astype(np.bool_)
            if flags.shape[k] > 1 and k not in there:
                count = len(component.atoms[variable])
                if len(found) * count > MOST_POINTS:
                    return None
                found = np.repeat(found, count, axis=0)
                found[:, k] = np.tile(np.arange(count), len(found) // count)
                there.add(k)
        place = tuple(
            column if size > 1 else column * 0
            for column, size in zip(found.T, flags.shape, strict=True)
        )
        found = found[flags[place]]
    return found if len(found) <= MOST_TYPES else None


class _Search:
    def __init__(self, component: Component, tables: Sequence[Partition], types: Ints) -> None:
        self.unit, self.variables = tables[0].table.shape.population.unit, tables[0].variables
        self.tables, self.steps = tables, 0
        self.at = [
            {
                atom: mask_of(np.flatnonzero(types[:, k] == atom))
                for atom in np.unique(types[:, k]).tolist()
            }
            for k in range(len(self.variables))
        ]
        self.count = len(types)
        self._sides: dict[tuple[int, int], int] = {}
        self.finest = [self._finest(table) for table in tables]
        self.figures: dict[int, _Set] = {}
        for table in tables:
            for box, cell in table.figures([list(own) for own in table.entries]):
                bits = self._bits(box)
                if bits:
                    self.figures.setdefault(bits, _Set(bits, {cell: 1}, table.words(box)))

    def _bits(self, box: Box) -> int:
        """The types in a box."""
        found = (1 << self.count) - 1
        for k, mask in enumerate(box):
            if (k, mask) not in self._sides:
                own = self.at[k].items()
                whole = len(self.at[k]) == 1
                self._sides[k, mask] = sum(bits for atom, bits in own if whole or mask >> atom & 1)
            found &= self._sides[k, mask]
        return found

    def _finest(self, table: Partition) -> _Finest:
        found = _Finest(table, of_type=[-1] * self.count)
        for box, cell in table.figures(table.parts):
            bits = self._bits(box)
            if bits:
                for bit in _bits(bits):
                    found.of_type[bit] = len(found.sets)
                found.sets.append(bits)
                found.cells.append(cell)
        return found

    def groups(self) -> Iterator[Union]:
        """Difference by difference, those of as many as there is room for."""
        seen, level, found = set(self.figures), list(self.figures.values()), 0
        while level:
            most = MOST_GROUPS - found if found else MOST_FIRST
            own: list[tuple[_Set, str]] = []
            for group, told_by in self._next(level, seen):
                own.append((group, told_by))
                if len(own) > most:
                    break
            if len(own) > most:
                if not found:
                    self._refuse()
                return
            for group, told_by in own:
                apart = tuple(v for v in self.variables if v in group.apart)
                yield Union(self.unit, group.times, -1, group.words, apart, told_by)
            level, found = [group for group, _ in own], found + len(own)

    def _next(self, level: Sequence[_Set], seen: set[int]) -> Iterator[tuple[_Set, str]]:
        for one in level:
            for finest in self.finest:
                around, inside, is_covered = self._beside(one.bits, finest)
                ways = [(around, True)] if is_covered else []
                for cells, is_around in [*ways, (inside, False)]:
                    own = _union(finest, cells)
                    bits = own & ~one.bits if is_around else one.bits & ~own
                    if not cells or not bits or bits in seen:
                        continue
                    seen.add(bits)
                    if not any(self._is_of(other, bits) for other in self.finest):
                        yield self._told(one, finest, cells, own, bits, is_around=is_around)

    def _beside(self, bits: int, finest: _Finest) -> tuple[list[int], list[int], bool]:
        """The cells that meet a set, those inside it, and whether they cover it."""
        around, inside, is_covered, left = [], [], True, bits
        while left:
            self.steps += 1
            if self.steps > MOST_STEPS:
                self._refuse()
            place = finest.of_type[(left & -left).bit_length() - 1]
            if place < 0:
                is_covered = False
                left &= left - 1
                continue
            around.append(place)
            if not finest.sets[place] & ~bits:
                inside.append(place)
            left &= ~finest.sets[place]
        return around, inside, is_covered

    def _is_of(self, finest: _Finest, bits: int) -> bool:
        """Whether a set is some finest cells of one table."""
        around, inside, is_covered = self._beside(bits, finest)
        return is_covered and len(around) == len(inside)

    def _told(
        self,
        one: _Set,
        finest: _Finest,
        cells: Sequence[int],
        own: int,
        bits: int,
        *,
        is_around: bool,
    ) -> tuple[_Set, str]:
        figure = self.figures.get(own)
        together = (
            figure.times if figure else dict.fromkeys((finest.cells[place] for place in cells), 1)
        )
        name = figure.words if figure else finest.table.name
        whole, part = (together, one.times) if is_around else (one.times, together)
        more, fewer = (name, one.words) if is_around else (one.words, name)
        times = Counter(whole)
        times.subtract(part)
        apart = frozenset(
            v
            for v, at in zip(self.variables, self.at, strict=True)
            if any(bool(types & own) != bool(types & one.bits) for types in at.values())
        )
        left = {cell: often for cell, often in times.items() if often}
        told_by = f"{more}, less {fewer}"
        return _Set(bits, left, told_by, one.apart | apart), told_by

    def _refuse(self) -> None:
        names = ", ".join(table.name for table in self.tables)
        raise TableError(
            f"tables {names}: with what printed zeros say, they cut one another into more parts "
            "than can be checked for what their differences tell; use the same periods and "
            "categories in all of them, or ask fewer at once"
        )


def _union(finest: _Finest, cells: Sequence[int]) -> int:
    found = 0
    for place in cells:
        found |= finest.sets[place]
    return found
