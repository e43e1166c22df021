"""
The exemptions that an answer engages: section 40(2) by its hidden figures and refused extremes, any
other by a person's recorded decision.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from nilreturn.errors import ReleaseError
from nilreturn.release.answer import Answer, AnsweredQuestion, Claim, TableRule
from nilreturn.release.library.symbols import CONFIDENTIAL, library
from nilreturn.wording import listed

PERSONAL_INFORMATION = "s40(2)"
# The part of the letter that says what is refused and why.
HELD_BACK = "Information we are not giving"


@dataclass(frozen=True, slots=True)
class Exemption:
    """One entry of the library."""

    key: str
    heading: str
    from_tables: bool
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Engaged:
    """
    An exemption with what is withheld under it and why it applies, as a refusal notice must state
    (section 17(1)).
    """

    exemption: Exemption
    withheld: tuple[str, ...]
    reasons: tuple[str, ...]


@functools.cache
def exemption_library() -> dict[str, Exemption]:
    """Every exemption a release can engage, by key."""
    entries = library("exemptions")["exemption"]
    return {
        entry["key"]: Exemption(
            entry["key"], entry["heading"], entry["from_tables"], tuple(entry["text"])
        )
        for entry in entries
    }


def engaged(answer: Answer) -> tuple[Engaged, ...]:
    """
    The exemptions engaged, section 40(2) first. Raises `ReleaseError` for a claim that does not fit
    the answer.
    """
    found = []
    withheld = tuple(
        text for question in answer.questions for text in withheld_from(answer, question)
    )
    if withheld:
        found.append(Engaged(exemption_library()[PERSONAL_INFORMATION], withheld, _reasons(answer)))
    return (*found, *(_claimed(answer, claim) for claim in answer.claims))


def withheld_from(answer: Answer, question: AnsweredQuestion) -> tuple[str, ...]:
    """
    What is not given for a question, each in words: tables with hidden figures, refused extremes.
    """
    tables = tuple(
        f"the figures shown as {CONFIDENTIAL} in table {answer.table_number(table)}, {table.title}"
        f" (question {question.number})"
        for table in question.tables
        if table.hidden
    )
    refused = tuple(
        f"{extreme.title} (question {question.number})"
        for extreme in question.extremes
        if extreme.refusal
    )
    return tables + refused


def _reasons(answer: Answer) -> tuple[str, ...]:
    """Why figures are hidden, table by table, then why extremes are refused; each reason once."""
    hiding = {table.name: answer.table_number(table) for table in answer.tables if table.hidden}
    by_rule: dict[str, list[int]] = {}
    for rule in answer.policy.rules:
        # Otherwise it is hidden only to protect other figures.
        if rule.table in hiding and (rule.threshold > 1 or rule.hides_zeros):
            by_rule.setdefault(_rule(rule), []).append(hiding[rule.table])
    reasons = [f"In {_tables(numbers)}, {rule}" for rule, numbers in by_rule.items()]
    if hiding:
        reasons.append(
            "Further figures are hidden where a hidden figure could otherwise be worked out."
        )
    reasons += [extreme.refusal for extreme in answer.extremes if extreme.refusal]
    return tuple(dict.fromkeys(reasons))


def _rule(rule: TableRule) -> str:
    least, most = 0 if rule.hides_zeros else 1, rule.threshold - 1
    sizes = f"figures from {least} to {most} are" if most > least else f"a figure of {least} is"
    return f'{sizes} hidden. The reason recorded is: "{rule.reason.strip()}"'


def _tables(numbers: list[int]) -> str:
    return f"{'table' if len(numbers) == 1 else 'tables'} {listed(map(str, sorted(numbers)))}"


def check_claims(claims: Iterable[Claim]) -> None:
    """
    Check claimed exemptions before anything is counted.

    Parameters
    ----------
    claims
        The exemptions that a person decided to rely on.

    Raises
    ------
    ReleaseError
        When the library does not have an exemption, when it follows from the tables and is not
        claimed, or when no reason is given.
    """
    known = [key for key, entry in exemption_library().items() if not entry.from_tables]
    for claim in claims:
        if claim.exemption == PERSONAL_INFORMATION:
            raise ReleaseError(
                f"{claim.exemption} is not claimed by hand: hidden figures and refused extremes "
                f"engage it"
            )
        if claim.exemption not in known:
            raise ReleaseError(
                f"exemption {claim.exemption!r} is not in the library; it has {', '.join(known)}"
            )
        if not claim.reason.strip():
            raise ReleaseError(
                f"exemption {claim.exemption}: no reason is recorded; a refusal must say why it "
                f"applies"
            )


def _claimed(answer: Answer, claim: Claim) -> Engaged:
    check_claims([claim])
    question = next(
        (question for question in answer.questions if question.number == claim.question), None
    )
    if question is None:
        raise ReleaseError(f"exemption {claim.exemption}: there is no question {claim.question!r}")
    withheld = withheld_from(answer, question)
    if not withheld:
        raise ReleaseError(
            f"exemption {claim.exemption}: nothing is withheld from question {claim.question}; "
            f"take the claim out"
        )
    return Engaged(exemption_library()[claim.exemption], withheld, (claim.reason,))
