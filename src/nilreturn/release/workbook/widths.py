"""
The widths of columns and heights of rows, in characters and lines, for both kinds of workbook.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from nilreturn.release.layout import Value
from nilreturn.release.workbook.content import Sheet

_PROSE = 85  # a column of sentences, wrapped; fits a portrait page
_LABELS = (14, 44)  # least and most for a column of labels
_HEADER = 24  # a longer title of a column of labels wraps
_FIGURES = (11, 18)  # and for a column of figures; longer headers wrap


def column_widths(sheet: Sheet) -> tuple[int, ...]:
    """One width for each column, from column A."""
    grid = sheet.grid
    if grid is None:
        return (_PROSE,)
    widths = []
    for column, header in enumerate(grid.headers):
        least, most = (
            (_LABELS[0], _PROSE) if sheet.prose else _LABELS if column < grid.labels else _FIGURES
        )
        longest = max((len(_shown(row[column])) for row in grid.rows), default=0)
        title = min(len(header), _HEADER) if column < grid.labels else _longest_word(header)
        widths.append(min(max(longest + 2, title + 2, least), most))
    return tuple(widths)


def _shown(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def lines_needed(texts: Sequence[str], widths: Sequence[int]) -> int:
    """
    The number of lines of the longest of a row's wrapped texts in columns of these widths. Excel
    works this out when it opens a file; other programs that read XLSX do not.
    """
    return max((_lines(text, width) for text, width in zip(texts, widths, strict=False)), default=1)


def _lines(text: str, width: int) -> int:
    # A column's width is counted in zeros; the letters of a sentence are narrower, those of a short
    # label may not be.
    return len(textwrap.wrap(text, width * 11 // 10 if width > _HEADER * 2 else width)) or 1
