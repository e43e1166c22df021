"""The letter as a screen reader meets it: the tags of the PDF, the structure of the page."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf
import pytest

from nilreturn.release.letter import title, write_html, write_pdf
from tests.support.answers import model_answer


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> pypdf.PdfReader:
    path = tmp_path_factory.mktemp("pdf") / "letter.pdf"
    write_pdf(model_answer(), path)
    return pypdf.PdfReader(path)


def tags(node: Any) -> Iterator[str]:
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from tags(node["/K"])


def test_pdf_says_that_it_is_accessible(pdf: pypdf.PdfReader) -> None:
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == title(model_answer())
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_pdf_is_tagged_in_reading_order(pdf: pypdf.PdfReader) -> None:
    found = list(tags(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    headings = [tag for tag in found if tag in ("/H1", "/H2", "/H3")]
    assert headings[:5] == ["/H1", "/H2", "/H2", "/H2", "/H3"]
    assert found.count("/Table") == 2
    assert found.count("/Caption") == 2
    assert found.count("/TH") == 2 + 5
    assert found.count("/LI") > 20


def test_pdf_has_the_letters_date_and_no_other(pdf: pypdf.PdfReader) -> None:
    assert pdf.metadata.creation_date.isoformat() == "2021-06-29T00:00:00+00:00"
    assert pdf.metadata.author == "Example Constabulary"


class Page(HTMLParser):
    """The elements of a page in order, each with its attributes and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, dict[str, str | None], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, dict(attrs), [])
        self.elements.append(element)
        if tag not in ("meta", "br"):
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, "elements close in the order they were opened"

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element[2].append(data)

    def named(self, *names: str) -> list[tuple[str, dict[str, str | None], str]]:
        return [
            (tag, attributes, "".join(text).strip())
            for tag, attributes, text in self.elements
            if tag in names
        ]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    path: Path = tmp_path_factory.mktemp("html") / "letter.html"
    write_html(model_answer(), path)
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    assert page.open == []
    return page


def test_page_names_its_language_and_title(page: Page) -> None:
    assert page.named("html")[0][1] == {"lang": "en-GB"}
    assert page.named("title")[0][2] == title(model_answer())
    assert len(page.named("main")) == 1


def test_page_has_one_first_heading_and_skips_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _, _ in page.named("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_headers_with_their_scope(page: Page) -> None:
    assert len(page.named("table")) == len(page.named("caption")) == 2
    assert all(text for _, _, text in page.named("caption"))
    assert {attributes.get("scope") for _, attributes, _ in page.named("th")} == {"col", "row"}


def test_scrolling_tables_are_reached_by_keyboard_under_a_name(page: Page) -> None:
    regions = [attributes for _, attributes, _ in page.named("div")]
    assert all(
        region["role"] == "region" and region["tabindex"] == "0" and region["aria-label"]
        for region in regions
    )


def test_no_element_is_empty(page: Page) -> None:
    assert all(
        text
        for _, _, text in page.named("h1", "h2", "h3", "p", "li", "dt", "dd", "th", "td", "caption")
    )


def test_page_needs_nothing_from_elsewhere(page: Page) -> None:
    assert not page.named("script", "link", "img", "iframe")
    policy = [attributes for _, attributes, _ in page.named("meta") if "http-equiv" in attributes]
    assert policy[0]["content"] == "default-src 'none'; style-src 'unsafe-inline'"
