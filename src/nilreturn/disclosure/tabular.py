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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nilreturn.disclosure.book import MOST_CELLS
from nilreturn.disclosure.described import Described, read_description
from nilreturn.disclosure.markers import LEFT_OUT, Marks, Written
from nilreturn.disclosure.published import PublishedTable
from nilreturn.errors import FileError, TableError
from nilreturn.tables import Coordinates, Dimension, RawTable, SafeTable

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

COLUMNS = "columns"  # how a description names the headings of the columns of counts
COUNT = "count"
HIDDEN = "[c]"
MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Grid:
    """A table as text: headings, rows, and for messages the name of each row."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    described: Described


def raw_from_csv(path: Path, *, labels: int | None = None) -> RawTable:
    """
    True counts from a CSV file, named after it. `labels` is the number of leading columns that hold labels.

    Raises `FileError` when it cannot be read, `TableError` when it is no table of counts.
    """
    return raw_from_grid(read_grid(path), labels=labels)


def printed_from_csv(path: Path, *, marks: Marks | None = None, labels: int | None = None) -> PublishedTable:
    """A printed table from a CSV file. Raises like `raw_from_csv`."""
    return printed_from_grid(read_grid(path), marks=marks or Marks(), labels=labels)


def raw_from_frame(
    frame: IntoDataFrame, *, name: str, count: str = COUNT, described: Described | None = None
) -> RawTable:
    """
    True counts from a pandas, polars or Arrow table with one row a cell: its column `count` holds the counts, all
    others hold labels.
    """
    return raw_from_grid(_frame_grid(frame, name, count, described), labels=None)


def printed_from_frame(
    frame: IntoDataFrame,
    *,
    name: str,
    count: str = COUNT,
    marks: Marks | None = None,
    described: Described | None = None,
) -> PublishedTable:
    """A printed table from a pandas, polars or Arrow table with one row a cell; a missing count is a blank."""
    return printed_from_grid(_frame_grid(frame, name, count, described), marks=marks or Marks(), labels=None)


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
        writer.writerow([_plain(down.title), *(_plain(label) for label in across.labels)])
        for row in down.labels:
            writer.writerow([_plain(row), *(_shown(table, row, column) for column in across.labels)])
    else:
        writer.writerow([*(_plain(d.title) for d in table.dimensions), COUNT])
        for labels, _ in table.cells():
            writer.writerow([*(_plain(label) for label in labels), _shown(table, *labels)])
    return out.getvalue()


def _shown(table: SafeTable, *labels: str) -> str:
    value = table.cell(*labels).value
    return HIDDEN if value is None else str(value)


def _plain(text: str) -> str:
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


# Reading ----------------------------------------------------------------------------------------------------------


def read_grid(path: Path) -> Grid:
    """The text of a CSV file (UTF-8 or Windows-1252; comma, semicolon or tab), with its description if one lies by."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileError(f"{path}: is larger than {MOST_BYTES // 1_000_000} MB; a table to print is far smaller")
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such table; name an existing CSV file") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror})") from None
    if b"\0" in content:
        raise FileError(f"{path}: is no text; save the table as CSV")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise TableError(f"{path}: is not CSV: {error}; save it again as CSV") from None
    return _grid(path.stem, str(path), lines, read_description(path))


def _grid(name: str, where: str, lines: Sequence[Sequence[str]], described: Described) -> Grid:
    numbered = [
        (number, [c.strip() for c in line]) for number, line in enumerate(lines, 1) if any(map(str.strip, line))
    ]
    if len(numbered) < 2:
        raise TableError(f"{where}: has no rows of counts; the first row holds headings, the rest the table")
    headings = numbered[0][1]
    width = len(headings)
    while width and not headings[width - 1]:
        width -= 1
    for number, line in numbered[1:]:
        if len(line) < width or any(line[width:]):
            raise TableError(
                f"{where}, row {number}: has {len(line)} columns where the headings have {width}; make them agree"
            )
    if len(numbered) * width > MOST_CELLS:
        raise TableError(f"{where}: has more than {MOST_CELLS:,} cells; protect or audit a part of it at a time")
    return Grid(name, tuple(headings[:width]), tuple(tuple(line[:width]) for _, line in numbered[1:]), described)


def _frame_grid(frame: IntoDataFrame, name: str, count: str, described: Described | None) -> Grid:
    import narwhals as nw

    table = nw.from_native(frame, eager_only=True)
    if count not in table.columns:
        raise TableError(f"table {name}: has no column {count!r} of counts; name the one that holds them")
    others = [column for column in table.columns if column != count]
    missing = table.get_column(count).is_null().to_list()
    rows = tuple(
        (*(str(row[column]) for column in others), "" if absent or str(row[count]) == "nan" else str(row[count]))
        for row, absent in zip(table.iter_rows(named=True), missing, strict=True)
    )
    if not rows:
        raise TableError(f"table {name}: has no rows; give one row a cell")
    return Grid(name, (*others, count), rows, described or Described())


def raw_from_grid(grid: Grid, *, labels: int | None) -> RawTable:
    """True counts from text. Margins that are not there are worked out; a missing cell is an error."""
    marks = Marks(blank="left out")
    dimensions, cells = _cells(grid, marks, labels)
    hidden = next((place for place, written in cells.items() if written.hidden), None)
    if hidden is not None:
        raise TableError(f"table {grid.name}: {_at(hidden)} is hidden; protecting needs every true count")
    counts = {place: written.low for place, written in cells.items() if written is not LEFT_OUT}
    return RawTable(
        _identifier(grid.name),
        grid.described.title or grid.name,
        grid.described.population,
        dimensions,
        _filled(grid.name, dimensions, counts),
    )


def printed_from_grid(grid: Grid, *, marks: Marks, labels: int | None) -> PublishedTable:
    """A printed table from text. A cell that is not there is unknown."""
    dimensions, cells = _cells(grid, marks, labels)
    shape = tuple(len(d.categories) for d in dimensions)
    told = [cells.get(place, LEFT_OUT) for place in itertools.product(*(d.labels for d in dimensions))]
    return PublishedTable(
        _identifier(grid.name),
        grid.described.title or grid.name,
        grid.described.population,
        dimensions,
        np.array([written.low for written in told], dtype=np.int64).reshape(shape),
        np.array([written.high for written in told], dtype=np.int64).reshape(shape),
        np.array([written.hidden for written in told], dtype=np.bool_).reshape(shape),
    )


def _cells(grid: Grid, marks: Marks, labels: int | None) -> tuple[tuple[Dimension, ...], dict[Coordinates, Written]]:
    number = _label_columns(grid, marks) if labels is None else labels
    if not 0 < number < len(grid.headings):
        raise TableError(
            f"table {grid.name}: {number} columns of labels leave no counts; it has {len(grid.headings)} columns"
        )
    across = grid.headings[number:] if len(grid.headings) - number > 1 else ()
    places: dict[Coordinates, Written] = {}
    for row in grid.rows:
        for column, text in enumerate(row[number:]):
            place = (*row[:number], *((across[column],) if across else ()))
            if place in places:
                raise TableError(f"table {grid.name}: {_at(place)} appears twice; merge the two or rename one")
            places[place] = _read(grid, marks, place, text)
    headings = (*grid.headings[:number], *((COLUMNS,) if across else ()))
    columns = [list(dict.fromkeys(place[axis] for place in places)) for axis in range(len(headings))]
    try:
        dimensions = tuple(grid.described.dimension(h, told)[0] for h, told in zip(headings, columns, strict=True))
    except (TableError, ValueError) as error:
        raise TableError(f"table {grid.name}: {error}") from None
    return dimensions, places


def _label_columns(grid: Grid, marks: Marks) -> int:
    """The leading columns up to the last that holds something which is neither a count nor a mark; at least one."""

    def holds_counts(column: int) -> bool:
        try:
            return all(marks.read(row[column]) is not None for row in grid.rows)
        except TableError:
            return True  # a negative or fractional number is a count that is wrong, not a label

    found = [column for column in range(1, len(grid.headings)) if not holds_counts(column)]
    return found[-1] + 1 if found else 1


def _read(grid: Grid, marks: Marks, place: Coordinates, text: str) -> Written:
    try:
        written = marks.read(text)
    except TableError as error:
        raise TableError(f"table {grid.name}: {_at(place)}: {error}") from None
    if written is None:
        raise TableError(f"table {grid.name}: {_at(place)}: {text!r} is neither a count nor a mark that is known")
    return written


def _filled(name: str, dimensions: Sequence[Dimension], counts: Mapping[Coordinates, int]) -> np.ndarray[Any, Any]:
    """Every count of the table; margins that are not given are the sums of what is under them."""
    leaves = [_leaves(dimension) for dimension in dimensions]
    missing: list[Coordinates] = []

    def value(place: Coordinates) -> int:
        if place in counts:
            return counts[place]
        under = [leaves[axis][label] for axis, label in enumerate(place)]
        parts = list(itertools.product(*under))
        overlapping = [d.title for d, kids in zip(dimensions, under, strict=True) if len(kids) > 1 and not d.additive]
        if overlapping:
            raise TableError(f"table {name}: {overlapping[0]} overlaps, so its total cannot be worked out; give it")
        missing.extend(part for part in parts if part not in counts)
        return sum(counts.get(part, 0) for part in parts)

    shape = tuple(len(d.categories) for d in dimensions)
    values = [value(place) for place in itertools.product(*(d.labels for d in dimensions))]
    if missing:
        first = "; ".join(_at(place) for place in list(dict.fromkeys(missing))[:5])
        raise TableError(f"table {name}: {len(set(missing))} cells are missing: {first}; a count of none is written 0")
    return np.array(values, dtype=np.int64).reshape(shape)


def _leaves(dimension: Dimension) -> dict[str, tuple[str, ...]]:
    under: dict[str, tuple[str, ...]] = {}
    for category in reversed(dimension.categories):
        below = [c.label for c in dimension.children(category.label)]
        under[category.label] = tuple(leaf for label in below for leaf in under[label]) or (category.label,)
    return under


def _at(place: Iterable[str]) -> str:
    return " / ".join(place)


def _identifier(name: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in name).strip("-").lower() or "table"
