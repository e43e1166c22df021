"""
Tables laid on the variables' lines: each printed figure counts what is inside a box, a set of
pieces for each variable.

A *factor* of a table is one variable that it divides or is restricted by, with a mask for each of
its entries. Units that belong to one another are laid on one set of lines: a crime whose victim
details are recorded stands for itself and its first victim, every further victim is an extra one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.audit.categories.parts import Line
from nilreturn.disclosure.audit.categories.several import Member, Several, meaning_of
from nilreturn.disclosure.model import Ints, TableShape
from nilreturn.errors import TableError
from nilreturn.tables import Dimension, Extent

Lines = dict[str, Line | Several]


@dataclass(frozen=True)
class Factor:
    """
    One variable of a table. `axes` are the dimensions that divide it (none for a restriction), and
    `masks` what each combination of their categories covers, the whole first. `leaves` are the
    entries that nothing adds up into; they are apart unless the factor is `overlapping`.
    """

    variable: str
    axes: tuple[int, ...]
    masks: tuple[int, ...]
    leaves: tuple[int, ...]
    overlapping: bool = False
    members: tuple[Member | None, ...] = ()

    @property
    def whole(self) -> int:
        return self.masks[0]

    @property
    def covered(self) -> int:
        """What some leaf covers."""
        found = 0
        for leaf in self.leaves:
            found |= self.masks[leaf]
        return found

    def member(self, entry: int) -> Member | None:
        return self.members[entry] if self.members else None

    def within(self, everything: int) -> Factor:
        """The factor where only `everything` can occur."""
        masks = tuple(mask & everything for mask in self.masks)
        return Factor(self.variable, self.axes, masks, self.leaves, self.overlapping, self.members)


@dataclass(frozen=True, eq=False)
class PlacedTable:
    """A table with its factors. `number` is its place among the shapes."""

    number: int
    shape: TableShape
    factors: dict[str, Factor] = field(default_factory=dict)

    @property
    def divided(self) -> list[Factor]:
        return [factor for factor in self.factors.values() if factor.axes]

    def whole(self, variable: str, everything: int) -> int:
        """What the table is restricted to."""
        return self.factors[variable].whole if variable in self.factors else everything

    def by_factor(self, cells: Ints) -> Ints:
        """The table's cells with one axis for each dividing factor."""
        order = [axis for factor in self.divided for axis in factor.axes]
        return cells.transpose(order).reshape([len(factor.masks) for factor in self.divided])


def place(number: int, shape: TableShape, lines: Lines) -> PlacedTable:
    """
    A table laid on the lines of its variables. Raises `TableError` where categories that should add
    up overlap, or where one variable is divided twice.
    """
    _refuse_twice(shape)
    restricted = dict(shape.population.extents)
    factors: dict[str, Factor] = {}
    for axis, dimension in enumerate(shape.dimensions):
        if dimension.qualifies:
            continue
        line = lines[dimension.variable]
        within = restricted.get(dimension.variable)
        if isinstance(line, Several):
            factors[dimension.variable] = _several(shape, line, within)
        else:
            factors[dimension.variable] = _divided(shape, axis, line, within)
    for dimension in shape.dimensions:
        variable = dimension.qualifies
        if variable and variable not in factors:
            factors[variable] = _several(
                shape, _as_several(lines[variable]), restricted.get(variable)
            )
    for variable, extent in restricted.items():
        if variable not in factors:
            line = lines[variable]
            mask = (
                line.mask(extent)
                if isinstance(line, Line)
                else _listed(line, extent, line.all_forms)
            )
            factors[variable] = Factor(variable, (), (mask,), (0,))
    return PlacedTable(number, shape, factors)


def _as_several(line: Line | Several) -> Several:
    if not isinstance(line, Several):
        raise TableError(
            f"{line.variable} is described by forms and has one value at a time; correct the "
            f"dimension"
        )
    return line


def _refuse_twice(shape: TableShape) -> None:
    variables = [dimension.variable for dimension in shape.dimensions]
    twice = next((v for v in variables if variables.count(v) > 1), None)
    if twice is not None:
        raise TableError(
            f"table {shape.name}: two dimensions divide {twice}; make one of them a hierarchy in "
            f"the other"
        )


def _divided(shape: TableShape, axis: int, line: Line, restricted: Extent | None) -> Factor:
    dimension = shape.dimensions[axis]
    within = line.everything if restricted is None else line.mask(restricted)
    covered = [line.category(category) for category in dimension.categories]
    whole = within if covered[0] is None else within & covered[0]
    masks = [whole if mask is None else mask & within for mask in covered]
    _refuse_overlaps(shape, dimension, masks)
    leaves = {leaf.label for leaf in dimension.leaves}
    places = tuple(entry for entry, label in enumerate(dimension.labels) if label in leaves)
    return Factor(line.variable, (axis,), tuple(masks), places)


def _refuse_overlaps(shape: TableShape, dimension: Dimension, masks: Sequence[int]) -> None:
    """Raise unless the categories under each are apart and inside it."""
    under: dict[str | None, int] = {}
    place = {label: entry for entry, label in enumerate(dimension.labels)}
    for category, mask in zip(dimension.categories, masks, strict=True):
        if category.parent is None:
            continue
        if under.get(category.parent, 0) & mask:
            raise TableError(
                f"table {shape.name}: {dimension.title}: {category.label!r} overlaps a category "
                "beside it, so that they do not add up; correct what they cover or mark the "
                "dimension as overlapping"
            )
        if mask & ~masks[place[category.parent]]:
            raise TableError(
                f"table {shape.name}: {dimension.title}: {category.label!r} reaches outside "
                f"{category.parent!r}, which it adds up into; correct what they cover"
            )
        under[category.parent] = under.get(category.parent, 0) | mask


# Variables with several values at once ------------------------------------------------------------


def _several(shape: TableShape, line: Several, restricted: Extent | None) -> Factor:
    """
    The factor of a variable with several values, divided by its values, by their forms, or by both.
    """
    by_value, by_form = _dimensions(shape, line)
    axes = tuple(found[0] for found in (by_value, by_form) if found is not None)
    ways = 1 if by_form is None else 1 + len(line.all_forms)
    overlapping = by_value is not None and not by_value[1].additive
    entries = [
        _entry(shape, line, extent, restricted, forms, overlapping)
        for extent, forms in meanings(shape, line)
    ]
    masks = tuple(mask for mask, _ in entries)
    if by_value is not None and not overlapping:
        _refuse_overlaps(shape, by_value[1], masks[::ways])
    leaves = _several_leaves(by_value[1] if by_value else None, ways, overlapping)
    return Factor(
        line.variable, axes, masks, leaves, overlapping, tuple(member for _, member in entries)
    )


def meanings(shape: TableShape, line: Several) -> list[tuple[Extent | None, tuple[int, ...]]]:
    """
    What each entry of the factor of such a variable counts: which values (None: all of the
    population), and the forms that their best one may have. The forms of one value lie side by
    side, any form first.
    """
    by_value, by_form = _dimensions(shape, line)
    values: list[Extent | None] = [None]
    if by_value is not None:
        values = [meaning_of(category, by_value[1]) for category in by_value[1].categories]
    ways = (
        [line.all_forms]
        if by_form is None
        else [line.all_forms, *((form,) for form in line.all_forms)]
    )
    within = dict(shape.population.extents).get(line.variable)
    return [
        (within if extent is None else extent, forms)
        for extent, forms in itertools.product(values, ways)
    ]


def _dimensions(
    shape: TableShape, line: Several
) -> tuple[tuple[int, Dimension] | None, tuple[int, Dimension] | None]:
    """The dimension that divides by values, and the one by forms, each with its place."""
    places = list(enumerate(shape.dimensions))
    by_value = next(((i, d) for i, d in places if d.variable == line.variable), None)
    return by_value, next(((i, d) for i, d in places if d.qualifies == line.variable), None)


def _several_leaves(by_value: Dimension | None, ways: int, overlapping: bool) -> tuple[int, ...]:
    forms = range(1, ways) if ways > 1 else range(1)
    if by_value is None:
        return tuple(forms)
    if overlapping:
        return tuple(range(len(by_value.categories) * ways))
    leaves = {leaf.label for leaf in by_value.leaves}
    places = [entry for entry, label in enumerate(by_value.labels) if label in leaves]
    return tuple(entry * ways + form for entry in places for form in forms)


def _entry(
    shape: TableShape,
    line: Several,
    extent: Extent | None,
    restricted: Extent | None,
    forms: tuple[int, ...],
    single: bool,
) -> tuple[int, Member | None]:
    within = line.everything if restricted is None else _listed(line, restricted, line.all_forms)
    extent = restricted if extent is None else extent
    if extent is None:
        names = [keyword for group in line.classes for keyword in group]
        return within if forms == line.all_forms else within & line.any_of(names, forms), None
    if not (single and len(extent.values) == 1):
        return within & _listed(line, extent, forms), None
    (keyword,) = extent.values
    group = line.class_of[keyword]
    if len(line.classes[group]) == 1:
        return within & line.group(group, forms), None
    if line.group(group, line.all_forms) & ~within:
        raise TableError(
            f"table {shape.name}: is restricted by {line.variable} and broken down by it, and "
            f"{keyword!r} overlaps what it is restricted to; leave out one of the two"
        )
    return line.group(group, forms), Member(keyword, group, forms)


def _listed(line: Several, extent: Extent, forms: tuple[int, ...]) -> int:
    if extent.none_of:
        return line.none_of(extent.none_of) if forms == line.all_forms else 0
    return line.any_of(extent.values, forms)


def union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def cells_in(shapes: Iterable[TableShape]) -> int:
    """How many cells the tables print together."""
    return sum(
        int(np.prod([len(d.categories) for d in shape.dimensions], dtype=np.int64))
        for shape in shapes
    )
