"""Questions written as the YAML that `load_questions` reads back as the same questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from nilreturn.files import atomic_file
from nilreturn.offences import OffenceRef, readings
from nilreturn.questions.in_words import AnswerInWords
from nilreturn.questions.model import (
    Breakdown,
    ByAge,
    ByDate,
    Extreme,
    Filters,
    Question,
    Questions,
)

_OTHER_LINE_ENDS = "\x85\u2028\u2029"


def write_questions(questions: Questions, path: Path) -> None:
    """
    Write the questions as YAML. If writing fails, the file stays as it was.

    Parameters
    ----------
    questions
        The questions to write.
    path
        The file to create or replace.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    with atomic_file(path) as part:
        part.write_text(as_yaml(questions), encoding="utf-8")


def as_yaml(questions: Questions) -> str:
    """
    The questions as YAML, which `load_questions` reads back as equal questions.

    Parameters
    ----------
    questions
        The questions to write.

    Returns
    -------
    str
        YAML text, with its keys in the order of the reference page.
    """
    plain: dict[str, Any] = {
        "reference": questions.reference,
        "force": questions.force,
        "received_on": questions.received_on.isoformat(),
    }
    if questions.replied_on:
        plain["replied_on"] = questions.replied_on.isoformat()
    if questions.addressee:
        plain["addressee"] = list(questions.addressee)
    for name in ("salutation", "your_reference"):
        if getattr(questions, name):
            plain[name] = getattr(questions, name)
    if questions.subject:
        plain["subject"] = questions.subject
    plain["questions"] = [_question(question) for question in questions.questions]
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110)
    if any(character in text for character in _OTHER_LINE_ENDS):
        # Written plainly these would be read back as the end of a line.
        text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=False, width=110)
    return text


def _question(question: Question) -> dict[str, Any]:
    plain: dict[str, Any] = {"number": question.number, "words": question.words}
    if not question.is_counted:
        return plain | _in_words(question.in_words[0])
    plain["unit"] = question.unit
    if filters := _filters(question.filters):
        plain["filters"] = filters
    if question.breakdowns:
        plain["breakdowns"] = [_breakdown(breakdown) for breakdown in question.breakdowns]
    if question.extreme:
        plain["extreme"] = _extreme(question.extreme)
    if question.mentions:
        plain["mentions"] = list(question.mentions)
    if question.exemptions:
        plain["exemptions"] = dict(question.exemptions)
    if question.in_words:
        plain["in_words"] = [_in_words(answer) for answer in question.in_words]
    return plain


def _in_words(answer: AnswerInWords) -> dict[str, Any]:
    refusal = answer.refusal
    plain: dict[str, Any] = {"answer": answer.kind.value, "what": answer.what}
    if refusal is None:
        plain["reason"] = answer.reason
    else:
        plain |= {"exemption": list(refusal.exemptions), "reason": refusal.reason}
        if test := refusal.public_interest:
            plain["public_interest"] = {
                "for": list(test.favour),
                "against": list(test.against),
                "balance": test.balance,
            }
        if refusal.estimate:
            hours, basis = refusal.estimate.hours, refusal.estimate.basis
            plain["estimate"] = {"hours": f"{hours:.12g}", "basis": basis}
        plain["earlier_request"] = refusal.earlier_request
    plain |= {"where": answer.where, "statement": answer.statement, "advice": answer.advised}
    return {name: value for name, value in plain.items() if value}


def _filters(filters: Filters) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    if filters.offences:
        plain["offences"] = [_offence(reading) for reading in filters.offences]
    if filters.dates:
        period = filters.dates.period
        plain["period"] = f"{period.first_on.isoformat()} to {period.last_on.isoformat()}"
        plain["date"] = filters.dates.column
    if filters.status != Filters().status:
        plain["status"] = list(filters.status)
    if filters.ages:
        plain["age"] = filters.ages.label
    plain |= {one_of.column: list(one_of.values) for one_of in filters.one_of}
    return plain


def _offence(reading: OffenceRef) -> str:
    return reading.code if readings(reading.code) == (reading,) else str(reading)


def _breakdown(breakdown: Breakdown) -> Any:
    if isinstance(breakdown, ByAge):
        return {"age": [band.label for band in breakdown.bands]}
    if isinstance(breakdown, ByDate):
        return {" > ".join(grain.value for grain in breakdown.grains): breakdown.column}
    return " > ".join(breakdown.levels)


def _extreme(extreme: Extreme) -> Any:
    who = "youngest victim" if extreme.kind == "minimum" else "oldest victim"
    return {"of": who, "also": list(extreme.also)} if extreme.also else who
