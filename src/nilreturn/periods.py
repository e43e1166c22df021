"""
Financial years, months and quarters. A period names its first and last day, both included, in local time.

A financial year runs from 1 April to 31 March and is written "2020/21"; its quarters are those of the calendar
with other names (April to June is Q1 of 2020/21 and Q2 of 2020). Text is read in the forms that requesters use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """
    The days from `first_on` to `last_on`, both included. Raises `ValueError` when it runs backwards.

    >>> july = month(2020, 7)
    >>> july.days, date(2020, 7, 31) in july, date(2020, 8, 1) in july
    (31, True, False)
    >>> str(july)
    '1 July 2020 to 31 July 2020'
    """

    first_on: date
    last_on: date

    def __post_init__(self) -> None:
        if self.first_on > self.last_on:
            raise ValueError(
                f"a period runs backwards: {self.first_on} to {self.last_on}; write its first day before its last"
            )

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on

    def __str__(self) -> str:
        return f"{written(self.first_on)} to {written(self.last_on)}"

    @property
    def days(self) -> int:
        """How many days, both ends counted."""
        return (self.last_on - self.first_on).days + 1

    def intersect(self, other: Period) -> Period | None:
        """
        The days in both, or None when they have no day in common.

        >>> financial_year("2020/21").intersect(calendar_year(2020))
        Period(first_on=datetime.date(2020, 4, 1), last_on=datetime.date(2020, 12, 31))
        """
        first_on, last_on = max(self.first_on, other.first_on), min(self.last_on, other.last_on)
        return Period(first_on, last_on) if first_on <= last_on else None

    def split_at(self, *days: date) -> tuple[Period, ...]:
        """
        The parts in order, a new one beginning on each of `days` that lies within.

        >>> [str(part) for part in calendar_year(2017).split_at(date(2017, 4, 3))]
        ['1 January 2017 to 2 April 2017', '3 April 2017 to 31 December 2017']
        """
        firsts = sorted({self.first_on, *(day for day in days if day in self)})
        lasts = [*(first_on - _ONE_DAY for first_on in firsts[1:]), self.last_on]
        return tuple(Period(first_on, last_on) for first_on, last_on in zip(firsts, lasts, strict=True))


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A month, quarter or year of a longer period: `period` is as much of it as lies within, `name` its usual name."""

    period: Period
    name: str
    is_whole: bool

    @property
    def label(self) -> str:
        """
        The name, with its days where it is not there whole: readers must not compare nine months with a year.

        >>> [part.label for part in financial_years(parse("1 July 2020 to 31 March 2022"))]
        ['2020/21 (1 July 2020 to 31 March 2021)', '2021/22']
        """
        return self.name if self.is_whole else f"{self.name} ({self.period})"


def month(year: int, number: int) -> Period:
    """The month `number` (1 to 12) of `year`."""
    return _months_from(year, number, 1)


def calendar_quarter(year: int, number: int) -> Period:
    """
    January to March is quarter 1.

    >>> str(calendar_quarter(2020, 1))
    '1 January 2020 to 31 March 2020'
    """
    return _months_from(year, 3 * _quarter(number) - 2, 3)


def financial_quarter(financial: int | str, number: int) -> Period:
    """
    April to June is quarter 1; January to March is quarter 4, in the year after.

    >>> str(financial_quarter("2020/21", 4))
    '1 January 2021 to 31 March 2021'
    """
    return _months_from(_first_year(financial), 3 * _quarter(number) + 1, 3)


def calendar_year(year: int) -> Period:
    return _months_from(year, 1, 12)


def financial_year(financial: int | str) -> Period:
    """
    The year from 1 April, given as "2020/21" or as the year it begins in.

    >>> financial_year("2020/21") == financial_year(2020)
    True
    """
    return _months_from(_first_year(financial), 4, 12)


def financial_year_name(day: date) -> str:
    """
    >>> financial_year_name(date(2021, 3, 31)), financial_year_name(date(2000, 1, 1))
    ('2020/21', '1999/00')
    """
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def months(period: Period) -> tuple[Part, ...]:
    """
    >>> [part.name for part in months(parse("2020-11-01 to 2021-01-31"))]
    ['November 2020', 'December 2020', 'January 2021']
    """
    return _parts(period, lambda day: month(day.year, day.month), lambda day: f"{MONTHS[day.month - 1]} {day.year}")


def calendar_quarters(period: Period) -> tuple[Part, ...]:
    """
    >>> [part.label for part in calendar_quarters(calendar_year(2020))]
    ['Q1 2020', 'Q2 2020', 'Q3 2020', 'Q4 2020']
    """
    return _parts(period, _quarter_of, lambda day: f"Q{(day.month + 2) // 3} {day.year}")


def financial_quarters(period: Period) -> tuple[Part, ...]:
    """
    >>> [part.label for part in financial_quarters(financial_year(2020))]
    ['Q1 2020/21', 'Q2 2020/21', 'Q3 2020/21', 'Q4 2020/21']
    """
    return _parts(period, _quarter_of, lambda day: f"Q{((day.month + 2) // 3 - 2) % 4 + 1} {financial_year_name(day)}")


def calendar_years(period: Period) -> tuple[Part, ...]:
    return _parts(period, lambda day: calendar_year(day.year), lambda day: str(day.year))


def financial_years(period: Period) -> tuple[Part, ...]:
    return _parts(period, lambda day: financial_year(financial_year_name(day)), financial_year_name)


def written(day: date) -> str:
    """
    A day as a letter writes it.

    >>> written(date(2021, 3, 1))
    '1 March 2021'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def parse(text: str) -> Period:
    """
    The period that a requester wrote: a financial year, year, quarter, month or day, or two of them for a range.
    Days are in day-month order unless ISO. Raises `ValueError` for anything else, and for what has two meanings.

    >>> [str(parse(text)) for text in ("2017/18", "July 2020", "Q3 2020/21")]
    ['1 April 2017 to 31 March 2018', '1 July 2020 to 31 July 2020', '1 October 2020 to 31 December 2020']
    >>> str(parse("from (and including) July 1st 2020 to (and including) March 31st 2021"))
    '1 July 2020 to 31 March 2021'
    >>> str(parse("01-JUL-2020 and 31/03/2021")), str(parse("2020-07-01/2021-03-31"))
    ('1 July 2020 to 31 March 2021', '1 July 2020 to 31 March 2021')
    >>> parse("2011-12")
    Traceback (most recent call last):
    ValueError: '2011-12' may be December 2011 or the financial year 2011/12; write one of these
    """
    squeezed = " ".join(_FILLER.sub(" ", text.casefold()).replace(",", " ").split())
    single = _single(squeezed)
    if single is not None:
        return _of_our_time(single, text)
    for joint in _JOINT.finditer(squeezed):
        first, last = _single(squeezed[: joint.start()]), _single(squeezed[joint.end() :])
        if first is not None and last is not None:
            return _of_our_time(Period(first.first_on, last.last_on), text)
    raise ValueError(
        f"{text!r} is not a period; write it like '2020/21', 'July 2020', 'Q1 2020/21' or '2020-07-01 to 2021-03-31'"
    )


def _of_our_time(period: Period, text: str) -> Period:
    """The period, where its days are of the years that `_YEAR` takes and their financial years."""
    if period.first_on.year < 1900 or period.last_on.year > 2100:
        raise ValueError(f"{text!r} has a year before 1900 or after 2100; correct it")
    return period


_FILLER = re.compile(
    r"\(?\b(?:and including|inclusive|between|from|financial year|calendar year|fy|year)\b\)?|(?<=\d)(?:st|nd|rd|th)\b"
)
_JOINT = re.compile(
    r"\s+(?:to|and|until|up to|till|through|-|–)(?:\s+until)?\s+|/(?=\d{4}-\d\d-\d\d$)|(?<=[a-z\d])\s?–\s?"
)
_NAMES = {name[:length].casefold(): number for number, name in enumerate(MONTHS, 1) for length in (3, len(name))}
_NAMES["sept"] = 9
_YEAR = r"(?P<year>(?:19|20)\d\d)"  # a year of another century is a slip of the pen
_NAME = r"(?P<name>[a-z]{3,9})"


def _single(text: str) -> Period | None:
    """One period written without "to", or None. `text` is casefolded and squeezed."""
    text = text.strip()
    if re.fullmatch(_YEAR, text):
        return calendar_year(int(text))
    if found := re.fullmatch(rf"q(?P<number>[1-4]) (?:of )?{_YEAR}(?P<second>/\d+)?", text):
        year, number = int(found["year"]), int(found["number"])
        return financial_quarter(year, number) if _is_next(year, found["second"]) else calendar_quarter(year, number)
    if found := re.fullmatch(rf"{_YEAR}(?P<second> ?[/–-] ?(?:\d{{2}}|\d{{4}}))", text):
        return _two_numbers(text, int(found["year"]), found["second"])
    if found := re.fullmatch(rf"{_NAME}[ -]{_YEAR}", text):
        return month(int(found["year"]), _NAMES[found["name"]]) if found["name"] in _NAMES else None
    day = _day(text)
    return Period(day, day) if day else None


def _two_numbers(text: str, first: int, rest: str) -> Period | None:
    """The financial year or the ISO month that "2020/21", "2020-21" or "2020-07" names."""
    second = rest.strip(" /–-")
    as_month = int(second) if rest == f"-{second}" and len(second) == 2 and 1 <= int(second) <= 12 else None
    if not _is_next(first, rest):
        return month(first, as_month) if as_month else None
    year = f"the financial year {first}/{(first + 1) % 100:02}"
    if as_month:
        raise ValueError(f"{text!r} may be {MONTHS[as_month - 1]} {first} or {year}; write one of these")
    if len(second) == 4 and "/" not in rest:
        raise ValueError(f"{text!r} may be {year} or both calendar years, {first} to {first + 1}; write one of these")
    return financial_year(first)


def _is_next(first: int, rest: str | None) -> bool:
    """Whether "/21" or "-2021" names the year after `first`. Raises `ValueError` for "/22" after 2020."""
    if rest is None:
        return False
    second = rest.strip(" /–-")
    if int(second) == (first + 1 if len(second) == 4 else (first + 1) % 100):
        return True
    if "/" in rest:
        raise ValueError(f"'{first}/{second}' is not a financial year; write it as '{first}/{(first + 1) % 100:02}'")
    return False


def _day(text: str) -> date | None:
    """A single day: ISO, or day-month-year with a named or numbered month, or month-day-year with a named one."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return _checked(text, int(text[:4]), int(text[5:7]), int(text[8:]))
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        return _checked(text, int(found[3]), int(found[2]), int(found[1]))
    named = re.fullmatch(rf"(?P<day>\d{{1,2}})[ -](?:of )?{_NAME}[ -]{_YEAR}", text) or re.fullmatch(
        rf"{_NAME} (?P<day>\d{{1,2}}) {_YEAR}", text
    )
    if named and named["name"] in _NAMES:
        return _checked(text, int(named["year"]), _NAMES[named["name"]], int(named["day"]))
    return None


def _checked(text: str, year: int, number: int, day: int) -> date:
    try:
        return date(year, number, day)
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar; write it as day/month/year or year-month-day") from None


def _first_year(financial: int | str) -> int:
    if isinstance(financial, int):
        return financial
    found = re.fullmatch(rf"{_YEAR}(?P<second>/(?:\d{{2}}|\d{{4}}))", financial.strip())
    if not found or not _is_next(int(found["year"]), found["second"]):
        raise ValueError(f"{financial!r} is not a financial year; write it as '2020/21'")
    return int(found["year"])


def _quarter(number: int) -> int:
    if number not in (1, 2, 3, 4):
        raise ValueError(f"a year has quarters 1 to 4, not {number}")
    return number


def _quarter_of(day: date) -> Period:
    return calendar_quarter(day.year, (day.month + 2) // 3)


def _months_from(year: int, number: int, count: int) -> Period:
    """`count` whole months from month `number` of `year`; `number` may run past 12, into the next year."""
    first, after = year * 12 + number - 1, year * 12 + number - 1 + count
    return Period(date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1) - _ONE_DAY)


def _parts(period: Period, around: Callable[[date], Period], name: Callable[[date], str]) -> tuple[Part, ...]:
    return tuple(_walk(period, around, name))


def _walk(period: Period, around: Callable[[date], Period], name: Callable[[date], str]) -> Iterator[Part]:
    first_on = period.first_on
    while True:
        whole = around(first_on)
        last_on = min(whole.last_on, period.last_on)
        part = Period(first_on, last_on)
        yield Part(part, name(first_on), part == whole)
        if last_on == period.last_on:
            return
        first_on = last_on + _ONE_DAY
