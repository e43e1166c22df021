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
    """
    A cell for each group that is told by "any of these" less one value of them; and, of two values that are all of
    their class, for those that name both.
    """
    rows = [p for u in universes.values() for p in u.parts if p.value]
    figures = {int(n) for u in universes.values() for p in u.parts if p.table >= 0 for n in p.numbers.reshape(-1)}
    for row in rows:
        for index in np.ndindex(row.numbers.shape):
            if all(masks[i] for masks, i in zip(row.masks.values(), index, strict=True)):
                _Beside(row, index, universes[row.unit], figures, book, name).any_but_this()
    for one, other in itertools.combinations(rows, 2):
        if _of_table(one) == _of_table(other):
            for index in np.ndindex(one.numbers.shape):
                if all(masks[i] for masks, i in zip(one.masks.values(), index, strict=True)):
                    _Beside(one, index, universes[one.unit], figures, book, name).both(other)


class _Beside:
    """A figure of one value, beside the figures of "any of these" for the same place."""

    def __init__(
        self,
        row: Part,
        index: tuple[int, ...],
        main: Universe,
        figures: set[int],
        book: Book,
        name: Callable[[int], str],
    ) -> None:
        self.row, self.index, self.main, self.figures = row, index, main, figures
        self.book, self.name = book, name
        self.axis = main.axes[row.variable]
        self.several = _several(self.axis)
        self.group = self.several.class_of(row.value)
        self.place = {v: masks[i] for (v, masks), i in zip(row.masks.items(), index, strict=True)}
        self.form = self.place.pop(row.variable, 0)
        self.cell = int(row.numbers[index])

    @property
    def _is_of_a_form(self) -> bool:
        return self.form not in (0, (1 << len(self.several.forms)) - 1)

    @property
    def _is_of_the_first(self) -> bool:
        return self._is_of_a_form and self.form == 1

    @property
    def _whole(self) -> int:
        """Any of the class; in the first form, where the figure is of that: then "any of these" is too."""
        if self._is_of_the_first:
            return self.several.written(self.group, 0)
        return self.several.any_of(self.group)

    def any_but_this(self) -> None:
        """Those of each list that holds the value who do not name it."""
        whole = self._whole
        lists = {m for p in self.main.parts if p.table >= 0 for m in p.masks.get(self.row.variable, [])}
        lists |= {self.axis.everything, self.several.any_of(self.group)}
        for mask in sorted(lists):
            total = self._printed(mask)
            if total is not None and not whole & ~mask:
                other = self.book.cell((BY_PRODUCT, "not in", total, self.cell), self.row.unit)
                self.book.equation(total, (self.cell, other))
                self._enter(other, f"{self.axis.words(mask)} but not {self.row.value}")

    def both(self, row: Part) -> None:
        """
        Those who name this value and the other one, where there are no more in their class; or name both in the first
        form. In any other form "any of these" leaves out who has one of them in an earlier one.
        """
        total = self._printed(self._whole)
        is_told = not self._is_of_a_form or self._is_of_the_first
        if total is None or self.group != {self.row.value, row.value} or not is_told:
            return
        together = self.book.cell((BY_PRODUCT, "together", *sorted((self.cell, int(row.numbers[self.index])))))
        self.book.equation(together, (self.cell, int(row.numbers[self.index])))
        other = self.book.cell((BY_PRODUCT, "both", together, total), self.row.unit)
        self.book.equation(together, (total, other))
        form = f", {self.several.forms[0]}" if self._is_of_the_first else ""
        self._enter(other, f"{self.row.value} and {row.value}{form}", by=self.row.variable)

    def _printed(self, mask: int) -> int | None:
        told = ((v, m) for v, m in (*self.place.items(), (self.row.variable, mask)))
        key = sorted((v, m) for v, m in told if m != self.main.axes[v].everything)
        cell = self.book.number.get((self.row.unit, *key))
        return cell if cell in self.book.difference or cell in self.figures else None

    def _enter(self, other: int, words: str, *, by: str = "") -> None:
        """A group, with the variable that it is told apart `by` where that is not the figure's own."""
        unit, variable, book = self.row.unit, self.row.variable, self.book
        elsewhere = [f"{v}: {self.main.axes[v].words(m)}" for v, m in self.place.items()]
        told = ", ".join((f"{variable}: {words}", *elsewhere))
        book.difference.add(other)
        book.words[other] = f"{unit} that no table prints ({told})"
        book.apart[other] = (by or (self.several.form_variable if self._is_of_a_form else variable),)
        book.advice[other] = (
            f"{self.name(self.row.table)}: any of these less one of them leaves a small count of {unit} ({told}); give "
            "one of them"
        )
