"""The workbook as XLSX: real tables, nothing merged, nothing hidden, the same bytes every time."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from nilreturn.errors import ReleaseError
from nilreturn.release.answer import Answer
from nilreturn.release.layout import Grid, Value
from nilreturn.release.letter import title
from nilreturn.release.workbook.content import Line, Sheet, sheets
from nilreturn.release.workbook.widths import column_widths, lines_needed
from nilreturn.release.zips import settle
from nilreturn.wording import counted

MOST_ROWS = 1_000_000  # a worksheet ends at 1,048,576
MOST_CHARACTERS = 32_767  # xlsxwriter silently omits a longer text

# Strings stay strings: an address in a text is no link, a text that begins with "=" is no formula.
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "in_memory": True,
}
_POINTS_A_LINE = 15
_POINTS_OF_A_HEADING = 30  # the space above it included
_FONT: dict[str, object] = {"font_name": "Arial", "font_size": 11}


def write_xlsx(answer: Answer, path: Path) -> None:
    """
    Write the workbook of `answer`. Raises `ReleaseError` for a table that is too large for a
    worksheet.
    """
    with xlsxwriter.Workbook(str(path), _OPTIONS) as workbook:
        workbook.set_properties(
            {
                "title": title(answer),
                "subject": "Answer to a Freedom of Information request",
                "author": answer.authority.name,
                "company": answer.authority.name,
                "language": "en-GB",
                "created": datetime.combine(answer.answered_on, time()),
            }
        )
        formats = _formats(workbook)
        for sheet in sheets(answer):
            _write(workbook.add_worksheet(sheet.name), sheet, formats)
    settle(path)


def _formats(workbook: Workbook) -> dict[str, Format]:
    # The default cell format too, for the cells nobody writes: one font throughout.
    workbook.formats[0].set_font_name("Arial")
    workbook.formats[0].set_font_size(11)
    kinds: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 16},
        "heading": {"bold": True, "font_size": 13, "valign": "bottom"},
        "text": {},
        "prose": {"text_wrap": True, "valign": "top"},
        "prose heading": {"bold": True, "font_size": 13, "text_wrap": True, "valign": "bottom"},
        "link": {"font_color": "#0B3C8C", "underline": True},
        "prose link": {"font_color": "#0B3C8C", "underline": True, "valign": "top"},
        "label header": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2},
        "figure header": {
            "bold": True,
            "text_wrap": True,
            "valign": "bottom",
            "bottom": 2,
            "align": "right",
        },
        "label": {"text_wrap": True, "valign": "top", "num_format": "@"},
        "figure": {"align": "right", "valign": "top", "num_format": "#,##0"},
    }
    return {kind: workbook.add_format(_FONT | look) for kind, look in kinds.items()}


def _write(worksheet: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    widths = column_widths(sheet)
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, width)
    for row, line in enumerate(sheet.lines):
        _write_line(worksheet, row, line, formats, wrap=sheet.prose and sheet.grid is None)
        if line.style == "heading":
            worksheet.set_row(row, _POINTS_OF_A_HEADING)
        elif sheet.grid is None and line.style == "text":
            _set_height(worksheet, row, (line.text,), widths)
    if sheet.grid is not None:
        _write_table(worksheet, len(sheet.lines), sheet, sheet.grid, formats)
        for row, values in enumerate(
            (sheet.grid.headers, *sheet.grid.rows), start=len(sheet.lines)
        ):
            _set_height(worksheet, row, tuple(map(str, values)), widths)
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    if sheet.grid is not None and len(sheet.grid.headers) > 5:
        worksheet.set_landscape()


def _set_height(
    worksheet: Worksheet, row: int, texts: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    lines = lines_needed(texts, widths)
    if lines > 1:
        worksheet.set_row(row, _POINTS_A_LINE * lines)


def _write_line(
    worksheet: Worksheet, row: int, line: Line, formats: dict[str, Format], *, wrap: bool
) -> None:
    if line.link:
        _link(worksheet, row, 0, line.text, line.link, formats["link"])
        return
    look = (
        f"prose {line.style}".removesuffix(" text")
        if wrap and line.style != "title"
        else line.style
    )
    _text(worksheet, row, 0, line.text, formats[look])


def _write_table(
    worksheet: Worksheet, top: int, sheet: Sheet, grid: Grid, formats: dict[str, Format]
) -> None:
    if len(grid.rows) > MOST_ROWS:
        raise ReleaseError(
            f"{sheet.name}: {counted(len(grid.rows), 'row')} do not fit a worksheet;"
            " break the question down less, or leave out xlsx"
        )
    columns = [
        {
            "header": header,
            "header_format": formats["label header" if column < grid.labels else "figure header"],
        }
        for column, header in enumerate(grid.headers)
    ]
    # Excel wants a row below the header, even of a table without rows.
    bottom = top + max(len(grid.rows), 1)
    worksheet.add_table(
        top,
        0,
        bottom,
        len(grid.headers) - 1,
        {
            "name": sheet.table_name,
            "columns": columns,
            "autofilter": False,
            "banded_rows": False,
            "style": None,
        },
    )
    for row, values in enumerate(grid.rows, start=top + 1):
        for column, value in enumerate(values):
            if column == sheet.link_column:
                _link(worksheet, row, column, str(value), str(value), formats["prose link"])
            else:
                _value(
                    worksheet,
                    row,
                    column,
                    value,
                    formats["label" if column < grid.labels else "figure"],
                )


def _value(worksheet: Worksheet, row: int, column: int, value: Value, look: Format) -> None:
    if isinstance(value, int):
        worksheet.write_number(row, column, value, look)
    else:
        _text(worksheet, row, column, value, look)


def _text(worksheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    if len(text) > MOST_CHARACTERS:
        length = counted(len(text), "character")
        raise ReleaseError(f"a text of {length} does not fit a cell; shorten it: {text[:60]!r}…")
    worksheet.write_string(row, column, text, look)


def _link(
    worksheet: Worksheet, row: int, column: int, text: str, target: str, look: Format
) -> None:
    url = target if ":" in target else f"internal:'{target}'!A1"
    worksheet.write_url(row, column, url, look, text)
