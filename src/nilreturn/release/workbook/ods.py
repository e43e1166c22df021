"""
The workbook as OpenDocument: the same sheets as the XLSX, with each table a named range under a
marked header row.

Its parts are written as text from the frames beside this module. The library odfdo took 94 s for a
table of 10,000 rows, a time that grows with the square, and left a thumbnail, tool bars and French
styles in the file.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.utility import xl_col_to_name

from nilreturn.errors import ReleaseError
from nilreturn.release.answer import Answer
from nilreturn.release.layout import Grid, Value
from nilreturn.release.letter import title
from nilreturn.release.workbook.content import Line, Sheet, sheets
from nilreturn.release.workbook.widths import column_widths
from nilreturn.release.workbook.xlsx import MOST_ROWS
from nilreturn.release.zips import settle
from nilreturn.wording import counted

_MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_CENTIMETRES_A_CHARACTER = 0.215  # of Arial 11


def write_ods(answer: Answer, path: Path) -> None:
    """
    Write the workbook of `answer`. Raises `ReleaseError` for a table that is too large for a
    worksheet.
    """
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", _MEDIA_TYPE)
        archive.writestr("META-INF/manifest.xml", _frame("manifest"))
        archive.writestr("content.xml", _content(sheets(answer)))
        archive.writestr("styles.xml", _frame("styles"))
        archive.writestr("meta.xml", _meta(answer))
    settle(path)


def _frame(name: str) -> str:
    return (resources.files("nilreturn.release.workbook") / f"ods-{name}.xml").read_text(
        encoding="utf-8"
    )


def _meta(answer: Answer) -> str:
    return _frame("meta").format(
        generator=escape(answer.software),
        title=escape(title(answer)),
        creator=escape(answer.authority.name),
        date=datetime.combine(answer.answered_on, time()).isoformat(),
    )


def _content(several: Sequence[Sheet]) -> str:
    widths = sorted({width for sheet in several for width in column_widths(sheet)})
    return _frame("content").format(
        styles="".join(map(_column_style, widths)),
        tables="".join(map(_table, several)),
        names="".join(_name(sheet, sheet.grid) for sheet in several if sheet.grid is not None),
    )


def _table(sheet: Sheet) -> str:
    columns = (f"<table:table-column {_style(f'width{width}')}/>" for width in column_widths(sheet))
    lines = (_line_row(line, wrap=sheet.prose and sheet.grid is None) for line in sheet.lines)
    rows = () if sheet.grid is None else _grid_rows(sheet, sheet.grid)
    inside = "".join((*columns, *lines, *rows))
    return (
        f"<table:table table:name={quoteattr(sheet.name)} "
        f'table:style-name="sheet">{inside}</table:table>'
    )


def _name(sheet: Sheet, grid: Grid) -> str:
    top, bottom = len(sheet.lines) + 1, len(sheet.lines) + 1 + len(grid.rows)
    first, last = f"$'{sheet.name}'.$A${top}", f".${xl_col_to_name(len(grid.headers) - 1)}${bottom}"
    addresses = (
        f"table:base-cell-address={quoteattr(first)} "
        f"table:cell-range-address={quoteattr(f'{first}:{last}')}"
    )
    return f"<table:named-range table:name={quoteattr(sheet.table_name)} {addresses}/>"


def _column_style(width: int) -> str:
    centimetres = f"{width * _CENTIMETRES_A_CHARACTER:.2f}cm"
    inside = f'<style:table-column-properties style:column-width="{centimetres}"/>'
    return (
        f'<style:style style:name="width{width}" style:family="table-column">{inside}</style:style>'
    )


def _grid_rows(sheet: Sheet, grid: Grid) -> Iterator[str]:
    if len(grid.rows) > MOST_ROWS:
        raise ReleaseError(
            f"{sheet.name}: {counted(len(grid.rows), 'row')} do not fit a worksheet;"
            " break the question down less, or leave out ods"
        )
    headers = (
        _text_cell(text, "Label_20_header" if column < grid.labels else "Figure_20_header")
        for column, text in enumerate(grid.headers)
    )
    yield f"<table:table-header-rows>{_row(headers)}</table:table-header-rows>"
    for values in grid.rows:
        yield _row(
            _link_cell(str(value), str(value))
            if column == sheet.link_column
            else _value_cell(value, "Label" if column < grid.labels else "Figure")
            for column, value in enumerate(values)
        )


def _row(cells: Iterable[str], style: str = "") -> str:
    return f"<table:table-row{style}>{''.join(cells)}</table:table-row>"


def _line_row(line: Line, *, wrap: bool) -> str:
    return _row(
        [_line_cell(line, wrap=wrap)],
        ' table:style-name="heading"' if line.style == "heading" else "",
    )


def _line_cell(line: Line, *, wrap: bool) -> str:
    if line.link:
        return _link_cell(line.text, line.link)
    return _text_cell(
        line.text, "Prose" if wrap and line.style == "text" else line.style.capitalize()
    )


def _value_cell(value: Value, style: str) -> str:
    if isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
        return (
            f"<table:table-cell {_style(style)} "
            f"{kind}><text:p>{value:,}</text:p></table:table-cell>"
        )
    return _text_cell(value, style)


def _text_cell(text: str, style: str) -> str:
    return _string_cell(escape(text), style)


def _link_cell(text: str, target: str) -> str:
    url = target if ":" in target else f"#'{target}'.A1"
    return _string_cell(
        f'<text:a xlink:type="simple" xlink:href={quoteattr(url)}>{escape(text)}</text:a>', "Link"
    )


def _string_cell(inside: str, style: str) -> str:
    return (
        f"<table:table-cell {_style(style)} "
        f'office:value-type="string"><text:p>{inside}</text:p></table:table-cell>'
    )


def _style(name: str) -> str:
    return f'table:style-name="{name}"'
