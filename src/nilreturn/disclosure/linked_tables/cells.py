"""
From tables to one flat list of cells: the same cell once, whatever tables print it, and every
equation between them.

A cell is known by its meaning: the unit counted and the part of each variable it is restricted to.
Two units are never equated. Two sources are: a reader cannot know which records were changed
between two extracts, and the safe assumption is that none were (what then contradicts is dealt with
where the counts are, not here).

This is suppression's account of what printed figures mean; the audit has its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from nilreturn.disclosure.linked_tables.axes import axes_of
from nilreturn.disclosure.linked_tables.box_sums import Numbered, axes_of_row, number
from nilreturn.disclosure.linked_tables.builder import CellBuilder
from nilreturn.disclosure.linked_tables.cyclic_margins import tie
from nilreturn.disclosure.linked_tables.groups import (
    Told,
    tell_apart,
    tell_keywords_apart,
    tell_occupied_apart,
)
from nilreturn.disclosure.linked_tables.units import Universe, link_units, linked_units
from nilreturn.disclosure.linked_tables.value_rows import link_values
from nilreturn.disclosure.model import (
    MOST_CELLS,
    Bools,
    Cells,
    Ints,
    PublishedTable,
    TableShape,
    printed_zeros,
    sum_blocks,
)
from nilreturn.errors import TableError


def build_cells(
    shapes: Sequence[TableShape], zeros: Sequence[Bools] | None = None, *, threshold: int = 0
) -> Cells:
    """
    The cells of all tables together. `zeros` flags the cells of each table that readers are told to
    be 0; without it they are those that published tables print so. Of groups that only zeros let be
    told, those get a cell whose count is below the `threshold`, or not known. Raises `TableError`
    where categories that should add up overlap, where a label means two things, or where the cells,
    or the groups of people that figures tell apart, are too many.
    """
    if sum(int(np.prod([len(d.categories) for d in s.dimensions])) for s in shapes) > MOST_CELLS:
        raise TableError(
            f"the tables have more than {MOST_CELLS:,} cells together; protect or audit fewer at "
            f"once"
        )
    book = CellBuilder()
    numbered: dict[int, Numbered] = {}
    for units in linked_units(shapes):
        _number_units(
            units,
            shapes,
            printed_zeros(shapes) if zeros is None else zeros,
            numbered,
            book,
            threshold,
        )
    return _finish(tuple(numbered[i].numbers for i in range(len(shapes))), tuple(shapes), book)


def _number_units(
    units: Sequence[str],
    shapes: Sequence[TableShape],
    zeros: Sequence[Bools],
    numbered: dict[int, Numbered],
    builder: CellBuilder,
    threshold: int,
) -> None:
    together = [shape for shape in shapes if shape.population.unit in units]
    universes: dict[str, Universe] = {}
    for unit in units:
        axes = axes_of(together, unit)
        universes[unit] = Universe(axes, [])
        for i, shape in enumerate(shapes):
            if shape.population.unit == unit:
                numbered[i] = number(i, shape, axes, builder)
                for part in numbered[i].parts:
                    own = axes_of_row(part.variable, axes) if part.value else axes
                    universes.setdefault(part.universe, Universe(own, [])).parts.append(part)
    for i, shape in enumerate(shapes):
        if shape.population.unit in units:
            _add_up(shape, numbered[i].numbers, builder)
    figures = {name: list(universe.parts) for name, universe in universes.items()}
    link_units(together, universes, builder)
    link_values(universes, builder, lambda table: called(shapes[table]))
    names = [shape.name for shape in shapes]
    for universe in universes.values():
        tie(universe.parts, universe.axes, names, builder)
    told = {int(cell) for i, own in numbered.items() for cell in own.numbers[zeros[i]]}
    for unit in units:
        rows = [
            part for parts in figures.values() for part in parts if part.value and part.unit == unit
        ]
        unit_axes = universes[unit].axes
        for variable in dict.fromkeys(row.variable for row in rows):
            parts = [*figures[unit], *(row for row in rows if row.variable == variable)]
            tell_keywords_apart(
                parts, variable, unit_axes, builder, lambda table: called(shapes[table]), told
            )
        if not rows:
            tell_apart(figures[unit], unit_axes, builder, lambda table: called(shapes[table]))
        if threshold > 1:
            known = Told(told, _counts(shapes, numbered), threshold)
            tell_occupied_apart(
                figures[unit], unit_axes, builder, lambda table: called(shapes[table]), known
            )


def _counts(shapes: Sequence[TableShape], numbered: Mapping[int, Numbered]) -> dict[int, int]:
    """The count of each cell that some table has."""
    found: dict[int, int] = {}
    for table, own in numbered.items():
        shape = shapes[table]
        if isinstance(shape, PublishedTable):
            known = shape.low == shape.high
            found |= dict(zip(own.numbers[known].tolist(), shape.low[known].tolist(), strict=True))
    return found


def called(shape: TableShape) -> str:
    """How advice names a table: by the question it answers, where there is one."""
    if isinstance(shape, PublishedTable) and shape.release:
        return shape.labels
    return f"question {shape.question}" if shape.question else shape.name


def _add_up(shape: TableShape, numbers: Ints, builder: CellBuilder) -> None:
    flat = numbers.reshape(-1)
    for block in sum_blocks(shape.dimensions):
        for total, parts in zip(
            flat[block.totals].tolist(), flat[block.parts].T.tolist(), strict=True
        ):
            builder.equation(total, parts)


# The end ------------------------------------------------------------------------------------------


def _finish(
    of_table: tuple[Ints, ...], shapes: tuple[TableShape, ...], builder: CellBuilder
) -> Cells:
    names: dict[int, tuple[int, int]] = {}
    for table in range(len(shapes) - 1, -1, -1):
        for place, cell in enumerate(of_table[table].reshape(-1).tolist()):
            names[cell] = (table, place)
    implied = [
        (*pair, own) for pair, own in builder.implied.items() if pair[0] not in builder.empty
    ]
    asked = {*names, *builder.difference, *(cell for row in implied for cell in row)}
    rows = _needed(builder, asked)
    kept = sorted({*asked, *(cell for cells, _ in rows for cell in cells)})
    place_of = np.full(len(builder.units), -1, dtype=np.int64)
    place_of[kept] = np.arange(len(kept))
    size = len(kept)
    counts = [len(cells) for cells, _ in rows]
    equations = sparse.csr_matrix(
        (
            np.fromiter((f for _, factors in rows for f in factors), dtype=np.int64),
            place_of[np.fromiter((c for cells, _ in rows for c in cells), dtype=np.int64)],
            np.concatenate(([0], np.cumsum(counts, dtype=np.int64))),
        ),
        shape=(len(rows), size),
    )
    new = dict(zip(kept, range(size), strict=True))
    return Cells(
        size,
        tuple(place_of[numbers] for numbers in of_table),
        equations,
        np.array([cell not in names for cell in kept], dtype=np.bool_).reshape(size),
        _flags(builder.empty, new),
        _flags(builder.difference, new),
        tuple(builder.units[cell] for cell in kept),
        _places(builder, kept),
        tuple(names.get(cell, (-1, -1)) for cell in kept),
        shapes,
        {new[cell]: words for cell, words in builder.words.items() if cell in new},
        {new[cell]: apart for cell, apart in builder.apart.items() if cell in new},
        implied=np.array([[new[cell] for cell in row] for row in implied], dtype=np.int64).reshape(
            -1, 3
        ),
        _advice={new[cell]: advice for cell, advice in builder.advice.items() if cell in new},
    )


def _needed(builder: CellBuilder, told: set[int]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """
    The equations that say something. One with a part of which nothing else is known says that the
    rest of its parts are no more than its total; where that is all that is known of a total which
    nobody prints, it says nothing.
    """
    rows = list(builder.rows)
    rows_of: dict[int, set[int]] = {}
    for row, (cells, _) in enumerate(rows):
        for cell in cells:
            if cell not in told:
                rows_of.setdefault(cell, set()).add(row)
    loose = {cell for cell, own in rows_of.items() if len(own) == 1}
    gone: set[int] = set()
    waiting = sorted(rows_of)
    while waiting:
        cell = waiting.pop()
        own = rows_of.get(cell, set()) - gone
        if not own or not all(_says_nothing_of(cell, rows[row], loose) for row in own):
            continue
        gone |= own
        for row in own:
            for other in rows[row][0]:
                if other in rows_of:
                    rows_of[other].discard(row)
                    if len(rows_of[other]) == 1:
                        loose.add(other)
                    waiting.append(other)
    return [row for number, row in enumerate(rows) if number not in gone]


def _says_nothing_of(
    cell: int, row: tuple[tuple[int, ...], tuple[int, ...]], loose: set[int]
) -> bool:
    """
    Whether a total that nobody prints may be as large as it likes in an equation, by a part that is
    free.
    """
    factors = dict(zip(*row, strict=True))
    return factors[cell] > 0 and any(
        factor < 0 and other in loose for other, factor in factors.items()
    )


def _places(builder: CellBuilder, kept: Sequence[int]) -> Ints:
    """
    Where each cell lies: the number of its part of each variable, 0 for everything; -1 for what is
    no box.
    """
    codes: dict[str, dict[int, int]] = {}
    places: list[dict[str, int] | None] = []
    for cell in kept:
        told = builder.boxes.get(cell)
        if told is None:
            places.append(None)
            continue
        places.append(
            {v: codes.setdefault(v, {}).setdefault(part, 1 + len(codes[v])) for v, part in told}
        )
    rows = [[-1 if place is None else place.get(v, 0) for v in codes] for place in places]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(codes))


def _flags(numbers: set[int], new: dict[int, int]) -> Bools:
    flags = np.zeros(len(new), dtype=np.bool_)
    flags[sorted(new[cell] for cell in numbers if cell in new)] = True
    return flags
