"""
The audit's own account of what printed figures mean: cells, and the sums between them, from the
level of records.

A record type is a combination of pieces, one of each variable, and every printed figure is a sum of
counts of record types. What tables cannot tell apart is never laid out; what they share is laid out
once (`grids`), jointly where they go in a circle (`tree`). So a reader's feasible tables are
exactly those of some set of records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nilreturn.disclosure.audit.categories import (
    Component,
    Factor,
    PlacedTable,
    cells_in,
    components,
)
from nilreturn.disclosure.audit.cells.account import Account, reduced
from nilreturn.disclosure.audit.cells.details import Details
from nilreturn.disclosure.audit.cells.grids import Grids
from nilreturn.disclosure.audit.cells.groups import add_groups, add_groups_by_zeros
from nilreturn.disclosure.audit.cells.units import universes
from nilreturn.disclosure.model import Bools, Cells, Ints, TableShape, Union, printed_zeros
from nilreturn.errors import TableError
from nilreturn.tables import Dimension

MOST_CELLS = 500_000  # beyond, the arithmetic would not end within minutes: refused with one line
MOST_LATENT = 200_000  # cells that no table prints


def number_cells(
    shapes: Sequence[TableShape],
    zeros: Sequence[Bools] | None = None,
    *,
    groups_by_zeros: bool = False,
) -> Cells:
    """
    The cells of all tables together. `zeros` flags the cells of each table that readers are told to
    be 0; without it they are those that published tables print so. With `groups_by_zeros` the
    groups that only zeros let be told are among the `unions`. Raises `TableError` where categories
    that should add up overlap, where a label means two things, or where there are too many cells.
    """
    if cells_in(shapes) > MOST_CELLS:
        raise TableError(
            f"the tables have more than {MOST_CELLS:,} cells together; protect or audit fewer at "
            f"once"
        )
    account, of_table = Account(), dict[int, Ints]()
    laid: list[Component] = []
    details: list[Details | None] = []
    for universe in universes(shapes):
        for component in components(universe.lines, universe.placed):
            laid.append(component)
            details.append(universe.details)
            of_table |= _number(component, account)
            for table in component.tables:
                _add_up(component, table, of_table[table.number], account)
        for more, fewer in universe.bounded:
            totals, parts = of_table[more.number].reshape(-1), of_table[fewer.number].reshape(-1)
            every = np.arange(len(totals))
            rest = account.fresh(len(totals))
            account.sum_up(totals, np.concatenate((every, every)), np.concatenate((parts, rest)))
            account.imply(rest, parts)
    for component, own in zip(laid, details, strict=True):
        grids = Grids(component, of_table, account)
        grids.lay_out([] if own is None else own.places(component))
        if own is not None:
            own.imply(component, grids, account)
    told = printed_zeros(shapes) if zeros is None else zeros
    for component in laid:
        add_groups(component, of_table, account, told)
        if groups_by_zeros:
            add_groups_by_zeros(component, of_table, account, told)
    return _finished(account, [of_table[number] for number in range(len(shapes))], shapes)


def _number(component: Component, account: Account) -> dict[int, Ints]:
    """
    The cells of each table: one that counts the same people has the same number wherever it is.
    """
    variables = {
        v: i for i, v in enumerate(dict.fromkeys(v for t in component.tables for v in t.factors))
    }
    codes: dict[object, int] = {}
    without = 1  # numbers the cells that can hold nobody
    meanings = []
    for table in component.tables:
        shape = tuple(len(d.categories) for d in table.shape.dimensions)
        meaning = np.zeros((*shape, len(variables) + 1), dtype=np.int64)
        for factor in table.factors.values():
            entries = [_code(component, factor, entry, codes) for entry in range(len(factor.masks))]
            meaning[..., variables[factor.variable]] = _along(factor, shape, np.array(entries))
        nobody = (meaning[..., :-1] < 0).any(axis=-1)
        # What can hold nobody is like no other cell.
        meaning[nobody] = 0
        meaning[nobody, -1] = without + np.arange(int(nobody.sum()))
        without += int(nobody.sum())
        meanings.append(meaning.reshape(-1, len(variables) + 1))
    _, first, inverse = np.unique(
        np.concatenate(meanings), axis=0, return_index=True, return_inverse=True
    )
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = account.fresh(len(first))
    cells = rank[inverse.reshape(-1)]
    ends = np.cumsum([len(meaning) for meaning in meanings])
    of_table = {}
    for table, meaning, own in zip(
        component.tables, meanings, np.split(cells, ends[:-1]), strict=True
    ):
        of_table[table.number] = own.reshape([len(d.categories) for d in table.shape.dimensions])
        account.empty.append(own[meaning[:, -1] > 0])
        account.units |= dict.fromkeys(own.tolist(), table.shape.population.unit)
    return of_table


def _code(component: Component, factor: Factor, entry: int, codes: dict[object, int]) -> int:
    """A number for what an entry means: 0 for everything, -1 for nothing."""
    mask, member = factor.masks[entry], factor.member(entry)
    if mask == 0:
        return -1
    if member is None and mask == component.everything[factor.variable]:
        return 0
    return codes.setdefault((factor.variable, member or mask), len(codes) + 1)


def _along(factor: Factor, shape: tuple[int, ...], values: Ints) -> Ints:
    """A value for each entry of a factor as an array that goes with a table of this shape."""
    if not factor.axes:
        return values.reshape((1,) * len(shape))
    own = values.reshape([shape[axis] for axis in factor.axes])
    order = np.argsort(factor.axes)
    sizes = [shape[axis] if axis in factor.axes else 1 for axis in range(len(shape))]
    return own.transpose(order).reshape(sizes)


def _add_up(component: Component, table: PlacedTable, cells: Ints, account: Account) -> None:
    """The sums along each line of a table."""
    for axis, dimension in enumerate(table.shape.dimensions):
        if not dimension.additive:
            continue
        lines = np.moveaxis(cells, axis, 0).reshape(len(dimension.categories), -1)
        for total, below in _parents(dimension):
            parts = lines[below]
            rows = np.tile(np.arange(parts.shape[1]), len(below))
            new = _new_values(component, table, axis, total, below, account)
            if new is not None:
                parts, rows = (
                    np.concatenate((parts, new[None])),
                    np.concatenate((rows, np.arange(len(new)))),
                )
            account.sum_up(lines[total], rows, parts.reshape(-1))


def _parents(dimension: Dimension) -> Iterator[tuple[int, list[int]]]:
    place = {label: i for i, label in enumerate(dimension.labels)}
    for label in dimension.labels:
        below = [place[category.label] for category in dimension.children(label)]
        if below:
            yield place[label], below


def _new_values(
    component: Component,
    table: PlacedTable,
    axis: int,
    total: int,
    below: list[int],
    account: Account,
) -> Ints | None:
    """
    Cells for values that a table does not list and another extract does; None where there are none
    such.
    """
    factor = next((f for f in table.divided if f.axes == (axis,)), None)
    if factor is None:
        return None
    if not component.left_over(
        table, factor, factor.masks[total], (factor.masks[entry] for entry in below)
    ):
        return None
    shape = [len(d.categories) for d in table.shape.dimensions]
    return account.fresh(int(np.prod(shape)) // shape[axis])


def _finished(account: Account, of_table: Sequence[Ints], shapes: Sequence[TableShape]) -> Cells:
    size = account.size
    names = np.full((size, 2), -1, dtype=np.int64)
    for table in range(len(shapes) - 1, -1, -1):
        cells = of_table[table].reshape(-1)
        names[cells[::-1]] = np.stack(
            (np.full(len(cells), table), np.arange(len(cells))[::-1]), axis=1
        )
    latent = names[:, 0] < 0
    empty = _flags(np.concatenate([np.zeros(0, dtype=np.int64), *account.empty]), size)
    groups = _flags(np.array(sorted(account.apart), dtype=np.int64), size)
    implied = np.concatenate([np.zeros((0, 3), dtype=np.int64), *account.implied])
    implied = implied[~empty[implied[:, 0]]]
    equations, number = reduced(
        account.matrix(), latent, empty, groups | _flags(implied.reshape(-1), size)
    )
    left = np.flatnonzero(number >= 0)
    if int(latent[left].sum()) > MOST_LATENT:
        raise TableError(
            f"tables {', '.join(shape.name for shape in shapes)}: what they tell together has more "
            f"than {MOST_LATENT:,} parts that none of them prints; use the same categories in all "
            "of them, or ask fewer at once"
        )
    return Cells(
        size=len(left),
        of_table=tuple(number[cells] for cells in of_table),
        equations=equations,
        unpublished=latent[left],
        empty=empty[left],
        difference=groups[left],
        units=tuple(account.units.get(cell, "") for cell in left.tolist()),
        place=np.zeros((len(left), 0), dtype=np.int64),
        _names=tuple(map(tuple, names[left].tolist())),
        _shapes=tuple(shapes),
        _words={int(number[cell]): words for cell, words in account.words.items()},
        _apart={int(number[cell]): told for cell, told in account.apart.items()},
        _of_two=frozenset(int(number[cell]) for cell in account.of_two),
        _derived_from={int(number[cell]): words for cell, words in account.derived_from.items()},
        strands=tuple(
            replace(s, parts=tuple(replace(part, cell=int(number[part.cell])) for part in s.parts))
            for s in account.strands
        ),
        unions=tuple(_renumbered(union, number) for union in account.unions),
        implied=number[implied],
    )


def _renumbered(union: Union, number: Ints) -> Union:
    cells = {int(number[cell]): times for cell, times in union.cells.items()}
    return replace(union, cells=cells, rest=int(number[union.rest]) if union.rest >= 0 else -1)


def _flags(cells: Ints, size: int) -> Bools:
    flags = np.zeros(size, dtype=np.bool_)
    flags[cells] = True
    return flags
