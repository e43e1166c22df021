"""
Whatever stands in a category, a request or a criterion: the files are written, read back and pass
the scan.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nilreturn.errors import ReleaseError
from nilreturn.release import Answer, release
from nilreturn.tables import Dimension
from tests.support.answers import SEX, answer_with, safe_table
from tests.support.examples import examples

WORDS = st.text(max_size=40) | st.sampled_from(
    [
        "1",
        "1e5",
        "071/17",
        "4.10",
        "17-Jan",
        "=1+1",
        "@x",
        "[c]",
        "TRUE",
        "2020-01-01",
        "10%",
        "£5",
        "1,000",
        "#REF!",
    ]
)
LABELS = st.lists(WORDS, min_size=1, max_size=5, unique=True).filter(
    lambda labels: "Total" not in labels
)


def answered(labels: list[str], words: str, title: str, small: int) -> Answer:
    table = safe_table(
        (Dimension.flat("crime.area", title, tuple(labels)), SEX),
        {(label, "Female"): number * 3 for number, label in enumerate(labels)},
        title=title,
        unit="victims",
        below=small,
    )
    answer = answer_with(table)
    question = replace(answer.questions[0], words=words, criteria=(("Area", words), (title, title)))
    return replace(answer, questions=(question,))


@given(LABELS, WORDS, WORDS, st.integers(0, 9))
@example(["Female", "female", "FEMALE"], "", "Female", 0)
@example(["a b", "a  b", " a b ", "a\nb"], "\x00", "[z]", 3)
@example(["", " "], "<b>&amp;</b>", "", 3)
@example(["_x000D_", "_x005F_"], "]]>", "'", 3)
@settings(max_examples=examples(40), deadline=None)
def test_any_words_are_released_as_they_are(
    labels: list[str], words: str, title: str, small: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        release(
            answered(labels, words, title, small),
            Path(folder) / "a",
            formats=["xlsx", "ods", "csv", "docx", "html"],
        )


@given(WORDS)
@settings(max_examples=25, deadline=None)
def test_any_words_are_set_as_pdf_or_refused(words: str) -> None:
    refused = ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            release(
                answered(["North"], words, "Area", 0), Path(folder) / "a", formats=["csv", "pdf"]
            )
        except ReleaseError as error:
            refused = str(error)
    assert not refused or "font of the PDF letter does not have U+" in refused
