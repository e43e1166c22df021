"""Parts answered in words: the decision on each, the refusal notice, and that none disappears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nilreturn.errors import ReleaseError
from nilreturn.foi import Estimate, PublicInterest, Refusal
from nilreturn.questions import AnswerInWords, AnswerKind
from nilreturn.release import Answer, AnsweredQuestion
from nilreturn.release.letter import letter, texts
from nilreturn.release.wording import shipped_wording
from nilreturn.release.workbook import sheets
from tests.support.answers import model_answer

TEST = PublicInterest(("It informs debate.",), ("It helps thieves.",), "Harm weighs more.")
NOT_HELD = AnswerInWords(AnswerKind.NOT_HELD, reason="The courts record it.", advice="Ask them.")
REFUSED = AnswerInWords(
    AnswerKind.REFUSED, refusal=Refusal(("s31(1)(a)",), "Shops would be targets.", TEST)
)
COSTLY = AnswerInWords(
    AnswerKind.REFUSED,
    refusal=Refusal(
        ("s12(1)",), "By hand.", estimate=Estimate(40, "1,200 files."), advice="Ask for a year."
    ),
)
DENIED = AnswerInWords(
    AnswerKind.DENIED, refusal=Refusal(("s30(3)",), "It would tell.", TEST, denies=True)
)
PUBLISHED = AnswerInWords(AnswerKind.PUBLISHED, where="https://police.example/data")
STATED = AnswerInWords(AnswerKind.STATEMENT, statement="We have two such officers.")


def answered(*answers: AnswerInWords, counted: int = 0) -> Answer:
    """Each answer to a question of its own, after so many of the model's counted ones."""
    own = (
        AnsweredQuestion(f"w{place}", "What of it?", (), in_words=(each,))
        for place, each in enumerate(answers, 1)
    )
    return replace(model_answer(), questions=(*model_answer().questions[:counted], *own))


def said(answer: Answer) -> str:
    return "\n".join(texts(letter(answer)))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (NOT_HELD, ("We do not hold this information. The courts record it.", "Ask them.")),
        (REFUSED, ("Section 31(1)(a): law enforcement", "the prevention or detection of crime",
                   "Shops would be targets.", "It informs debate.", "It helps thieves.",
                   "On balance: Harm weighs more.", "refusal notice under section 17")),
        (COSTLY, ("would take 40 hours of work. 1,200 files.", "Ask for a year.")),
        (DENIED, ("Section 30(3)", "neither confirm nor deny", "It would tell.",
                  "public interest in confirming or denying")),
        (PUBLISHED, ("https://police.example/data", "section 21")),
        (STATED, ("We have two such officers.",)),
    ],
)  # fmt: skip
def test_what_was_decided_is_said(answer: AnswerInWords, says: tuple[str, ...]) -> None:
    text = said(answered(answer))
    for part in says:
        assert part in text, part
    assert "counted from an extract" not in text


@pytest.mark.parametrize("answer", [NOT_HELD, DENIED, COSTLY])
def test_a_letter_does_not_say_that_it_holds_what_it_does_not(answer: AnswerInWords) -> None:
    assert "We hold" not in said(answered(answer))


def test_parts_that_differ_are_decided_one_by_one() -> None:
    text = said(answered(NOT_HELD, REFUSED, counted=1))
    assert "Our decision is not the same for every part" in text
    assert "Question 1: We hold this information and give it." in text
    assert "Question w1: We do not hold this information." in text
    assert "Question w2: We hold this information and do not give it. It is exempt under" in text


def test_a_counted_part_may_refuse_a_column_in_words() -> None:
    answer = model_answer()
    part = replace(REFUSED, what="the names of the shops")
    question = replace(answer.questions[0], in_words=(part,))
    text = said(replace(answer, questions=(question, *answer.questions[1:])))
    assert "Question 1, the names of the shops: We hold this information and do not" in text
    assert "the names of the shops (question 1)" in text


def test_a_part_neither_counted_nor_answered_is_refused() -> None:
    with pytest.raises(ReleaseError) as caught:
        replace(model_answer(), questions=(AnsweredQuestion("1", "What?", ()),))
    assert any("question 1" in line and "in words" in line for line in caught.value.details)


def test_a_refusal_that_lacks_what_section_17_needs_is_not_released() -> None:
    bare = AnswerInWords(AnswerKind.REFUSED, refusal=Refusal(("s31(1)(a)",), "Because."))
    with pytest.raises(ReleaseError) as caught:
        answered(bare)
    assert any("section 31(1)(a) is qualified" in line for line in caught.value.details)


def test_every_refusal_needs_the_rights() -> None:
    words = shipped_wording()
    without = replace(words, paragraphs={**words.paragraphs, "rights.commissioner": ()})
    with pytest.raises(ReleaseError):
        replace(model_answer(), wording=without)


def test_no_part_disappears_from_the_workbook() -> None:
    cover = "\n".join(line.text for line in sheets(answered(NOT_HELD, DENIED, counted=2))[0].lines)
    assert "Question w1: We do not hold this information." in cover
    assert "Question w2: We neither confirm nor deny" in cover


def test_addressee_references_salutation_phone_and_signature() -> None:
    answer = model_answer()
    text = said(
        replace(
            answer,
            addressee=("Ms R Jones", "1 High Street"),
            your_reference="RJ/7",
            authority=replace(answer.authority, phone="01 234", signature=("A Clerk",)),
        )
    )
    for part in ("Ms R Jones", "Dear Ms R Jones", "Our reference: 20210999", "RJ/7", "01 234",
                 "A Clerk"):  # fmt: skip
        assert part in text, part
    assert "Dear friend" in said(replace(answer, salutation="Dear friend"))
