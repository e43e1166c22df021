"""
The cells of an ODS file's `content.xml`: how far each sheet's cells reach, its merged cells, errors
and formulas.
"""

from __future__ import annotations

import html
import itertools
import re

from nilreturn.sources.reading.workbooks.looked import MOST_ERRORS, Sheet, error_named

_TOKEN = re.compile(
    rb"<table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
    rb"|<text:p(?:\s[^>]{0,400})?>\s*((?:#|[Ee]rr:)[^<]{1,20}?)\s*</text:p>"
)
_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]{1,19})["']""")
_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["']([0-9]{1,19})["']""")
_COLUMNS_MERGED = re.compile(rb"""number-columns-spanned\s*=\s*["']([0-9]{1,7})["']""")
_ROWS_MERGED = re.compile(rb"""number-rows-spanned\s*=\s*["']([0-9]{1,7})["']""")
_NAME = re.compile(rb"""table:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_IS_ERROR = re.compile(rb"""calcext:value-type\s*=\s*["']error["']""")


class OpenSheets:
    """
    Takes `content.xml` piece by piece; `sheets` are by name. Empty cells between others count as
    cells. Empty cells that end a row or a sheet, which such files repeat to the edge, do not.
    """

    def __init__(self) -> None:
        self.sheets: dict[str, Sheet] = {}
        self._sheet = Sheet()
        self._row = self._column = self._rows = self._columns = 0
        self._may_be_error = False

    def add(self, piece: bytes, seen: int) -> None:
        """
        Take the next piece. Its first `seen` bytes are the end of the piece before: what is
        complete in them was taken.
        """
        for found in _TOKEN.finditer(piece):
            if found.end() <= seen:
                continue
            if found[1]:
                self._tag(found[1], found[2])
            elif self._may_be_error:
                self._error(found[3].decode("utf-8", "replace"))

    def _tag(self, name: bytes, attributes: bytes) -> None:
        self._may_be_error = False
        if name == b"table":
            self._row = self._column = self._rows = self._columns = 0
            self._sheet = self.sheets.setdefault(_name(attributes), Sheet())
        elif name == b"table-row":
            self._row += self._rows
            self._rows, self._column, self._columns = _times(_ROWS, attributes), 0, 0
        else:
            self._column += self._columns
            self._columns = _times(_COLUMNS, attributes)
            if name == b"table-cell":
                self._cell(attributes)

    def _cell(self, attributes: bytes) -> None:
        has_formula, has_value = b"table:formula" in attributes, b"value-type" in attributes
        rows, columns = _times(_ROWS_MERGED, attributes), _times(_COLUMNS_MERGED, attributes)
        if rows > 1 or columns > 1:
            self._sheet.merged.append(
                (self._row, self._column, self._row + rows - 1, self._column + columns - 1)
            )
        if not has_formula and not has_value:
            return
        self._sheet.width = max(self._sheet.width, self._column + self._columns)
        self._sheet.height = max(self._sheet.height, self._row + self._rows)
        self._may_be_error = has_formula or _IS_ERROR.search(attributes) is not None
        self._sheet.unsolved += not has_value

    def _error(self, error: str) -> None:
        rows, columns = (
            range(self._row, self._row + self._rows),
            range(self._column, self._column + self._columns),
        )
        places = itertools.islice(itertools.product(rows, columns), MOST_ERRORS + 1)
        self._sheet.errors |= dict.fromkeys(places, error_named(error))


def _name(attributes: bytes) -> str:
    found = _NAME.search(attributes)
    return html.unescape((found[1] or found[2] or b"").decode("utf-8", "replace")) if found else ""


def _times(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
