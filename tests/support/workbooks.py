"""
Workbooks as others publish them, written by code: XLSX by xlsxwriter, ODS by the writer of our own
releases.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from nilreturn.release.layout import Grid
from nilreturn.release.workbook import Sheet, ods
from nilreturn.release.workbook.content import Line

Rows = Sequence[Sequence[Any]]


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> Path:
    """
    Sheets of rows; None leaves a cell empty. `merged` are ranges like "B3:C3" of the first sheet:
    their first cell's value is kept. `hidden` names sheets that are not shown.
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value)
            if name in hidden:
                sheet.hide()
            for cells in merged if name == next(iter(sheets)) else ():
                first, _, _ = cells.partition(":")
                row, column = xlsxwriter.utility.xl_cell_to_rowcol(first)
                sheet.merge_range(cells, rows[row][column])
    return path


def write_ods(path: Path, sheets: Mapping[str, tuple[Sequence[str], Rows]]) -> Path:
    """Sheets of lines above and then the rows of a table, headings first."""
    several = [
        Sheet(
            name,
            tuple(Line(text) for text in lines),
            f"table_{number}",
            Grid(tuple(map(str, rows[0])), tuple(tuple(row) for row in rows[1:]), 1)
            if rows
            else None,
        )
        for number, (name, (lines, rows)) in enumerate(sheets.items(), 1)
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", ods._MEDIA_TYPE)
        archive.writestr("META-INF/manifest.xml", ods._frame("manifest"))
        archive.writestr("content.xml", ods._content(several))
        archive.writestr("styles.xml", ods._frame("styles"))
    return path
