"""
What a row of one value among several tells: records that name it, beside those that name any of its class.

Values that share a class (`several.py`) are not laid out jointly. Records that name any of them are no fewer than those
that name one, and no more than all of these together, in each form likewise. What the greater count has more is laid
out as a count of its own. "Any of these" less one value is a group of records like any other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from nilreturn.disclosure.book import BY_PRODUCT, Book
from nilreturn.disclosure.meaning import Axis
from nilreturn.disclosure.parts import Part, lone
from nilreturn.disclosure.several import Several
from nilreturn.disclosure.system import Ints
from nilreturn.disclosure.units import Universe, surplus


def link_values(universes: dict[str, Universe], book: Book) -> None:
    """Lay out what each value of a class has to do with all of them; adds parts to `universes`."""
    rows = [p for u in universes.values() for p in u.parts if p.value]
    for (_, unit, variable), group in itertools.groupby(sorted(rows, key=_of_value), key=_of_table):
        _tie_rows(unit, variable, list(group), universes, book)


def _of_table(row: Part) -> tuple[int, str, str]:
    return row.table, row.unit, row.variable


def _of_value(row: Part) -> tuple[int, str, str, str]:
    return row.table, row.unit, row.variable, row.value


def _tie_rows(unit: str, variable: str, rows: list[Part], universes: dict[str, Universe], book: Book) -> None:
    for group in _several(universes[unit].axes[variable]).classes:
        own = [row for row in rows if row.value in group]
        if own:
            _tie_class(unit, variable, group, own, universes, book)


def _tie_class(
    unit: str, variable: str, group: frozenset[str], rows: list[Part], universes: dict[str, Universe], book: Book
) -> None:
    main = universes[unit]
    several = _several(main.axes[variable])
    place = {v: rows[0].leaf_masks(v, main.axes[v]) for v in rows[0].masks if v != variable}
    is_divided = variable in rows[0].masks
    states = [several.any_of(group)]
    if is_divided:
        states = [several.written(group, number) for number in range(len(several.forms))]
    any_of = lone(unit, {**place, variable: states}, main.axes, book)
    main.parts.append(any_of)
    each = [_by_form(row, variable, universes[row.universe].axes) for row in rows]
    whole = np.moveaxis(any_of.numbers, -1, 0)
    axes = {v: main.axes[v] for v in place}
    label = f"{unit} naming {', '.join(sorted(group))}"
    for row, numbers in zip(rows, each, strict=True):
        # In the first form: those that name the value are among those that name any. In any form: likewise.
        if is_divided:
            name = f"{label} in the first form but not {row.value}"
            surplus(name, place, axes, whole[0], numbers[0], universes, book)
        all_of_them, all_of_one = _together(whole, book), _together(numbers, book)
        name = f"{label} but not {row.value}"
        surplus(name, place, axes, all_of_them, all_of_one, universes, book)
    if len(rows) == len(group):
        for number in range(len(states)):
            sums = _sum([numbers[number] for numbers in each], book)
            name = f"{label} more than once, form {number}"
            surplus(name, place, axes, sums, whole[number], universes, book)


def _by_form(row: Part, variable: str, axes: dict[str, Axis]) -> Ints:
    """The cells of a row, forms first (one where it is not divided by form), then its places."""
    order = [v for v in row.masks if v != variable]
    numbers = row.leaf_numbers()
    if variable not in row.masks:
        return numbers.reshape((1, *numbers.shape))
    axis = list(row.masks).index(variable)
    return np.moveaxis(numbers, axis, 0).reshape((-1, *(len(row.leaf_masks(v, axes[v])) for v in order)))


def _together(numbers: Ints, book: Book) -> Ints:
    """The cells that are all forms together."""
    return numbers[0] if len(numbers) == 1 else _sum(list(numbers), book)


def _sum(parts: Sequence[Ints], book: Book) -> Ints:
    found = np.zeros(parts[0].shape, dtype=np.int64)
    for index in np.ndindex(parts[0].shape):
        own = sorted(int(part[index]) for part in parts)
        found[index] = book.cell((BY_PRODUCT, "together", *own))
        book.equation(int(found[index]), own)
    return found


def _several(axis: Axis) -> Several:
    if axis.several is None:
        raise AssertionError(f"{axis.variable} has one value at a time")
    return axis.several


# Differences ------------------------------------------------------------------------------------------------------


def tell_values_apart(universes: dict[str, Universe], book: Book, name: Callable[[int], str]) -> None:
    """A cell for each group that is told by "any of these" less one value of them."""
    for row in [p for u in universes.values() for p in u.parts if p.value]:
        main = universes[row.unit]
        axis = main.axes[row.variable]
        several = _several(axis)
        own = several.any_of(several.class_of(row.value))
        lists = {m for p in main.parts if p.table >= 0 for m in p.masks.get(row.variable, [])}
        wider = sorted(mask for mask in lists if not own & ~mask)
        narrower = sorted(mask for mask in lists - set(wider) if mask & own)
        for index in np.ndindex(row.numbers.shape):
            told = {v: masks[i] for (v, masks), i in zip(row.masks.items(), index, strict=True)}
            form = told.pop(row.variable, 0)
            if all(told.values()):
                _beside(row, int(row.numbers[index]), told, form, (*wider, *narrower), main, book, name)


def _beside(
    row: Part,
    cell: int,
    place: dict[str, int],
    form: int,
    lists: Sequence[int],
    main: Universe,
    book: Book,
    name: Callable[[int], str],
) -> None:
    axis = main.axes[row.variable]
    several = _several(axis)
    group = several.class_of(row.value)
    whole = several.any_of(group)
    if several.forms and form == 1:
        whole = several.written(group, 0)  # in the first form: so is "any of these"
    for mask in lists:
        told = ((v, m) for v, m in (*place.items(), (row.variable, mask)) if m != main.axes[v].everything)
        total = book.number.get((row.unit, *sorted(told)))
        if total is None or whole & ~mask:
            continue
        other = book.cell((BY_PRODUCT, "not in", total, cell), row.unit)
        book.equation(total, (cell, other))
        words = f"{row.variable}: {axis.words(mask)} but not {row.value}"
        book.difference.add(other)
        book.words[other] = f"{row.unit} that no table prints ({words})"
        book.apart[other] = (row.variable,)
        told_words = f"{row.unit} ({axis.words(mask)}) less those that name {row.value}"
        book.advice[other] = f"{name(row.table)}: {told_words} leaves a small count; give one of them"
