"""How wide columns must be, in characters, for both kinds of workbook."""

from __future__ import annotations

from nilreturn.release.layout import Value
from nilreturn.release.sheets import Sheet

_PROSE = 90  # a column of sentences, wrapped
_LABELS = (14, 44)  # least and most for a column of labels
_FIGURES = (11, 18)  # and for a column of figures; longer headers wrap


def column_widths(sheet: Sheet) -> tuple[int, ...]:
    """One width a column, column A first."""
    grid = sheet.grid
    if grid is None:
        return (_PROSE,)
    widths = []
    for column, header in enumerate(grid.headers):
        least, most = (_LABELS[0], _PROSE) if sheet.prose else _LABELS if column < grid.labels else _FIGURES
        longest = max((len(_shown(row[column])) for row in grid.rows), default=0)
        widths.append(min(max(longest + 2, _longest_word(header) + 2, least), most))
    return tuple(widths)


def _shown(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)
