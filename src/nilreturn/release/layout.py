"""Lays a `PrintedTable` out in rows and columns, for people or for programs."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from nilreturn.release.library import CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE, printed_cell
from nilreturn.release.plain import printable
from nilreturn.tables import Dimension, PrintedTable

# More columns than this no longer fit a page or a screen; then every cell has a row of its own.
WIDEST = 9

Value = int | str


@dataclass(frozen=True, slots=True)
class Grid:
    """
    One header row and the rows below it. The first `labels` columns name a row; the others have its
    figures.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    labels: int

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "headers", _told_apart(printable(header) for header in self.headers)
        )
        object.__setattr__(self, "rows", tuple(tuple(map(_cell, row)) for row in self.rows))

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks that stand for figures in it, in the order in which they are explained."""
        found = {
            value for row in self.rows for value in row[self.labels :] if isinstance(value, str)
        }
        return tuple(
            mark for mark in (CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE) if mark in found
        )


def long(table: PrintedTable) -> Grid:
    """One row for each cell: its category of each dimension, then the figure."""
    titles = tuple(dimension.title for dimension in table.dimensions) or ("Counted",)
    every = itertools.product(*(labels_of(table, dimension) for dimension in table.dimensions))
    rows = tuple(((*(labels or (table.title,)), printed_cell(table, labels))) for labels in every)
    return Grid((*titles, unit_title(table)), rows, len(titles))


def wide(table: PrintedTable) -> Grid:
    """
    The last dimension's categories side by side where they are few, the others below one another;
    else `long`.
    """
    *down, across = (
        (labels_of(table, dimension) for dimension in table.dimensions)
        if table.dimensions
        else ((),)
    )
    if len(table.dimensions) < 2 or len(across) > WIDEST:
        return long(table)
    rows = []
    for labels in itertools.product(*down):
        figures = (printed_cell(table, (*labels, label)) for label in across)
        rows.append((*labels, *figures))
    titles = (dimension.title for dimension in table.dimensions[:-1])
    return Grid((*titles, *across), tuple(rows), len(down))


def labels_of(table: PrintedTable, dimension: Dimension) -> tuple[str, ...]:
    """The rows or columns of a dimension in printed order, including those without a count."""
    labels = list(dimension.labels)
    for row in table.not_covered:
        if row.variable == dimension.variable:
            at = labels.index(row.after) + 1 if row.after in labels else len(labels)
            labels.insert(at, row.label)
    return tuple(labels)


def unit_title(table: PrintedTable) -> str:
    """The unit as a column's title: "Crimes"."""
    return table.unit[:1].upper() + table.unit[1:]


def _cell(value: Value) -> Value:
    return printable(value) if isinstance(value, str) else value


def _told_apart(headers: Iterable[str]) -> tuple[str, ...]:
    """Headers made unique, as a marked-up table requires. Excel does not distinguish case."""
    seen: set[str] = set()
    apart = []
    for header in headers:
        name, copy = header or "Column", 1
        while name.casefold() in seen:
            copy += 1
            name = f"{header} ({copy})"
        seen.add(name.casefold())
        apart.append(name)
    return tuple(apart)
