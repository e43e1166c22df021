"""The cells of an ODS file's `content.xml`: how far each sheet's cells reach, repeated ones written out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nilreturn.sources.reading.parts import Sheet

_TAG = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]{1,19})["']""")
_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["']([0-9]{1,19})["']""")


class OpenSheets:
    """
    Takes `content.xml` piece by piece. Empty cells that stand between others are cells too; those that end a row or a
    sheet, which such files repeat to the edge, are not.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._row = self._column = self._repeated = 0

    def add(self, piece: bytes, seen: int) -> None:
        for found in _TAG.finditer(piece):
            if found.end() > seen:
                self._tag(found[1], found[2])

    def _tag(self, name: bytes, attributes: bytes) -> None:
        if name == b"table":
            self._row = self._column = self._repeated = 0
        elif name == b"table-row":
            self._row += self._repeated
            self._repeated, self._column = _times(_ROWS, attributes), 0
        else:
            self._column += _times(_COLUMNS, attributes)
            if b"value-type" in attributes or b"formula" in attributes:
                self._sheet.width = max(self._sheet.width, self._column)
                self._sheet.height = max(self._sheet.height, self._row + self._repeated)


def _times(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
