"""
What may have been typed before a spreadsheet took a code for a date or a number:

    17-Jan, 17 January, 2026-01-17   day 17, month 1: was 17/1
    Aug-71, 01/08/1971, 1 Aug 71     month 8 of 1971: was 8/71, or else 1/8
    71.2                             was 71.20 or 71.02
    7117.0                           was 7117
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = f"(?P<name>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})"
_TIME = r"(?:[ t]0?0:00(?::00(?:\.0+)?)?)?"
_AS_DAYS = [
    re.compile(written + _TIME)
    for written in (
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d\d)",
        rf"(?P<day>\d{{1,2}})[- /]?{_MONTH}[- /,]+(?P<year>\d{{4}}|\d\d)",
        rf"(?P<day>\d{{1,2}})[- /]?{_MONTH}",
        rf"{_MONTH}[- /](?P<year>\d{{4}}|\d\d)",
    )
]
_ANY_YEAR = 2000  # a leap year, so that a day of every year is one


def typed_before(text: str) -> Iterator[str]:
    """
    Every text that may have been typed for a date or a number with a point; empty for other texts.
    """
    if whole := re.fullmatch(r"(\d{3,5})\.0", text):
        yield whole[1]
        yield f"{whole[1]}/0"
    elif point := re.fullmatch(r"(\d{1,3})\.(\d)", text):
        yield f"{point[1]}/{point[2]}"
        yield f"{point[1]}/{point[2]}0"
    else:
        yield from typed_as_day(text)


def typed_as_day(text: str) -> Iterator[str]:
    """
    Every text that may have been typed for a day or a month, "" for a day that does not exist;
    empty for other texts.

    "17/1" is typed as a day of the year in which it is typed; "8/71", which is not a day, as the
    first of a month.

    >>> list(typed_as_day("1 Aug 1971")), list(typed_as_day("Aug-71")), list(typed_as_day("071/17"))
    (['1/8', '8/71'], ['8/71'], [])
    """
    folded = text.casefold()
    for pattern in _AS_DAYS:
        if found := pattern.fullmatch(folded):
            yield from _typed(found.groupdict())
            return


def _typed(parts: dict[str, str | None]) -> Iterator[str]:
    named = parts.get("name")
    month = _MONTHS.index(named[:3]) + 1 if named else int(parts.get("month") or 0)
    day, year = parts.get("day"), parts.get("year")
    try:
        date(int(year) if year and len(year) == 4 else _ANY_YEAR, month, int(day or 1))
    except ValueError:
        yield ""
        return
    if day:
        yield f"{int(day)}/{month}"
    if year and int(day or 1) == 1:
        yield f"{month}/{int(year) % 100:02}"
