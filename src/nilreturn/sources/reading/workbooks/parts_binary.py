"""The records of an XLSB's parts: a kind, a length and the content ([MS-XLSB] 2.1.4)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from nilreturn.sources.reading.workbooks.looked import ERRORS, Sheet

_ROW, _LAST_CELL, _PROPERTIES, _SHEET, _CALCULATION, _MERGED = 0, 11, 153, 156, 157, 176
_FORMULAS, _FORMULA_NUMBER = (8, 9, 10, 11), 9
_ERRORS_IN = (3, 11)  # a cell that is an error, a formula whose result is one
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
                self._sheet.errors[self._row, column] = ERRORS.get(content[8], "#UNKNOWN!")
            self._sheet.formulas += kind in _FORMULAS
            self._sheet.zeros += kind == _FORMULA_NUMBER and content[8:16] == bytes(8)
        elif kind == _MERGED and len(content) >= 16:
            top, bottom, left, right = struct.unpack_from("<4I", content)
            self._sheet.merged.append((top, left, bottom, right))


def sheet_names(book: bytes) -> list[tuple[str, str]]:
    """The relation and the name of each sheet of a workbook's own part."""
    found = []
    for kind, start, end in _records(book):
        if kind == _SHEET:
            relation, place = _text(book, start + 8, end)
            name, _ = _text(book, place, end)
            found.append((relation, name))
    return found


def counts_from_1904(book: bytes) -> bool:
    """Whether a workbook's own part states that its days are counted from 1904."""
    return any(
        kind == _PROPERTIES and bool(book[start] & 1)
        for kind, start, end in _records(book)
        if end > start
    )


def are_solved_when_opened(book: bytes) -> bool:
    """
    Whether a workbook's own part states that formulas are to be worked out at opening, or that not
    all were.
    """
    for kind, start, end in _records(book):
        if kind == _CALCULATION and end - start >= 26:
            (flags,) = struct.unpack_from("<H", book, start + 24)
            return bool(flags & 0b10001)
    return False


def _text(written: bytes, place: int, end: int) -> tuple[str, int]:
    if place + 4 > end:
        return "", end
    (letters,) = struct.unpack_from("<I", written, place)
    after = min(end, place + 4 + 2 * letters)
    return written[place + 4 : after].decode("utf-16-le", "replace"), after


def _records(written: bytes) -> Iterator[tuple[int, int, int]]:
    """The kind of each complete record, and where its content begins and ends."""
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
