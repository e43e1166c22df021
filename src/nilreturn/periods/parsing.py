"""Reads a period in the forms that requesters write."""

from __future__ import annotations

import re
from datetime import date

from nilreturn.periods.period import (
    YEAR,
    Period,
    calendar_quarter,
    calendar_year,
    financial_quarter,
    financial_year,
    is_next,
    month,
)
from nilreturn.wording import MONTHS


def parse(text: str) -> Period:
    """
    The period that a requester wrote.

    Parameters
    ----------
    text
        A financial year, year, quarter, month or day, or two of them for a range. A day is written
        day-month-year, or year-month-day in ISO form.

    Returns
    -------
    Period
        The days meant, both ends included.

    Raises
    ------
    ValueError
        When the text is no period of the years 1900 to 2100, or has two meanings.

    Examples
    --------
    >>> [str(parse(text)) for text in ("2017/18", "July 2020")]
    ['1 April 2017 to 31 March 2018', '1 July 2020 to 31 July 2020']
    >>> str(parse("Q3 2020/21"))
    '1 October 2020 to 31 December 2020'
    >>> str(parse("from (and including) July 1st 2020 to (and including) March 31st 2021"))
    '1 July 2020 to 31 March 2021'
    >>> str(parse("01-JUL-2020 and 31/03/2021")), str(parse("2020-07-01/2021-03-31"))
    ('1 July 2020 to 31 March 2021', '1 July 2020 to 31 March 2021')
    >>> str(parse("1 April to 14 June 2021")), str(parse("January to March 2021"))
    ('1 April 2021 to 14 June 2021', '1 January 2021 to 31 March 2021')
    >>> parse("2011-12")
    Traceback (most recent call last):
    ValueError: '2011-12' may be December 2011 or the financial year 2011/12; write one of these
    """
    squeezed = " ".join(_FILLER.sub(" ", text.casefold()).replace(",", " ").split())
    single = _single(squeezed)
    if single is not None:
        return _of_our_time(single, text)
    for joint in _JOINT.finditer(squeezed):
        before, after = squeezed[: joint.start()], squeezed[joint.end() :]
        first, last = _single(before) or _without_year(before, after), _single(after)
        if first is not None and last is not None:
            return _of_our_time(Period(first.first_on, last.last_on), text)
    raise ValueError(
        f"{text!r} is not a period; write it like '2020/21', 'July 2020', 'Q1 2020/21' or "
        f"'2020-07-01 to 2021-03-31'"
    )


def _without_year(before: str, after: str) -> Period | None:
    """
    The first of two dates, where only the second gives the month or the year: "1 April to 14 June
    2021".
    """
    rest = re.fullmatch(r".*?(?P<month>[a-z]{3,9} )?(?P<year>\d{4})", after.strip())
    if not rest:
        return None
    month_too = (
        f"{rest['month'] or ''}{rest['year']}" if before.strip().isdecimal() else rest["year"]
    )
    return _single(f"{before.strip()} {month_too}")


def _of_our_time(period: Period, text: str) -> Period:
    """The period, if it lies in the years 1900 to 2100."""
    if period.first_on.year < 1900 or period.last_on.year > 2100:
        raise ValueError(f"{text!r} has a year before 1900 or after 2100; correct it")
    return period


_FILLER = re.compile(
    r"\(?\b(?:and including|inclusive|between|from|financial year|calendar "
    r"year|fy|year)\b\)?|(?<=\d)(?:st|nd|rd|th)\b"
)
_JOINT = re.compile(
    r"\s+(?:to|and|until|up "
    r"to|till|through|-|–)(?:\s+until)?\s+|/(?=\d{4}-\d\d-\d\d$)|(?<=[a-z\d])\s?–\s?"
)
_NAMES = {
    name[:length].casefold(): number
    for number, name in enumerate(MONTHS, 1)
    for length in (3, len(name))
}
_NAMES["sept"] = 9
_NAME = r"(?P<name>[a-z]{3,9})"


def _single(text: str) -> Period | None:
    """One period written without "to", or None. `text` is casefolded and squeezed."""
    text = text.strip()
    if re.fullmatch(YEAR, text):
        return calendar_year(int(text))
    if found := re.fullmatch(rf"q(?P<number>[1-4]) (?:of )?{YEAR}(?P<second>/\d+)?", text):
        year, number = int(found["year"]), int(found["number"])
        return (
            financial_quarter(year, number)
            if is_next(year, found["second"])
            else calendar_quarter(year, number)
        )
    if found := re.fullmatch(rf"{YEAR}(?P<second> ?[/–-] ?(?:\d{{2}}|\d{{4}}))", text):
        return _two_numbers(text, int(found["year"]), found["second"])
    if found := re.fullmatch(rf"{_NAME}[ -]{YEAR}", text):
        return month(int(found["year"]), _NAMES[found["name"]]) if found["name"] in _NAMES else None
    day = _day(text)
    return Period(day, day) if day else None


def _two_numbers(text: str, first: int, rest: str) -> Period | None:
    """The financial year or the ISO month that "2020/21", "2020-21" or "2020-07" names."""
    second = rest.strip(" /–-")
    as_month = (
        int(second)
        if rest == f"-{second}" and len(second) == 2 and 1 <= int(second) <= 12
        else None
    )
    if not is_next(first, rest):
        return month(first, as_month) if as_month else None
    year = f"the financial year {first}/{(first + 1) % 100:02}"
    if as_month:
        raise ValueError(
            f"{text!r} may be {MONTHS[as_month - 1]} {first} or {year}; write one of these"
        )
    if len(second) == 4 and "/" not in rest:
        raise ValueError(
            f"{text!r} may be {year} or both calendar years, {first} to {first + 1}; write one of "
            f"these"
        )
    return financial_year(first)


def _day(text: str) -> date | None:
    """
    A single day: ISO; day-month-year with the month as a name or number; or month-day-year with its
    name.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return _checked(text, int(text[:4]), int(text[5:7]), int(text[8:]))
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        return _checked(text, int(found[3]), int(found[2]), int(found[1]))
    named = re.fullmatch(rf"(?P<day>\d{{1,2}})[ -](?:of )?{_NAME}[ -]{YEAR}", text) or re.fullmatch(
        rf"{_NAME} (?P<day>\d{{1,2}}) {YEAR}", text
    )
    if named and named["name"] in _NAMES:
        return _checked(text, int(named["year"]), _NAMES[named["name"]], int(named["day"]))
    return None


def _checked(text: str, year: int, number: int, day: int) -> date:
    try:
        return date(year, number, day)
    except ValueError:
        raise ValueError(
            f"{text!r} is not a day of the calendar; write it as day/month/year or year-month-day"
        ) from None
