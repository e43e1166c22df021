"""Parts of the calendar as whole numbers, each one more than that before it."""

from __future__ import annotations

import calendar
from datetime import date

from nilreturn.periods import Period
from nilreturn.questions.model import Grain

# In which other parts each lies. A quarter of the financial year is a quarter of the calendar, with another name.
WITHIN = {
    Grain.CALENDAR_YEAR: (),
    Grain.FINANCIAL_YEAR: (),
    Grain.QUARTER: (Grain.CALENDAR_YEAR, Grain.FINANCIAL_YEAR),
    Grain.MONTH: (Grain.CALENDAR_YEAR, Grain.FINANCIAL_YEAR, Grain.QUARTER),
}


def number_of(grain: Grain, day: date) -> int:
    """
    The number of the part that the day lies in. Months: 12 x year + month - 1. Quarters: 4 x year + quarter - 1.
    Years: the year, or that in which the financial year begins.

    >>> number_of(Grain.FINANCIAL_YEAR, date(2021, 3, 31)), number_of(Grain.QUARTER, date(2021, 3, 31))
    (2020, 8084)
    """
    if grain is Grain.MONTH:
        return 12 * day.year + day.month - 1
    if grain is Grain.QUARTER:
        return 4 * day.year + (day.month - 1) // 3
    return day.year - 1 if grain is Grain.FINANCIAL_YEAR and day.month < 4 else day.year


def part(grain: Grain, number: int) -> Period:
    """The days of the part with that number."""
    if grain is Grain.MONTH:
        return _months(number, 1)
    if grain is Grain.QUARTER:
        return _months(3 * number, 3)
    return _months(12 * number + (3 if grain is Grain.FINANCIAL_YEAR else 0), 12)


def _months(first: int, count: int) -> Period:
    last = first + count - 1
    year, month = divmod(last, 12)
    return Period(date(first // 12, first % 12 + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1]))
