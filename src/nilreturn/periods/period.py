"""Periods, and the months, quarters and years of the calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from nilreturn.wording import MONTHS, day

_ONE_DAY = timedelta(days=1)
YEAR = r"(?P<year>(?:19|20)\d\d)"  # a year of another century is a typing error


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """
    The days from `first_on` to `last_on`, both included.

    Attributes
    ----------
    first_on
        The first day.
    last_on
        The last day, not before the first.

    Raises
    ------
    ValueError
        When the last day is before the first.

    Examples
    --------
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
                f"a period runs backwards: {self.first_on} to {self.last_on}; write its first day "
                f"before its last"
            )

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on

    def __str__(self) -> str:
        return f"{day(self.first_on)} to {day(self.last_on)}"

    @property
    def brief(self) -> str:
        """
        The days, with a month or year that both ends share written once: for titles.

        >>> Period(date(2021, 4, 1), date(2021, 6, 14)).brief, month(2021, 4).brief
        ('1 April to 14 June 2021', '1 to 30 April 2021')
        """
        first, last = self.first_on, self.last_on
        if first == last:
            return day(first)
        if first.year != last.year:
            return str(self)
        month_name = "" if first.month == last.month else f" {MONTHS[first.month - 1]}"
        return f"{first.day}{month_name} to {day(last)}"

    @property
    def days(self) -> int:
        """The number of days, counting both ends."""
        return (self.last_on - self.first_on).days + 1

    def intersect(self, other: Period) -> Period | None:
        """
        The days that both periods have, or None.

        Parameters
        ----------
        other
            The other period.

        Returns
        -------
        Period or None
            None when they have no day in common.

        Examples
        --------
        >>> financial_year("2020/21").intersect(calendar_year(2020))
        Period(first_on=datetime.date(2020, 4, 1), last_on=datetime.date(2020, 12, 31))
        """
        first_on, last_on = max(self.first_on, other.first_on), min(self.last_on, other.last_on)
        return Period(first_on, last_on) if first_on <= last_on else None

    def split_at(self, *days: date) -> tuple[Period, ...]:
        """
        The period divided into parts.

        Parameters
        ----------
        *days
            A part begins on each of these days that is in the period; others are ignored.

        Returns
        -------
        tuple of Period
            The parts in order; together they are the period.

        Examples
        --------
        >>> [str(part) for part in calendar_year(2017).split_at(date(2017, 4, 3))]
        ['1 January 2017 to 2 April 2017', '3 April 2017 to 31 December 2017']
        """
        firsts = sorted({self.first_on, *(day for day in days if day in self)})
        lasts = [*(first_on - _ONE_DAY for first_on in firsts[1:]), self.last_on]
        return tuple(
            Period(first_on, last_on) for first_on, last_on in zip(firsts, lasts, strict=True)
        )


def month(year: int, number: int) -> Period:
    """
    A calendar month.

    Parameters
    ----------
    year
        The year.
    number
        The month, 1 to 12.

    Returns
    -------
    Period
        The month's first to its last day.

    Examples
    --------
    >>> str(month(2020, 2))
    '1 February 2020 to 29 February 2020'
    """
    return _months_from(year, number, 1)


def calendar_quarter(year: int, number: int) -> Period:
    """
    A quarter of a calendar year: January to March is quarter 1.

    Parameters
    ----------
    year
        The year.
    number
        The quarter, 1 to 4.

    Returns
    -------
    Period
        The quarter's first to its last day.

    Raises
    ------
    ValueError
        When the number is not 1 to 4.

    Examples
    --------
    >>> str(calendar_quarter(2020, 1))
    '1 January 2020 to 31 March 2020'
    """
    return _months_from(year, 3 * _quarter(number) - 2, 3)


def financial_quarter(financial: int | str, number: int) -> Period:
    """
    A quarter of a financial year: April to June is quarter 1, and January to March of the next year
    is quarter 4.

    Parameters
    ----------
    financial
        The financial year: "2020/21", or the year in which it begins.
    number
        The quarter, 1 to 4.

    Returns
    -------
    Period
        The quarter's first to its last day.

    Raises
    ------
    ValueError
        When the year is not a financial year or the number is not 1 to 4.

    Examples
    --------
    >>> str(financial_quarter("2020/21", 4))
    '1 January 2021 to 31 March 2021'
    """
    return _months_from(_first_year(financial), 3 * _quarter(number) + 1, 3)


def calendar_year(year: int) -> Period:
    """
    A calendar year.

    Parameters
    ----------
    year
        The year.

    Returns
    -------
    Period
        1 January to 31 December.

    Examples
    --------
    >>> calendar_year(2020).days
    366
    """
    return _months_from(year, 1, 12)


def financial_year(financial: int | str) -> Period:
    """
    A financial year: 1 April to 31 March.

    Parameters
    ----------
    financial
        "2020/21", or the year in which it begins.

    Returns
    -------
    Period
        The year's first to its last day.

    Raises
    ------
    ValueError
        When the text is not a financial year.

    Examples
    --------
    >>> financial_year("2020/21") == financial_year(2020)
    True
    """
    return _months_from(_first_year(financial), 4, 12)


def financial_year_name(day: date) -> str:
    """
    The name of the financial year that contains a day.

    Parameters
    ----------
    day
        Any day.

    Returns
    -------
    str
        Like "2020/21".

    Examples
    --------
    >>> financial_year_name(date(2021, 3, 31)), financial_year_name(date(2000, 1, 1))
    ('2020/21', '1999/00')
    """
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def _first_year(financial: int | str) -> int:
    if isinstance(financial, int):
        return financial
    found = re.fullmatch(rf"{YEAR}(?P<second>/(?:\d{{2}}|\d{{4}}))", financial.strip())
    if not found or not is_next(int(found["year"]), found["second"]):
        raise ValueError(f"{financial!r} is not a financial year; write it as '2020/21'")
    return int(found["year"])


def is_next(first: int, rest: str | None) -> bool:
    """
    Whether "/21" or "-2021" names the year after `first`. Raises `ValueError` for a slash and
    another year: "/22" after 2020.
    """
    if rest is None:
        return False
    second = rest.strip(" /–-")
    if int(second) == (first + 1 if len(second) == 4 else (first + 1) % 100):
        return True
    if "/" in rest:
        raise ValueError(
            f"'{first}/{second}' is not a financial year; write it as "
            f"'{first}/{(first + 1) % 100:02}'"
        )
    return False


def _quarter(number: int) -> int:
    if number not in (1, 2, 3, 4):
        raise ValueError(f"a year has quarters 1 to 4, not {number}")
    return number


def _months_from(year: int, number: int, count: int) -> Period:
    """
    `count` whole months from month `number` of `year`; `number` may run past 12, into the next
    year.
    """
    first, after = year * 12 + number - 1, year * 12 + number - 1 + count
    return Period(
        date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1) - _ONE_DAY
    )
