"""Finds what a finished letter contains beyond the blocks of the answer."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from nilreturn.release.answer import Answer
from nilreturn.release.letter import letter, texts, title

_DOCX_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/core\.xml|word/_rels/document\.xml\.rels"
    r"|word/(document|styles|settings|webSettings|numbering|fontTable)\.xml|word/theme/theme1\.xml"
)
# What a letter's text is made of: no field, link, picture, comment or tracked change is among it.
_DOCX_ELEMENTS = (
    "document body p pPr pStyle r rPr b t br jc spacing keepNext tbl tblPr tblStyle tblW tblLook "
    "tblCaption tblGrid tblBorders top bottom insideH gridCol tr trPr tblHeader cantSplit tc tcPr "
    "tcW sectPr pgSz pgMar cols docGrid"
)
_HTML_ELEMENTS = (
    "html head meta title style body main h1 h2 h3 h4 p address br ul li dl dt dd div "
    "table caption thead tbody tr th td"
)
_HTML_ATTRIBUTES = "lang charset name content http-equiv scope class role aria-label tabindex"
# What in a PDF is not a page of text. Each is long enough not to stand in a font by chance.
_PDF_FOREIGN = (
    b"/JavaScript",
    b"/EmbeddedFile",
    b"/Launch",
    b"/AcroForm",
    b"/RichMedia",
    b"/OCProperties",
    b"/Annots",
    b"/GoToR",
    b"/SubmitForm",
)
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def scan_docx(answer: Answer, path: Path) -> Iterator[str]:
    """Findings in a DOCX, each in words."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not _DOCX_PARTS.fullmatch(name):
                yield f"has a part {name!r} that a released letter does not have"
                continue
            root = ElementTree.fromstring(archive.read(name))
            yield from _docx_part(answer, name, root)
            if name == "word/document.xml" and _squeezed(_docx_text(root)) != _meant(answer):
                yield "does not say what the letter says"


def scan_html(answer: Answer, path: Path) -> Iterator[str]:
    """Findings in an HTML page, each in words."""
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    yield from page.findings
    if _squeezed(page.text) != _squeezed(title(answer)) + _meant(answer):
        yield "does not say what the letter says"


def scan_pdf(answer: Answer, path: Path) -> Iterator[str]:
    """
    Findings in a PDF, each in words. Everything other than pages of text has a name, also within
    packed objects.
    """
    raw = path.read_bytes()
    for content in (_PDF_STREAM.sub(b"", raw), *map(_unpacked, _PDF_STREAM.findall(raw))):
        for name in _PDF_FOREIGN:
            if name in content:
                yield f"has {name.decode()!r}"


def _docx_part(answer: Answer, part: str, root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if part == "word/document.xml" and name not in _DOCX_ELEMENTS.split():
            yield f"{part} has an element {name!r}"
        if part == "word/settings.xml" and name in ("attachedTemplate", "mailMerge"):
            yield f"{part} has {name!r}"
        if element.get("TargetMode") == "External":
            yield f"{part} has a link"
        if name in ("creator", "lastModifiedBy") and element.text != answer.authority.name:
            yield f"{part} names another author"


def _docx_text(root: ElementTree.Element) -> str:
    return "".join(element.text or "" for element in root.iter() if element.tag.endswith("}t"))


def _meant(answer: Answer) -> str:
    return _squeezed("".join(texts(letter(answer))))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream  # not packed this way: looked at as it is


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.findings: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag not in _HTML_ELEMENTS.split():
            self.findings.append(f"has an element {tag!r}")
        for name, _ in attrs:
            if name not in _HTML_ATTRIBUTES.split():
                self.findings.append(f"has an attribute {name!r}")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_comment(self, data: str) -> None:
        self.findings.append("has a comment")

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.text += data
