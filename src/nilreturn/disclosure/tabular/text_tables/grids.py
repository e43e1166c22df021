"""
The files that people publish, as grids of text: CSV, and each worksheet of an XLSX or ODS workbook.

Nothing is taken for a count, a heading or a note here. What a merged cell holds stands in each cell
that it covers.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nilreturn.disclosure.model import MOST_CELLS
from nilreturn.disclosure.tabular.text_tables.workbook_size import refuse_too_large
from nilreturn.errors import FileError, TableError

MOST_BYTES = 100_000_000
MOST_TEXTS = 10 * MOST_CELLS  # labels included: one line a cell may have several
WORKBOOKS = (".xlsx", ".ods")


@dataclass(frozen=True)
class Grid:
    """
    The cells of a CSV file (`sheet` is then empty) or of a worksheet. `first` numbers the first row
    as the file does. All rows have one width; `lengths` are the cells that each line of a CSV file
    was written with.
    """

    path: Path
    sheet: str
    rows: tuple[tuple[str, ...], ...]
    lengths: tuple[int, ...]
    hidden: bool = False  # a worksheet that is not shown; whoever has the file can show it

    @property
    def where(self) -> str:
        """How messages name it."""
        return f"{self.path}, sheet {self.sheet!r}" if self.sheet else str(self.path)


def read_grids(path: Path) -> tuple[Grid, ...]:
    """
    The grids of a file: one of a CSV file (UTF-8, UTF-16 or Windows-1252; comma, semicolon, tab or
    bar), one a worksheet of a workbook.

    Raises `FileError` when it cannot be read, `TableError` when it is no CSV or too large.
    """
    content = _content(path)
    if content.startswith(b"PK\x03\x04"):
        return _workbook(path)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError(
            f"{path}: is a workbook of an old kind, or has a password; save it as XLSX or ODS "
            f"without one"
        )
    lines = _csv(path, _text(path, content))
    return (Grid(path, "", _rectangle(path, lines), tuple(map(len, lines))),)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileError(
                f"{path}: is larger than {MOST_BYTES // 1_000_000} MB; a table to print is far "
                f"smaller"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise FileError(
            f"{path}: there is no such table; name an existing CSV, XLSX or ODS file"
        ) from None
    except OSError as error:
        raise FileError(
            f"{path}: cannot be read ({error.strerror}); name a CSV, XLSX or ODS file"
        ) from None


# Text ---------------------------------------------------------------------------------------------


def _text(path: Path, content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                break
    if b"\0" in content:
        raise FileError(
            f"{path}: is no text in UTF-8 or Windows-1252; save the table as CSV (UTF-8), XLSX or "
            f"ODS"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv(path: Path, text: str) -> list[list[str]]:
    lines: list[list[str]] = []
    texts = 0
    try:
        for line in csv.reader(
            io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True
        ):
            texts += len(line)
            if texts > MOST_TEXTS:
                raise TableError(
                    f"{path}: has more than {MOST_CELLS:,} cells; protect or audit a part of it at "
                    f"a time"
                )
            lines.append(line)
    except csv.Error as error:
        raise TableError(f"{path}: is not CSV: {error}; save it again as CSV") from None
    return lines


def _delimiter(text: str) -> str:
    """The sign that stands in most of the first lines: a title or a note may have none of them."""
    first = [line for line in text[:100_000].splitlines() if line.strip()][:100]
    return max(
        ",;\t|",
        key=lambda sign: (
            sum(sign in line for line in first),
            sum(line.count(sign) for line in first),
        ),
    )


def _rectangle(path: Path, lines: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """All lines at the width of the widest, without white space and blank lines at the end."""
    tidy = [[" ".join(text.split()) for text in line] for line in lines]
    while tidy and not any(tidy[-1]):
        tidy.pop()
    width = max((_width(line) for line in tidy), default=0)
    if width * len(tidy) > MOST_TEXTS:
        raise TableError(
            f"{path}: has more than {MOST_CELLS:,} cells; protect or audit a part of it at a time"
        )
    return tuple(tuple((line + [""] * width)[:width]) for line in tidy)


def _width(line: Sequence[str]) -> int:
    return next((number for number in range(len(line), 0, -1) if line[number - 1]), 0)


# Workbooks ----------------------------------------------------------------------------------------


def _workbook(path: Path) -> tuple[Grid, ...]:
    try:
        refuse_too_large(path, most_cells=MOST_TEXTS)
        return tuple(_sheets(path))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise FileError(f"{path}: is damaged, or no XLSX or ODS workbook; save it again") from error


def _sheets(path: Path) -> Iterator[Grid]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(str(path))
        shown = {
            sheet.name: sheet.visible is python_calamine.SheetVisibleEnum.Visible
            for sheet in book.sheets_metadata
        }
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows = [
                [_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)
            ]
            _spread(rows, sheet.merged_cell_ranges or ())
            table = _rectangle(path, rows)
            yield Grid(path, name, table, tuple(map(len, table)), hidden=not shown.get(name, True))
    except python_calamine.PasswordError as error:
        raise FileError(f"{path}: the workbook has a password; save it without") from error
    except (
        python_calamine.CalamineError,
        python_calamine.XmlError,
        python_calamine.ZipError,
    ) as error:
        raise FileError(f"{path}: is damaged, or no XLSX or ODS workbook; save it again") from error


def _spread(
    rows: list[list[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Write what a merged cell holds into all cells that it covers."""
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        text = rows[top][left]
        for row in rows[top : bottom + 1]:
            width = min(right + 1, len(row))
            row[left:width] = [text] * (width - left)


def _cell(value: Any) -> str:
    """A cell as it would be typed: integers without a point, dates as a day."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
