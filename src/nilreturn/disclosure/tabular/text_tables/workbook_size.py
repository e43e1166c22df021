"""
What a workbook unpacks to, measured before it is read: its bytes, and the rectangle that the cells
of each sheet span, which a reader holds in memory whole however few they are.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from nilreturn.errors import FileError
from nilreturn.wording import counted

MOST_UNPACKED = 500_000_000
MOST_PARTS = 10_000
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def refuse_too_large(path: Path, *, most_cells: int) -> None:
    """
    Raise `FileError` for a workbook that unpacks to too much, has a sheet that spans too many
    cells, or is neither XLSX nor ODS.
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
            raise FileError(
                f"{path}: unpacks to {unpacked / 1e6:,.0f} MB; save the tables to audit in a file "
                f"of their own"
            )
        names = {part.filename for part in parts}
        sheets = sorted(name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
        if "content.xml" in names:
            sheets = ["content.xml"]
        elif not sheets:
            raise FileError(
                f"{path}: is a zip file, but no XLSX or ODS workbook; save the table as CSV, XLSX "
                f"or ODS"
            )
        for name in sheets:
            with archive.open(name) as stream:
                try:
                    spanned = max(
                        _ods(stream) if name == "content.xml" else _xlsx(stream), default=0
                    )
                except ElementTree.ParseError as error:
                    raise FileError(
                        f"{path}: is damaged, or no XLSX or ODS workbook; save it again"
                    ) from error
            if spanned > most_cells:
                raise FileError(
                    f"{path}: a sheet spans {counted(spanned, 'cell')}, past the limit of "
                    f"{most_cells:,}; save the tables to audit in a file of their own"
                )


def _xlsx(stream: IO[bytes]) -> Iterator[int]:
    """The cells that the rectangle around a worksheet's cells has, as far as it is read."""
    first_column = first_row = 1 << 40
    last_column = last_row = 0
    for _, element in ElementTree.iterparse(stream):
        if element.tag.endswith("}c") and (place := _PLACE.fullmatch(element.get("r", ""))):
            column = 0
            for letter in place[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            row = int(place[2])
            first_column, last_column = min(first_column, column), max(last_column, column)
            first_row, last_row = min(first_row, row), max(last_row, row)
            yield (last_column - first_column + 1) * (last_row - first_row + 1)
        elif element.tag.endswith("}row"):
            element.clear()


def _ods(stream: IO[bytes]) -> Iterator[int]:
    """
    The same of each table of an OpenDocument spreadsheet, in which cells and rows may be repeated.
    """
    rows = width = widest = column = 0
    for _, element in ElementTree.iterparse(stream):
        if element.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            column += _repeated(element, "columns")
            if len(element) or element.get(
                "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value"
            ):
                width = column
        elif element.tag == f"{_TABLE}table-row":
            # Blank rows count once something follows them; the reader holds those too.
            rows += _repeated(element, "rows")
            widest = max(widest, width)
            if width:
                yield rows * widest
            width = column = 0
            element.clear()
        elif element.tag == f"{_TABLE}table":
            rows = width = widest = column = 0


def _repeated(element: ElementTree.Element, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdecimal() and len(text) < 10 else 1
