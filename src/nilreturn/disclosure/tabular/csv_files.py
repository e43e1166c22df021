"""
Tables in and out: CSV, and the tables of pandas, polars and Arrow.

A table is one line a cell (`age,sex,count`) or laid out in rows and columns; which of the two is
seen from where the counts are. Its totals are found by their name. True counts become a `RawTable`,
with margins that are not there worked out; printed tables become a `PublishedTable`, in which a
margin that is not there stays unknown.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from nilreturn.disclosure.model import NO_UPPER, Ints, PublishedTable
from nilreturn.disclosure.tabular.marks import CellMarks, Kind
from nilreturn.disclosure.tabular.reading import (
    at,
    cells_of,
    identifier,
    read_printed,
    refuse_other_total,
)
from nilreturn.disclosure.tabular.text_tables import TextTable, read_sheet
from nilreturn.errors import TableError
from nilreturn.spreadsheets import escape_formula
from nilreturn.tables import Coordinates, Dimension, RawTable, SafeTable
from nilreturn.wording import in_words

COUNT = "count"
HIDDEN = "[c]"


def raw_from_csv(path: Path, *, labels: int | None = None) -> RawTable:
    """
    Read true counts from a CSV file. Margins that are not in it are added up.

    Parameters
    ----------
    path : Path
        The file. The table is named after it.
    labels : int, optional
        Number of leading columns that hold labels, where the file does not show it.

    Returns
    -------
    RawTable
        The table.

    Raises
    ------
    FileError
        If the file cannot be read.
    TableError
        If it does not hold a table of counts.
    """
    return raw_from_sheet(read_sheet(path), labels=labels)


def printed_from_csv(
    path: Path, *, marks: CellMarks | None = None, labels: int | None = None
) -> PublishedTable:
    """
    Read a printed table from a CSV file.

    Parameters
    ----------
    path : Path
        The file. The table is named after it.
    marks : CellMarks, optional
        How the table writes hidden cells.
    labels : int, optional
        Number of leading columns that hold labels, where the file does not show it.

    Returns
    -------
    PublishedTable
        The table. A margin that is not in the file is unknown.

    Raises
    ------
    FileError
        If the file cannot be read.
    TableError
        If it does not hold a table of counts.
    """
    marks = marks or CellMarks()
    return read_printed(read_sheet(path, marks), marks=marks, labels=labels).table


def structural_zeros_from_csv(path: Path, *, labels: int | None = None) -> PublishedTable | None:
    """
    Read which cells of a table every reader knows to be 0: those marked [z].

    Give the result to `protect` as `known`.

    Parameters
    ----------
    path : Path
        The CSV file of true counts.
    labels : int, optional
        Number of leading columns that hold labels, where the file does not show it.

    Returns
    -------
    PublishedTable or None
        The table with 0 in these cells and no bound in others; None if no cell is marked.

    Raises
    ------
    FileError
        If the file cannot be read.
    TableError
        If it does not hold a table of counts.
    """
    sheet = read_sheet(path)
    dimensions, cells = cells_of(sheet, CellMarks(blank="left out"), labels)
    places = [place for place, written in cells.items() if written.kind is Kind.STRUCTURAL_ZERO]
    if not places:
        return None
    shape = tuple(len(d.categories) for d in dimensions)
    high = np.full(shape, NO_UPPER, dtype=np.int64)
    index = [{label: i for i, label in enumerate(d.labels)} for d in dimensions]
    for place in places:
        high[tuple(at[label] for at, label in zip(index, place, strict=True))] = 0
    low, hidden = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.bool_)
    name, population = identifier(sheet.name), sheet.described.population
    return PublishedTable(name, name, population, dimensions, low, high, hidden, "what cannot be")


def csv_of(table: SafeTable) -> str:
    """
    A safe table as CSV text.

    A table of two dimensions has rows and columns; any other has one line for each cell. Text that
    a spreadsheet would take for a formula is given a leading apostrophe.

    Parameters
    ----------
    table : SafeTable
        The table.

    Returns
    -------
    str
        The text, with lines ending in CR LF. A hidden cell is [c].
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if len(table.dimensions) == 2:
        down, across = table.dimensions
        writer.writerow(
            [escape_formula(down.title), *(escape_formula(label) for label in across.labels)]
        )
        for row in down.labels:
            writer.writerow(
                [escape_formula(row), *(_shown(table, row, column) for column in across.labels)]
            )
    else:
        writer.writerow([*(escape_formula(d.title) for d in table.dimensions), COUNT])
        for labels, _ in table.cells():
            writer.writerow([*(escape_formula(label) for label in labels), _shown(table, *labels)])
    return out.getvalue()


def _shown(table: SafeTable, *labels: str) -> str:
    value = table.cell(*labels).value
    return HIDDEN if value is None else str(value)


# Reading ------------------------------------------------------------------------------------------


def raw_from_sheet(sheet: TextTable, *, labels: int | None) -> RawTable:
    """
    True counts from text. Margins that are not there are worked out; a missing cell is an error.
    """
    marks = CellMarks(blank="left out")
    shares = sheet.percentages(marks)
    if shares:
        raise TableError(
            f"table {sheet.name}: {sheet.headings[shares[0]]!r} holds percentages, which would "
            "give hidden counts away; leave it out, and work percentages out from what is printed"
        )
    dimensions, cells = cells_of(sheet, marks, labels)
    hidden = next((place for place, written in cells.items() if written.hidden), None)
    if hidden is not None:
        raise TableError(
            f"table {sheet.name}: {at(hidden)} is hidden; protecting needs every true count, and a "
            "count of none is written 0"
        )
    counts = {
        place: written.low for place, written in cells.items() if written.kind is not Kind.ABSENT
    }
    values = _filled(sheet.name, dimensions, counts)
    refuse_other_total(sheet, dimensions, cells, values, values)
    title, population = sheet.described.title or sheet.name, sheet.described.population
    return RawTable(identifier(sheet.name), title, population, dimensions, values)


def _filled(name: str, dimensions: Sequence[Dimension], counts: Mapping[Coordinates, int]) -> Ints:
    """Every count of the table; margins that are not given are the sums of what is under them."""
    leaves = [_leaves(dimension) for dimension in dimensions]
    missing: dict[Coordinates, None] = {}

    def value(place: Coordinates) -> int:
        if place in counts:
            return counts[place]
        under = [leaves[axis][label] for axis, label in enumerate(place)]
        overlapping = [
            d.title
            for d, kids in zip(dimensions, under, strict=True)
            if len(kids) > 1 and not d.additive
        ]
        if overlapping:
            raise TableError(
                f"table {name}: {overlapping[0]} overlaps, so its total cannot be worked out; give "
                f"it"
            )
        parts = list(itertools.product(*under))
        missing.update(dict.fromkeys(part for part in parts if part not in counts))
        return sum(counts.get(part, 0) for part in parts)

    shape = tuple(len(d.categories) for d in dimensions)
    values = [value(place) for place in itertools.product(*(d.labels for d in dimensions))]
    if missing:
        first = "; ".join(at(place) for place in list(missing)[:5])
        are = "is" if len(missing) == 1 else "are"
        raise TableError(
            f"table {name}: {in_words(len(missing), 'cell')} {are} missing: {first}; a count of "
            f"none is written 0"
        )
    return np.array(values, dtype=np.int64).reshape(shape)


def _leaves(dimension: Dimension) -> dict[str, tuple[str, ...]]:
    under: dict[str, tuple[str, ...]] = {}
    for label in reversed(dimension.labels):
        under[label] = tuple(
            leaf for part in dimension.children(label) for leaf in under[part.label]
        ) or (label,)
    return under
