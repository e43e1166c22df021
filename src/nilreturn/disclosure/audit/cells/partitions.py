"""
Tables as partitions of the people they count, and the figures that they print, on the atoms of a
component.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nilreturn.disclosure.audit.categories import (
    Component,
    Factor,
    Keywords,
    PlacedTable,
    mask_of,
    union,
)
from nilreturn.disclosure.audit.cells.boxes import Box, Region, hull, minus
from nilreturn.disclosure.model import Bools, Ints, PublishedTable


@dataclass(frozen=True, eq=False)
class Partition:
    """
    A table on the variables of a component, in their order: `entries` are the sets of atoms of its
    categories, each with the number of the first entry that has it; `parts` those of its finest
    categories. Of a variable with several values at once they are sets of states of its keywords.
    Without `is_partition` it only prints figures.
    """

    table: PlacedTable
    variables: tuple[str, ...]
    cells: Ints  # by factor
    # Of each variable; None where the table is not divided by it.
    factors: tuple[Factor | None, ...]
    entries: tuple[dict[int, int], ...]
    parts: tuple[tuple[int, ...], ...]
    sets: tuple[Sequence[int], ...]  # of each variable: the set of atoms of each entry
    covered: Box  # those that the parts cover, and where nobody is
    is_partition: bool
    is_row: bool = False  # of a table of overlapping keywords: the records of one of them

    @property
    def name(self) -> str:
        shape = self.table.shape
        return shape.labels if isinstance(shape, PublishedTable) else shape.name

    def covers(self, region: Region) -> bool:
        return all(
            not mask & ~own for box in region for mask, own in zip(box, self.covered, strict=True)
        )

    def makes_up(self, region: Region, nobody: Region) -> bool:
        """
        Whether some finest cells together count exactly these people; there is nobody in `nobody`.
        """
        if not self.is_partition or not self.covers(region):
            return False
        return not minus(minus(hull(region, self.parts), region), nobody)

    def figures(self, chosen: Sequence[Sequence[int]]) -> Iterator[tuple[Box, int]]:
        """
        The printed figures with one of the chosen sets of atoms of each variable, and the cell of
        each.
        """
        for box in itertools.product(*chosen):
            yield (
                box,
                self._cell(tuple(own[mask] for own, mask in zip(self.entries, box, strict=True))),
            )

    def zeros(self, flags: Bools) -> Iterator[Box]:
        """The boxes of the cells that are flagged, in the shape of the table."""
        own = self.table.by_factor(flags.astype(np.int64))
        for index in np.argwhere(own).tolist():
            of_factor = dict(zip((f.variable for f in self.table.divided), index, strict=True))
            places = (
                (side, of_factor.get(v, 0))
                for v, side in zip(self.variables, self.sets, strict=True)
            )
            box = tuple(side[entry] for side, entry in places)
            if all(box):
                yield box

    def cells_of(self, region: Region) -> tuple[int | None, list[int]]:
        """
        Cells that make up a union of finest cells, margins where there are such. Where a margin
        less a few cells does, that margin and those.
        """
        margin = self._margin_around(region) if len(region) == 1 else None
        if margin is None:
            return None, self._cells_in(region)
        left = minus((margin,), region)
        (total,) = self._cells_in((margin,))
        return total, self._cells_in(left)

    def _margin_around(self, region: Region) -> Box | None:
        """The least margin around a box from which less is to be taken than is in the box."""
        margin = []
        saved = 0
        for mask, entries, parts in zip(region[0], self.entries, self.parts, strict=True):
            around = min((e for e in entries if not mask & ~e), key=int.bit_count, default=0)
            if not around:
                return None
            if around != mask:
                saved += 1
                if sum(p for p in parts if not p & ~around) != around:
                    return None
                if 2 * sum(not p & ~mask for p in parts) <= sum(not p & ~around for p in parts):
                    return None
            margin.append(around)
        return tuple(margin) if saved == 1 else None

    def _cells_in(self, region: Region) -> list[int]:
        found = []
        for box in region:
            ways = []
            for mask, entries, parts in zip(box, self.entries, self.parts, strict=True):
                ways.append(
                    [entries[mask]]
                    if mask in entries
                    else [entries[p] for p in parts if not p & ~mask]
                )
            found += [self._cell(place) for place in itertools.product(*ways)]
        return found

    def words(self, box: Box) -> str:
        """
        A union of finest cells for a reader of messages: its labels where it is one cell, else its
        table.
        """
        if not all(mask in entries for mask, entries in zip(box, self.entries, strict=True)):
            return self.name
        labels = []
        for factor, mask, entries in zip(self.factors, box, self.entries, strict=True):
            if factor is not None:
                places = np.unravel_index(
                    entries[mask], [len(self._labels(axis)) for axis in factor.axes]
                )
                labels += [
                    self._labels(axis)[int(i)] for axis, i in zip(factor.axes, places, strict=True)
                ]
        return f"{self.name}: {' / '.join(labels)}" if labels else self.name

    def _labels(self, axis: int) -> tuple[str, ...]:
        return self.table.shape.dimensions[axis].labels

    def _cell(self, place: Sequence[int]) -> int:
        of_factor = {
            f.variable: e for f, e in zip(self.factors, place, strict=True) if f is not None
        }
        return int(self.cells[tuple(of_factor.get(f.variable, 0) for f in self.table.divided)])


@dataclass(frozen=True)
class _Side:
    """
    A table along one variable: the set that each entry counts, the finest ones, and where nobody
    is.
    """

    factor: Factor | None
    sets: Sequence[int]
    parts: tuple[int, ...]
    void: int = 0

    @property
    def entries(self) -> dict[int, int]:
        return {mask: entry for entry, mask in reversed(list(enumerate(self.sets))) if mask}


def partitions(
    component: Component, keywords: Mapping[str, Keywords], table: PlacedTable, cells: Ints
) -> tuple[Partition, list[Partition]]:
    """
    A table as a source of figures, and as partitions: one, or one for each row of overlapping
    keywords. `cells` are its own, in its own shape; `keywords` are the variables with several
    values at once.
    """
    sides = {v: _side(component, v, table, keywords.get(v)) for v in component.atoms}
    several = [v for v in component.atoms if v in keywords and v in table.factors]
    rows = keywords[several[0]].rows(table) if several else [[]]
    is_partition = sum(table.factors[v].overlapping for v in several) < 2
    found = []
    for row in rows:
        parts = {variable: side.parts for variable, side in sides.items()}
        if several:
            sets = sides[several[0]].sets
            parts[several[0]] = tuple(dict.fromkeys(sets[entry] for entry in row if sets[entry]))
        found.append(
            Partition(
                table=table,
                variables=tuple(sides),
                cells=table.by_factor(cells),
                factors=tuple(
                    s.factor if s.factor is not None and s.factor.axes else None
                    for s in sides.values()
                ),
                entries=tuple(side.entries for side in sides.values()),
                parts=tuple(parts.values()),
                sets=tuple(side.sets for side in sides.values()),
                covered=tuple(union((side.void, *parts[v])) for v, side in sides.items()),
                is_partition=is_partition,
                is_row=len(rows) > 1,
            )
        )
    return (found[0] if len(found) == 1 else replace(found[0], is_partition=False)), found


def _side(
    component: Component, variable: str, table: PlacedTable, keywords: Keywords | None
) -> _Side:
    factor = table.factors.get(variable)
    if factor is None:
        whole = (
            (1 << len(component.atoms[variable])) - 1 if keywords is None else keywords.everything
        )
        return _Side(None, [whole], (whole,))
    void = 0
    if keywords is not None:
        sets = keywords.entries(table)
    else:
        masks = (*factor.masks, component.void.get((table.number, variable), 0))
        *sets, void = (mask_of(np.flatnonzero(row)) for row in component.inside(variable, masks))
    return _Side(
        factor, sets, tuple(dict.fromkeys(sets[leaf] for leaf in factor.leaves if sets[leaf])), void
    )
