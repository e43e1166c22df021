"""
What a release is made from: an `Answer`, frozen, with every fact that the letter and the workbook
state.

Nothing in here depends on the records but `PrintedTable` and `SafeExtreme` (see `statements`):
equal figures give equal answers. Row counts of the extract, its hash and the spellings found in it,
for three, are not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from nilreturn import foi
from nilreturn.errors import ReleaseError
from nilreturn.offences import Expansion
from nilreturn.questions import AnswerInWords
from nilreturn.release.authority import Authority
from nilreturn.release.wording import Wording, shipped_wording
from nilreturn.tables import PrintedTable, SafeExtreme


@dataclass(frozen=True, slots=True)
class ExtractFacts:
    """Where the figures come from: the records system and the day its records are as at."""

    system: str
    as_at: date


@dataclass(frozen=True, slots=True)
class TableRule:
    """
    What was small in the table named `table`: counts from 1 (from 0 where `hides_zeros`) up to but
    not including `threshold`; and why a person could be identified by such a count, quoted as it
    was recorded.
    """

    table: str
    threshold: int
    reason: str
    hides_zeros: bool = False


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """The disclosure policy as it was applied: which, and its rule for each table."""

    name: str
    version: str
    rules: tuple[TableRule, ...]


@dataclass(frozen=True, slots=True)
class ClassExpansion:
    """The codes that an offence class meant in each part of the period asked about."""

    offence_class: str
    parts: tuple[Expansion, ...]


@dataclass(frozen=True, slots=True)
class MentionSearch:
    """
    How free text was searched. `keywords` are the requester's; `spellings` lists for each keyword
    the names and spellings that were searched for (the annex), whether or not a record has them;
    `ambiguous` gives the rule for each word that also means something else. `character_limit` is
    where the source is known to cut its texts off.
    """

    fields: tuple[str, ...]
    character_limit: int | None
    keywords: tuple[str, ...]
    rule: str
    ambiguous: tuple[tuple[str, str], ...] = ()
    spellings: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """
    One numbered question: the requester's `words`, how it was counted (`criteria`, pairs of heading
    and text, and `expansions`), and what may be said in reply. `caveats` are keys of the library
    that the question calls for beyond those that its tables do. Where the records do not cover all
    the days asked for, or too many may lack what the question is restricted by, it is not
    `is_whole`, and a 0 is no nil return. `in_words` is what is answered without a figure.
    """

    number: str
    words: str
    criteria: tuple[tuple[str, str], ...]
    tables: tuple[PrintedTable, ...] = ()
    extremes: tuple[SafeExtreme, ...] = ()
    mentions: MentionSearch | None = None
    expansions: tuple[ClassExpansion, ...] = ()
    caveats: tuple[str, ...] = ()
    is_whole: bool = True
    in_words: tuple[AnswerInWords, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Whether a figure answers it, or a part of it."""
        return bool(self.tables or self.extremes)


@dataclass(frozen=True, slots=True)
class Claim:
    """
    An exemption that a person decided to rely on for one question, and why. Section 40(2) for
    hidden cells and refused extremes is not claimed: it follows from the tables.
    """

    exemption: str
    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """
    A caveat of the library that is said of these `questions`, with the `values` that its text has
    places for: facts of the extract as a whole, of the questions and of the reference tables.
    """

    key: str
    values: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    Everything a release says. `answered_on` is the letter's date: given, never the clock's, so that
    a second run writes the same bytes. `remarks` are caveats that have something of their own to
    say in this answer.

    `release_reference` is the keyed reference of this release, `earlier_releases` those of the
    earlier answers that it was checked against (`references`); empty without a key.

    `addressee` (line by line), `salutation` and `your_reference` are the requester's; `wording` has
    all fixed words.
    """

    reference: str
    received_on: date
    answered_on: date
    authority: Authority
    questions: tuple[AnsweredQuestion, ...]
    extract: ExtractFacts
    policy: PolicyFacts
    software: str
    remarks: tuple[Remark, ...] = ()
    claims: tuple[Claim, ...] = ()
    release_reference: str = ""
    earlier_releases: tuple[str, ...] = ()
    addressee: tuple[str, ...] = ()
    salutation: str = ""
    your_reference: str = ""
    wording: Wording = field(default_factory=shipped_wording, repr=False)

    def __post_init__(self) -> None:
        check(self)

    @property
    def tables(self) -> tuple[PrintedTable, ...]:
        """Every table of the answer, in the order of the questions: table 1, table 2, …"""
        return tuple(table for question in self.questions for table in question.tables)

    @property
    def extremes(self) -> tuple[SafeExtreme, ...]:
        return tuple(extreme for question in self.questions for extreme in question.extremes)

    def prints_zeros(self, tables: Sequence[PrintedTable]) -> bool:
        """Whether a zero in any of `tables` is printed as 0, so that no hidden figure is a zero."""
        hidden = {rule.table for rule in self.policy.rules if rule.hides_zeros}
        return not any(table.name in hidden for table in tables)

    def table_number(self, table: PrintedTable) -> int:
        """Where `table` stands in `tables`, counted from 1."""
        return next(number for number, other in enumerate(self.tables, start=1) if other is table)


def check(answer: Answer) -> None:
    """
    Refuse an answer that must not be released. A `RawTable` where a safe one belongs is a defect of
    ours and raises `TypeError`; what a user can put right raises `ReleaseError`.
    """
    _check_types(answer)
    mistakes = [
        *_mistakes_of_dates(answer),
        *_mistakes_of_questions(answer),
        *_mistakes_of_rules(answer),
        *_mistakes_of_refusals(answer),
    ]
    if mistakes:
        raise ReleaseError(
            f"answer {answer.reference!r} cannot be released as it stands:", details=tuple(mistakes)
        )


def _check_types(answer: Answer) -> None:
    _require(answer.tables, PrintedTable)
    _require(answer.extremes, SafeExtreme)
    for day in (answer.received_on, answer.answered_on, answer.extract.as_at):
        # A datetime is a date too, and would bring the hour of the run into a released file.
        if not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError("the dates of an answer are days, without a time")


def _require(figures: Sequence[object], kind: type) -> None:
    for figure in figures:
        if type(figure) is not kind:
            raise TypeError(f"a release takes {kind.__name__} only, not {type(figure).__name__}")


def _mistakes_of_dates(answer: Answer) -> list[str]:
    mistakes = []
    if not re.search(r"[0-9A-Za-z]", answer.reference):
        mistakes.append("reference: has no letter or digit; give the request's reference")
    if answer.answered_on < answer.received_on:
        mistakes.append(
            f"answered_on: {answer.answered_on} is before the request was received "
            f"({answer.received_on});"
            " give the letter's date"
        )
    if answer.extract.as_at > answer.answered_on:
        mistakes.append(
            f"answered_on: {answer.answered_on} is before the extract was taken "
            f"({answer.extract.as_at});"
            " give the letter's date"
        )
    return mistakes


def _mistakes_of_rules(answer: Answer) -> list[str]:
    """
    Whoever hides a figure records why, for each table: a small number is not personal data by
    itself.
    """
    reasons = {rule.table: rule.reason.strip() for rule in answer.policy.rules}
    return [
        f"table {table.name}: hides figures, and no reason is recorded in the policy"
        for table in answer.tables
        if table.hidden and not reasons.get(table.name)
    ]


def _mistakes_of_questions(answer: Answer) -> list[str]:
    numbers = [question.number for question in answer.questions]
    mistakes = [
        f"question {number}: appears twice"
        for number in sorted({n for n in numbers if numbers.count(n) > 1})
    ]
    if not numbers:
        mistakes.append("there is no question to answer")
    names = [table.name for table in answer.tables] + [extreme.name for extreme in answer.extremes]
    mistakes += [
        f"table {name}: appears twice" for name in sorted({n for n in names if names.count(n) > 1})
    ]
    mistakes += [
        f"question {question.number}: has neither a table nor an extreme nor an answer in words; "
        "nothing would answer it"
        for question in answer.questions
        if not question.is_counted and not question.in_words
    ]
    return mistakes


def _mistakes_of_refusals(answer: Answer) -> Iterator[str]:
    """What a refusal must say and does not: of each part refused, and of the rights."""
    for question in answer.questions:
        for each in question.in_words:
            lacking = foi.missing(each.refusal) if each.refusal else ()
            yield from (f"question {question.number}: {found.what}" for found in lacking)
    paragraphs = answer.wording.paragraphs
    for found in foi.missing_rights(paragraphs["rights.review"], paragraphs["rights.commissioner"]):
        yield f"wording, rights.{found.key}: {found.what}"
