"""Tables as partitions of the people they count, and the figures that they print, on the atoms of a component."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.audit.boxes import Box, Region, hull, minus
from nilreturn.disclosure.audit.component import Component
from nilreturn.disclosure.audit.parts import mask_of
from nilreturn.disclosure.audit.placing import Factor, Placed
from nilreturn.disclosure.published import PublishedTable
from nilreturn.disclosure.system import Ints


@dataclass(frozen=True, eq=False)
class Partition:
    """
    A table on the variables of a component, in their order: `entries` are the sets of atoms of its categories, each
    with the number of the first entry that has it; `parts` those of its finest categories. Where categories overlap
    it is no partition, and only prints figures.
    """

    table: Placed
    cells: Ints  # by factor
    factors: tuple[Factor | None, ...]  # of each variable; None where the table is not divided by it
    entries: tuple[dict[int, int], ...]
    parts: tuple[tuple[int, ...], ...]
    covered: Box  # those that the parts cover, and where nobody is
    is_partition: bool

    @property
    def name(self) -> str:
        shape = self.table.shape
        return shape.labels if isinstance(shape, PublishedTable) else shape.name

    def covers(self, region: Region) -> bool:
        return all(not mask & ~own for box in region for mask, own in zip(box, self.covered, strict=True))

    def makes_up(self, region: Region, nobody: Region) -> bool:
        """Whether some finest cells together count exactly these people; there is nobody in `nobody`."""
        if not self.is_partition or not self.covers(region):
            return False
        return not minus(minus(hull(region, self.parts), region), nobody)

    def figures(self, chosen: Sequence[Sequence[int]]) -> Iterator[tuple[Box, int]]:
        """The printed figures with one of the chosen sets of atoms of each variable, and the cell of each."""
        for box in itertools.product(*chosen):
            yield box, self._cell(tuple(own[mask] for own, mask in zip(self.entries, box, strict=True)))

    def cells_of(self, region: Region) -> tuple[int | None, list[int]]:
        """
        Cells that make up a union of finest cells, margins where there are such. Where a margin less a few cells does,
        that margin and those.
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
                ways.append([entries[mask]] if mask in entries else [entries[p] for p in parts if not p & ~mask])
            found += [self._cell(place) for place in itertools.product(*ways)]
        return found

    def words(self, box: Box) -> str:
        """A union of finest cells for a reader of messages: its labels where it is one cell, else its table."""
        if not all(mask in entries for mask, entries in zip(box, self.entries, strict=True)):
            return self.name
        labels = []
        for factor, mask, entries in zip(self.factors, box, self.entries, strict=True):
            if factor is not None:
                places = np.unravel_index(entries[mask], [len(self._labels(axis)) for axis in factor.axes])
                labels += [self._labels(axis)[int(i)] for axis, i in zip(factor.axes, places, strict=True)]
        return f"{self.name}: {' / '.join(labels)}" if labels else self.name

    def _labels(self, axis: int) -> tuple[str, ...]:
        return self.table.shape.dimensions[axis].labels

    def _cell(self, place: Sequence[int]) -> int:
        of_factor = {f.variable: e for f, e in zip(self.factors, place, strict=True) if f is not None}
        return int(self.cells[tuple(of_factor.get(f.variable, 0) for f in self.table.divided)])


def partition(component: Component, table: Placed, cells: Ints) -> Partition:
    """A table as a partition; `cells` are its own, in its own shape."""
    factors: list[Factor | None] = []
    entries: list[dict[int, int]] = []
    parts: list[tuple[int, ...]] = []
    covered: list[int] = []
    for variable, atoms in component.atoms.items():
        factor = table.factors.get(variable)
        if factor is None:
            whole = (1 << len(atoms)) - 1
            factors.append(None)
            entries.append({whole: 0})
            parts.append((whole,))
            covered.append(whole)
            continue
        void = component.void.get((table.number, variable), 0)
        sets = [mask_of(np.flatnonzero(row)) for row in component.inside(variable, (*factor.masks, void))]
        own = [(mask, e) for e, mask in enumerate(sets[:-1]) if mask and factor.member(e) is None]
        factors.append(factor if factor.axes else None)
        entries.append(dict(reversed(own)))
        parts.append(tuple(dict.fromkeys(sets[leaf] for leaf in factor.leaves if sets[leaf])))
        found = sets[-1]
        for part in parts[-1]:
            found |= part
        covered.append(found)
    is_partition = not component.is_overlapping(table)
    return Partition(
        table, table.by_factor(cells), tuple(factors), tuple(entries), tuple(parts), tuple(covered), is_partition
    )
