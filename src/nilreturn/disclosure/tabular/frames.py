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
    Read true counts from a data frame with one row for each cell.

    Parameters
    ----------
    frame : pandas, polars or Arrow table
        The column `count` holds the counts; all other columns hold labels.
    name : str
        Identifier of the table.
    count : str
        The column of counts.
    described : TableDescription, optional
        What the columns mean.

    Returns
    -------
    RawTable
        The table. Margins that are not in the frame are added up.

    Raises
    ------
    TableError
        If the frame is not a table of counts.
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
    Read a printed table from a data frame with one row for each cell.

    Parameters
    ----------
    frame : pandas, polars or Arrow table
        The column `count` holds counts or marks; all other columns hold labels. A missing count is
        a blank cell.
    name : str
        Identifier of the table.
    count : str
        The column of counts.
    marks : CellMarks, optional
        How the table writes hidden cells.
    described : TableDescription, optional
        What the columns mean.

    Returns
    -------
    PublishedTable
        The table. A margin that is not in the frame is unknown.

    Raises
    ------
    TableError
        If the frame is not a table of counts.
    """
    return read_printed(sheet_of(frame, name, count, described), marks=marks or CellMarks()).table


def frame_from_safe(table: SafeTable, backend: Backend) -> Any:
    """
    A safe table as a data frame with one row for each cell.

    Parameters
    ----------
    table : SafeTable
        The table.
    backend : {"pandas", "polars", "pyarrow"}
        The library of the frame.

    Returns
    -------
    DataFrame
        Labels, the count (missing if hidden) and what is printed.

    Raises
    ------
    TableError
        If two columns would have the same name.
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
