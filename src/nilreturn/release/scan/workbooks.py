"""
Finds what a finished workbook contains beyond the sheets of the answer.

The lists give what is allowed, part by part and element by element, and not what is forbidden: the
ways in which a workbook can hide something cannot all be listed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import load_workbook

from nilreturn.release.answer import Answer
from nilreturn.release.workbook import Sheet, sheets

_RELATIONSHIPS = "Relationships Relationship"
_XLSX_PARTS = {
    r"\[Content_Types\]\.xml": "Types Default Override",
    (
        r"_rels/\.rels|xl/_rels/workbook\.xml\.rels"
        r"|xl/worksheets/_rels/sheet\d+\.xml\.rels"
    ): _RELATIONSHIPS,
    r"docProps/app\.xml": "Properties Application AppVersion Company DocSecurity HeadingPairs "
    "HyperlinksChanged LinksUpToDate ScaleCrop SharedDoc TitlesOfParts i4 lpstr variant vector",
    r"docProps/core\.xml": "coreProperties created creator language lastModifiedBy modified "
    "subject title",
    r"xl/workbook\.xml": "workbook fileVersion workbookPr bookViews workbookView sheets sheet "
    "calcPr",
    r"xl/styles\.xml": "styleSheet numFmts numFmt fonts font name family sz b u color fills fill "
    "patternFill borders border left right top bottom diagonal cellStyleXfs cellXfs cellStyles "
    "cellStyle xf alignment dxfs tableStyles",
    r"xl/sharedStrings\.xml": "sst si t",
    r"xl/tables/table\d+\.xml": "table tableColumns tableColumn tableStyleInfo",
    r"xl/worksheets/sheet\d+\.xml": "worksheet sheetPr pageSetUpPr dimension sheetViews sheetView "
    "sheetFormatPr cols col sheetData row c v hyperlinks hyperlink pageMargins pageSetup "
    "tableParts tablePart",
}
_ODS_PARTS = {
    r"META-INF/manifest\.xml": "manifest file-entry",
    r"meta\.xml": "document-meta meta creation-date creator date generator initial-creator "
    "language subject title",
    r"styles\.xml": "document-styles font-face-decls font-face styles default-style style "
    "number-style number text-style text-content text-properties table-cell-properties "
    "paragraph-properties automatic-styles page-layout page-layout-properties header-style "
    "footer-style master-styles master-page",
    r"content\.xml": "document-content automatic-styles style table-properties "
    "table-column-properties table-row-properties body spreadsheet table table-column "
    "table-header-rows table-row table-cell p a named-expressions named-range",
}
# Neither is read by us: one is a fixed word, the other colours that no cell uses.
_UNREAD = ("mimetype", "xl/theme/theme1.xml")


def scan_xlsx(answer: Answer, path: Path) -> Iterator[str]:
    """Findings in an XLSX, each in words."""
    meant = sheets(answer)
    links = _links(meant)
    yield from _foreign(path, _XLSX_PARTS)
    for part, name, element in _elements(path, _XLSX_PARTS):
        if element.get("hidden", "0") != "0" or element.get("state", "visible") != "visible":
            yield f"{part} has a hidden {name!r}"
        if "0" in (element.get("ht"), element.get("width")):
            yield f"{part} has a {name!r} of no size"
        if element.get("TargetMode") == "External" and element.get("Target") not in links:
            yield f"{part} has a link that was not meant"
        if (
            name in ("creator", "lastModifiedBy", "Company")
            and element.text != answer.authority.name
        ):
            yield f"{part} names another author"
    yield from _beyond(meant, path)


def scan_ods(answer: Answer, path: Path) -> Iterator[str]:
    """Findings in an OpenDocument workbook, each in words."""
    meant = sheets(answer)
    links = {link if ":" in link else f"#'{link}'.A1" for link in _links(meant)}
    names = {sheet.table_name for sheet in meant if sheet.table_name}
    yield from _foreign(path, _ODS_PARTS)
    for part, name, element in _elements(path, _ODS_PARTS):
        attributes = {_local(key): value for key, value in element.attrib.items()}
        if attributes.get("visibility", "visible") != "visible" or attributes.get("display") in (
            "false",
            "none",
        ):
            yield f"{part} has a hidden {name!r}"
        if "formula" in attributes:
            yield f"{part} has a formula"
        if "href" in attributes and attributes["href"] not in links:
            yield f"{part} has a link that was not meant"
        if name == "named-range" and attributes.get("name") not in names:
            yield f"{part} has a name that was not meant"
        if name in ("creator", "initial-creator") and element.text != answer.authority.name:
            yield f"{part} names another author"
    yield from _beyond(meant, path)


def _foreign(path: Path, parts: dict[str, str]) -> Iterator[str]:
    """Parts of the archive, and elements of a part, that are on no list."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            pattern = _pattern(part, parts)
            if pattern is None:
                if part not in _UNREAD:
                    yield f"has a part {part!r} that a released workbook does not have"
                continue
            found = {
                _local(element.tag) for element in ElementTree.fromstring(archive.read(part)).iter()
            }
            for name in sorted(found - set(parts[pattern].split())):
                yield f"{part} has an element {name!r}"


def _elements(path: Path, parts: dict[str, str]) -> Iterator[tuple[str, str, ElementTree.Element]]:
    """Each element of each known part, with the part's name and its own."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if _pattern(part, parts) is not None:
                for element in ElementTree.fromstring(archive.read(part)).iter():
                    yield part, _local(element.tag), element


def _pattern(part: str, parts: dict[str, str]) -> str | None:
    return next((pattern for pattern in parts if re.fullmatch(pattern, part)), None)


def _beyond(meant: Sequence[Sheet], path: Path) -> Iterator[str]:
    """Differences between each sheet as it is read back and the answer, cell by cell."""
    workbook = load_workbook(str(path))
    if workbook.sheet_names != [sheet.name for sheet in meant]:
        yield "does not have the worksheets that were meant"
        return
    for sheet in meant:
        rows = [[line.text] for line in sheet.lines]
        if sheet.grid is not None:
            rows += [list(map(str, row)) for row in (sheet.grid.headers, *sheet.grid.rows)]
        width = max(map(len, rows))
        found = [
            [_read(value) for value in row]
            for row in workbook.get_sheet_by_name(sheet.name).to_python()
        ]
        if found != [row + [""] * (width - len(row)) for row in rows]:
            yield f"worksheet {sheet.name!r} does not hold what was meant"


def _links(meant: Sequence[Sheet]) -> set[str]:
    links = {line.link for sheet in meant for line in sheet.lines if line.link}
    for sheet in meant:
        if sheet.grid is not None and sheet.link_column is not None:
            links |= {str(row[sheet.link_column]) for row in sheet.grid.rows}
    return links


def _read(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
