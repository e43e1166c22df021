"""
Checks the parts of a workbook that is a zip (XLSX, XLSB, ODS) before it is read.

It measures what they unpack to and the rectangle that each sheet's cells span, which the reader
keeps in memory however few they are. It also finds what the reader does not give: the cells with a
spreadsheet's error, and formulas that were saved without a result.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nilreturn.errors import FileError
from nilreturn.progress import Progress
from nilreturn.sources.reading.workbooks import parts_binary, parts_open
from nilreturn.sources.reading.workbooks.looked import MOST_ERRORS, Sheet, error_named
from nilreturn.wording import counted

MOST_UNPACKED = 1 << 30
MOST_CELLS = 60_000_000
MOST_PARTS = 10_000
_PIECE = 1 << 20
_OVERLAP = 1 << 14  # a formula has 8,192 letters at most
# A cell's place in a worksheet's XML. Places in one-letter columns need no look: they span 26
# columns at most.
_WIDE_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,3})[0-9]{1,7}["']""")
_ROW = re.compile(rb"""row\s[^>]{0,200}?\br\s*=\s*["']([0-9]{1,7})["']""")
_CELL = rb"<(?:\w+:)?c\b([^>]{0,400})>\s*"
_FORMULA = rb"<(?:\w+:)?f\b[^>]{0,400}(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
_NO_VALUE = rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
_UNSOLVED = re.compile(_CELL + _FORMULA + _NO_VALUE)
_ERROR = re.compile(_CELL + b"(?:" + _FORMULA + rb")?<(?:\w+:)?v>\s*(#[^<]{1,20}?)\s*</")
_FORMULA_OF = re.compile(rb"<(?:\w+:)?f\b[^>]{0,400}>")
_ZERO = re.compile(_FORMULA + rb"<(?:\w+:)?v>0</")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]{0,2000})>")
_CALCULATION = re.compile(rb"<(?:\w+:)?calcPr\s([^>]{0,2000})>")
_FROM_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]{0,4000})>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def look_at_parts(path: Path, progress: Progress) -> dict[str, Sheet]:
    """
    What was found in each sheet, by its name.

    Raises `FileError` beyond `MOST_UNPACKED` bytes or `MOST_CELLS` cells, and where a part is
    damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            if declared > MOST_UNPACKED or len(parts) > MOST_PARTS:
                raise _too_large(path, f"unpacks to {declared / 1e6:,.0f} MB")
            told = _Told(path, declared, progress)
            looked: dict[str, Sheet] = {}
            for part in parts:
                looked |= _look(path, archive, part, told)
            _settle(archive, looked)
            return _named(archive, looked)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise FileError(
            f"{path}: damaged, or not an Excel workbook (.xlsx); save it again from Excel"
        ) from error


@dataclass(slots=True)
class _Told:
    path: Path
    total: int
    progress: Progress
    done: int = 0

    def add(self, size: int) -> None:
        self.done += size
        self.progress(f"Measuring {self.path.name}", self.done, self.total)


def _look(
    path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, told: _Told
) -> dict[str, Sheet]:
    """
    Unpack a part without keeping it; return the sheets that it has, by its name, or of an ODS by
    theirs. Its declared size limits what is read, and a part with a false size fails its checksum.
    """
    place, sheet = PurePosixPath(part.filename), Sheet()
    sheets: dict[str, Sheet] = {}
    add: Callable[[bytes, int], None] | None = None
    if place.suffix == ".xml" and place.match("*/worksheets/*"):
        add, sheets = _XmlSheet(sheet).add, {part.filename: sheet}
    elif place.suffix == ".bin" and place.match("*/worksheets/*"):
        add, sheets = parts_binary.BinarySheet(sheet).add, {part.filename: sheet}
    elif part.filename == "content.xml":
        several = parts_open.OpenSheets()
        add, sheets = several.add, several.sheets
    with archive.open(part) as stream:
        before = b""
        while piece := stream.read(_PIECE):
            told.add(len(piece))
            if not add:
                continue
            add(before + piece, len(before))
            before = piece[-_OVERLAP:]
            for each in sheets.values():
                if each.width * each.height > MOST_CELLS or len(each.errors) > MOST_ERRORS:
                    size = f"{counted(each.width, 'column')} and {counted(each.height, 'row')}"
                    raise _too_large(path, f"has cells spread over {size}")
    return sheets


def _too_large(path: Path, how: str) -> FileError:
    return FileError(
        f"{path}: {how}, past the limit of {MOST_UNPACKED / 1e6:,.0f} MB and {MOST_CELLS:,} cells; "
        "export it as CSV instead"
    )


class _XmlSheet:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def add(self, piece: bytes, seen: int) -> None:
        """
        Take the next piece. Its first `seen` bytes are the end of the piece before: what is
        complete in them was counted.
        """
        sheet = self._sheet
        wide = {letters.upper() for letters in _WIDE_CELL.findall(piece)}
        sheet.width = max([sheet.width, *(_column_number(letters) for letters in wide)])
        sheet.height = max([sheet.height, *map(int, _ROW.findall(piece))])
        if b"#" in piece:
            for found in _ERROR.finditer(piece):
                if found.end() > seen and _is_error(found[1]):
                    self._add_error(found[1], found[2].decode("utf-8", "replace"))
        if b"f>" in piece or b"f " in piece:
            for found in _UNSOLVED.finditer(piece):
                is_empty_text = b'"str"' in found[1] and found[2]
                sheet.unsolved += found.end() > seen and not is_empty_text
            for found in _FORMULA_OF.finditer(piece):
                sheet.formulas += found.end() > seen
            for found in _ZERO.finditer(piece):
                sheet.zeros += found.end() > seen

    def _add_error(self, attributes: bytes, error: str) -> None:
        place = _PLACE.search(attributes)
        if place:
            self._sheet.errors[int(place[2]) - 1, _column_number(place[1].upper()) - 1] = (
                error_named(error)
            )
        else:
            self._sheet.unsolved += 1


def _is_error(attributes: bytes) -> bool:
    return re.search(rb"""\bt\s*=\s*["']e["']""", attributes) is not None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _settle(archive: zipfile.ZipFile, sheets: dict[str, Sheet]) -> None:
    """
    Apply what the workbook states about all its sheets.

    Formulas have no result where the workbook was saved before they were worked out. Nor have they
    where they are to be worked out at opening and every result is 0, as programs write that do not
    calculate.
    """
    for book in {"xl/workbook.xml", "xl/workbook.bin"} & set(archive.namelist()):
        written = archive.read(book)
        if book.endswith(".bin"):
            are_unsolved, when_opened = False, parts_binary.are_solved_when_opened(written)
            from_1904 = parts_binary.counts_from_1904(written)
        else:
            found = _CALCULATION.search(written)
            said = _attributes(found[1].decode("utf-8", "replace")) if found else {}
            are_unsolved = said.get("calcCompleted") in ("0", "false")
            when_opened = said.get("fullCalcOnLoad") in ("1", "true")
            from_1904 = _FROM_1904.search(written) is not None
        for sheet in sheets.values():
            sheet.counts_from_1904 = from_1904
            if are_unsolved or (when_opened and sheet.zeros == sheet.formulas):
                sheet.unsolved = max(sheet.unsolved, sheet.formulas)


def _named(archive: zipfile.ZipFile, sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    """
    The sheets by their names, where the workbook states which part is which, else by their parts'
    names.
    """
    names = dict(_sheets_of(archive))
    return {names.get(part, part): sheet for part, sheet in sheets.items()}


def _sheets_of(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    present = set(archive.namelist())
    for book in ("xl/workbook.xml", "xl/workbook.bin"):
        relations = f"xl/_rels/{PurePosixPath(book).name}.rels"
        if not {book, relations} <= present:
            continue
        targets = {}
        for written in _RELATION.findall(archive.read(relations).decode("utf-8", "replace")):
            relation = _attributes(written)
            target = relation.get("Target", "")
            targets[relation.get("Id", "")] = (
                target.removeprefix("/") if target[:1] == "/" else f"xl/{target}"
            )
        if book.endswith(".bin"):
            found = parts_binary.sheet_names(archive.read(book))
        else:
            written_sheets = map(
                _attributes, _SHEET.findall(archive.read(book).decode("utf-8", "replace"))
            )
            found = [(sheet.get("r:id", ""), sheet.get("name", "")) for sheet in written_sheets]
        for relation_id, name in found:
            if relation_id in targets:
                yield targets[relation_id], name


def _attributes(written: str) -> dict[str, str]:
    return {
        name: html.unescape(first or second) for name, first, second in _ATTRIBUTE.findall(written)
    }
