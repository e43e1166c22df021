"""
From tables to one flat list of cells: the same cell once, whatever tables print it, and every equation between them.

A cell is known by its meaning: the unit counted and the part of each variable it is restricted to. Two units are
never equated. Two sources are: a reader cannot know which records were changed between two extracts, and the
safe assumption is that none were (what then contradicts is dealt with where the counts are, not here).
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Sequence
from typing import cast

import numpy as np
from scipy import sparse

from nilreturn.disclosure.book import EMPTY, MOST_CELLS, OVERLAP, Book, Placed, key_of
from nilreturn.disclosure.differencing import refine
from nilreturn.disclosure.joint import join
from nilreturn.disclosure.meaning import Axis, axes_of, dimension_masks, population_mask
from nilreturn.disclosure.model import Cells, Shaped
from nilreturn.disclosure.system import Bools, Ints
from nilreturn.errors import TableError
from nilreturn.tables import Dimension

NONE_OF_THESE = "None of these"  # of overlapping categories: those in none of them


def lay_out(shapes: Sequence[Shaped]) -> Cells:
    """
    The cells of all tables together. Raises `TableError` where categories that should add up overlap, where a
    label means two things, or where the cells are too many.
    """
    if sum(int(np.prod([len(d.categories) for d in s.dimensions])) for s in shapes) > MOST_CELLS:
        raise TableError(f"the tables have more than {MOST_CELLS:,} cells together; protect or audit fewer at once")
    book = Book()
    of_table: dict[int, Ints] = {}
    for unit in dict.fromkeys(s.population.unit for s in shapes):
        group = [i for i, s in enumerate(shapes) if s.population.unit == unit]
        axes = axes_of([shapes[i] for i in group])
        placed = []
        for i in group:
            place = _place(shapes[i], axes)
            of_table[i] = _number(unit, place, axes, book)
            placed.append(place)
        for i, place in zip(group, placed, strict=True):
            _add_up(place, of_table[i], book)
        refine(unit, placed, axes, book)
        join(unit, placed, axes, book)
    return _finish(tuple(of_table[i] for i in range(len(shapes))), tuple(shapes), book)


def _place(shape: Shaped, axes: dict[str, Axis]) -> Placed:
    masks = {v: [population_mask(shape, axes[v])] for v, _ in shape.population.extents}
    variables = [dimension.variable for dimension in shape.dimensions]
    twice = next((v for v in variables if variables.count(v) > 1), None)
    if twice is not None:
        raise TableError(
            f"table {shape.name}: two dimensions divide {twice}; make one of them a hierarchy in the other"
        )
    masks |= {d.variable: dimension_masks(shape, d, axes[d.variable]) for d in shape.dimensions}
    return Placed(shape, masks)


def _number(unit: str, placed: Placed, axes: dict[str, Axis], book: Book) -> Ints:
    variables = [d.variable for d in placed.shape.dimensions]
    elsewhere = [(v, m[0]) for v, m in placed.masks.items() if v not in variables]
    numbers = []
    for place, masks in enumerate(itertools.product(*(placed.masks[v] for v in variables))):
        told = [*zip(variables, masks, strict=True), *elsewhere]
        if all(mask for _, mask in told):
            numbers.append(book.cell(key_of(unit, told, axes)))
        else:
            numbers.append(book.cell((EMPTY, placed.shape.name, place)))
            book.empty.add(numbers[-1])
    shape = tuple(len(d.categories) for d in placed.shape.dimensions)
    return np.array(numbers, dtype=np.int64).reshape(shape)


def _add_up(placed: Placed, numbers: Ints, book: Book) -> None:
    for axis, dimension in enumerate(placed.shape.dimensions):
        lines = np.moveaxis(numbers, axis, 0).reshape(len(dimension.categories), -1)
        place = {label: i for i, label in enumerate(dimension.labels)}
        for label in dimension.labels:
            below = [place[c.label] for c in dimension.children(label)]
            if not below:
                continue
            if not dimension.additive:
                # Only over everyone: another dimension may divide the overlaps and not the people (how each keyword is
                # spelt in a record that has several), and then no part need lie within its total.
                masks = placed.masks[dimension.variable]
                union = functools.reduce(operator.or_, (masks[i] for i in below))
                line = _line(lines, place[label], below, 0)
                _overlap(dimension, label, line, masks[place[label]] == union, book)
                continue
            for column in range(lines.shape[1]):
                total, parts = _line(lines, place[label], below, column)
                book.equation(total, parts)


def _line(lines: Ints, total: int, below: list[int], column: int) -> tuple[int, list[int]]:
    return int(lines[total, column]), [int(n) for n in lines[below, column]]


def _overlap(
    dimension: Dimension, label: str, line: tuple[int, list[int]], everyone_is_in_one: bool, book: Book
) -> None:
    """
    What is known of overlapping categories: none exceeds the total. Where those in none of them are told, or there are
    none such: the others together are no fewer than those in at least one.
    """
    total, parts = line
    names = [c.label for c in dimension.children(label)]
    some = total if everyone_is_in_one else None
    if NONE_OF_THESE in names and len(parts) > 1:
        nobody = parts.pop(names.index(NONE_OF_THESE))
        some = book.cell((OVERLAP, "in some", total, nobody))
        book.equation(total, (nobody, some))
    if some is not None:
        # The parts together count everyone who is in some, and the repeats once more each.
        together = book.cell((OVERLAP, "together", total, *parts))
        book.equation(together, parts)
        book.equation(together, (some, book.cell((OVERLAP, "in several", total, *parts))))
        total = some
    for part in parts:
        if part != total:
            book.equation(total, (part, book.cell((OVERLAP, "not in", total, part))))


def _finish(of_table: tuple[Ints, ...], shapes: tuple[Shaped, ...], book: Book) -> Cells:
    size = len(book.number)
    names = [(-1, -1)] * size
    for table in range(len(shapes) - 1, -1, -1):
        for place, cell in enumerate(of_table[table].reshape(-1).tolist()):
            names[cell] = (table, place)
    rows = list(book.rows)
    counts = [len(cells) for cells, _ in rows]
    equations = sparse.csr_matrix(
        (
            np.fromiter((f for _, factors in rows for f in factors), dtype=np.int64),
            np.fromiter((c for cells, _ in rows for c in cells), dtype=np.int64),
            np.concatenate(([0], np.cumsum(counts, dtype=np.int64))),
        ),
        shape=(len(rows), size),
    )
    return Cells(
        size,
        of_table,
        equations,
        np.array([table < 0 for table, _ in names], dtype=np.bool_).reshape(size),
        _flags(book.empty, size),
        _flags(book.difference, size),
        tuple("" if key[0] in (EMPTY, OVERLAP) else str(key[0]) for key in book.number),
        _places(book),
        tuple(names),
        shapes,
        book.words,
        book.apart,
    )


def _places(book: Book) -> Ints:
    """Where each cell lies: the number of its part of each variable, 0 for everything."""
    codes: dict[str, dict[int, int]] = {}
    places: list[dict[str, int] | None] = []
    for key in book.number:
        if key[0] in (EMPTY, OVERLAP):
            places.append(None)
            continue
        told = cast("tuple[tuple[str, int], ...]", key[1:])
        places.append({v: codes.setdefault(v, {}).setdefault(part, 1 + len(codes[v])) for v, part in told})
    rows = [[-1 if place is None else place.get(v, 0) for v in codes] for place in places]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(codes))


def _flags(numbers: set[int], size: int) -> Bools:
    flags = np.zeros(size, dtype=np.bool_)
    flags[sorted(numbers)] = True
    return flags
