"""
Reads workbooks (XLSX, XLSM, XLSB, XLS and ODS), with every cell as the text that would be typed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from nilreturn import sql
from nilreturn.errors import FileError, SourceError, did_you_mean
from nilreturn.files import sha256
from nilreturn.progress import Progress
from nilreturn.sources.mapping import NOTHING, SHEET_NAME, Asked, fold
from nilreturn.sources.reading.layout import FEWEST_KNOWN, ROWS_SEEN, Layout, apply_layout
from nilreturn.sources.reading.rows import SourceRows
from nilreturn.sources.reading.texts import query_of, write_texts
from nilreturn.sources.reading.workbooks.looked import Sheet
from nilreturn.sources.reading.workbooks.parts import look_at_parts
from nilreturn.sources.reading.workbooks.parts_old import look_at_records
from nilreturn.wording import counted

ZIPPED = (".xlsx", ".xlsm", ".xlsb", ".ods")
LONGEST_SHOWN = 60
_TOLD_EVERY = 10_000
_MOST_MERGED = 1_000_000


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    number: int  # of its sheet in the workbook, from 0
    sheet: Any
    is_hidden: bool
    layout: Layout


def read(
    path: Path, known: Collection[str], scratch: Path, progress: Progress, asked: Asked = NOTHING
) -> tuple[SourceRows, ...]:
    """
    The rows of each sheet that is asked for, or of the one whose headers are known, copied to
    Parquet at `scratch` and beside it.

    Raises `FileError` when the file is not a workbook, is damaged or empty, unpacks beyond the
    limits, or has formulas without results; `SourceError` when several sheets fit, or only a hidden
    one does.
    """
    looked = look_at_parts(path, progress) if path.suffix.lower() in ZIPPED else {}
    found = _tables(path, known, asked)
    tables, passed_over = _chosen(path, found, asked)
    if not looked:
        records = look_at_records(path)
        looked = {
            table.name: records[table.number] for table in found if table.number < len(records)
        }
    facts = {
        "format": path.suffix.upper().lstrip("."),
        "sheets": len(tables) + len(passed_over),
        "sheets_passed_over": passed_over,
        "sha256": sha256(path),
        "bytes": path.stat().st_size,
    }
    with_name = fold(SHEET_NAME) in known
    return tuple(
        _rows(
            path,
            table,
            looked.get(table.name),
            scratch.with_name(f"{scratch.name}-{number}"),
            facts,
            with_name,
            len(tables) > 1,
            progress,
        )
        for number, table in enumerate(tables)
    )


def _tables(path: Path, known: Collection[str], asked: Asked) -> list[_Table]:
    """Every sheet that is not empty."""
    import python_calamine

    try:
        book = python_calamine.load_workbook(str(path))
        found = []
        for number, metadata in enumerate(book.sheets_metadata):
            if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(metadata.name)
            first = itertools.islice(sheet.iter_rows(), max(ROWS_SEEN, (asked.first_row or 0) + 1))
            layout = apply_layout(
                [[text_of(value) or "" for value in row] for row in first], known, asked
            )
            if layout:
                hidden = metadata.visible != python_calamine.SheetVisibleEnum.Visible
                found.append(_Table(metadata.name, number, sheet, hidden, layout))
    except python_calamine.PasswordError as error:
        raise FileError(f"{path}: the workbook has a password; save it without") from error
    except (
        python_calamine.CalamineError,
        python_calamine.XmlError,
        python_calamine.ZipError,
        OSError,
    ) as error:
        raise _damaged(path) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # what the library does on some damaged files
            raise _damaged(path) from None
        raise
    if not found:
        raise FileError(f"{path}: the workbook is empty; export it again")
    return found


def _damaged(path: Path) -> FileError:
    kind = {".ods": "OpenDocument spreadsheet"}.get(path.suffix.lower(), "Excel workbook")
    return FileError(
        f"{path}: damaged, or not an {kind} ({path.suffix.lower()}); save it again from Excel"
    )


def _chosen(path: Path, tables: list[_Table], asked: Asked) -> tuple[list[_Table], list[str]]:
    """The sheets to read, and the names of those that are not read."""
    if asked.sheets:
        chosen = [_named(path, tables, name) for name in asked.sheets]
    else:
        fitting = [
            table for table in tables if table.layout.score >= (1 if asked.names else FEWEST_KNOWN)
        ]
        if len(fitting) > 1:
            names = ", ".join(_shown(table) for table in fitting)
            raise SourceError(
                f"{path}: {counted(len(fitting), 'sheet')} fit the mapping ({names}); say in the "
                f"mapping which to read, such as sheet = {fitting[0].name[:LONGEST_SHOWN]!r}"
            )
        if fitting and fitting[0].is_hidden:
            raise SourceError(
                f"{path}: only the sheet {_shown(fitting[0])} fits the mapping; if it is to be "
                f"read, say so in the mapping: sheet = {fitting[0].name[:LONGEST_SHOWN]!r}"
            )
        visible = [table for table in tables if not table.is_hidden]
        chosen = fitting or visible[:1] or tables[:1]
    return chosen, [_shown(table) for table in tables if table not in chosen]


def _named(path: Path, tables: list[_Table], name: str) -> _Table:
    for table in tables:
        if table.name.casefold() == name.casefold():
            return table
    near = did_you_mean(name, [table.name[:LONGEST_SHOWN] for table in tables])
    raise SourceError(f"{path}: there is no sheet {name!r} with anything in it{near}")


def _shown(table: _Table) -> str:
    return f"{table.name[:LONGEST_SHOWN]!r}{' (hidden)' if table.is_hidden else ''}"


def _rows(
    path: Path,
    table: _Table,
    looked: Sheet | None,
    target: Path,
    facts: dict[str, Any],
    with_name: bool,
    several: bool,
    progress: Progress,
) -> SourceRows:
    if looked and looked.unsolved:
        raise FileError(
            f"{path}: the sheet {_shown(table)} has {looked.unsolved:,} formulas without a result, "
            "which would be read as blanks or zeros; open it in Excel and save it"
        )
    layout = table.layout
    width = len(layout.headers)
    filled = _Filled(table.sheet, looked or Sheet())
    rows = itertools.islice(filled.rows(), layout.above, None)
    records = write_texts(
        target,
        width,
        _texts(rows, width, partial(progress, f"Reading {path.name}"), table.sheet.height),
    )
    query, headers = query_of(target, width), layout.headers
    if with_name:
        query = (
            f"SELECT * EXCLUDE (_shape), {sql.text(table.name)} AS c{width}, _shape FROM ({query})"
        )
        headers = (*headers, SHEET_NAME)
    found = {**facts, "sheet": table.name}
    if filled.merged:
        found["merged_cells_filled"] = filled.merged
    if looked and looked.counts_from_1904:
        found["days_counted_from_1904"] = True
    if filled.errors:
        found["cells_with_errors"] = len(filled.errors)
    return SourceRows(
        path,
        headers,
        query,
        layout.above + 1,
        found,
        passed_over=layout.passed_over,
        records=records,
        headers_are_sure=layout.are_sure,
        sheet=table.name if several else None,
    )


class _Filled:
    """
    A sheet's rows, with its errors as texts, and the value of cells merged over several rows on
    each of them.
    """

    def __init__(self, sheet: Any, looked: Sheet) -> None:
        self._sheet = sheet
        self.merged = 0
        left = sheet.start[1] if sheet.start else 0
        self.errors = {
            (row, column - left): error
            for (row, column), error in looked.errors.items()
            if column >= left
        }
        self._above: dict[int, list[tuple[int, int]]] = {}
        told = [
            (top, column, bottom) for (top, column), (bottom, _) in sheet.merged_cell_ranges or ()
        ]
        for top, column, bottom in told or [merged[:3] for merged in looked.merged]:
            last = min(bottom, sheet.total_height)
            self.merged += max(0, last - top)
            if self.merged > _MOST_MERGED:
                break
            for row in range(top + 1, last + 1):
                self._above.setdefault(row, []).append((column - left, top))

    def rows(self) -> Iterator[list[Any]]:
        values: dict[tuple[int, int], Any] = {}
        wanted = {(top, column) for places in self._above.values() for column, top in places}
        by_row: dict[int, list[tuple[int, str]]] = {}
        for (row, column), error in self.errors.items():
            by_row.setdefault(row, []).append((column, error))
        for number, row in enumerate(self._sheet.iter_rows()):
            for column, error in by_row.get(number, ()):
                if column < len(row):
                    row[column] = error
            for column, top in self._above.get(number, ()):
                if column < len(row):
                    row[column] = values.get((top, column), "")
            if wanted:
                values |= {
                    (number, column): value
                    for column, value in enumerate(row)
                    if (number, column) in wanted
                }
            yield row


def _texts(
    rows: Iterator[list[Any]], width: int, progress: Callable[[int, int], None], total: int
) -> Iterator[list[str | None]]:
    for number, row in enumerate(rows):
        if number % _TOLD_EVERY == 0:
            progress(number, total)
        yield [text_of(value) for value in row[:width]]


def text_of(value: Any) -> str | None:
    """A cell as it would be typed: whole numbers without a point, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") if value.year >= 1000 else None
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)
