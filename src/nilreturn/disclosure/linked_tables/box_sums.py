"""
Tables as *parts*: sums over boxes, in which nothing overlaps.

A table of nested or flat categories is one part. Of a table with overlapping categories (the
platforms that a record names) each category is a part of its own, restricted to it. A row of one
value among several of a class (`several_values.py`) is no box of the table's unit; it is a part of
a universe of its own, "records that name this value".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.linked_tables.axes import (
    Axis,
    dimension_masks,
    extent_of,
    population_mask,
)
from nilreturn.disclosure.linked_tables.builder import BY_PRODUCT, CellBuilder
from nilreturn.disclosure.linked_tables.several_values import Several, with_lists
from nilreturn.disclosure.model import Ints, TableShape
from nilreturn.errors import TableError
from nilreturn.tables import Dimension


@dataclass(frozen=True, eq=False)
class Part:
    """
    A sum over boxes. `masks` are the categories along each variable that it divides or is
    restricted by, `leaves` the places of the finest of them; `within` is what they divide;
    `numbers` has an axis for each variable. `value` is what the records name where the part is of a
    universe of its own, and `variable` that it is a value of.
    """

    universe: str
    unit: str
    table: int
    masks: dict[str, list[int]]
    leaves: dict[str, list[int]]
    within: dict[str, int]
    numbers: Ints
    variable: str = ""
    value: str = ""

    def leaf_masks(self, variable: str, axis: Axis) -> list[int]:
        """
        The finest parts of a variable, empty ones left out; everything where it is not divided.
        """
        if variable not in self.masks:
            return [axis.everything]
        return [m for place in self.leaves[variable] if (m := self.masks[variable][place])]

    def leaf_numbers(self) -> Ints:
        """The cells of the finest boxes, one axis a variable; empty ones left out."""
        if not self.masks:
            return self.numbers
        kept = [[place for place in self.leaves[v] if self.masks[v][place]] for v in self.masks]
        found: Ints = self.numbers[np.ix_(*kept)]
        return found


@dataclass(eq=False)
class Numbered:
    """A table's cells, and the parts that they make."""

    numbers: Ints
    parts: list[Part] = field(default_factory=list)


def number(table: int, shape: TableShape, axes: dict[str, Axis], builder: CellBuilder) -> Numbered:
    """
    Number a table's cells by what they mean. Raises `TableError` where its categories contradict
    each other.
    """
    dimensions = [with_lists(d) for d in shape.dimensions]
    _check_dimensions(shape, dimensions)
    found = Numbered(np.zeros(tuple(len(d.categories) for d in dimensions), dtype=np.int64))
    overlapping = [axis for axis, d in enumerate(dimensions) if not d.additive]
    plain = [axis for axis, d in enumerate(dimensions) if d.additive]
    masks_of = {
        axis: dimension_masks(shape, dimensions[axis], axes[dimensions[axis].variable])
        for axis in overlapping
    }
    for chosen in itertools.product(
        *(range(len(dimensions[axis].categories)) for axis in overlapping)
    ):
        within = {v: population_mask(shape, axes[v]) for v, _ in shape.population.extents}
        row: tuple[str, str] | None = None
        for axis, place in zip(overlapping, chosen, strict=True):
            dimension = dimensions[axis]
            within[dimension.variable] = masks_of[axis][place]
            row = row or _row(dimension, place, axes[dimension.variable])
        index: list[int | slice] = [slice(None)] * len(dimensions)
        for axis, place in zip(overlapping, chosen, strict=True):
            index[axis] = place
        named = _named(shape, dimensions, overlapping, chosen, axes)
        part = _part(
            table, shape, [dimensions[axis] for axis in plain], within, row, named, axes, builder
        )
        found.parts.append(part)
        found.numbers[tuple(index)] = part.numbers.reshape(
            [len(dimensions[axis].categories) for axis in plain]
        )
    return found


def axes_of_row(variable: str, axes: dict[str, Axis]) -> dict[str, Axis]:
    """
    The axes of a universe of one value: the forms that it may have instead of all that its variable
    has.
    """
    forms = max(1, len(several_of(axes[variable]).forms))
    names = {1 << number: form for number, form in enumerate(several_of(axes[variable]).forms)}
    pieces = tuple(names.get(1 << number, "") for number in range(forms))
    return {**axes, variable: Axis(variable, pieces, (1 << forms) - 1, {})}


def several_of(axis: Axis) -> Several:
    """What a variable with several values at once has of its own."""
    if axis.several is None:
        raise AssertionError(f"{axis.variable} has one value at a time")
    return axis.several


def _check_dimensions(shape: TableShape, dimensions: list[Dimension]) -> None:
    variables = [d.variable for d in dimensions]
    twice = next((v for v in variables if variables.count(v) > 1), None)
    if twice is not None:
        raise TableError(
            f"table {shape.name}: two dimensions divide {twice}; make one of them a hierarchy in "
            f"the other"
        )
    for dimension in dimensions:
        other = next((d for d in dimensions if d.variable == dimension.qualifies), None)
        restricted = any(v == dimension.qualifies for v, _ in shape.population.extents)
        if dimension.qualifies and not restricted and (other is None or other.additive):
            raise TableError(
                f"table {shape.name}: {dimension.title} says in which form {dimension.qualifies} "
                "is given, and not of which values; restrict the table to some of them"
            )
        if dimension.qualifies and (other is not None and other.additive):
            raise TableError(
                f"table {shape.name}: {dimension.title} and {other.title} divide "
                f"{dimension.qualifies} twice; mark "
                f"{other.title} as overlapping"
            )


def _row(dimension: Dimension, place: int, axis: Axis) -> tuple[str, str] | None:
    """
    The variable and value of a row of one value that shares its class with others; None for any
    other row.
    """
    extent = extent_of(dimension.categories[place], axis.parts)
    if axis.several is None or extent is None or len(extent.values) != 1 or extent.none_of:
        return None
    value = next(iter(extent.values))
    return (dimension.variable, value) if len(axis.several.class_of(value)) > 1 else None


def _named(
    shape: TableShape,
    dimensions: list[Dimension],
    overlapping: list[int],
    chosen: tuple[int, ...],
    axes: dict[str, Axis],
) -> dict[str, frozenset[str]]:
    """The values whose form a table's rows tell, by their variable."""
    named = {v: e.values for v, e in shape.population.extents}
    for axis, place in zip(overlapping, chosen, strict=True):
        variable = dimensions[axis].variable
        extent = extent_of(dimensions[axis].categories[place], axes[variable].parts)
        if extent is not None:
            named[variable] = extent.values
    return named


def _part(
    table: int,
    shape: TableShape,
    dimensions: list[Dimension],
    within: dict[str, int],
    row: tuple[str, str] | None,
    named: Mapping[str, frozenset[str]],
    axes: dict[str, Axis],
    builder: CellBuilder,
) -> Part:
    unit = shape.population.unit
    universe, variable, value = (f"{unit} naming {row[1]}", *row) if row else (unit, "", "")
    own = axes_of_row(variable, axes) if row else axes
    if row:
        del within[variable]
    masks: dict[str, list[int]] = {}
    leaves: dict[str, list[int]] = {}
    for dimension in dimensions:
        name = dimension.qualifies or dimension.variable
        if dimension.qualifies:
            masks[name] = _form_masks(dimension, within.get(name), named[name], own[name])
        else:
            masks[name] = dimension_masks(shape, dimension, own[name])
        finest = {leaf.label for leaf in dimension.leaves}
        leaves[name] = [place for place, label in enumerate(dimension.labels) if label in finest]
    divided = list(masks)
    for name, mask in within.items():
        if name not in masks:
            masks[name], leaves[name] = [mask], [0]
    inside = {name: within.get(name, own[name].everything) for name in masks}
    numbers = _number(universe, unit, table, masks, own, builder, divided)
    return Part(universe, unit, table, masks, leaves, inside, numbers, variable, value)


def _form_masks(
    dimension: Dimension, within: int | None, values: frozenset[str], axis: Axis
) -> list[int]:
    """
    The total and each form, of any of some values; on the axis of one value, that value's own
    forms.
    """
    number = {label: place - 1 for place, label in enumerate(dimension.labels)}
    if axis.several is None:
        return [axis.everything, *(1 << number[label] for label in dimension.labels[1:])]
    whole = axis.everything if within is None else within
    return [
        whole,
        *(axis.several.written(values, number[label]) & whole for label in dimension.labels[1:]),
    ]


def _number(
    universe: str,
    unit: str,
    table: int,
    masks: dict[str, list[int]],
    axes: dict[str, Axis],
    builder: CellBuilder,
    divided: list[str],
) -> Ints:
    numbers = []
    for told in _boxes(masks):
        if all(mask for _, mask in told):
            numbers.append(builder.box(universe, unit, told, axes))
        else:
            numbers.append(builder.cell((BY_PRODUCT, "empty", universe, table, told), ""))
            builder.empty.add(numbers[-1])
    return np.array(numbers, dtype=np.int64).reshape([len(masks[v]) for v in masks])


def _boxes(masks: dict[str, list[int]]) -> Iterator[tuple[tuple[str, int], ...]]:
    for chosen in itertools.product(*masks.values()):
        yield tuple(zip(masks, chosen, strict=True))


def single_cell(
    unit: str,
    masks: dict[str, list[int]],
    axes: dict[str, Axis],
    builder: CellBuilder,
    *,
    universe: str = "",
) -> Part:
    """A part that no table prints: the finest boxes only. `masks` divide all that they cover."""
    named = universe or unit
    numbers = _number(named, unit, -1, masks, axes, builder, [])
    within = {v: _union(of_one) for v, of_one in masks.items()}
    return Part(
        named, unit, -1, masks, {v: list(range(len(m))) for v, m in masks.items()}, within, numbers
    )


def _union(masks: list[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
