"""
What was decided of each part of a request, in a sentence, and of the request as a whole: derived
from what the answer gives, so that a letter never says that it holds what it does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from nilreturn.foi import Citation
from nilreturn.questions import AnswerInWords, AnswerKind
from nilreturn.release.answer import Answer, AnsweredQuestion
from nilreturn.release.library.exemptions import engaged_by, named

DAYS_COVERED = "days-covered"  # the remark on a question of whose days the records cover a part


def decisions_of(answer: Answer, question: AnsweredQuestion) -> Iterator[tuple[str, str]]:
    """The parts of a question, each with what was decided: ("Question 1", "We hold …")."""
    say = answer.wording.say
    if question.is_counted:
        key, citations = _of_figures(answer, question)
        yield (
            say("part.question", number=question.number),
            say(f"decision.{key}", sections=named(answer.wording, citations)),
        )
    for each in question.in_words:
        part = "part.question_part" if each.what else "part.question"
        # Beside figures, words without a part of their own only explain these.
        if each.what or not question.is_counted:
            yield say(part, number=question.number, what=each.what), _of_words(answer, each)


def decision(answer: Answer) -> str:
    """What was decided of the request as a whole; parts that differ are told one by one."""
    kinds = {kind for question in answer.questions for kind in _kinds(answer, question)}
    (key,) = kinds if len(kinds) == 1 else ("differs",)
    if kinds == {"all_given", "given_except"}:
        key = "given_except"
    return answer.wording.say(f"decision.{key}")


def _kinds(answer: Answer, question: AnsweredQuestion) -> Iterator[str]:
    """What the whole would be if every part were as this question's are."""
    if question.is_counted:
        key, _ = _of_figures(answer, question)
        yield {
            "given": "all_given",
            "given_except_part": "given_except",
            "withheld": "given_except" if len(answer.questions) > 1 else "refused",
        }.get(key, "differs")
    for each in question.in_words:
        if each.what or not question.is_counted:
            yield {
                AnswerKind.NOT_HELD: "none_held",
                AnswerKind.REFUSED: "refused",
                AnswerKind.DENIED: "denied",
            }.get(each.kind, "differs")


def _of_figures(answer: Answer, question: AnsweredQuestion) -> tuple[str, tuple[Citation, ...]]:
    of_figures = [each for each in engaged_by(answer, question) if each.refusal is None]
    citations = tuple(citation for each in of_figures for citation in each.citations)
    if citations:
        is_nothing_given = not question.tables and all(each.refusal for each in question.extremes)
        return "withheld" if is_nothing_given else "given_except_part", citations
    in_part = any(
        remark.key == DAYS_COVERED and question.number in remark.questions
        for remark in answer.remarks
    )
    return "given_in_part" if in_part else "given", ()


def _of_words(answer: Answer, each: AnswerInWords) -> str:
    say = answer.wording.say
    if each.refusal is None:
        return say(f"decision.{each.kind.value.replace(' ', '_')}")
    citations = each.refusal.citations
    sections = named(answer.wording, citations)
    if each.refusal.denies:
        return say("decision.part_denied", sections=sections)
    is_exempt = all(citation.ground.is_exemption for citation in citations)
    return say("decision.withheld" if is_exempt else "decision.request_refused", sections=sections)
