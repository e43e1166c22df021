"""A sheet's dimensions, and what each of its cells tells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from nilreturn.disclosure.model import MOST_CELLS, Ints
from nilreturn.disclosure.tabular.marks import CellMarks, CellReading, short
from nilreturn.disclosure.tabular.text_tables import COLUMNS, TextTable
from nilreturn.errors import TableError
from nilreturn.tables import Coordinates, Dimension
from nilreturn.wording import in_words


def cells_of(
    sheet: TextTable, marks: CellMarks, labels: int | None, *, shared: bool = False
) -> tuple[tuple[Dimension, ...], dict[Coordinates, CellReading]]:
    """
    The dimensions of a table and what its cells tell. Where percentages are `shared` out beside it,
    it need not have a column of the counts that they are of.
    """
    number = sheet.label_columns(marks) if labels is None else labels
    if not 0 < number < len(sheet.headings) + shared:
        raise TableError(
            f"table {sheet.name}: {in_words(number, 'column')} of labels leave no counts; it has "
            f"{in_words(len(sheet.headings), 'column')} in all"
        )
    only_shared = [p.counts for p in sheet.described.percentages.values() if shared and p.counts]
    across = tuple(
        sheet.headings[number:] if len(sheet.headings) - number > 1 or only_shared else ()
    )
    headings = (*sheet.headings[:number], *((COLUMNS,) if across else ()))
    columns = [list(dict.fromkeys(row[axis] for row in sheet.rows)) for axis in range(number)]
    if across:
        columns.append(
            [*across, *dict.fromkeys(label for label in only_shared if label not in across)]
        )
    _refuse_blanks(sheet, number, across)
    cells = _read(sheet, marks, number, across)
    try:
        told = zip(headings, columns, strict=True)
        dimensions = tuple(sheet.described.dimension(heading, found) for heading, found in told)
    except (TableError, ValueError) as error:
        raise TableError(f"table {sheet.name}: {error}") from None
    if math.prod(len(d.categories) for d in dimensions) > MOST_CELLS:
        raise TableError(
            f"table {sheet.name}: its categories make more than {MOST_CELLS:,} cells; protect or "
            "audit a part of it at a time"
        )
    return dimensions, cells


def _refuse_blanks(sheet: TextTable, labels: int, across: Sequence[str]) -> None:
    """
    Raise where a label or the heading of a column of counts is blank, as where cells of a workbook
    were merged.
    """
    blank = next((row for row in sheet.rows if not all(row[:labels])), None)
    if blank is not None:
        column = sheet.headings[blank.index("")] or "the first column"
        raise TableError(
            f"table {sheet.name}: a row has no label under {column} ({at(t for t in blank if t)}); "
            "write it in every row"
        )
    if not all(across):
        raise TableError(
            f"table {sheet.name}: a column of counts has no heading; give it one or take it out"
        )


def _read(
    sheet: TextTable, marks: CellMarks, labels: int, across: Sequence[str]
) -> dict[Coordinates, CellReading]:
    places: dict[Coordinates, CellReading] = {}
    for row in sheet.rows:
        for column, text in enumerate(row[labels:]):
            place = (*row[:labels], *((across[column],) if across else ()))
            if place in places:
                raise TableError(
                    f"table {sheet.name}: {at(place)} appears twice; merge the two or rename one, "
                    "or say how many leading columns hold labels"
                )
            try:
                written = marks.read(text)
            except TableError as error:
                raise TableError(f"{name_of(sheet, place)}: {error}") from None
            if written is None:
                raise TableError(
                    f"{name_of(sheet, place)}: {short(text)!r} is no count and no mark that is "
                    f"known"
                )
            places[place] = written
    return places


def name_of(sheet: TextTable, place: Iterable[str]) -> str:
    """
    How messages name a cell of a sheet: the file where it is known, else the table, and its labels.
    """
    where = f"{sheet.where}: " if sheet.where else ""
    return f"{where}table {sheet.name}: {at(place)}"


def refuse_other_total(
    sheet: TextTable,
    dimensions: Sequence[Dimension],
    cells: Iterable[Coordinates],
    low: Ints,
    high: Ints,
) -> None:
    """
    Raise where a table names no total and one of its categories is the sum of the others: it would
    count twice.
    """
    for axis, dimension in enumerate(dimensions):
        beside = [
            i for i, c in enumerate(dimension.categories) if c.parent == dimension.total.label
        ]
        is_told = (
            dimension.title in sheet.described.columns
            and sheet.described.columns[dimension.title].total
        )
        is_there = any(place[axis] == dimension.total.label for place in cells)
        if not dimension.additive or len(beside) < 3 or is_told or is_there:
            continue
        least, most = (
            np.moveaxis(a, axis, 0).reshape(len(dimension.categories), -1)[beside]
            for a in (low, high)
        )
        place = _sum_of_others(least, most)
        if place is not None:
            label = dimension.categories[beside[place]].label
            raise TableError(
                f"table {sheet.name}: {dimension.title}: {short(label)!r} is the sum of all "
                f"others, so it looks like their total; say so in {sheet.described_in} (columns: "
                f"{{{dimension.title}: {{total: …}}}}), or, if it is none, that the total is "
                "called Total"
            )


def _sum_of_others(least: Ints, most: Ints) -> int | None:
    """
    The row that is the sum of all others wherever a column is printed whole, and no less elsewhere.
    """
    whole = (least == most).all(axis=0)
    printed = np.where(least == most, least, 0)
    rest = printed.sum(axis=0) - printed
    for row in range(len(least)):
        if (
            not whole.any()
            or not printed[row, whole].any()
            or (printed[row] != rest[row])[whole].any()
        ):
            continue
        told = (least[row] == most[row]) & ~whole
        if (printed[row] >= rest[row])[told].all():
            return row
    return None


def at(place: Iterable[str]) -> str:
    """How messages name a cell."""
    return " / ".join(map(short, place))


def identifier(name: str) -> str:
    return (
        "".join(character if character.isalnum() else "-" for character in name).strip("-").lower()
        or "table"
    )
