"""
What tables that share their variables in a circle tell together: age by sex, sex by month and month by age.

Tables that share margins in a chain can always be filled in to one big table, so their shared margins are all they
tell together. In a circle they cannot: only some of the counts they allow belong to one big table. So its cells are
added as latent ones, as knowledge of the reader. That a reader may work out such a cell, which nobody prints and
no difference of two printed ones gives, is not prevented.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from nilreturn.disclosure.book import Book, Placed, key_of
from nilreturn.disclosure.meaning import Axis, atoms_of

MOST_JOINT = 20_000  # cells of the big table; beyond, a reader is taken to reason with the printed sums alone


def join(unit: str, placed: Sequence[Placed], axes: dict[str, Axis], book: Book) -> None:
    """Add the big table behind each set of tables of one population that share variables in a circle."""
    groups: dict[tuple[tuple[str, int], ...], list[Placed]] = {}
    for table in placed:
        groups.setdefault(_elsewhere(table, axes), []).append(table)
    for whole, tables in groups.items():
        edges = [frozenset(v for v in _divided(table) if axes[v].additive) for table in tables]
        core = circle(edges)
        if core:
            members = [table for table, edge in zip(tables, edges, strict=True) if len(edge & core) > 1]
            _add(unit, members, sorted(core), whole, axes, book)


def circle(edges: Sequence[frozenset[str]]) -> frozenset[str]:
    """
    The variables in a circle; none when the sets form a chain or a tree (reduced after Graham, Yu and Özsoyoğlu).

    >>> sorted(circle([frozenset("ab"), frozenset("bc"), frozenset("ca"), frozenset("ad")]))
    ['a', 'b', 'c']
    >>> circle([frozenset("ab"), frozenset("bc"), frozenset("cd")])
    frozenset()
    """
    left = [set(edge) for edge in edges]
    while True:
        before = [set(edge) for edge in left]
        times = {v: sum(v in edge for edge in left) for edge in left for v in edge}
        left = [{v for v in edge if times[v] > 1} for edge in left]
        left = [e for i, e in enumerate(left) if e and not any(e < o or (e == o and j < i) for j, o in enumerate(left))]
        if left == before:
            return frozenset().union(*left) if len(left) > 1 else frozenset()


def _divided(table: Placed) -> set[str]:
    return {dimension.variable for dimension in table.shape.dimensions}


def _elsewhere(table: Placed, axes: dict[str, Axis]) -> tuple[tuple[str, int], ...]:
    """What a table is restricted by and does not divide."""
    divided = _divided(table)
    told = ((v, masks[0]) for v, masks in table.masks.items() if v not in divided)
    return tuple(sorted((v, mask) for v, mask in told if mask != axes[v].everything))


def _add(
    unit: str,
    tables: Sequence[Placed],
    core: list[str],
    whole: tuple[tuple[str, int], ...],
    axes: dict[str, Axis],
    book: Book,
) -> None:
    atoms = {v: atoms_of({m for t in tables for m in t.masks.get(v, [])} - {0}) for v in core}
    if math.prod(len(parts) for parts in atoms.values()) > MOST_JOINT:
        return
    for table in tables:
        for told, parts in _lines(table, core, atoms, axes):
            total = book.cell(key_of(unit, [*told, *whole], axes))
            boxes = itertools.product(*parts)
            keys = [key_of(unit, [*zip(core, masks, strict=True), *whole], axes) for masks in boxes]
            book.equation(total, [book.cell(key) for key in keys])


def _lines(
    table: Placed, core: list[str], atoms: dict[str, list[int]], axes: dict[str, Axis]
) -> Iterator[tuple[list[tuple[str, int]], list[list[int]]]]:
    """Each innermost cell of a table over the circle's variables, and the atoms it is made of along each."""
    inside = [dimension for dimension in table.shape.dimensions if dimension.variable in core]
    leaves = []
    for dimension in inside:
        labels = {leaf.label for leaf in dimension.leaves}
        masks = zip(dimension.labels, table.masks[dimension.variable], strict=True)
        leaves.append([mask for label, mask in masks if label in labels and mask])
    for chosen in itertools.product(*leaves):
        mask_of = dict(zip((d.variable for d in inside), chosen, strict=True))
        told = [*mask_of.items()]
        told += [(v, table.masks[v][0]) for v in _divided(table) if v not in mask_of]
        yield told, [[a for a in atoms[v] if not a & ~mask_of.get(v, axes[v].everything)] for v in core]
