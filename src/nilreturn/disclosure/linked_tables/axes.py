"""
What a category means, as a set of atoms: the parts of one variable that no table of a set cuts any
further.

Ages 10 to 15 in one table and 12 to 15 in another become the atoms 10-11 and 12-15; a category is
then a bit mask, two categories are the same when their masks are, and differences and overlaps are
arithmetic on integers. The last atom is "the rest": whatever no category covers. It is empty where
some table divides everyone.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nilreturn.disclosure.linked_tables.several_values import (
    Several,
    several,
    values_of,
    with_lists,
)
from nilreturn.disclosure.model import UNNAMED, TableShape
from nilreturn.disclosure.model import value_range_words as range_words
from nilreturn.errors import TableError
from nilreturn.tables import Category, Dimension, Extent

UNNAMED_STATES = "some of them and not others"  # of values several of which are there at once


@dataclass(frozen=True)
class Axis:
    """
    One variable over a set of tables. `pieces` are its atoms in bit order (ranges first, in order,
    then values), without the rest; `everything` is the mask of all that exists. `parts` are the
    labels that stand for other labels, in any of the tables. Of a variable with `several` values at
    once the atoms are the joint states of its classes.
    """

    variable: str
    pieces: tuple[tuple[int, int] | str, ...]
    everything: int
    parts: Mapping[str, tuple[str, ...]]
    several: Several | None = None

    @cached_property
    def _firsts(self) -> list[int]:
        return [piece[0] for piece in self.pieces if not isinstance(piece, str)]

    @cached_property
    def _bit(self) -> dict[str, int]:
        return {piece: bit for bit, piece in enumerate(self.pieces) if isinstance(piece, str)}

    def mask(self, extent: Extent) -> int:
        """The atoms that make up `extent`, those that cannot occur left out."""
        if self.several is not None:
            return (
                self.several.none_of(extent.none_of)
                if extent.none_of
                else self.several.any_of(extent.values)
            )
        found = 0
        for first, last in extent.ranges:
            start, after = bisect_left(self._firsts, first), bisect_right(self._firsts, last)
            found |= (1 << after) - (1 << start)
        for value in extent.values:
            if value in self._bit:
                found |= 1 << self._bit[value]
        return found & self.everything

    def words(self, mask: int) -> str:
        """The part of the variable under a mask, for a reader of messages."""
        if mask == self.everything:
            return "all"
        if self.several is not None:
            return self.several.names.get(mask, UNNAMED_STATES)
        ranges = [
            p for bit, p in enumerate(self.pieces) if mask >> bit & 1 and not isinstance(p, str)
        ]
        values = sorted(
            p for bit, p in enumerate(self.pieces) if mask >> bit & 1 and isinstance(p, str)
        )
        words = [range_words(first, last) for first, last in Extent(tuple(ranges)).ranges] + values
        if mask >> len(self.pieces) & 1:
            words.append("all others")
        return ", ".join(words)


def axes_of(shapes: Sequence[TableShape], unit: str) -> dict[str, Axis]:
    """
    The axis of each variable that the tables divide or are restricted by, for tables that count
    `unit`. Tables of other units cut the same atoms; only those of the unit itself tell what holds
    nobody.
    """
    variables = dict.fromkeys(
        v
        for s in shapes
        for v in (
            *(e[0] for e in (*s.population.extents, *s.population.holds)),
            *(d.qualifies or d.variable for d in s.dimensions),
        )
    )
    _check_unnamed(shapes)
    return {variable: _axis(variable, shapes, unit) for variable in variables}


def _check_unnamed(shapes: Sequence[TableShape]) -> None:
    """
    Without a name categories are of one variable where all are the same; where some are, nobody can
    tell.
    """
    first: dict[str, tuple[str, TableShape]] = {}
    for shape in shapes:
        for dimension in shape.dimensions:
            if not dimension.variable.startswith(UNNAMED):
                continue
            for category in dimension.categories[1:]:
                variable, other = first.setdefault(
                    category.label.casefold(), (dimension.variable, shape)
                )
                if variable != dimension.variable:
                    raise TableError(
                        f"tables {other.name} and {shape.name}: both have {category.label!r}, "
                        "under no heading and beside other categories; say what is divided, in "
                        f"{other.name}.yaml and {shape.name}.yaml (columns: {{columns: {{variable: "
                        "…}})"
                    )


def extent_of(category: Category, parts: Mapping[str, tuple[str, ...]]) -> Extent | None:
    """
    What a category covers: None for everyone in the population. Without `covers`, its parts or its
    label tell.
    """
    if category.covers is not None or category.parent is None:
        return category.covers
    leaves, waiting = set(), [category.label]
    while waiting:
        label = waiting.pop()
        waiting += parts.get(label, ())
        if label not in parts:
            leaves.add(label)
    return Extent(values=frozenset(leaves))


def dimension_masks(shape: TableShape, dimension: Dimension, axis: Axis) -> list[int]:
    """The mask of each category of a table's dimension, in order, within the table's population."""
    within = population_mask(shape, axis)
    masks = []
    for category in dimension.categories:
        extent = extent_of(category, axis.parts)
        mask = within if extent is None else axis.mask(extent)
        if axis.several is not None and not dimension.additive and mask & ~within:
            # Of a value with several beside it "in this one and in the list" is neither a row nor a
            # list.
            raise TableError(
                f"table {shape.name}: is restricted by {axis.variable} and broken down by it, and "
                f"{category.label!r} overlaps what it is restricted to; leave out one of the two"
            )
        masks.append(mask & within)
    if dimension.additive:
        _check_parts(shape, dimension, masks)
    return masks


def population_mask(shape: TableShape, axis: Axis) -> int:
    """The part of the variable that a table is restricted to."""
    return next(
        (axis.mask(e) for v, e in shape.population.extents if v == axis.variable), axis.everything
    )


def _check_parts(shape: TableShape, dimension: Dimension, masks: list[int]) -> None:
    seen: dict[str | None, int] = {}
    for category, mask in zip(dimension.categories, masks, strict=True):
        if category.parent is not None:
            if seen.get(category.parent, 0) & mask:
                raise TableError(
                    f"table {shape.name}: {dimension.title}: {category.label!r} overlaps a "
                    "category beside it, so that they do not add up; correct what they cover or "
                    "mark the dimension as overlapping"
                )
            if mask & ~masks[dimension.labels.index(category.parent)]:
                raise TableError(
                    f"table {shape.name}: {dimension.title}: {category.label!r} reaches outside "
                    f"{category.parent!r}, which it adds up into; correct what they cover"
                )
            seen[category.parent] = seen.get(category.parent, 0) | mask


def _axis(variable: str, shapes: Sequence[TableShape], unit: str) -> Axis:
    extents = [
        extent
        for s in shapes
        for v, extent in (*s.population.extents, *s.population.holds)
        if v == variable
    ]
    dimensions = [
        (s, with_lists(d)) for s in shapes for d in s.dimensions if d.variable == variable
    ]
    parts = _parts(variable, dimensions)
    extents += [
        e for _, d in dimensions for c in d.categories if (e := extent_of(c, parts)) is not None
    ]
    qualifying = [(s, d) for s in shapes for d in s.dimensions if d.qualifies == variable]
    if not any(extent.ranges for extent in extents) and (
        qualifying
        or any(not d.additive for _, d in dimensions)
        or any(extent.none_of for extent in extents)
    ):
        return _several(variable, shapes, dimensions, qualifying, parts)
    pieces: list[tuple[int, int] | str] = list(_segments(extents))
    pieces += sorted({v for e in extents for v in e.values})
    whole = (1 << len(pieces) + 1) - 1
    axis = Axis(variable, tuple(pieces), whole, parts)
    for shape, dimension in dimensions:
        is_restricted = (
            any(v == variable for v, _ in shape.population.extents)
            or dimension.total.covers is not None
        )
        # A total alone divides nobody.
        if is_restricted or not dimension.additive or len(dimension.categories) == 1:
            continue
        if shape.population.unit != unit:
            continue
        # This table divides everyone: nobody is in the rest, nor at a number that none of its
        # categories reaches.
        covered = 0
        for category in dimension.leaves:
            covered |= axis.mask(extent_of(category, parts) or Extent())
        beyond = sum(
            1 << bit
            for bit, p in enumerate(pieces)
            if not isinstance(p, str) and not covered >> bit & 1
        )
        whole &= ~(1 << len(pieces)) & ~beyond
    return Axis(variable, tuple(pieces), whole, parts)


def _several(
    variable: str,
    shapes: Sequence[TableShape],
    dimensions: Sequence[tuple[TableShape, Dimension]],
    qualifying: Sequence[tuple[TableShape, Dimension]],
    parts: Mapping[str, tuple[str, ...]],
) -> Axis:
    """The axis of a variable with several values at once. A row of a single value is no list."""
    lists = [
        e for s in shapes for v, e in (*s.population.extents, *s.population.holds) if v == variable
    ]
    rows: list[Extent] = []
    for _, dimension in dimensions:
        for category in dimension.categories:
            extent = extent_of(category, parts)
            if extent is not None:
                is_row = not dimension.additive and len(extent.values) == 1 and not extent.none_of
                (rows if is_row else lists).append(extent)
    forms = {tuple(c.label for c in d.categories[1:]) for _, d in qualifying}
    if len(forms) > 1:
        telling = ", ".join(sorted({s.name for s, _ in qualifying}))
        raise TableError(
            f"tables {telling}: give the forms of {variable} in different ways; use the same forms "
            f"in all"
        )
    every = values_of((*lists, *rows))
    tables = [s.name for s, _ in (*dimensions, *qualifying)]
    told = (frozenset(e.values | e.none_of) for e in lists)
    form_variable = next((d.variable for _, d in qualifying), "")
    names = list(dict.fromkeys(tables))
    found = several(variable, names, (*told, every), forms.pop() if forms else (), form_variable)
    return Axis(variable, (), (1 << found.states) - 1, parts, found)


def _segments(extents: Iterable[Extent]) -> list[tuple[int, int]]:
    """The ranges cut at every end, in order."""
    ranges = [r for extent in extents for r in extent.ranges]
    cuts = sorted({first for first, _ in ranges} | {last + 1 for _, last in ranges})
    joined = Extent(tuple(ranges)).ranges
    starts = [first for first, _ in joined]
    return [
        (first, after - 1)
        for first, after in itertools.pairwise(cuts)
        if (place := bisect_right(starts, first) - 1) >= 0 and after - 1 <= joined[place][1]
    ]


def _parts(
    variable: str, dimensions: Iterable[tuple[TableShape, Dimension]]
) -> dict[str, tuple[str, ...]]:
    """
    The labels that stand for other labels. A label without parts in one table and with parts in
    another is taken to mean the same in both; with other parts it would be two things under one
    name.
    """
    parts: dict[str, tuple[str, ...]] = {}
    table: dict[str, str] = {}
    for shape, dimension in dimensions:
        for category in dimension.categories:
            below = tuple(sorted(c.label for c in dimension.children(category.label)))
            if category.parent is None or category.covers is not None or not below:
                continue
            first = table.setdefault(category.label, shape.name)
            if parts.setdefault(category.label, below) != below:
                raise TableError(
                    f"tables {first} and {shape.name}: {category.label!r} of {variable} has not "
                    "the same parts in both; state what it covers in each"
                )
    _check_cycles(variable, parts)
    return parts


def _check_cycles(variable: str, parts: Mapping[str, tuple[str, ...]]) -> None:
    settled: set[str] = set()
    for start in parts:
        path: list[str] = []
        waiting = [(start, False)]
        while waiting:
            label, left = waiting.pop()
            if left:
                path.pop()
                settled.add(label)
            elif label in path:
                raise TableError(
                    f"the hierarchy of {variable} runs in a circle through {label!r}; a category "
                    "adds up into one above it"
                )
            elif label not in settled:
                path.append(label)
                waiting += [(label, True), *((below, False) for below in parts.get(label, ()))]
