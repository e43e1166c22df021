"""
From a file that somebody published to the tables in it: every one of a CSV file or of a workbook,
sheet by sheet, and what was left out because it is no table of counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nilreturn.disclosure.tabular.marks import CellMarks, is_plain_number
from nilreturn.disclosure.tabular.text_tables import own_release
from nilreturn.disclosure.tabular.text_tables.description import TableDescription, read_description
from nilreturn.disclosure.tabular.text_tables.grids import Grid, read_grids
from nilreturn.disclosure.tabular.text_tables.headings import flat
from nilreturn.disclosure.tabular.text_tables.regions import Region, find_regions
from nilreturn.disclosure.tabular.text_tables.text_table import TextTable, listed_rows
from nilreturn.errors import TableError
from nilreturn.wording import counted

# What sheets without tables of counts are called; one so called that has counts is read
# nevertheless.
_ABOUT = re.compile(
    r"(?:front ?)?cover(?: sheet)?|title(?: page)?|contents?|table of "
    r"contents|index|notes?|footnotes|read ?me|"
    r"guidance|information|metadata|definitions|glossary|symbols|about|introduction|contact",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FileRead:
    """
    The tables of one file in their order, and the parts of it that were left out, each with the
    reason.
    """

    path: Path
    sheets: tuple[TextTable, ...]
    left_out: tuple[str, ...]


def read_file(path: Path, marks: CellMarks | None = None) -> FileRead:
    """
    The tables of a CSV file or a workbook, with the description that lies beside it.

    Raises `FileError` when it cannot be read and `TableError` when it has no table, or one that is
    malformed.
    """
    marks = marks or CellMarks()
    described = read_description(path)
    grids = read_grids(path)
    found = [(grid, list(find_regions(grid, marks))) for grid in grids]
    names = {grid.sheet for grid in grids}
    any_counts = any(_counts(region, marks) for _, regions in found for region in regions)
    sheets: list[TextTable] = []
    left_out: list[str] = []
    for grid, regions in found:
        tables = [r for r in regions if r.rows and (_is_table(r, names, marks) or not any_counts)]
        left_out += _left_out(grid, regions, tables)
        for place, region in enumerate(tables, 1):
            name = grid.sheet or path.stem
            unique = name if len(tables) == 1 else f"{name} table {place}"
            sheets.append(
                _sheet(path, region, unique, described.of_table(unique, name, region.title), marks)
            )
    if not sheets:
        raise TableError(
            f"{path}: has no rows of counts; a table has its headings in one row, and rows of "
            f"labels and counts below"
        )
    return FileRead(path, tuple(sheets), tuple(left_out))


def read_sheet(path: Path, marks: CellMarks | None = None) -> TextTable:
    """
    The one table of a file. Raises like `read_file`, and `TableError` where there are several.
    """
    read = read_file(path, marks)
    if len(read.sheets) > 1:
        names = ", ".join(repr(sheet.name) for sheet in read.sheets[:3])
        number = counted(len(read.sheets), "table")
        raise TableError(f"{path}: holds {number} ({names} …); save each in a file of its own")
    return read.sheets[0]


def _sheet(
    path: Path, region: Region, name: str, described: TableDescription, marks: CellMarks
) -> TextTable:
    headings, rows, labels = flat(region, marks)
    by_column = [
        list(dict.fromkeys(row[column] for row in rows)) for column in range(len(headings))
    ]
    above = region.above or own_release.lines_of_manifest(path)
    own = own_release.described_above(above, headings, by_column)
    if own is not None and not described.model_fields_set:
        described, labels = own, own_release.label_columns(headings, own)
    sheet = TextTable(name, headings, rows, described, labels)
    return replace(
        sheet,
        where=f"{region.grid.where}, rows {region.headings[0][0]} to {region.rows[-1][0]}",
        file=path.name,
        heading_rows=listed_rows(number for number, _ in region.headings),
        above=region.above,
        notes=region.below,
        left_out=region.left_out,
    )


def _counts(region: Region, marks: CellMarks) -> int:
    """How many texts right of the first column are numbers or marks."""
    texts = (text for _, row in region.rows for text in row[1:] if text)
    return sum(is_plain_number(text) or marks.is_mark(text) for text in texts)


def _is_table(region: Region, names: set[str], marks: CellMarks) -> bool:
    """
    Whether a region is a table of counts: not a list of the workbook's sheets, and not text alone.
    """
    if not _counts(region, marks):
        return False
    texts = [{row[column] for _, row in region.rows} for column in range(len(region.rows[0][1]))]
    return not any(
        len(column & names) == len(column) > 0 and column != {""}
        for column in texts
        if names != {""}
    )


def _left_out(grid: Grid, regions: Sequence[Region], tables: Sequence[Region]) -> Iterator[str]:
    if not tables and grid.sheet:
        kind = "about the others" if _ABOUT.fullmatch(grid.sheet.strip()) else "no table of counts"
        yield f"sheet {grid.sheet!r} ({kind})"
        return
    for region in regions:
        if region not in tables:
            first, last = region.headings[0][0], (region.rows or region.headings)[-1][0]
            sheet = f"sheet {grid.sheet!r}, " if grid.sheet else ""
            yield f"{sheet}rows {first} to {last} (no counts)"
