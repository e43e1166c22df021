"""The workbook as OpenDocument: the same sheets as the XLSX, each table a named range under a marked header row."""

from __future__ import annotations

from datetime import datetime, time
from importlib import resources
from pathlib import Path

from odfdo import Cell, Column, Document, Element, Link, Paragraph, Row, Style, Table

from nilreturn.errors import ReleaseError
from nilreturn.release.answer import Answer
from nilreturn.release.layout import Grid, Value
from nilreturn.release.letter import title
from nilreturn.release.sheets import Line, Sheet, sheets
from nilreturn.release.widths import column_widths
from nilreturn.release.xlsx import MOST_ROWS
from nilreturn.release.zips import settle

_CENTIMETRES_A_CHARACTER = 0.215  # of Arial 11


def write_ods(answer: Answer, path: Path) -> None:
    """
    Write the workbook of `answer`. Raises `ReleaseError` for a table that no worksheet holds.
    """
    document = Document("spreadsheet")
    _replace_template(document)
    _set_properties(document, answer)
    document.body.clear()
    tables = [(sheet, _table(document, sheet)) for sheet in sheets(answer)]
    for _, table in tables:
        document.body.append(table)
    # Names come after every table: a reader that follows the standard takes them nowhere else.
    for sheet, table in tables:
        _name(table, sheet)
    document.save(str(path), pretty=False)
    settle(path)


def _replace_template(document: Document) -> None:
    """The library's template brings a thumbnail, tool bars and styles in French: only the bare frame is kept."""
    leftovers = ("Configurations2/", "Thumbnails/", "manifest.rdf")
    for name in document.get_parts():
        if name.startswith(leftovers):
            document.del_part(name)
    for name in document.manifest.get_paths():
        if name.startswith(leftovers):
            document.manifest.del_full_path(name)
    library = resources.files("nilreturn.release") / "library"
    for name in ("styles", "settings", "meta"):
        document.set_part(f"{name}.xml", (library / f"ods-{name}.xml").read_bytes())


def _set_properties(document: Document, answer: Answer) -> None:
    answered_at = datetime.combine(answer.answered_on, time())
    meta = document.meta
    meta.title = title(answer)
    meta.subject = "Answer to a Freedom of Information request"
    meta.creator = meta.initial_creator = answer.authority.name
    meta.language = "en-GB"
    meta.creation_date = meta.date = answered_at
    meta.set_generator(answer.software)


def _table(document: Document, sheet: Sheet) -> Table:
    table = Table(sheet.name)
    table.clear()
    for width in column_widths(sheet):
        table.append(Column(style=_column_style(document, width)))
    for line in sheet.lines:
        table.append(_row(_line_cell(line, wrap=sheet.prose and sheet.grid is None)))
    if sheet.grid is not None:
        _add_grid(table, sheet, sheet.grid)
    return table


def _name(table: Table, sheet: Sheet) -> None:
    if sheet.grid is not None:
        top, bottom = len(sheet.lines), len(sheet.lines) + len(sheet.grid.rows)
        table.set_named_range(sheet.table_name, (0, top, len(sheet.grid.headers) - 1, bottom))


def _add_grid(table: Table, sheet: Sheet, grid: Grid) -> None:
    if len(grid.rows) > MOST_ROWS:
        raise ReleaseError(
            f"{sheet.name}: {len(grid.rows):,} rows do not fit a worksheet;"
            " break the question down less, or leave out ods"
        )
    header = Element.from_tag("table:table-header-rows")
    header.append(
        _row(
            *(
                _text_cell(text, "Label_20_header" if column < grid.labels else "Figure_20_header")
                for column, text in enumerate(grid.headers)
            )
        )
    )
    table.append(header)
    for values in grid.rows:
        table.append(
            _row(
                *(
                    _link_cell(str(value), str(value))
                    if column == sheet.link_column
                    else _value_cell(value, "Label" if column < grid.labels else "Figure")
                    for column, value in enumerate(values)
                )
            )
        )


def _column_style(document: Document, width: int) -> str:
    name = f"width{width}"
    if document.get_style("table-column", name) is None:
        style = Style("table-column", name=name, width=f"{width * _CENTIMETRES_A_CHARACTER:.2f}cm")
        document.insert_style(style, automatic=True)
    return name


def _row(*cells: Cell) -> Row:
    row = Row()
    for cell in cells:
        row.append(cell)
    return row


def _line_cell(line: Line, *, wrap: bool) -> Cell:
    if line.link:
        return _link_cell(line.text, line.link)
    return _text_cell(line.text, "Prose" if wrap and line.style == "text" else line.style.capitalize())


def _value_cell(value: Value, style: str) -> Cell:
    if isinstance(value, int):
        return Cell(value, text=f"{value:,}", cell_type="float", style=style)
    return _text_cell(value, style)


def _text_cell(text: str, style: str) -> Cell:
    return _string_cell(Paragraph(text), style)


def _link_cell(text: str, target: str) -> Cell:
    url = target if ":" in target else f"#'{target}'.A1"
    paragraph = Paragraph()
    paragraph.append(Link(url, text=text))
    return _string_cell(paragraph, "Link")


def _string_cell(paragraph: Paragraph, style: str) -> Cell:
    cell = Cell(style=style)
    cell.set_attribute("office:value-type", "string")
    cell.append(paragraph)
    return cell
