"""
What a question means, once it has been read and checked: frozen, without a file, an engine or an
extract.

A column is named as its asker named it ("sex", "victim.sex", a column of the source's own);
`columns.find` gives the column of an extract. `line` is where it stood in the file, for messages;
it is no part of the meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from nilreturn.offences import OffenceRef
from nilreturn.periods import Grain, Period
from nilreturn.questions.in_words import AnswerInWords
from nilreturn.tables import Extent

CRIMES, VICTIMS, RECORDS = "crimes", "victims", "records"
UNITS = (CRIMES, VICTIMS, RECORDS)


def _line() -> int:
    return field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages in whole years, under the words the requester used for them."""

    label: str
    ages: Extent


@dataclass(frozen=True, slots=True)
class ByColumn:
    """
    The values of one categorical column; or offence classes with their codes, the one pair of
    columns that nests.
    """

    levels: tuple[str, ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class ByDate:
    """The months, quarters or years of a date column; several grains nest, the coarsest first."""

    grains: tuple[Grain, ...]
    column: str
    line: int = _line()


@dataclass(frozen=True, slots=True)
class ByAge:
    """
    Bands of the victim's age: apart from each other and leaving no age out; a band for unknown ages
    is added.
    """

    bands: tuple[AgeBand, ...]
    line: int = _line()


Breakdown = ByColumn | ByDate | ByAge


@dataclass(frozen=True, slots=True)
class CategoryFilter:
    """The column's value is one of `values`; a blank is the value "Unknown" or "Not recorded"."""

    column: str
    values: tuple[str, ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class DateFilter:
    """
    The day in a date column lies in the period, both ends included; a record without that day does
    not.
    """

    column: str
    period: Period
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Filters:
    """
    Which records are counted: those to which everything here applies. No offences, no dates or no
    ages: any.

    Offences are alternatives: a crime counts when its code or its class is one of them.
    """

    offences: tuple[OffenceRef, ...] = ()
    dates: DateFilter | None = None
    status: tuple[str, ...] = ("Recorded",)
    ages: AgeBand | None = None
    one_of: tuple[CategoryFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class Extreme:
    """
    The youngest ("minimum") or oldest ("maximum") victim's age, and what else was asked of that
    victim.
    """

    kind: str
    also: tuple[str, ...] = ()
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Question:
    """
    One numbered question: the requester's own `words`, and what is counted for them.

    `unit` says what is counted: crimes, victims, or records that mention keywords (one record is
    one crime). At most one of `breakdowns`, `extreme` and `mentions` is there; with none the answer
    is a single figure. `exemptions` are those that a person decided to rely on for what is not
    given, each with the reason recorded.

    `in_words` is what is answered in words: beside the count, or instead of one, where `unit` is ""
    and there is one answer.
    """

    number: str
    words: str
    unit: str
    filters: Filters = Filters()
    breakdowns: tuple[Breakdown, ...] = ()
    extreme: Extreme | None = None
    mentions: tuple[str, ...] = ()
    exemptions: tuple[tuple[str, str], ...] = ()
    in_words: tuple[AnswerInWords, ...] = ()
    line: int = _line()

    @property
    def is_counted(self) -> bool:
        """Whether anything is counted for it."""
        return bool(self.unit)


@dataclass(frozen=True, slots=True)
class Questions:
    """
    A request: its reference, whom it was made to, the day it was received, and its questions in
    order. `addressee` (line by line), `salutation` and `your_reference` are for the letter.
    """

    reference: str
    force: str
    received_on: date
    questions: tuple[Question, ...]
    subject: str = ""
    replied_on: date | None = None
    addressee: tuple[str, ...] = ()
    salutation: str = ""
    your_reference: str = ""
    source: str = field(default="", compare=False)  # the file, for messages
    force_line: int = _line()

    @property
    def counted(self) -> tuple[Question, ...]:
        """Those for which something is counted."""
        return tuple(question for question in self.questions if question.is_counted)
