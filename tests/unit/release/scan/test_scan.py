"""A finished file with anything beyond the answer is not released."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from nilreturn.errors import ReleaseError
from nilreturn.release import FORMATS
from nilreturn.release.scan import scan
from tests.support.answers import model_answer

HIDDEN_SHEET = '<sheet name="Raw" sheetId="99" state="hidden" r:id="rId1"/></sheets>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for write in FORMATS.values():
        write(model_answer(), tmp_path)
    return tmp_path


def findings(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ReleaseError) as caught:
        scan(model_answer(), folder)
    return caught.value.details


def rewrite(path: Path, part: str, change: Callable[[str], str]) -> None:
    """
    Change the text of one part of an archive; a part that is not there is added, from nothing.
    """
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    before = members.get(part, b"").decode()
    after = change(before)
    assert after != before, "the tampering changed nothing"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**members, part: after.encode()}.items():
            archive.writestr(name, content)


def test_untouched_files_pass(folder: Path) -> None:
    scan(model_answer(), folder)


XLSX = {
    "a hidden sheet": (
        "xl/workbook.xml",
        lambda s: s.replace("</sheets>", HIDDEN_SHEET),
        "hidden 'sheet'",
    ),
    "a name": (
        "xl/workbook.xml",
        lambda s: s.replace(
            "<calcPr", "<definedNames><definedName>Raw</definedName></definedNames><calcPr"
        ),
        "element 'definedName'",
    ),
    "a pivot cache": (
        "xl/pivotCache/pivotCacheRecords1.xml",
        lambda s: "<r/>",
        "part 'xl/pivotCache",
    ),
    "a comment": ("xl/comments1.xml", lambda s: "<comments/>", "part 'xl/comments1.xml'"),
    "custom XML": ("customXml/item1.xml", lambda s: "<a/>", "part 'customXml/item1.xml'"),
    "a data model": ("xl/model/item.data", lambda s: "x", "part 'xl/model/item.data'"),
    "a hidden row": (
        "xl/worksheets/sheet4.xml",
        lambda s: s.replace('<row r="3"', '<row hidden="1" r="3"'),
        "hidden 'row'",
    ),
    "a hidden column": (
        "xl/worksheets/sheet4.xml",
        lambda s: s.replace('<col min="1"', '<col hidden="1" min="1"'),
        "hidden 'col'",
    ),
    "a row of no height": (
        "xl/worksheets/sheet4.xml",
        lambda s: s.replace('<row r="3"', '<row ht="0" r="3"'),
        "'row' of no size",
    ),
    "a formula": (
        "xl/worksheets/sheet4.xml",
        lambda s: s.replace("<v>312</v>", "<f>300+12</f><v>312</v>"),
        "element 'f'",
    ),
    "another figure": (
        "xl/worksheets/sheet4.xml",
        lambda s: s.replace("<v>171</v>", "<v>172</v>"),
        "worksheet 'Table 1' does not hold",
    ),
    "a hidden figure shown": (
        "xl/sharedStrings.xml",
        lambda s: s.replace("<t>[c]</t>", "<t>4</t>"),
        "worksheet 'Table 2' does not hold",
    ),
    "another link": (
        "xl/worksheets/_rels/sheet1.xml.rels",
        lambda s: s.replace("mailto:foi@", "https://elsewhere.example/"),
        "link that was not meant",
    ),
    "an author": (
        "docProps/core.xml",
        lambda s: s.replace("<dc:creator>Example Constabulary", "<dc:creator>someone"),
        "another author",
    ),
}
ODS = {
    "a hidden row": (
        "content.xml",
        lambda s: s.replace(
            "<table:table-row>", '<table:table-row table:visibility="collapse">', 1
        ),
        "hidden 'table-row'",
    ),
    "a hidden sheet": (
        "content.xml",
        lambda s: s.replace('table:display="true"', 'table:display="false"', 1),
        "hidden 'table-properties'",
    ),
    "a comment": (
        "content.xml",
        lambda s: s.replace(
            "<text:p>Contents</text:p>", "<office:annotation/><text:p>Contents</text:p>", 1
        ),
        "element 'annotation'",
    ),
    "a formula": (
        "content.xml",
        lambda s: s.replace('office:value="171"', 'office:value="171" table:formula="of:=171"'),
        "formula",
    ),
    "another figure": (
        "content.xml",
        lambda s: s.replace('office:value="171"', 'office:value="172"'),
        "worksheet 'Table 1' does not hold",
    ),
    "another name": (
        "content.xml",
        lambda s: s.replace('table:name="table_1_q1"', 'table:name="raw"'),
        "name that was not meant",
    ),
    "a link": (
        "content.xml",
        lambda s: s.replace("mailto:foi@", "https://x/"),
        "link that was not meant",
    ),
    "a picture": ("Pictures/one.png", lambda s: "x", "part 'Pictures/one.png'"),
    "an author": (
        "meta.xml",
        lambda s: s.replace("<dc:creator>Example Constabulary", "<dc:creator>someone"),
        "another author",
    ),
}
DOCX = {
    "a comment": ("word/comments.xml", lambda s: "<a/>", "part 'word/comments.xml'"),
    "a tracked change": (
        "word/document.xml",
        lambda s: s.replace("<w:r>", "<w:ins/><w:r>", 1),
        "element 'ins'",
    ),
    "hidden text": (
        "word/document.xml",
        lambda s: s.replace("<w:rPr><w:b/>", "<w:rPr><w:vanish/><w:b/>", 1),
        "element 'vanish'",
    ),
    "other words": (
        "word/document.xml",
        lambda s: s.replace("nil return", "9 records", 1),
        "does not say",
    ),
    "an author": (
        "docProps/core.xml",
        lambda s: s.replace("<dc:creator>Example Constabulary", "<dc:creator>someone"),
        "another author",
    ),
    "a template": (
        "word/settings.xml",
        lambda s: s.replace("<w:zoom", '<w:attachedTemplate r:id="rId1"/><w:zoom').replace(
            "<w:settings ",
            '<w:settings xmlns:r="urn:r" ' if "xmlns:r=" not in s else "<w:settings ",
        ),
        "attachedTemplate",
    ),
    "a link": (
        "word/_rels/document.xml.rels",
        lambda s: s.replace("<Relationship ", '<Relationship TargetMode="External" ', 1),
        "has a link",
    ),
}


@pytest.mark.parametrize(("part", "change", "says"), XLSX.values(), ids=XLSX)
def test_xlsx_with_more_is_refused(
    folder: Path, part: str, change: Callable[[str], str], says: str
) -> None:
    rewrite(folder / "foi-20210999-tables.xlsx", part, change)
    assert any(says in finding for finding in findings(folder))


@pytest.mark.parametrize(("part", "change", "says"), ODS.values(), ids=ODS)
def test_ods_with_more_is_refused(
    folder: Path, part: str, change: Callable[[str], str], says: str
) -> None:
    rewrite(folder / "foi-20210999-tables.ods", part, change)
    assert any(says in finding for finding in findings(folder))


@pytest.mark.parametrize(("part", "change", "says"), DOCX.values(), ids=DOCX)
def test_docx_with_more_is_refused(
    folder: Path, part: str, change: Callable[[str], str], says: str
) -> None:
    rewrite(folder / "foi-20210999-letter.docx", part, change)
    assert any(says in finding for finding in findings(folder))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("</main>", "<!-- 4 victims --></main>", "comment"),
        ("</main>", "<script>1</script></main>", "element 'script'"),
        ("</main>", '<img src="https://x/y"></main>', "element 'img'"),
        ("<h1>", '<h1 style="display:none">', "attribute 'style'"),
        ("<h1>", "<h1 hidden>", "attribute 'hidden'"),
        ("Twitter – nil return", "Twitter – 3 records", "does not say"),
    ],
)
def test_html_with_more_is_refused(folder: Path, old: str, new: str, says: str) -> None:
    page = folder / "foi-20210999-letter.html"
    page.write_text(page.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert any(says in finding for finding in findings(folder))


@pytest.mark.parametrize(
    ("addition", "says"),
    [
        (b"9 0 obj <</S /JavaScript /JS (1)>> endobj", "/JavaScript"),
        (b"9 0 obj <</Type /EmbeddedFile>> stream\nx\nendstream endobj", "/EmbeddedFile"),
        (
            b"9 0 obj <<>> stream\n"
            + zlib.compress(b"<</Annots [4 0 R]>>")
            + b"\nendstream endobj",
            "/Annots",
        ),
    ],
)
def test_pdf_with_more_is_refused(folder: Path, addition: bytes, says: str) -> None:
    letter = folder / "foi-20210999-letter.pdf"
    letter.write_bytes(letter.read_bytes() + b"\n" + addition)
    assert any(says in finding for finding in findings(folder))


def test_csv_with_another_figure_is_refused(folder: Path) -> None:
    table = folder / "foi-20210999-table-1-q1.csv"
    table.write_bytes(table.read_bytes().replace(b"171", b"172"))
    assert findings(folder) == ("foi-20210999-table-1-q1.csv: is not one of the answer's tables",)


def test_file_of_another_kind_is_refused(folder: Path) -> None:
    (folder / "extract.parquet").write_bytes(b"PAR1")
    assert findings(folder) == ("extract.parquet: is not a file that a release has",)
