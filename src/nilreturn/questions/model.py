"""
What a question means once it has been read and checked. The classes are frozen, and refer to no
file, engine or extract.

A column has the name that the asker used ("sex", "victim.sex", a column of the source's own);
`columns.find` gives the column of an extract. `line` is the line of the file, counted from 1, for
messages (0: not from a file). It is not compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from nilreturn.offences import OffenceRef
from nilreturn.periods import Grain, Period
from nilreturn.questions.in_words import AnswerInWords
from nilreturn.tables import Extent

# What a question counts. "records" are crimes whose free text mentions a keyword.
CRIMES, VICTIMS, RECORDS = "crimes", "victims", "records"
# Every unit that a question may have.
UNITS = (CRIMES, VICTIMS, RECORDS)


def _line() -> int:
    return field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AgeBand:
    """
    Ages in whole years, under the words that the requester used for them.

    Attributes
    ----------
    label
        The requester's words, which head the band's row.
    ages
        The ages in whole years, both ends included.
    """

    label: str
    ages: Extent


@dataclass(frozen=True, slots=True)
class ByColumn:
    """
    A breakdown by the values of one categorical column, or by offence class and code.

    Attributes
    ----------
    levels
        The column's name; or the names of the offence class and the offence code, the only pair of
        columns that nests.
    line
        Line of the file, from 1; 0 where there is no file.
    """

    levels: tuple[str, ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class ByDate:
    """
    A breakdown by the months, quarters or years of a date column.

    Attributes
    ----------
    grains
        The parts of the calendar, coarsest first; each nests in the one before.
    column
        The date column's name.
    line
        Line of the file, from 1; 0 where there is no file.
    """

    grains: tuple[Grain, ...]
    column: str
    line: int = _line()


@dataclass(frozen=True, slots=True)
class ByAge:
    """
    A breakdown by bands of the victim's age. A band for unknown ages is added to the table.

    Attributes
    ----------
    bands
        Bands that do not overlap and that together have every age asked about.
    line
        Line of the file, from 1; 0 where there is no file.
    """

    bands: tuple[AgeBand, ...]
    line: int = _line()


# What a count may be broken down by.
Breakdown = ByColumn | ByDate | ByAge


@dataclass(frozen=True, slots=True)
class CategoryFilter:
    """
    Keeps the records whose value in a column is one of `values`.

    Attributes
    ----------
    column
        The column's name.
    values
        The values kept. A blank is the value "Unknown" or "Not recorded".
    line
        Line of the file, from 1; 0 where there is no file.
    """

    column: str
    values: tuple[str, ...]
    line: int = _line()


@dataclass(frozen=True, slots=True)
class DateFilter:
    """
    Keeps the records whose day in a date column is within a period; a record without that day is
    not kept.

    Attributes
    ----------
    column
        The date column's name.
    period
        The days kept, both ends included.
    line
        Line of the file, from 1; 0 where there is no file.
    """

    column: str
    period: Period
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Filters:
    """
    Which records are counted: those that every filter keeps.

    Attributes
    ----------
    offences
        Codes and classes; a crime is kept when its code or its class is one of them. Empty: any
        offence.
    dates
        The days kept; None: any day, and records without a day.
    status
        Values of the column `status` that are kept.
    ages
        Ages of victims, in whole years; a victim of unknown age is not kept. None: any age, and
        unknown.
    one_of
        Further filters, by column.
    """

    offences: tuple[OffenceRef, ...] = ()
    dates: DateFilter | None = None
    status: tuple[str, ...] = ("Recorded",)
    ages: AgeBand | None = None
    one_of: tuple[CategoryFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class Extreme:
    """
    A question for the age of the youngest or the oldest victim.

    Attributes
    ----------
    kind
        "minimum" (the youngest) or "maximum" (the oldest).
    also
        Names of other columns asked of that victim.
    line
        Line of the file, from 1; 0 where there is no file.
    """

    kind: str
    also: tuple[str, ...] = ()
    line: int = _line()


@dataclass(frozen=True, slots=True)
class Question:
    """
    One numbered question: the requester's own words, and what is counted for them.

    At most one of `breakdowns`, `extreme` and `mentions` is given; with none of them the answer is
    a single figure.

    Attributes
    ----------
    number
        The question's number in the request: "2", "2a" or "2.1".
    words
        The requester's own words, which the letter restates.
    unit
        What is counted: "crimes", "victims", or "records" that mention keywords (one record is one
        crime). It is "" where the part is answered in words and nothing is counted.
    filters
        Which records are counted.
    breakdowns
        What the count is broken down by, crossed with each other; at most four.
    extreme
        The youngest or oldest victim asked for.
    mentions
        Keywords to look for in the free text.
    exemptions
        (exemption, reason) of each exemption that a person decided to rely on for what is not
        given.
    in_words
        What is answered in words: beside the count, or instead of one.
    line
        Line of the file, from 1; 0 where there is no file.
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
    A request and its questions.

    Attributes
    ----------
    reference
        The request's reference.
    force
        The public authority that the request was made to.
    received_on
        The day that the request was received.
    questions
        The questions, in the order of the request.
    subject
        What the request is about, in one line.
    replied_on
        The day of the reply, not before `received_on`; None: not known yet.
    source
        The file's name, for messages. It is not compared.
    addressee
        Whom the letter is addressed to, line by line.
    salutation
        How the letter begins.
    your_reference
        The requester's own reference.
    force_line
        Line of the file that gives `force`, from 1; 0 where there is none. It is not compared.
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
