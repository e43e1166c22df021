"""
What a row of one value among several tells: records that name it, beside those that name any of its
class.

Values that share a class (`several_values.py`) are not laid out jointly. Records that name any of
them are no fewer than those that name one, and no more than all of these together, in each form
likewise. What the greater count has more is laid out as a count of its own. All of them together
have more than "any of these" by those that name two (`disclosure/linked_tables/groups/keywords.py`
finds exactly them, where it is two that there are): of three and more, where it is a few, few name
two, and it is protected.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from nilreturn.disclosure.linked_tables.axes import Axis
from nilreturn.disclosure.linked_tables.box_sums import Part, several_of, single_cell
from nilreturn.disclosure.linked_tables.builder import BY_PRODUCT, CellBuilder
from nilreturn.disclosure.linked_tables.units import Universe, surplus
from nilreturn.disclosure.model import Ints


def link_values(
    universes: dict[str, Universe], builder: CellBuilder, name: Callable[[int], str]
) -> None:
    """
    Lay out what each value of a class has to do with all of them; adds parts to `universes`. `name`
    gives the words for a table by its number.
    """
    rows = [p for u in universes.values() for p in u.parts if p.value]
    printed = {
        int(n)
        for u in universes.values()
        for p in u.parts
        if p.table >= 0
        for n in p.numbers.reshape(-1)
    }
    for (_, unit, variable), group in itertools.groupby(sorted(rows, key=_of_value), key=_of_table):
        for of_class, own in _by_class(universes[unit].axes[variable], list(group)):
            _tie_class(unit, variable, of_class, own, universes, builder)
            if len(own) == len(of_class) > 2:
                _tell_more_than_once(
                    unit, variable, of_class, own, universes, printed, builder, name
                )


def _of_table(row: Part) -> tuple[int, str, str]:
    return row.table, row.unit, row.variable


def _of_value(row: Part) -> tuple[int, str, str, str]:
    return row.table, row.unit, row.variable, row.value


def _by_class(axis: Axis, rows: Sequence[Part]) -> Iterator[tuple[frozenset[str], list[Part]]]:
    for group in several_of(axis).classes:
        own = [row for row in rows if row.value in group]
        if own:
            yield group, own


def _tie_class(
    unit: str,
    variable: str,
    group: frozenset[str],
    rows: list[Part],
    universes: dict[str, Universe],
    builder: CellBuilder,
) -> None:
    main = universes[unit]
    several = several_of(main.axes[variable])
    place = {v: rows[0].leaf_masks(v, main.axes[v]) for v in rows[0].masks if v != variable}
    is_divided = variable in rows[0].masks
    states = [several.any_of(group)]
    if is_divided:
        states = [several.written(group, number) for number in range(len(several.forms))]
    any_of = single_cell(unit, {**place, variable: states}, main.axes, builder)
    main.parts.append(any_of)
    each = [_by_form(row, variable, universes[row.universe].axes) for row in rows]
    whole = np.moveaxis(any_of.numbers, -1, 0)
    axes = {v: main.axes[v] for v in place}
    label = f"{unit} naming {', '.join(sorted(group))}"
    for row, numbers in zip(rows, each, strict=True):
        # In the first form: those that name the value are among those that name any. In any form:
        # likewise.
        if is_divided:
            name = f"{label} in the first form but not {row.value}"
            surplus(name, place, axes, whole[0], numbers[0], universes, builder)
        all_of_them, all_of_one = _together(whole, builder), _together(numbers, builder)
        name = f"{label} but not {row.value}"
        surplus(name, place, axes, all_of_them, all_of_one, universes, builder)
    if len(rows) == len(group):
        for number in range(len(states)):
            sums = _sum([numbers[number] for numbers in each], builder)
            name = f"{label} more than once, form {number}"
            surplus(name, place, axes, sums, whole[number], universes, builder)


def _tell_more_than_once(
    unit: str,
    variable: str,
    group: frozenset[str],
    rows: list[Part],
    universes: dict[str, Universe],
    printed: Collection[int],
    builder: CellBuilder,
    name: Callable[[int], str],
) -> None:
    """
    A cell for what all of a class have together beyond a printed "any of these"; and in the first
    form likewise.
    """
    axes = universes[unit].axes
    several = several_of(axes[variable])
    place = {v: rows[0].leaf_masks(v, axes[v]) for v in rows[0].masks if v != variable}
    each = [_by_form(row, variable, universes[row.universe].axes) for row in rows]
    beside = [(several.any_of(group), [_together(numbers, builder) for numbers in each], "")]
    if variable in rows[0].masks:
        form = several.forms[0]
        beside.append((several.written(group, 0), [numbers[0] for numbers in each], f", {form}"))
    for state, counts, form in beside:
        whole = single_cell(unit, {**place, variable: [state]}, axes, builder).numbers[..., 0]
        for index in np.ndindex(whole.shape):
            if int(whole[index]) in printed:
                total = int(_sum([n[index] for n in counts], builder))
                more = builder.cell((BY_PRODUCT, "more than once", total, int(whole[index])), unit)
                builder.equation(total, (int(whole[index]), more))
                words = f"{unit} naming two of {', '.join(sorted(group))}{form}"
                builder.difference.add(more)
                builder.words[more] = f"{words}, counted once for each after the first"
                builder.apart[more] = (variable,)
                builder.advice[more] = (
                    f"{name(rows[0].table)}: the counts of each less any of these leave a few "
                    f"{words}; ask for fewer of them, or for each by itself"
                )


def _by_form(row: Part, variable: str, axes: dict[str, Axis]) -> Ints:
    """The cells of a row, forms first (one where it is not divided by form), then its places."""
    order = [v for v in row.masks if v != variable]
    numbers = row.leaf_numbers()
    if variable not in row.masks:
        return numbers.reshape((1, *numbers.shape))
    axis = list(row.masks).index(variable)
    return np.moveaxis(numbers, axis, 0).reshape(
        (-1, *(len(row.leaf_masks(v, axes[v])) for v in order))
    )


def _together(numbers: Ints, builder: CellBuilder) -> Ints:
    """The cells that are all forms together."""
    return numbers[0] if len(numbers) == 1 else _sum(list(numbers), builder)


def _sum(parts: Sequence[Ints], builder: CellBuilder) -> Ints:
    found = np.zeros(parts[0].shape, dtype=np.int64)
    for index in np.ndindex(parts[0].shape):
        own = sorted(int(part[index]) for part in parts)
        found[index] = builder.cell((BY_PRODUCT, "together", *own))
        builder.equation(int(found[index]), own)
    return found
