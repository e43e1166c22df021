"""Tables of pandas, polars and Arrow in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.tabular.csv_files import COUNT, HIDDEN, raw_from_sheet
from nilreturn.disclosure.tabular.marks import CellMarks
from nilreturn.disclosure.tabular.reading import read_printed
from nilreturn.disclosure.tabular.text_tables import TableDescription, sheet_of
from nilreturn.errors import TableError
from nilreturn.tables import CellStatus, RawTable, SafeTable

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame


Backend = Literal["pandas", "polars", "pyarrow"]


def raw_from_frame(
    frame: IntoDataFrame,
    *,
    name: str,
    count: str = COUNT,
    described: TableDescription | None = None,
) -> RawTable:
    """
    True counts from a pandas, polars or Arrow table with one row a cell: its column `count` holds
    the counts, all others hold labels.
    """
    return raw_from_sheet(sheet_of(frame, name, count, described), labels=None)


def printed_from_frame(
    frame: IntoDataFrame,
    *,
    name: str,
    count: str = COUNT,
    marks: CellMarks | None = None,
    described: TableDescription | None = None,
) -> PublishedTable:
    """
    A printed table from a pandas, polars or Arrow table with one row a cell; a missing count is a
    blank.
    """
    return read_printed(sheet_of(frame, name, count, described), marks=marks or CellMarks()).table


def frame_from_safe(table: SafeTable, backend: Backend) -> Any:
    """
    A safe table as a pandas, polars or Arrow table, one row a cell: labels, the count (missing
    where hidden) and what is printed.
    """
    import narwhals as nw

    columns: dict[str, list[Any]] = {d.title: [] for d in table.dimensions}
    if len(columns) < len(table.dimensions) or {COUNT, "printed"} & columns.keys():
        raise TableError(
            f"table {table.name}: two columns would have one name; give its dimensions other titles"
        )
    counts: list[int | None] = []
    printed: list[str] = []
    for labels, cell in table.cells():
        if cell.status is CellStatus.LEFT_OUT:
            continue
        for dimension, label in zip(table.dimensions, labels, strict=True):
            columns[dimension.title].append(label)
        counts.append(cell.value)
        printed.append(HIDDEN if cell.value is None else str(cell.value))
    schema: dict[str, Any] = dict.fromkeys(columns, nw.String()) | {
        COUNT: nw.Int64(),
        "printed": nw.String(),
    }
    told = columns | {COUNT: counts, "printed": printed}
    if backend == "polars":
        return nw.from_dict(told, schema=schema, backend="polars").to_native()
    arrow = nw.from_dict(told, schema=schema, backend="pyarrow").to_native()
    if backend == "pyarrow":
        return arrow
    import pandas

    # Pandas' own integers know no missing value; its nullable ones do.
    return arrow.to_pandas(types_mapper={arrow.schema.field(COUNT).type: pandas.Int64Dtype()}.get)
