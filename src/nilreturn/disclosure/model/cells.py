"""
Cells and the sums between them, whoever numbered them: the audit and suppression each lay them out
by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model.arrays import Bools, Ints
from nilreturn.tables import Dimension, Population

UNNAMED = "unnamed: "  # how the name of a variable begins that is only known by its categories


class TableShape(Protocol):
    """Anything with the shape of a table: raw, safe or published."""

    @property
    def name(self) -> str: ...
    @property
    def population(self) -> Population: ...
    @property
    def dimensions(self) -> tuple[Dimension, ...]: ...
    @property
    def question(self) -> str: ...


@dataclass(frozen=True)
class StrandPart:
    """
    A part along one variable: its atoms as bits, its cell, and how messages name it where a table
    prints it.
    """

    mask: int
    cell: int
    words: str = ""


@dataclass(frozen=True)
class Strand:
    """
    Parts that follow one another along one variable at one place, of which any that have nobody in
    common may be told together. `cuts` are the finest parts of each table that prints figures
    there.
    """

    unit: str
    variable: str
    parts: tuple[StrandPart, ...]
    cuts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Union:
    """
    A group that has no cell, of some cells of a table and one other group, the `rest` (-1: of
    printed cells only): how often to count which cells for it, how messages name it, the variables
    that tell it apart, and which figure less which tells it.
    """

    unit: str
    cells: Mapping[int, int]
    rest: int
    words: str
    apart: tuple[str, ...]
    derived_from: str


@dataclass(frozen=True, eq=False)
class Cells:
    """
    All cells of a set of tables. `of_table[i]` has the shape of table i and gives the number of
    each cell. Latent cells are in no table; empty ones can hold nobody (a structural zero).
    """

    size: int
    of_table: tuple[Ints, ...]
    equations: sparse.csr_matrix
    unpublished: Bools
    empty: Bools
    # Latent, and a group of people that two tables tell apart (not a by-product of overlaps).
    difference: Bools
    units: tuple[str, ...]  # what each cell counts; empty for by-products
    # (cells, variables) the number of a cell's part of each variable; -1 for by-products.
    place: Ints
    _names: tuple[tuple[int, int], ...]  # of each cell in a table: the table and the place in it
    _shapes: tuple[TableShape, ...]
    _words: Mapping[int, str]
    _apart: Mapping[int, tuple[str, ...]]
    # Of a group: which figure less which tells it.
    _derived_from: Mapping[int, str] = field(default_factory=dict)
    _advice: Mapping[int, str] = field(default_factory=dict)
    _of_two: frozenset[int] = frozenset()  # groups that are two others, or figures, put together
    strands: tuple[Strand, ...] = ()  # whose unions are not laid out
    unions: tuple[Union, ...] = ()  # groups that are not laid out
    # (rows, 3) two cells, and a cell of its own (`implied`): where the first is not 0, nor is the
    # second.
    implied: Ints = field(default_factory=lambda: np.zeros((0, 3), dtype=np.int64))

    def table_of(self, cell: int) -> int | None:
        """The first table that prints a cell; None for a latent one."""
        table = self._names[cell][0]
        return None if table < 0 else table

    def table_name(self, cell: int) -> str | None:
        """The name of the first table that prints a cell; None for a latent one."""
        table = self.table_of(cell)
        return None if table is None else self._shapes[table].name

    def labels(self, cell: int) -> tuple[str, ...]:
        """The labels of a cell in the first table that prints it."""
        table, place = self._names[cell]
        if table < 0:
            return ()
        dimensions = self._shapes[table].dimensions
        index = (
            np.unravel_index(place, tuple(len(d.categories) for d in dimensions))
            if dimensions
            else ()
        )
        return tuple(d.labels[int(i)] for d, i in zip(dimensions, index, strict=True))

    def apart(self, cell: int) -> tuple[str, ...]:
        """The variables that a group of people is told apart by; none for a cell in a table."""
        return self._apart.get(cell, ())

    def is_of_two(self, cell: int) -> bool:
        """Whether a group is two others, or figures, put together, which have nobody in common."""
        return cell in self._of_two

    def derived_from(self, cell: int) -> str:
        """Which figure less which tells a group; empty for another cell."""
        return self._derived_from.get(cell, "")

    def advice(self, cell: int) -> str:
        """What would keep a latent cell from being told apart; empty for another."""
        if cell in self._advice:
            return self._advice[cell]
        variables = self._apart.get(cell)
        if variables is None:
            return ""
        told_by = self._derived_from.get(cell)
        if told_by is None:
            categories = " and of ".join(variables)
            return (
                f"use the same categories of {categories} in all releases, or leave the later "
                f"table out"
            )
        return (
            f"{told_by}, tells {self.words(cell)}; use the same categories of "
            f"{' and of '.join(variables)} in both, or leave one of them out"
        )

    def words(self, cell: int) -> str:
        """How messages name a cell: its table and labels, or who a latent cell would count."""
        table = self.table_of(cell)
        if table is None:
            return self._words.get(cell, "a count that no table prints")
        return f"{self._shapes[table].name}: {' / '.join(self.labels(cell)) or 'the figure'}"


NumberCells = Callable[[Sequence[TableShape]], Cells]  # the cells of tables together


MOST_CELLS = 500_000  # beyond, the arithmetic would not end within minutes: refused with one line
