"""A `PrintedTable` as rows and columns that a person can read, or that a program can."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from nilreturn.release.plain import printable
from nilreturn.release.symbols import CONFIDENTIAL, printed
from nilreturn.tables import PrintedTable

# More columns than this no longer fit a page or a screen; then every cell has a row of its own.
WIDEST = 9

Value = int | str


@dataclass(frozen=True, slots=True)
class Grid:
    """One header row and the rows below it. The first `labels` columns name a row; the others hold its figures."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    labels: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", _told_apart(printable(header) for header in self.headers))
        object.__setattr__(self, "rows", tuple(tuple(map(_cell, row)) for row in self.rows))

    @property
    def hides(self) -> bool:
        """Whether a figure is hidden."""
        return any(value == CONFIDENTIAL for row in self.rows for value in row[self.labels :])


def long(table: PrintedTable) -> Grid:
    """One row a cell: its category of each dimension, then the figure."""
    titles = tuple(dimension.title for dimension in table.dimensions) or ("Counted",)
    rows = tuple(((*(labels or (table.title,)), printed(cell))) for labels, cell in table.cells())
    return Grid((*titles, unit_title(table)), rows, len(titles))


def wide(table: PrintedTable) -> Grid:
    """The last dimension's categories side by side where they are few, the others down the page; else `long`."""
    if len(table.dimensions) < 2 or len(table.dimensions[-1].labels) > WIDEST:
        return long(table)
    *down, across = table.dimensions
    rows = []
    for labels in itertools.product(*(dimension.labels for dimension in down)):
        figures = (printed(table.count(*labels, label)) for label in across.labels)
        rows.append((*labels, *figures))
    return Grid((*(dimension.title for dimension in down), *across.labels), tuple(rows), len(down))


def unit_title(table: PrintedTable) -> str:
    """The unit as a column's title: "Crimes"."""
    return table.unit[:1].upper() + table.unit[1:]


def _cell(value: Value) -> Value:
    return printable(value) if isinstance(value, str) else value


def _told_apart(headers: Iterable[str]) -> tuple[str, ...]:
    """Headers that no two columns share, as a marked-up table demands; case does not tell them apart in Excel."""
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
