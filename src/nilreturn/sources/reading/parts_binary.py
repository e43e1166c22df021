"""The records of an XLSB's parts, as [MS-XLSB] 2.1.4 lays them out: a kind, a length, and what is in it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nilreturn.sources.reading.parts import Sheet

_ROW, _LAST_CELL, _SHEET = 0, 11, 156
_ERRORS_IN = (3, 11)  # a cell that is an error, a formula whose result is one
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_LARGEST = 1 << 26


class BinarySheet:
    """Takes a sheet's part piece by piece."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._row = 0
        self._rest = b""

    def add(self, piece: bytes, seen: int) -> None:
        written = self._rest + piece[seen:]
        end = 0
        for kind, start, end in _records(written):
            self._record(kind, written[start:end])
        self._rest = written[end:]

    def _record(self, kind: int, content: bytes) -> None:
        if kind == _ROW and len(content) >= 4:
            (self._row,) = struct.unpack_from("<I", content)
        elif 0 < kind <= _LAST_CELL and len(content) >= 8:
            (column,) = struct.unpack_from("<I", content)
            self._sheet.width = max(self._sheet.width, column + 1)
            self._sheet.height = max(self._sheet.height, self._row + 1)
            if kind in _ERRORS_IN and len(content) >= 9:
                self._sheet.errors[self._row, column] = _ERRORS.get(content[8], "#ERROR!")


def sheet_names(book: bytes) -> list[tuple[str, str]]:
    """The relation and the name of each sheet of a workbook's own part."""
    found = []
    for kind, start, end in _records(book):
        if kind == _SHEET:
            relation, place = _text(book, start + 8, end)
            name, _ = _text(book, place, end)
            found.append((relation, name))
    return found


def _text(written: bytes, place: int, end: int) -> tuple[str, int]:
    if place + 4 > end:
        return "", end
    (letters,) = struct.unpack_from("<I", written, place)
    after = min(end, place + 4 + 2 * letters)
    return written[place + 4 : after].decode("utf-16-le", "replace"), after


def _records(written: bytes) -> Iterator[tuple[int, int, int]]:
    """The kind of each whole record, and where its content begins and ends."""
    place, size = 0, len(written)
    while place + 2 <= size:
        kind, place_of_length = written[place], place + 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (written[place + 1] & 0x7F) << 7
            place_of_length += 1
        length = shift = 0
        while True:
            if place_of_length >= size:
                return
            byte = written[place_of_length]
            length |= (byte & 0x7F) << shift
            shift += 7
            place_of_length += 1
            if not byte & 0x80 or shift >= 28:
                break
        if length > _LARGEST:
            raise RuntimeError("a record is longer than a part")
        if place_of_length + length > size:
            return
        yield kind, place_of_length, place_of_length + length
        place = place_of_length + length
