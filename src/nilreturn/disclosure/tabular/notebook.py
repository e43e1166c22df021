"""
How safe tables look in a notebook: as they would be printed. Which of the hidden cells are small is
not shown.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from nilreturn.disclosure.tabular.picture import laid_out
from nilreturn.tables import CellStatus, SafeCell, SafeTable
from nilreturn.wording import in_words

MOST_SHOWN = 2_500  # cells; a larger table is named by its size

_CELL = "padding:.2rem .6rem;text-align:right;border:1px solid #8a9ba3"
_HIDDEN = f"{_CELL};background:#a8c5da;color:#0b0c0c"
_CHANGED = f"{_CELL};background:#f4e3b2;color:#0b0c0c"


def printed_html(tables: Iterable[SafeTable]) -> str:
    """The tables as HTML: hidden cells are [c] on blue, changed ones on yellow."""
    return "".join(_table(table) for table in tables)


def _table(table: SafeTable) -> str:
    number = sum(cell.status is not CellStatus.LEFT_OUT for _, cell in table.cells())
    caption = html.escape(f"{table.title}: {table.hidden} of {in_words(number, 'cell')} hidden")
    if number > MOST_SHOWN:
        return f"<p>{caption}</p>"
    rows, columns, cells = laid_out(table)
    head = "".join(
        f'<th scope="col" style="{_CELL}">{html.escape(label or "Count")}</th>' for label in columns
    )
    body = "".join(
        f'<tr><th scope="row" '
        f'style="{_CELL};text-align:left">{html.escape(label)}</th>{"".join(map(_cell, line))}</tr>'
        for label, line in zip(rows, cells, strict=True)
    )
    corner = html.escape(table.dimensions[0].title) if table.dimensions else ""
    return (
        '<table style="border-collapse:collapse">'
        f'<caption style="text-align:left">{caption}</caption>'
        f'<thead><tr><th style="{_CELL};text-align:left">{corner}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _cell(cell: SafeCell) -> str:
    if cell.status is CellStatus.LEFT_OUT:
        return f'<td style="{_CELL}"></td>'
    if cell.value is None:
        return f'<td style="{_HIDDEN}">[c]</td>'
    style = _CHANGED if cell.status is CellStatus.CHANGED else _CELL
    return f'<td style="{style}">{cell.value:,}</td>'
