"""
What a release is made from: a frozen `Answer`, with every fact that the letter and the workbook
state.

Only `PrintedTable` and `SafeExtreme` depend on the records (see `statements`), so equal figures
give equal answers. The extract's row counts, its hash and the spellings found in it are therefore
left out.
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
    """
    Where the figures come from.

    Attributes
    ----------
    system
        The name of the records system.
    as_at
        The day on which the records were as they were counted.
    """

    system: str
    as_at: date


@dataclass(frozen=True, slots=True)
class TableRule:
    """
    What counts as small in one table, and why.

    Attributes
    ----------
    table
        The table's name.
    threshold
        Counts below it are small: from 1, or from 0 where `hides_zeros`.
    reason
        Why such a count could identify a person, quoted as it was recorded in the policy.
    hides_zeros
        Whether a zero is small too.
    """

    table: str
    threshold: int
    reason: str
    hides_zeros: bool = False


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """
    The disclosure policy as it was applied.

    Attributes
    ----------
    name
        The policy's name.
    version
        The policy's version.
    rules
        Its rule for each table.
    """

    name: str
    version: str
    rules: tuple[TableRule, ...]


@dataclass(frozen=True, slots=True)
class ClassExpansion:
    """
    The codes that an offence class consisted of in each part of the period asked about.

    Attributes
    ----------
    offence_class
        The class: "88A".
    parts
        The parts of the period in order, each with its codes.
    """

    offence_class: str
    parts: tuple[Expansion, ...]


@dataclass(frozen=True, slots=True)
class MentionSearch:
    """
    How the free text was searched.

    Attributes
    ----------
    fields
        The columns of free text that were searched.
    character_limit
        The number of characters at which the source is known to cut its texts off; None: not known
        to.
    keywords
        The requester's keywords.
    rule
        What counts as a mention, in a sentence for the letter.
    ambiguous
        (word, rule) of each word that also means something else.
    spellings
        (keyword, names and spellings searched for), for the annex; they are listed whether or not a
        record has them.
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
    One numbered question and its answer.

    Attributes
    ----------
    number
        The question's number in the request.
    words
        The requester's own words.
    criteria
        (heading, text) of how it was counted.
    tables
        Its tables, made safe.
    extremes
        Its youngest or oldest victim, made safe.
    mentions
        How the free text was searched, where the question asks for keywords.
    expansions
        The codes of each class that it names.
    caveats
        Keys of the library of caveats that apply besides those that its tables call for.
    is_whole
        False where the records do not cover every day asked for, or where too many may lack what
        the question is restricted by. A 0 is then no nil return.
    in_words
        What is answered without a figure.
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
    An exemption that a person decided to rely on for one question.

    Section 40(2) for hidden cells and refused extremes is not claimed: it follows from the tables.

    Attributes
    ----------
    exemption
        Its key in the library: "s31(1)".
    question
        The question's number.
    reason
        Why it applies, as it was recorded.
    """

    exemption: str
    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """
    A caveat of the library with values of its own in this answer.

    Attributes
    ----------
    key
        The caveat's key in the library.
    values
        (name, text) for each place in the caveat's text. They are facts of the extract as a whole,
        of the questions or of the reference tables.
    questions
        Numbers of the questions that it is printed under.
    """

    key: str
    values: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    Everything that a release states.

    Attributes
    ----------
    reference
        The request's reference.
    received_on
        The day that the request was received.
    answered_on
        The letter's date. It is given and never read from the clock, so that a second run writes
        the same bytes.
    authority
        Who answers.
    questions
        The questions in the order of the request.
    extract
        Where the figures come from.
    policy
        The disclosure policy as it was applied.
    software
        Name and version of the program.
    remarks
        Caveats with values of their own in this answer.
    claims
        Exemptions that a person decided to rely on.
    release_reference
        The keyed reference of this release; empty without a key (see `with_reference`).
    earlier_releases
        The keyed references of the earlier answers that it was checked against; empty without a
        key.
    addressee
        Whom the letter is addressed to, line by line.
    salutation
        How the letter begins.
    your_reference
        The requester's own reference.
    wording
        All fixed words of the release.

    Raises
    ------
    ReleaseError
        When the answer must not be released as it stands, with one detail for each mistake.
    TypeError
        When a figure is not of a safe type. That is a defect of the program, not a user's mistake.
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
        """Every extreme of the answer, in the order of the questions."""
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
    Refuse an answer that must not be released.

    A `RawTable` where a safe table belongs is a defect of the program and raises `TypeError`; what
    a user can put right raises `ReleaseError`.
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
        # A datetime is a date too, and would put the time of the run into a released file.
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
    A table that hides figures needs a recorded reason: a small number is not personal data by
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
