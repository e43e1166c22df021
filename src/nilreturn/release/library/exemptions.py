"""
The exemptions that an answer engages: section 40(2) by its hidden figures and refused extremes, any
other by a person's recorded decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nilreturn.errors import ReleaseError
from nilreturn.foi import Citation, Refusal, cite, unclaimable
from nilreturn.questions import AnswerInWords
from nilreturn.release.answer import Answer, AnsweredQuestion, Claim, TableRule
from nilreturn.release.library.symbols import CONFIDENTIAL
from nilreturn.release.wording import Wording

PERSONAL_INFORMATION = "s40(2)"


@dataclass(frozen=True, slots=True)
class Engaged:
    """
    What is relied on together, with what is withheld under it and why it applies, as a refusal
    notice must say (section 17(1)). `of_tables` are the titles of tables with hidden figures and of
    refused extremes, `has_hidden_figures` says whether there are such tables; `refusal` is what a
    person decided of a part answered in words.
    """

    citations: tuple[Citation, ...]
    withheld: tuple[str, ...]
    reasons: tuple[str, ...]
    of_tables: tuple[str, ...] = ()
    has_hidden_figures: bool = False
    refusal: Refusal | None = None

    @property
    def exemption(self) -> Citation:
        """The first of them."""
        return self.citations[0]


def engaged(answer: Answer) -> tuple[Engaged, ...]:
    """
    What the answer as a whole engages, section 40(2) for hidden figures first.

    Raises `ReleaseError` for a claim that the answer does not bear out.
    """
    claims = tuple(_claimed(answer, claim) for claim in answer.claims)
    return (
        *_by_tables(answer, answer.questions),
        *claims,
        *(each for question in answer.questions for each in _in_words(answer, question)),
    )


def engaged_by(answer: Answer, question: AnsweredQuestion) -> tuple[Engaged, ...]:
    """What one question engages, in the same order. Raises as `engaged` does."""
    claims = (claim for claim in answer.claims if claim.question == question.number)
    return (
        *_by_tables(answer, (question,)),
        *(_claimed(answer, claim) for claim in claims),
        *_in_words(answer, question),
    )


def named(wording: Wording, citations: Sequence[Citation]) -> str:
    """
    The sections in words: "section 31(1)(a) and section 40(2)".
    """
    return wording.listed(
        wording.say("decision.section", section=each.section) for each in citations
    )


def withheld_from(answer: Answer, question: AnsweredQuestion) -> tuple[str, ...]:
    """
    What of a question's figures is not given, each in words: tables with hidden figures, refused
    extremes.
    """
    say = answer.wording.say
    tables = tuple(
        say(
            "refusal.hidden",
            mark=CONFIDENTIAL,
            number=answer.table_number(table),
            title=table.title,
            question=question.number,
        )
        for table in question.tables
        if table.hidden
    )
    refused = tuple(
        say("refusal.extreme", title=extreme.title, question=question.number)
        for extreme in question.extremes
        if extreme.refusal
    )
    return tables + refused


def _by_tables(answer: Answer, questions: Sequence[AnsweredQuestion]) -> Iterator[Engaged]:
    """Section 40(2), where a figure of these questions is hidden or an extreme refused."""
    withheld = tuple(text for question in questions for text in withheld_from(answer, question))
    if withheld:
        yield Engaged(
            (cite(PERSONAL_INFORMATION),),
            withheld,
            _reasons(answer, questions),
            tuple(title for question in questions for title in _titles_withheld(question)),
            any(table.hidden for question in questions for table in question.tables),
        )


def _titles_withheld(question: AnsweredQuestion) -> Iterator[str]:
    yield from (table.title for table in question.tables if table.hidden)
    yield from (extreme.title for extreme in question.extremes if extreme.refusal)


def _in_words(answer: Answer, question: AnsweredQuestion) -> Iterator[Engaged]:
    for each in question.in_words:
        if each.refusal is not None:
            yield Engaged(
                each.refusal.citations,
                (_withheld_in_words(answer, question, each),),
                (each.refusal.reason,),
                refusal=each.refusal,
            )


def _withheld_in_words(answer: Answer, question: AnsweredQuestion, each: AnswerInWords) -> str:
    key = "refusal.part" if each.what else "refusal.whole"
    return answer.wording.say(key, what=each.what, question=question.number)


def _reasons(answer: Answer, questions: Sequence[AnsweredQuestion]) -> tuple[str, ...]:
    """Why figures are hidden, table by table, then why extremes are refused; each reason once."""
    tables = [table for question in questions for table in question.tables if table.hidden]
    hiding = {table.name: answer.table_number(table) for table in tables}
    by_rule: dict[tuple[int, bool, str], list[int]] = {}
    for rule in answer.policy.rules:
        # Otherwise it is hidden only to protect other figures.
        if rule.table in hiding and (rule.threshold > 1 or rule.hides_zeros):
            alike = (rule.threshold, rule.hides_zeros, rule.reason.strip())
            by_rule.setdefault(alike, []).append(hiding[rule.table])
    rules = {alike: TableRule("", alike[0], alike[2], alike[1]) for alike in by_rule}
    reasons = [_rule(answer.wording, rules[alike], found) for alike, found in by_rule.items()]
    # A figure is hidden for another's sake only beside that other. Which are is not said.
    if sum(table.hidden for table in tables) > 1 or not by_rule:
        reasons += [answer.wording.say("refusal.further")] if tables else []
    extremes = [extreme for question in questions for extreme in question.extremes]
    reasons += [extreme.refusal for extreme in extremes if extreme.refusal]
    return tuple(dict.fromkeys(reasons))


def _rule(wording: Wording, rule: TableRule, numbers: Sequence[int]) -> str:
    least, most = 0 if rule.hides_zeros else 1, rule.threshold - 1
    key = "part.tables_one" if len(numbers) == 1 else "part.tables_several"
    tables = wording.say(key, numbers=wording.listed(map(str, sorted(numbers))))
    return wording.say(
        "refusal.rule_several" if most > least else "refusal.rule_one",
        tables=tables,
        least=least,
        most=most,
        reason=rule.reason.strip(),
    )


def check_claims(claims: Iterable[Claim]) -> None:
    """
    Refuse claims of exemptions that cannot be made.

    Parameters
    ----------
    claims
        The exemptions that a person relies on, each with a reason.

    Raises
    ------
    ReleaseError
        When a claim names no exemption, or one that cannot be claimed with a reason alone, or has
        no reason.
    """
    for claim in claims:
        try:
            why = unclaimable(cite(claim.exemption))
        except ValueError as error:
            why = str(error)
        if not why and not claim.reason.strip():
            why = "no reason is recorded; a refusal must say why it applies"
        if why:
            raise ReleaseError(f"exemption {claim.exemption}: {why}")


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
    return Engaged((cite(claim.exemption),), withheld, (claim.reason,))
