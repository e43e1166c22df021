"""
Reads financial years, calendar years and quarters, as publishers write them, as their first day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from nilreturn.periods import Grain

_MARK = re.compile(
    r"\s*(?:\((?:p|r|provisional|revised|\d)\)|\[(?:p|r|provisional|revised|\d|note \d+)\])$"
)
_FINANCIAL_WORDS = re.compile(r"^(?:fy|f/y|financial year|fiscal year|year)\s*:?\s*(?=\d)")
_YEARS = re.compile(r"(\d{4}|\d{2})\s*(?:[-/_]|to)\s*(\d{4}|\d{2})")
_APRIL_TO_MARCH = re.compile(
    r"(?:1 )?apr(?:il)?[ -](\d{4})\s*(?:-|to)\s*(?:31 )?mar(?:ch)?[ -](\d{4})"
)
_ENDING = re.compile(
    r"(?:financial year|year|12 months|ye|fye)\s*(?:ending|ended|to|end)?\s*(?:31 )?mar(?:ch)? "
    r"(\d{4})"
)
_QUARTER = re.compile(r"(?:q([1-4])[ /-]*(\d{4})|(\d{4})[ /-]*q([1-4]))")
_FINANCIAL_QUARTER = re.compile(
    r"(.{5,11}?)(?:[ ,-]*q(?:uarter )?|[ ,-]+)([1-4])|q(?:uarter )?([1-4])[ ,-]*(.{5,11})"
)


def first_day(text: str, grain: Grain, as_at: date) -> tuple[date | None, str]:
    """The first day of the span; or None and the rule that was broken."""
    folded = re.sub("[\u2010-\u2015\u2212]", "-", " ".join(text.casefold().split()))
    return NAMED[grain](_MARK.sub("", folded), as_at)


def _financial_year(text: str, as_at: date) -> tuple[date | None, str]:
    if ending := _ENDING.fullmatch(text):
        return date(int(ending[1]) - 1, 4, 1), ""
    years = _APRIL_TO_MARCH.fullmatch(text) or _YEARS.fullmatch(_FINANCIAL_WORDS.sub("", text))
    if not years:
        return None, "not_a_date"
    first, second = years.groups()
    if len(first) == 2 and len(second) == 4:
        return None, "not_a_date"
    if (int(first) + 1) % 100 != int(second) % 100 or (
        len(second) == 4 and int(second) != int(first) + 1
    ):
        return None, "impossible_financial_year"
    year = int(first) if len(first) == 4 else _century(int(first), as_at)
    return (date(year, 4, 1), "") if year else (None, "impossible_financial_year")


def _century(short: int, as_at: date) -> int:
    """The latest year with these two digits whose April is not after `as_at`."""
    year = as_at.year // 100 * 100 + short
    return year - 100 if date(year, 4, 1) > as_at else year


def _calendar_year(text: str, as_at: date) -> tuple[date | None, str]:
    return (
        (date(int(text), 1, 1), "") if re.fullmatch(r"[1-9]\d{3}", text) else (None, "not_a_date")
    )


def _quarter(text: str, as_at: date) -> tuple[date | None, str]:
    """
    The first day of a quarter: of a calendar year ("2023 Q1" begins in January), or of a financial
    year ("2023/24 Q1" begins in April).
    """
    if found := _QUARTER.fullmatch(text):
        year, quarter = int(found[2] or found[3]), int(found[1] or found[4])
        return (date(year, 3 * quarter - 2, 1), "") if year else (None, "not_a_date")
    if found := _FINANCIAL_QUARTER.fullmatch(text):
        april, fault = _financial_year(found[1] or found[4], as_at)
        if april is None:
            return None, fault
        months = 3 * (int(found[2] or found[3]) - 1)
        return date(april.year + (months == 9), (3 + months) % 12 + 1, 1), ""
    return None, "not_a_date"


NAMED: dict[Grain, Callable[[str, date], tuple[date | None, str]]] = {
    Grain.FINANCIAL_YEAR: _financial_year,
    Grain.CALENDAR_YEAR: _calendar_year,
    Grain.QUARTER: _quarter,
}
