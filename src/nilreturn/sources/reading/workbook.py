"""
Reading XLSX. A workbook is a zip, so what it unpacks to is measured before it is read: its bytes, and the rectangle
that its cells span, which the reader would hold in memory whole however few they are.
"""

from __future__ import annotations

import itertools
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nilreturn.errors import FileError, SourceError
from nilreturn.files import sha256
from nilreturn.progress import Progress
from nilreturn.sources.judging import sql
from nilreturn.sources.mapping.model import fold
from nilreturn.sources.reading.rows import Rows

MOST_UNPACKED = 1 << 30
MOST_CELLS = 60_000_000
_BATCH = 20_000
# A cell's place in a worksheet's XML. Places in one-letter columns need no look: they span 26 columns at most.
_WIDE_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,3})[0-9]{1,7}["']""")
_ROW = re.compile(rb"""row\s[^>]{0,200}?\br\s*=\s*["']([0-9]{1,7})["']""")
_OVERLAP = 256


def read(path: Path, known: Collection[str], scratch: Path, progress: Progress) -> Rows:
    """
    The rows of the one sheet whose headers are known best, copied to Parquet at `scratch`.

    Raises `FileError` when it is no workbook, is damaged, empty, or unpacks beyond the limits; `SourceError` when
    several sheets fit.
    """
    check_size(path, progress)
    import python_calamine

    try:
        workbook = python_calamine.load_workbook(str(path))
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except python_calamine.PasswordError as error:
        raise FileError(f"{path}: the workbook has a password; save it without") from error
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError, OSError) as error:
        raise FileError(f"{path}: damaged, or not an Excel workbook (.xlsx); save it again from Excel") from error
    sheet, above, headers = _chosen(path, sheets, known)
    rows = itertools.islice(sheet.iter_rows(), above, None)
    _copy(rows, len(headers), above, scratch, progress, sheet.total_height)
    facts = {"format": "XLSX", "sheets": len(sheets), "sha256": sha256(path), "bytes": path.stat().st_size}
    query = f"SELECT *, 0 AS _shape, 0 AS _lines FROM read_parquet({sql.text(str(scratch))})"
    return Rows(path, headers, query, facts)


def check_size(path: Path, progress: Progress) -> None:
    """Unpack every part without keeping it. Raises `FileError` beyond `MOST_UNPACKED` bytes or `MOST_CELLS` cells."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            if declared > MOST_UNPACKED or len(parts) > 10_000:
                raise _too_large(path, f"unpacks to {declared / 1e6:,.0f} MB")
            if not any(part.filename == "[Content_Types].xml" for part in parts):
                raise FileError(f"{path}: a zip file, but not an Excel workbook (.xlsx)")
            unpacked = 0
            for part in parts:
                width, height = 26, 0
                # A part's declared size bounds what is read of it; one that lies fails its checksum.
                for piece in _pieces(archive, part):
                    unpacked += len(piece)
                    progress(f"Measuring {path.name}", unpacked, declared)
                    wide = set(_WIDE_CELL.findall(piece))
                    width = max([width, *(_column_number(letters) for letters in wide)])
                    height = max([height, *map(int, _ROW.findall(piece))])
                if width * height > MOST_CELLS:
                    raise _too_large(path, f"has cells spread over {width:,} columns and {height:,} rows")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise FileError(f"{path}: damaged, or not an Excel workbook (.xlsx); save it again from Excel") from error


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes, each piece beginning with the end of the one before."""
    with archive.open(part) as stream:
        before = b""
        while piece := stream.read(1 << 20):
            yield before + piece
            before = piece[-_OVERLAP:]


def _too_large(path: Path, how: str) -> FileError:
    return FileError(
        f"{path}: {how}, past the limit of {MOST_UNPACKED / 1e6:,.0f} MB and {MOST_CELLS:,} cells; "
        "export it as CSV instead"
    )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _chosen(path: Path, sheets: list[Any], known: Collection[str]) -> tuple[Any, int, tuple[str, ...]]:
    """The sheet, how many rows lie above its first record, and its headers."""
    found = []
    for sheet in sheets:
        for number, row in enumerate(sheet.iter_rows(), start=1):
            headers = tuple(_text(value) or "" for value in row)
            if any(headers):
                found.append((sum(fold(header) in known for header in headers), sheet, number, headers))
                break
    if not found:
        raise FileError(f"{path}: the workbook is empty; export it again")
    best = max(matches for matches, *_ in found)
    fitting = [candidate for candidate in found if candidate[0] == best]
    if len(fitting) > 1:
        raise SourceError(f"{path}: {len(fitting)} sheets fit the mapping equally well; keep only the one to import")
    return fitting[0][1:]


def _copy(rows: Iterable[list[Any]], width: int, above: int, scratch: Path, progress: Progress, total: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("_row", pa.int64()), *((f"c{number}", pa.string()) for number in range(width))])
    remaining = iter(rows)
    with pq.ParquetWriter(scratch, schema) as writer:
        first = above + 1
        while batch := list(itertools.islice(remaining, _BATCH)):
            columns = [_texts(column) for column in zip(*batch, strict=True)]
            numbers = pa.array(range(first, first + len(batch)), pa.int64())
            writer.write_batch(pa.record_batch([numbers, *columns], schema=schema))
            first += len(batch)
            progress("Reading the workbook", first, total)


def _texts(column: tuple[Any, ...]) -> Any:
    import pyarrow as pa

    try:
        return pa.array(column, pa.string())  # as most columns are
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(value) for value in column], pa.string())


def _text(value: Any) -> str | None:
    """A cell as it would be typed: whole numbers without a point, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") if value.year >= 1000 else None
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)
