"""
Tables in and out: CSV, and the tables of pandas, polars and Arrow.

A table is one line a cell (`age,sex,count`) or laid out in rows and columns; which of the two is seen from where the
counts are. Its totals are found by their name. True counts become a `RawTable`, with margins that are not
there worked out; printed tables become a `PublishedTable`, in which a margin that is not there stays unknown.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nilreturn.disclosure.book import MOST_CELLS
from nilreturn.disclosure.described import COLUMNS, Described
from nilreturn.disclosure.explain import counted
from nilreturn.disclosure.markers import LEFT_OUT, NOBODY, Marks, Written
from nilreturn.disclosure.published import PublishedTable
from nilreturn.disclosure.sheet import Sheet, read_sheet, sheet_of
from nilreturn.disclosure.system import NO_CEILING, Bools, Ints
from nilreturn.errors import TableError
from nilreturn.spreadsheets import escape_formula
from nilreturn.tables import Coordinates, Dimension, RawTable, SafeTable

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

COUNT = "count"
HIDDEN = "[c]"


def raw_from_csv(path: Path, *, labels: int | None = None) -> RawTable:
    """
    True counts from a CSV file, named after it. `labels` is the number of leading columns that hold labels.

    Raises `FileError` when it cannot be read, `TableError` when it is no table of counts.
    """
    return raw_from_sheet(read_sheet(path), labels=labels)


def printed_from_csv(path: Path, *, marks: Marks | None = None, labels: int | None = None) -> PublishedTable:
    """A printed table from a CSV file. Raises like `raw_from_csv`."""
    return printed_from_sheet(read_sheet(path), marks=marks or Marks(), labels=labels)


def nobody_from_csv(path: Path, *, labels: int | None = None) -> PublishedTable | None:
    """
    What every reader knows of the table in a CSV file: that nobody can be in the cells marked [z]. None where there
    are none. It is given to `protect` as known.
    """
    sheet = read_sheet(path)
    dimensions, cells = cells_of(sheet, Marks(blank="left out"), labels)
    places = [place for place, written in cells.items() if written is NOBODY]
    if not places:
        return None
    shape = tuple(len(d.categories) for d in dimensions)
    high = np.full(shape, NO_CEILING, dtype=np.int64)
    index = [{label: i for i, label in enumerate(d.labels)} for d in dimensions]
    for place in places:
        high[tuple(at[label] for at, label in zip(index, place, strict=True))] = 0
    low, hidden = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.bool_)
    name, population = _identifier(sheet.name), sheet.described.population
    return PublishedTable(name, name, population, dimensions, low, high, hidden, "what cannot be")


def raw_from_frame(
    frame: IntoDataFrame, *, name: str, count: str = COUNT, described: Described | None = None
) -> RawTable:
    """
    True counts from a pandas, polars or Arrow table with one row a cell: its column `count` holds the counts, all
    others hold labels.
    """
    return raw_from_sheet(sheet_of(frame, name, count, described), labels=None)


def printed_from_frame(
    frame: IntoDataFrame,
    *,
    name: str,
    count: str = COUNT,
    marks: Marks | None = None,
    described: Described | None = None,
) -> PublishedTable:
    """A printed table from a pandas, polars or Arrow table with one row a cell; a missing count is a blank."""
    return printed_from_sheet(sheet_of(frame, name, count, described), marks=marks or Marks(), labels=None)


def frame_from_safe(table: SafeTable, backend: Literal["pandas", "polars", "pyarrow"]) -> Any:
    """
    A safe table as a pandas, polars or Arrow table, one row a cell: labels, the count (missing where hidden) and
    what is printed.
    """
    import narwhals as nw

    columns: dict[str, list[Any]] = {d.title: [] for d in table.dimensions}
    if len(columns) < len(table.dimensions) or {COUNT, "printed"} & columns.keys():
        raise TableError(f"table {table.name}: two columns would have one name; give its dimensions other titles")
    counts: list[int | None] = []
    printed: list[str] = []
    for labels, cell in table.cells():
        for dimension, label in zip(table.dimensions, labels, strict=True):
            columns[dimension.title].append(label)
        counts.append(cell.value)
        printed.append(HIDDEN if cell.value is None else str(cell.value))
    schema: dict[str, Any] = dict.fromkeys(columns, nw.String()) | {COUNT: nw.Int64(), "printed": nw.String()}
    told = columns | {COUNT: counts, "printed": printed}
    if backend == "polars":
        return nw.from_dict(told, schema=schema, backend="polars").to_native()
    arrow = nw.from_dict(told, schema=schema, backend="pyarrow").to_native()
    if backend == "pyarrow":
        return arrow
    import pandas

    # Pandas' own whole numbers know no missing value; its nullable ones do.
    return arrow.to_pandas(types_mapper={arrow.schema.field(COUNT).type: pandas.Int64Dtype()}.get)


def csv_of(table: SafeTable) -> str:
    """
    A safe table as CSV text: rows and columns in two dimensions, else one line a cell. Text that a spreadsheet would
    take for a formula is quoted with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if len(table.dimensions) == 2:
        down, across = table.dimensions
        writer.writerow([escape_formula(down.title), *(escape_formula(label) for label in across.labels)])
        for row in down.labels:
            writer.writerow([escape_formula(row), *(_shown(table, row, column) for column in across.labels)])
    else:
        writer.writerow([*(escape_formula(d.title) for d in table.dimensions), COUNT])
        for labels, _ in table.cells():
            writer.writerow([*(escape_formula(label) for label in labels), _shown(table, *labels)])
    return out.getvalue()


def _shown(table: SafeTable, *labels: str) -> str:
    value = table.cell(*labels).value
    return HIDDEN if value is None else str(value)


# Reading ----------------------------------------------------------------------------------------------------------


def raw_from_sheet(sheet: Sheet, *, labels: int | None) -> RawTable:
    """True counts from text. Margins that are not there are worked out; a missing cell is an error."""
    marks = Marks(blank="left out")
    shares = sheet.percentages(marks)
    if shares:
        raise TableError(
            f"table {sheet.name}: {sheet.headings[shares[0]]!r} holds percentages, which would give hidden counts "
            "away; leave it out, and work percentages out from what is printed"
        )
    dimensions, cells = cells_of(sheet, marks, labels)
    hidden = next((place for place, written in cells.items() if written.hidden), None)
    if hidden is not None:
        raise TableError(f"table {sheet.name}: {_at(hidden)} is hidden; protecting needs every true count")
    counts = {place: written.low for place, written in cells.items() if written is not LEFT_OUT}
    values = _filled(sheet.name, dimensions, counts)
    _refuse_other_total(sheet, dimensions, cells, values, values)
    title, population = sheet.described.title or sheet.name, sheet.described.population
    return RawTable(_identifier(sheet.name), title, population, dimensions, values)


def printed_from_sheet(sheet: Sheet, *, marks: Marks, labels: int | None) -> PublishedTable:
    """A printed table from text. A cell that is not there is unknown; so is what a percentage stands for."""
    shares = sheet.percentages(marks)
    dimensions, cells = cells_of(sheet.without(shares), marks, labels, shared=bool(shares))
    low, high, hidden = _arrays(dimensions, cells)
    _refuse_other_total(sheet, dimensions, cells, low, high)
    title, population = sheet.described.title or sheet.name, sheet.described.population
    return PublishedTable(_identifier(sheet.name), title, population, dimensions, low, high, hidden)


def cells_of(
    sheet: Sheet, marks: Marks, labels: int | None, *, shared: bool = False
) -> tuple[tuple[Dimension, ...], dict[Coordinates, Written]]:
    """
    The dimensions of a table and what its cells tell. Where percentages are `shared` out beside it, it need not have a
    column of the counts that they are of.
    """
    number = sheet.label_columns(marks) if labels is None else labels
    if not 0 < number < len(sheet.headings) + shared:
        raise TableError(
            f"table {sheet.name}: {counted(number, 'column')} of labels leave no counts; it has "
            f"{counted(len(sheet.headings), 'column')} in all"
        )
    only_shared = [p.counts for p in sheet.described.percentages.values() if shared and p.counts]
    across = tuple(sheet.headings[number:] if len(sheet.headings) - number > 1 or only_shared else ())
    headings = (*sheet.headings[:number], *((COLUMNS,) if across else ()))
    columns = [list(dict.fromkeys(row[axis] for row in sheet.rows)) for axis in range(number)]
    if across:
        columns.append([*across, *dict.fromkeys(label for label in only_shared if label not in across)])
    _refuse_blanks(sheet, number, across)
    cells = _read(sheet, marks, number, across)
    try:
        told = zip(headings, columns, strict=True)
        dimensions = tuple(sheet.described.dimension(heading, found) for heading, found in told)
    except (TableError, ValueError) as error:
        raise TableError(f"table {sheet.name}: {error}") from None
    if math.prod(len(d.categories) for d in dimensions) > MOST_CELLS:
        raise TableError(
            f"table {sheet.name}: its categories make more than {MOST_CELLS:,} cells; protect or audit a part of it at "
            "a time"
        )
    return dimensions, cells


def _refuse_blanks(sheet: Sheet, labels: int, across: Sequence[str]) -> None:
    """Raise where a label or the heading of a column of counts is blank, as where cells of a workbook were merged."""
    blank = next((row for row in sheet.rows if not all(row[:labels])), None)
    if blank is not None:
        column = sheet.headings[blank.index("")] or "the first column"
        raise TableError(
            f"table {sheet.name}: a row has no label under {column} ({_at(t for t in blank if t)}); write it in every "
            "row"
        )
    if not all(across):
        raise TableError(f"table {sheet.name}: a column of counts has no heading; give it one or take it out")


def _read(sheet: Sheet, marks: Marks, labels: int, across: Sequence[str]) -> dict[Coordinates, Written]:
    places: dict[Coordinates, Written] = {}
    for row in sheet.rows:
        for column, text in enumerate(row[labels:]):
            place = (*row[:labels], *((across[column],) if across else ()))
            if place in places:
                raise TableError(
                    f"table {sheet.name}: {_at(place)} appears twice; merge the two or rename one, or say how many "
                    "leading columns hold labels"
                )
            try:
                written = marks.read(text)
            except TableError as error:
                raise TableError(f"table {sheet.name}: {_at(place)}: {error}") from None
            if written is None:
                raise TableError(
                    f"table {sheet.name}: {_at(place)}: {_short(text)!r} is neither a count nor a mark that is known"
                )
            places[place] = written
    return places


def _arrays(dimensions: Sequence[Dimension], cells: Mapping[Coordinates, Written]) -> tuple[Ints, Ints, Bools]:
    shape = tuple(len(d.categories) for d in dimensions)
    told = [cells.get(place, LEFT_OUT) for place in itertools.product(*(d.labels for d in dimensions))]
    low = np.array([written.low for written in told], dtype=np.int64).reshape(shape)
    high = np.array([written.high for written in told], dtype=np.int64).reshape(shape)
    return low, high, np.array([written.hidden for written in told], dtype=np.bool_).reshape(shape)


def _filled(name: str, dimensions: Sequence[Dimension], counts: Mapping[Coordinates, int]) -> Ints:
    """Every count of the table; margins that are not given are the sums of what is under them."""
    leaves = [_leaves(dimension) for dimension in dimensions]
    missing: dict[Coordinates, None] = {}

    def value(place: Coordinates) -> int:
        if place in counts:
            return counts[place]
        under = [leaves[axis][label] for axis, label in enumerate(place)]
        overlapping = [d.title for d, kids in zip(dimensions, under, strict=True) if len(kids) > 1 and not d.additive]
        if overlapping:
            raise TableError(f"table {name}: {overlapping[0]} overlaps, so its total cannot be worked out; give it")
        parts = list(itertools.product(*under))
        missing.update(dict.fromkeys(part for part in parts if part not in counts))
        return sum(counts.get(part, 0) for part in parts)

    shape = tuple(len(d.categories) for d in dimensions)
    values = [value(place) for place in itertools.product(*(d.labels for d in dimensions))]
    if missing:
        first = "; ".join(_at(place) for place in list(missing)[:5])
        are = "is" if len(missing) == 1 else "are"
        raise TableError(
            f"table {name}: {counted(len(missing), 'cell')} {are} missing: {first}; a count of none is written 0"
        )
    return np.array(values, dtype=np.int64).reshape(shape)


def _leaves(dimension: Dimension) -> dict[str, tuple[str, ...]]:
    under: dict[str, tuple[str, ...]] = {}
    for label in reversed(dimension.labels):
        under[label] = tuple(leaf for part in dimension.children(label) for leaf in under[part.label]) or (label,)
    return under


def _refuse_other_total(
    sheet: Sheet, dimensions: Sequence[Dimension], cells: Iterable[Coordinates], low: Ints, high: Ints
) -> None:
    """Raise where a table names no total and one of its categories is the sum of the others: it would count twice."""
    for axis, dimension in enumerate(dimensions):
        beside = [i for i, c in enumerate(dimension.categories) if c.parent == dimension.total.label]
        is_told = dimension.title in sheet.described.columns and sheet.described.columns[dimension.title].total
        is_there = any(place[axis] == dimension.total.label for place in cells)
        if not dimension.additive or len(beside) < 3 or is_told or is_there:
            continue
        least, most = (np.moveaxis(a, axis, 0).reshape(len(dimension.categories), -1)[beside] for a in (low, high))
        place = _sum_of_others(least, most)
        if place is not None:
            label = dimension.categories[beside[place]].label
            raise TableError(
                f"table {sheet.name}: {dimension.title}: {_short(label)!r} is the sum of all others, so it looks like "
                f"their total; say so in {sheet.name}.yaml (columns: {{{dimension.title}: {{total: …}}}}), or, if it "
                "is none, that the total is called Total"
            )


def _sum_of_others(least: Ints, most: Ints) -> int | None:
    """The row that is the sum of all others wherever a column is printed whole, and no less elsewhere."""
    whole = (least == most).all(axis=0)
    printed = np.where(least == most, least, 0)
    rest = printed.sum(axis=0) - printed
    for row in range(len(least)):
        if not whole.any() or not printed[row, whole].any() or (printed[row] != rest[row])[whole].any():
            continue
        told = (least[row] == most[row]) & ~whole
        if (printed[row] >= rest[row])[told].all():
            return row
    return None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _at(place: Iterable[str]) -> str:
    return " / ".join(map(_short, place))


def _identifier(name: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in name).strip("-").lower() or "table"
