"""
The records of an XLS ([MS-CFB] and [MS-XLS]). They give what the reader does not: the cells with a
spreadsheet's error, and formulas that were not worked out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from nilreturn.sources.reading.workbooks.looked import ERRORS, Sheet

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("Workbook", "Book")
_NO_SECTOR = 0xFFFF_FFFA  # this and all above are no sectors
_SECTOR_SIZES = (512, 4096)
_SHEET, _FIRST_DAY, _FORMULA, _ERROR, _UNCALCULATED = 0x85, 0x22, 0x06, 0x205, 0x5E
_IS_ERROR = 2


def look_at_records(path: Path) -> list[Sheet]:
    """
    What was found in each sheet, in the workbook's order; nothing for a file that is not an XLS,
    which the reader reports.
    """
    written = path.read_bytes()
    if not written.startswith(_MAGIC) or len(written) < 512:
        return []
    try:
        return list(_sheets(_workbook(written)).values())
    except struct.error:
        return []


def _sheets(stream: bytes) -> dict[int, Sheet]:
    """
    The sheets by the place at which each begins, in the order of the workbook's first records.
    """
    sheets: dict[int, Sheet] = {}
    now, from_1904 = Sheet(), False
    for place, kind, content in _records(stream):
        now = sheets.get(place, now)
        if kind == _SHEET and len(content) >= 4:
            sheets[struct.unpack_from("<I", content)[0]] = Sheet()
        elif kind == _FIRST_DAY:
            from_1904 = content[:2] == b"\1\0"
        elif kind == _UNCALCULATED:
            now.are_unsolved = True
        elif kind == _ERROR and len(content) >= 8 and content[7]:
            now.errors[struct.unpack_from("<HH", content)] = ERRORS.get(content[6], "#UNKNOWN!")
        elif kind == _FORMULA and len(content) >= 14:
            now.formulas += 1
            if content[12:14] == b"\xff\xff" and content[6] == _IS_ERROR:
                now.errors[struct.unpack_from("<HH", content)] = ERRORS.get(content[8], "#UNKNOWN!")
    for sheet in sheets.values():
        sheet.counts_from_1904 = from_1904
        sheet.unsolved = sheet.formulas if sheet.are_unsolved else 0
    return sheets


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The place, the kind and the content of each record."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _workbook(written: bytes) -> bytes:
    """The stream of the workbook's records."""
    size = 1 << min(struct.unpack_from("<H", written, 30)[0], 16)
    if size not in _SECTOR_SIZES:
        return b""
    first_of_folder, least, first_small = struct.unpack_from("<I4xII", written, 48)
    table = _table(written, size)
    folder = _chain(written, table, first_of_folder, size, size)
    entries = [folder[place : place + 128] for place in range(0, len(folder) - 127, 128)]
    by_name = {_name(entry): struct.unpack_from("<II", entry, 116) for entry in entries}
    for name in _STREAMS:
        if name not in by_name:
            continue
        first, length = by_name[name]
        if length >= least:
            return _chain(written, table, first, size, size)[:length]
        small = b"".join(_pieces(written, table, first_small, size, size))
        links = list(struct.unpack(f"<{len(small) // 4}I", small[: len(small) // 4 * 4]))
        within = _chain(written, table, by_name.get("Root Entry", (_NO_SECTOR, 0))[0], size, size)
        return _chain(within, links, first, 64, 0)[:length]
    return b""


def _table(written: bytes, size: int) -> list[int]:
    """The sector that follows each sector."""
    sectors = list(struct.unpack_from("<109I", written, 76))
    further, seen = struct.unpack_from("<I", written, 68)[0], 0
    while further < _NO_SECTOR and seen * size < len(written):
        more = struct.unpack_from(f"<{size // 4}I", written, size * (further + 1))
        sectors += more[:-1]
        further, seen = more[-1], seen + 1
    links: list[int] = []
    for sector in sectors:
        if sector < _NO_SECTOR:
            links += struct.unpack_from(f"<{size // 4}I", written, size * (sector + 1))
    return links


def _chain(written: bytes, links: list[int], first: int, size: int, start: int) -> bytes:
    return b"".join(_pieces(written, links, first, size, start))


def _pieces(
    written: bytes, links: list[int], sector: int, size: int, start: int
) -> Iterator[bytes]:
    """The sectors of a chain. A chain that loops ends when it has more sectors than the file."""
    for _ in range(len(links)):
        if sector >= len(links):
            return
        yield written[start + sector * size : start + (sector + 1) * size]
        sector = links[sector]


def _name(entry: bytes) -> str:
    (length,) = struct.unpack_from("<H", entry, 64)
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
