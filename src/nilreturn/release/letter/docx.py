"""
The letter as DOCX with real headings, lists and tables, so that a screen reader can navigate it and
staff can edit it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from nilreturn.release.answer import Answer
from nilreturn.release.letter.blocks import (
    Block,
    Bullets,
    Heading,
    LetterTable,
    Lines,
    Paragraph,
    Terms,
    figure,
)
from nilreturn.release.letter.content import letter, title
from nilreturn.release.zips import settle

_INK = RGBColor(0x0B, 0x0C, 0x0C)
_MOST_ROWS_TOGETHER = 15
_SIZES = {1: 20, 2: 16, 3: 14, 4: 12}


def write_docx(answer: Answer, path: Path) -> None:
    """Write the letter of `answer`."""
    document = docx.Document()
    _drop_leftovers(document)
    _set_properties(document, answer)
    _set_styles(document)
    blocks = letter(answer)
    for before, block in zip((None, *blocks), blocks, strict=False):
        place = len(document.paragraphs)
        _add(document, block)
        if isinstance(before, LetterTable) and not isinstance(block, Heading):
            document.paragraphs[place].paragraph_format.space_before = Pt(12)
    document.save(str(path))
    settle(path)


def _drop_leftovers(document: Document) -> None:
    """
    Remove the library's template parts: custom XML, a thumbnail, a second style sheet and another
    program's name.
    """
    for part in (document.part.package, document.part):
        for key, relationship in list(part.rels.items()):
            if relationship.reltype.endswith(
                ("/customXml", "/thumbnail", "/stylesWithEffects", "/extended-properties")
            ):
                del part.rels[key]


def _set_properties(document: Document, answer: Answer) -> None:
    answered_at = datetime.combine(answer.answered_on, time())
    properties = document.core_properties
    properties.title = title(answer)
    properties.subject = "Answer to a Freedom of Information request"
    properties.author = properties.last_modified_by = answer.authority.name
    properties.language = "en-GB"
    properties.comments = properties.keywords = properties.category = ""
    properties.created = properties.modified = answered_at
    properties.revision = 1


def _set_styles(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(
        2.5
    )
    for name, size, before, after in (
        ("Normal", 11, 0, 8),
        ("List Bullet", 11, 0, 4),
        ("Caption", 11, 8, 4),
        *((f"Heading {level}", size, 24 - 4 * level, 6) for level, size in _SIZES.items()),
    ):
        _set_style(document.styles[name], size, before, after)
    language = _child(
        _child(document.styles.element.find(qn("w:docDefaults")), "w:rPrDefault/w:rPr"), "w:lang"
    )
    language.set(qn("w:val"), "en-GB")


def _set_style(style: ParagraphStyle, size: int, before: int, after: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), _INK
    style.font.bold = style.name not in ("Normal", "List Bullet")
    style.font.italic = False
    fonts = style.element.rPr.rFonts
    # A theme's font would win over the named one.
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), "Arial")
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(before), Pt(after), 1.15
    spacing.keep_with_next = style.name.startswith(("Heading", "Caption"))


def _child(element: Any, path: str) -> Any:
    """The element at `path` below `element`, created if it is missing."""
    for name in path.split("/"):
        found = element.find(qn(name))
        if found is None:
            found = OxmlElement(name)
            element.append(found)
        element = found
    return element


def _add(document: Document, block: Block) -> None:
    match block:
        case Heading(level=level, text=text):
            document.add_heading(text, level)
        case Paragraph(text=text):
            document.add_paragraph(text)
        case Lines(lines=lines):
            _add_lines(document, lines)
        case Bullets(items=items):
            for item in items:
                paragraph = document.add_paragraph(item, style="List Bullet")
            paragraph.paragraph_format.space_after = Pt(8)
        case Terms(pairs=pairs):
            for term, text in pairs:
                paragraph = document.add_paragraph()
                paragraph.paragraph_format.space_after = Pt(4)
                paragraph.add_run(f"{term}: ").bold = True
                paragraph.add_run(text)
        case LetterTable():
            _add_table(document, block)


def _add_lines(document: Document, lines: Sequence[str]) -> None:
    paragraph = document.add_paragraph()
    for number, line in enumerate(lines):
        run = paragraph.add_run(line)
        if number < len(lines) - 1:
            run.add_break()


def _add_table(document: Document, block: LetterTable) -> None:
    document.add_paragraph(block.caption, style="Caption")
    grid = block.grid
    table = document.add_table(rows=1, cols=len(grid.headers))
    _set_lines(table)
    _child(table._tbl.tblPr, "w:tblCaption").set(qn("w:val"), block.caption)
    _mark_header(table)
    _fill(table.rows[0].cells, grid.headers, grid.labels, bold=True)
    for row in grid.rows:
        _fill(table.add_row().cells, tuple(map(figure, row)), grid.labels, bold=False)
    for row in table.rows:
        _child(row._tr.get_or_add_trPr(), "w:cantSplit")
    # A short table stays on one page: each row but the last holds on to the next.
    for row in table.rows[:-1] if len(grid.rows) <= _MOST_ROWS_TOGETHER else ():
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _set_lines(table: Any) -> None:
    """Draw a line under each row and none between columns."""
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "8A8D8F")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # Word reads these elements only in the standard's order: borders come right after the width.
    _child(table._tbl.tblPr, "w:tblW").addnext(borders)


def _mark_header(table: Any) -> None:
    """Mark row 1 as the header, which is read out with each cell and printed again on each page."""
    _child(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    look = _child(table._tbl.tblPr, "w:tblLook")
    for name, value in (
        ("firstRow", "1"),
        ("firstColumn", "1"),
        ("noHBand", "1"),
        ("noVBand", "1"),
        ("lastRow", "0"),
    ):
        look.set(qn(f"w:{name}"), value)


def _fill(cells: Sequence[Any], values: Sequence[str], labels: int, *, bold: bool) -> None:
    for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(value).bold = bold
        if column >= labels:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
