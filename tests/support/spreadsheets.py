"""
One sheet of cells in every kind of workbook, built byte by byte as far as no library writes it:
XLSX by xlsxwriter, XLS as [MS-CFB] and [MS-XLS], XLSB as [MS-XLSB], ODS as OpenDocument 1.3 lay it
out.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import xlsxwriter

ERRORS = {
    "#NULL!": 0,
    "#DIV/0!": 7,
    "#VALUE!": 15,
    "#REF!": 23,
    "#NAME?": 29,
    "#NUM!": 36,
    "#N/A": 42,
}


@dataclass(frozen=True)
class Error:
    """A cell that holds a spreadsheet's error."""

    name: str


@dataclass(frozen=True)
class Formula:
    """A formula with its result, None where the program that wrote it did not work it out."""

    result: str | float | Error | None


Cell = str | float | Error | Formula | None
Merged = tuple[int, int, int, int]  # first row and column, last row and column, from 0


@dataclass(frozen=True)
class Book:
    """A workbook with one sheet."""

    rows: Sequence[Sequence[Cell]]
    merged: Sequence[Merged] = ()
    name: str = "Data"
    from_1904: bool = False  # how its days are counted

    @property
    def cells(self) -> Iterator[tuple[int, int, Cell]]:
        for number, row in enumerate(self.rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    yield number, column, cell

    @property
    def is_unsolved(self) -> bool:
        return any(cell == Formula(None) for _, _, cell in self.cells)


def workbook(
    ending: str, rows: Sequence[Sequence[Cell]], merged: Sequence[Merged] = (), name: str = "Data"
) -> bytes:
    """The bytes of a workbook of the kind that the ending says."""
    return WRITERS[ending](Book(rows, merged, name))


def write_workbook(
    path: Path,
    rows: Sequence[Sequence[Cell]],
    merged: Sequence[Merged] = (),
    *,
    from_1904: bool = False,
) -> Path:
    path.write_bytes(WRITERS[path.suffix](Book(rows, merged, from_1904=from_1904)))
    return path


def _xlsx(book: Book) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"date_1904": book.from_1904}) as target:
        sheet = target.add_worksheet(book.name)
        for number, column, cell in book.cells:
            if isinstance(cell, Error):
                sheet.write_formula(number, column, "=X!A1", None, cell.name)
            elif isinstance(cell, Formula):
                result = cell.result.name if isinstance(cell.result, Error) else cell.result
                sheet.write_formula(number, column, "=B1&B2", None, 0 if result is None else result)
            else:
                sheet.write(number, column, cell)
        for top, left, bottom, right in book.merged:
            sheet.merge_range(top, left, bottom, right, book.rows[top][left])
    return written.getvalue()


def _ods(book: Book) -> bytes:
    covered = {
        (row, column)
        for top, left, bottom, right in book.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - {(top, left) for top, left, _, _ in book.merged}
    spans = {
        (
            top,
            left,
        ): f' table:number-rows-spanned="{bottom - top + 1}" '
        f'table:number-columns-spanned="{right - left + 1}"'
        for top, left, bottom, right in book.merged
    }
    body = ""
    for number, row in enumerate(book.rows):
        cells = (
            "<table:covered-table-cell/>"
            if (number, column) in covered
            else _ods_cell(cell, spans.get((number, column), ""))
            for column, cell in enumerate(row)
        )
        body += f"<table:table-row>{''.join(cells)}</table:table-row>"
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces} xmlns:calcext='
        '"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="{escape(book.name)}"><table:table-column '
        f'table:number-columns-repeated="9"/>{body}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return _zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": content.encode(),
        }
    )


def _ods_cell(cell: Cell, more: str) -> str:
    if cell is None:
        return f"<table:table-cell{more}/>"
    formula = ' table:formula="of:=[.B1]&amp;[.B2]"' if isinstance(cell, Formula | Error) else ""
    value = cell.result if isinstance(cell, Formula) else cell
    if value is None:
        return f"<table:table-cell{more}{formula}/>"
    if isinstance(value, Error):
        said = ' office:value-type="string" office:string-value="" calcext:value-type="error"'
        text = value.name
    elif isinstance(value, str):
        said, text = ' office:value-type="string"', value
    else:
        said, text = f' office:value-type="float" office:value="{value}"', str(value)
    return (
        f"<table:table-cell{more}{formula}{said}><text:p>{escape(text)}</text:p></table:table-cell>"
    )


def _xls(book: Book) -> bytes:
    sheet = _biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    if book.is_unsolved:
        sheet += _biff(0x5E, bytes(2))
    for number, column, cell in book.cells:
        place = struct.pack("<HHH", number, column, 0)
        if isinstance(cell, Error):
            sheet += _biff(0x205, place + bytes([ERRORS[cell.name], 1]))
        elif isinstance(cell, Formula):
            sheet += _xls_formula(place, cell.result)
        elif isinstance(cell, str):
            sheet += _biff(
                0x204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
            )
        else:
            sheet += _biff(0x203, place + struct.pack("<d", float(cell or 0)))
    if book.merged:
        places = [
            struct.pack("<HHHH", top, bottom, left, right)
            for top, left, bottom, right in book.merged
        ]
        sheet += _biff(0xE5, struct.pack("<H", len(book.merged)) + b"".join(places))
    sheet += _biff(0x0A, b"")
    opening = _biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + _biff(
        0x42, struct.pack("<H", 1200)
    )
    opening += _biff(0x22, struct.pack("<H", book.from_1904))
    written = book.name.encode("utf-16-le")
    begins = len(opening) + 4 + 8 + len(written) + 4
    named = _biff(0x85, struct.pack("<IHBB", begins, 0, len(book.name), 1) + written)
    return _compound(opening + named + _biff(0x0A, b"") + sheet)


def _xls_formula(place: bytes, result: str | float | Error | None) -> bytes:
    after = b""
    if isinstance(result, Error):
        value = bytes([2, 0, ERRORS[result.name], 0, 0, 0]) + b"\xff\xff"
    elif isinstance(result, str):
        value = bytes(6) + b"\xff\xff"
        after = _biff(0x207, struct.pack("<HB", len(result), 1) + result.encode("utf-16-le"))
    else:
        value = struct.pack("<d", result or 0.0)
    tokens = b"\x1e\x01\x00"
    return _biff(0x06, place + value + struct.pack("<HIH", 0, 0, len(tokens)) + tokens) + after


def _biff(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream: bytes, size: int = 512) -> bytes:
    """One stream, "Workbook": a header, the table of sectors, the folder, the stream's sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // size) * size), b"\0")
    sectors = len(stream) // size
    links = [0xFFFF_FFFD, 0xFFFF_FFFE, *range(3, sectors + 2), 0xFFFF_FFFE]
    assert len(links) <= size // 4
    table = struct.pack(f"<{size // 4}I", *links, *[0xFFFF_FFFF] * (size // 4 - len(links)))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFF_FFFF] * 108)
    folder = _entry("Root Entry", 5, 1, 0xFFFF_FFFE, 0) + _entry(
        "Workbook", 2, 0xFFFF_FFFF, 2, len(stream)
    )
    return header + table + folder.ljust(size, b"\0") + stream


def _entry(name: str, kind: int, child: int, first: int, length: int) -> bytes:
    none = 0xFFFF_FFFF
    written = name.encode("utf-16-le").ljust(64, b"\0") + struct.pack(
        "<HBB", 2 * len(name) + 2, kind, 1
    )
    return (
        written
        + struct.pack("<III", none, none, child)
        + bytes(36)
        + struct.pack("<IQ", first, length)
    )


def _xlsb(book: Book) -> bytes:
    width = max(map(len, book.rows), default=1)
    sheet = (
        _record(129)
        + _record(148, struct.pack("<4I", 0, max(0, len(book.rows) - 1), 0, width - 1))
        + _record(145)
    )
    for number, row in enumerate(book.rows):
        sheet += _record(0, struct.pack("<I", number) + bytes(13))
        for column, cell in enumerate(row):
            sheet += _xlsb_cell(struct.pack("<II", column, 0), cell)
    sheet += _record(146)
    if book.merged:
        places = (
            struct.pack("<4I", top, bottom, left, right) for top, left, bottom, right in book.merged
        )
        sheet += _record(177, struct.pack("<I", len(book.merged)))
        sheet += b"".join(_record(176, at) for at in places) + _record(178)
    flags = 0b1000 | book.is_unsolved
    named = struct.pack("<II", 0, 1) + _wide("rId1") + _wide(book.name)
    written = (
        _record(131)
        + _record(153, struct.pack("<II", book.from_1904, 0) + _wide(""))
        + _record(143)
    )
    written += _record(156, named) + _record(144)
    written += _record(157, struct.pack("<IIIdIH", 191029, 1, 100, 0.001, 1, flags)) + _record(132)
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = (
        '<?xml version="1.0"?><Relationships '
        'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="{}" Target="{}"/></Relationships>'
    )
    return _zipped(
        {
            "[Content_Types].xml": (
                b'<?xml version="1.0"?><Types '
                b'xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                b'<Default Extension="bin" '
                b'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
                b'<Default Extension="rels" '
                b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                b"</Types>"
            ),
            "_rels/.rels": relation.format(
                f"{relations}/officeDocument", "xl/workbook.bin"
            ).encode(),
            "xl/workbook.bin": written,
            "xl/_rels/workbook.bin.rels": relation.format(
                f"{relations}/worksheet", "worksheets/sheet1.bin"
            ).encode(),
            "xl/worksheets/sheet1.bin": sheet + _record(130),
        }
    )


def _xlsb_cell(place: bytes, cell: Cell) -> bytes:
    if cell is None:
        return b""
    if isinstance(cell, Formula):
        tokens = struct.pack("<HI", 0, 3) + b"\x1e\x01\x00" + bytes(4)
        result = cell.result
        if isinstance(result, Error):
            return _record(11, place + bytes([ERRORS[result.name]]) + tokens)
        if isinstance(result, str):
            return _record(8, place + _wide(result) + tokens)
        return _record(9, place + struct.pack("<d", result or 0.0) + tokens)
    if isinstance(cell, Error):
        return _record(3, place + bytes([ERRORS[cell.name]]))
    if isinstance(cell, str):
        return _record(6, place + _wide(cell))
    return _record(5, place + struct.pack("<d", cell))


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    """A kind and a length, each in sevens of bits, and the content."""
    written = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    length = len(content)
    while length > 127:
        written += bytes([length & 127 | 128])
        length >>= 7
    return written + bytes([length]) + content


def _zipped(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


WRITERS: dict[str, Callable[[Book], bytes]] = {
    ".xlsx": _xlsx,
    ".xls": _xls,
    ".xlsb": _xlsb,
    ".ods": _ods,
}
