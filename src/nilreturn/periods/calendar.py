"""
How finely days are known or grouped: by the day, the month, the quarter or the year.

Parts of the calendar have consecutive numbers, so that engines compare integers.
"""

from __future__ import annotations

import enum
from datetime import date

from nilreturn.periods.period import (
    Period,
    calendar_year,
    financial_year,
    financial_year_name,
    month,
)
from nilreturn.wording import MONTHS


class Grain(enum.Enum):
    """
    A part of the calendar.

    A mapping states with it how finely a source knows its days, the manifest of an extract keeps
    it, and a question asks by it. Finer parts lie within coarser ones; the two kinds of year do not
    lie within each other.

    Attributes
    ----------
    CALENDAR_YEAR
        1 January to 31 December.
    FINANCIAL_YEAR
        1 April to 31 March.
    QUARTER
        Three months, from January, April, July or October.
    MONTH
        A calendar month.
    DAY
        One day.
    """

    CALENDAR_YEAR = "calendar_year"
    FINANCIAL_YEAR = "financial_year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"

    @property
    def words(self) -> str:
        """
        The grain's name in a sentence.

        >>> Grain.FINANCIAL_YEAR.words
        'financial year'
        """
        return self.value.replace("_", " ")


# What a table may be broken down by; a table by days would be a listing.
BREAKDOWN_GRAINS = (Grain.CALENDAR_YEAR, Grain.FINANCIAL_YEAR, Grain.QUARTER, Grain.MONTH)

# The coarser parts that each lies within. A quarter of the financial year is a quarter of the
# calendar under another name.
WITHIN = {
    Grain.CALENDAR_YEAR: (),
    Grain.FINANCIAL_YEAR: (),
    Grain.QUARTER: (Grain.CALENDAR_YEAR, Grain.FINANCIAL_YEAR),
    Grain.MONTH: (Grain.CALENDAR_YEAR, Grain.FINANCIAL_YEAR, Grain.QUARTER),
    Grain.DAY: BREAKDOWN_GRAINS,
}


def grain_named(name: str) -> Grain:
    """
    The grain of a name.

    Parameters
    ----------
    name
        The name, with spaces or underscores, in any case.

    Returns
    -------
    Grain
        The grain of that name.

    Raises
    ------
    ValueError
        When no grain has that name.

    Examples
    --------
    >>> grain_named("financial year")
    <Grain.FINANCIAL_YEAR: 'financial_year'>
    """
    wanted = "_".join(name.casefold().replace("_", " ").split())
    for grain in Grain:
        if grain.value == wanted:
            return grain
    choices = ", ".join(grain.value for grain in reversed(Grain))
    raise ValueError(f"{name!r} is not a precision; write one of {choices}")


def number_of(grain: Grain, day: date) -> int:
    """
    The number of the part of the calendar that contains a day.

    Parameters
    ----------
    grain
        The kind of part.
    day
        Any day.

    Returns
    -------
    int
        Days: the proleptic ordinal. Months: 12 x year + month - 1. Quarters: 4 x year + quarter -
        1. Years: the year, or the year in which the financial year begins.

    Examples
    --------
    >>> (number_of(Grain.FINANCIAL_YEAR, date(2021, 3, 31)),
    ...  number_of(Grain.QUARTER, date(2021, 3, 31)))
    (2020, 8084)
    """
    if grain is Grain.DAY:
        return day.toordinal()
    if grain is Grain.MONTH:
        return 12 * day.year + day.month - 1
    if grain is Grain.QUARTER:
        return 4 * day.year + (day.month - 1) // 3
    return day.year - 1 if grain is Grain.FINANCIAL_YEAR and day.month < 4 else day.year


def part(grain: Grain, number: int) -> Period:
    """
    The days of a part of the calendar.

    Parameters
    ----------
    grain
        The kind of part.
    number
        Its number, as `number_of` gives it.

    Returns
    -------
    Period
        Its first to its last day.

    Raises
    ------
    ValueError
        When a date cannot express the part.

    Examples
    --------
    >>> str(part(Grain.QUARTER, 8084))
    '1 January 2021 to 31 March 2021'
    """
    if grain is Grain.DAY:
        day = date.fromordinal(number)
        return Period(day, day)
    if grain is Grain.CALENDAR_YEAR:
        return calendar_year(number)
    if grain is Grain.FINANCIAL_YEAR:
        return financial_year(number)
    if grain is Grain.MONTH:
        return month(number // 12, number % 12 + 1)
    first, last = month(number // 4, 3 * (number % 4) + 1), month(number // 4, 3 * (number % 4) + 3)
    return Period(first.first_on, last.last_on)


def part_around(grain: Grain, day: date) -> Period:
    """
    The part of the calendar that contains a day.

    Parameters
    ----------
    grain
        The kind of part.
    day
        Any day.

    Returns
    -------
    Period
        The part's first to its last day.

    Examples
    --------
    >>> str(part_around(Grain.FINANCIAL_YEAR, date(2021, 3, 31)))
    '1 April 2020 to 31 March 2021'
    """
    return part(grain, number_of(grain, day))


def part_name(grain: Grain, number: int) -> str:
    """
    The usual name of a part of the calendar.

    Parameters
    ----------
    grain
        The kind of part.
    number
        Its number, as `number_of` gives it.

    Returns
    -------
    str
        Like "March 2021"; quarters by their months, since "Q1" differs between the two kinds of
        year.

    Examples
    --------
    >>> part_name(Grain.QUARTER, 8084), part_name(Grain.FINANCIAL_YEAR, 2020)
    ('January to March 2021', '2020/21')
    """
    whole = part(grain, number)
    first_on, last_on = whole.first_on, whole.last_on
    if grain is Grain.MONTH:
        return f"{MONTHS[first_on.month - 1]} {first_on.year}"
    if grain is Grain.QUARTER:
        # Not "Q1", which differs between the financial and the calendar year.
        return f"{MONTHS[first_on.month - 1]} to {MONTHS[last_on.month - 1]} {first_on.year}"
    if grain is Grain.DAY:
        return whole.brief
    return financial_year_name(first_on) if grain is Grain.FINANCIAL_YEAR else str(first_on.year)
