"""The letter: what it says, and that its three renderings say the same."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import docx
import pypdf
import pytest

from nilreturn.errors import ReleaseError
from nilreturn.offences import Expansion
from nilreturn.periods import Period
from nilreturn.release import (
    Answer,
    ClassExpansion,
    MentionSearch,
    PolicyFacts,
    TableRule,
)
from nilreturn.release.letter import letter, texts, title, write_docx, write_html, write_pdf
from nilreturn.release.letter.blocks import Heading, LetterTable
from nilreturn.tables import Dimension
from tests.support.answers import (
    ANY,
    FORM,
    SEX,
    WORD,
    answer_with,
    given_extreme,
    model_answer,
    safe_table,
)


def said(answer: Answer) -> str:
    return "\n".join(texts(letter(answer)))


def one_question(*extremes: object, **parts: object) -> Answer:
    question = replace(model_answer().questions[0], extremes=extremes, **parts)
    return replace(model_answer(), questions=(question,))


HOSTILE = (
    "#set page(height: 1cm) $x$ *bold* _it_ @ref <label> \\ [c] `raw` // no comment",
    "<script>alert(1)</script> &amp; {{ 7 * 7 }} {% raw %}",
    "Żółć, Ελλάδα, Кирилл, don\u2019t \u2013 \u201cquoted\u201d, ﬁ, e\u0301, \U0001f600",
    "=HYPERLINK(0)\x00\x1b[31m\u202eevil",
)


def hostile() -> Answer:
    answer = model_answer()
    questions = tuple(
        replace(q, words=words) for q, words in zip(answer.questions, HOSTILE, strict=True)
    )
    return replace(answer, reference="A&B <2021>/01", questions=questions)


@pytest.mark.parametrize("answer", [model_answer(), hostile()], ids=["plain", "hostile"])
class TestRenderings:
    """Each rendering holds every text of the letter in order, and nothing else."""

    def test_docx(self, answer: Answer, tmp_path: Path) -> None:
        write_docx(answer, tmp_path / "letter.docx")
        assert squeezed(docx_texts(tmp_path / "letter.docx")) == squeezed(texts(letter(answer)))

    def test_html(self, answer: Answer, tmp_path: Path) -> None:
        write_html(answer, tmp_path / "letter.html")
        page = PageText()
        page.feed((tmp_path / "letter.html").read_text(encoding="utf-8"))
        assert squeezed(page.texts) == squeezed([title(answer), *texts(letter(answer))])

    def test_pdf(self, answer: Answer, tmp_path: Path) -> None:
        write_pdf(answer, tmp_path / "letter.pdf")
        pages = pypdf.PdfReader(tmp_path / "letter.pdf").pages
        found = [
            page.extract_text().strip().removesuffix(f"{n} of {len(pages)}")
            for n, page in enumerate(pages, 1)
        ]
        assert readable(squeezed(found)) == readable(squeezed(texts(letter(answer))))


def squeezed(parts: Iterable[str]) -> str:
    return "".join("".join(parts).split())


def readable(text: str) -> str:
    """
    Without what a PDF draws in its own way: the marks of a list, and a letter and its accent as one
    sign.
    """
    return unicodedata.normalize("NFC", text.replace("•", ""))


def test_letter_that_the_font_does_not_have_is_not_lost_in_silence(tmp_path: Path) -> None:
    question = replace(model_answer().questions[2], words="Please tell me 中文.")
    with pytest.raises(ReleaseError, match=r"U\+4E2D, U\+6587; leave out pdf"):
        write_pdf(replace(model_answer(), questions=(question,)), tmp_path / "letter.pdf")


def docx_texts(path: Path) -> list[str]:
    document = docx.Document(str(path))
    found = []
    for child in document.element.body.iterchildren():
        found += [element.text or "" for element in child.iter() if element.tag.endswith("}t")]
    return found


class PageText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.in_style:
            self.texts.append(data)


def test_request_is_restated_in_the_requesters_words() -> None:
    assert f"Question 3: {model_answer().questions[2].words}" in said(model_answer())


def test_mentions_are_told_one_word_a_line() -> None:
    lines = said(model_answer()).splitlines()
    assert "WhatsApp – 2 records" in lines
    assert "Twitter – nil return" in lines
    assert "Kik – 1 record" in lines
    assert "Facebook – 7 records (as written: 6, only in another spelling: 1)" in lines


def test_records_searched_are_told() -> None:
    assert "Records searched (table 4): 412 records, of which:\nAny of these – 25 records" in said(
        model_answer()
    )


def test_hidden_mention_is_a_mark_in_every_part() -> None:
    counts = {(ANY, "As written"): 0, ("Kik", "As written"): 0}
    hidden = (("Kik", "Written in any form"), ("Kik", "Only in another spelling"))
    answer = answer_with(safe_table((WORD, FORM), counts, unit="records", hidden=hidden))
    assert "Kik – [c] (as written: 0, only in another spelling: [c])" in said(answer)


def test_single_figure_is_a_sentence() -> None:
    assert "Crimes: 1,312 crimes (table 1)." in said(answer_with(safe_table((), {(): 1312})))
    assert "Crimes: nil return (table 1)." in said(answer_with(safe_table((), {(): 0})))
    assert "Crimes: [c] (table 1)." in said(answer_with(safe_table((), {(): 3}, hidden=((),))))


def test_nil_return_needs_no_table_of_zeros() -> None:
    answer = answer_with(safe_table((SEX,), {}, unit="victims", title="Victims by sex"))
    assert "Victims by sex: nil return. Every figure of table 1 is 0." in said(answer)
    assert not any(isinstance(block, LetterTable) for block in letter(answer))


def test_hidden_total_is_not_told() -> None:
    table = safe_table((SEX,), {("Male",): 9}, unit="victims", hidden=(("Total",), ("Female",)))
    assert "Crimes: the total is not given ([c]), as table 1 shows." in said(answer_with(table))


def test_large_table_is_left_to_the_enclosed_tables() -> None:
    month = Dimension.flat("crime.recorded_on", "Month", tuple(f"month {n}" for n in range(60)))
    answer = answer_with(safe_table((month,), {("month 1",): 9}))
    assert "Table 1 has 61 rows and is in the enclosed tables." in said(answer)
    assert "month 1" not in said(answer)


def test_refused_extreme_tells_nothing_of_the_person() -> None:
    assert (
        "Age and sex of the youngest victim: this is exempt information and is not given, "
        "for the reasons below." in said(model_answer())
    )
    assert "Female" not in said(replace(model_answer(), questions=(model_answer().questions[2],)))


def test_extreme_that_may_be_given_is_given() -> None:
    assert "Age of the oldest victim: 41; sex: Male." in said(one_question(given_extreme(41)))
    assert "Age of the oldest victim: nil return." in said(one_question(given_extreme(None)))


def test_criteria_of_every_question_are_said_once() -> None:
    assert (
        said(model_answer()).count("Offences: 071/17 Engage in sexual communication with a child")
        == 1
    )
    assert said(model_answer()).count("Dates: Recorded from 1 July 2020") == 3


def test_character_limit_is_told() -> None:
    search = MentionSearch(("Initial MO", "Summary"), 384, ("Kik",), "The whole word")
    text = said(one_question(mentions=search))
    assert "Text searched: Initial MO, Summary" in text
    assert "Length searched: The first 384 characters of the text, and nothing after them" in text


def test_what_a_class_leaves_open_is_told() -> None:
    parts = (
        Expansion(
            Period(date(2017, 1, 1), date(2017, 4, 2)), ("088/01", "088/02"), undated=("088/01",)
        ),
        Expansion(
            Period(date(2017, 4, 3), date(2018, 1, 1)),
            ("071/17", "088/01"),
            ("088/01",),
            ("071/99",),
        ),
    )
    text = said(one_question(expansions=(ClassExpansion("88A", parts),)))
    assert "Class 88A, codes taken as valid throughout: 088/01; first day not known" in text
    assert "Class 88A, earlier codes: 071/99; not counted with the class" in text


def test_annex_lists_what_was_searched_for() -> None:
    assert "WhatsApp: whatsapp, whats app" in said(model_answer())
    without = replace(model_answer().questions[3].mentions, spellings=())
    assert "Annex: what was searched for" not in said(one_question(mentions=without))


def test_review_and_the_commissioner_are_always_named() -> None:
    for answer in (model_answer(), answer_with(safe_table((), {(): 1}))):
        text = said(answer)
        assert "internal review" in text
        assert "section 50" in text
        assert "foi@constabulary.example" in text


def test_review_goes_to_its_own_address_where_there_is_one() -> None:
    authority = replace(model_answer().authority, review_email="review@constabulary.example")
    lines = said(replace(model_answer(), authority=authority)).splitlines()
    assert lines.index("Email: review@constabulary.example") > lines.index(
        "If you are not content with this response"
    )


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [block.level for block in letter(model_answer()) if isinstance(block, Heading)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_hashes_are_in_the_manifest_alone() -> None:
    assert "ab" * 32 not in said(model_answer())
    assert "cd" * 32 not in said(model_answer())


def test_mark_is_said_not_to_be_zero_only_where_zeros_are_printed() -> None:
    assert "It never stands for zero" in said(model_answer())
    rules = (TableRule("q2", 5, "Why.", hides_zeros=True),)
    assert "never stands for zero" not in said(
        replace(model_answer(), policy=PolicyFacts("p", "1", rules))
    )


def test_no_page_of_the_pdf_parts_a_heading_or_its_sentence_from_the_table_after_it(
    tmp_path: Path,
) -> None:
    write_pdf(model_answer(), tmp_path / "letter.pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "letter.pdf").pages]
    (of_table,) = [text for text in pages if "Table 2: Victims by age" in text]
    assert "as table 2 shows" in of_table
    assert "16 and over" in of_table.partition("Table 2: Victims by age")[2]
