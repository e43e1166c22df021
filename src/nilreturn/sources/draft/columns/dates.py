"""How dates are written: the form of a text, the days that it may mean, and its precision."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_LONG_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_TIMES = (
    ("", ""),
    (r"[ ]\d{1,2}:\d\d", " %H:%M"),
    (r"[ ]\d{1,2}:\d\d:\d\d", " %H:%M:%S"),
    (r"[ ]\d{1,2}:\d\d:\d\d\.\d{1,6}", " %H:%M:%S.%f"),
    (r"[ ]\d{1,2}:\d\d ?[ap]m", " %I:%M %p"),
    (r"[ ]\d{1,2}:\d\d:\d\d ?[ap]m", " %I:%M:%S %p"),
    (r"t\d\d:\d\d:\d\d", "T%H:%M:%S"),
    (r"t\d\d:\d\d", "T%H:%M"),
    (r"t\d\d:\d\d:\d\d\.\d{1,6}", "T%H:%M:%S.%f"),
    (r"[t ]\d\d:\d\d:\d\d(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)", ""),  # read by the import without a form
)
_DAYS = (
    (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
    (r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
    (r"\d{1,2}/\d{1,2}/\d\d", "%d/%m/%y"),
    (r"\d{1,2}-\d{1,2}-\d\d", "%d-%m-%y"),
    (r"\d{1,2}\.\d{1,2}\.\d\d", "%d.%m.%y"),
    (r"\d{4}-\d\d-\d\d", "%Y-%m-%d"),
    (r"\d{4}/\d\d/\d\d", "%Y/%m/%d"),
    (r"(?:19|20)\d{6}", "%Y%m%d"),
    (rf"\d{{1,2}}-{_MONTH}-\d{{4}}", "%d-%b-%Y"),
    (rf"\d{{1,2}}-{_MONTH}-\d\d", "%d-%b-%y"),
    (rf"\d{{1,2}} {_MONTH} \d{{4}}", "%d %b %Y"),
    (rf"\d{{1,2}} {_LONG_MONTH} \d{{4}}", "%d %B %Y"),
    (rf"\d{{1,2}}/{_MONTH}/\d{{4}}", "%d/%b/%Y"),
    (rf"{_MONTH} \d{{1,2}}, \d{{4}}", "%b %d, %Y"),
    (rf"{_LONG_MONTH} \d{{1,2}}, \d{{4}}", "%B %d, %Y"),
    (rf"{_MONTH} \d{{1,2}} \d{{4}}", "%b %d %Y"),
)
_MONTHS = (
    (r"\d{4}-\d\d", "%Y-%m"),
    (r"\d{4}/\d\d", "%Y/%m"),
    (r"(?:19|20)\d\d(?:0[1-9]|1[0-2])", "%Y%m"),
    (rf"{_MONTH}-\d\d", "%b-%y"),
    (rf"{_MONTH}[ ]\d\d", "%b %y"),
    (rf"{_MONTH}-\d{{4}}", "%b-%Y"),
    (rf"{_MONTH} \d{{4}}", "%b %Y"),
    (rf"{_LONG_MONTH} \d{{4}}", "%B %Y"),
    (r"(?:0?[1-9]|1[0-2])/\d{4}", "%m/%Y"),
)
_OTHERS = (
    (r"(?:19|20)\d\d ?q[1-4]|q[1-4] ?(?:19|20)\d\d", "quarter"),
    (r"(?:19|20)\d\d", "calendar_year"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """
    A way to write dates: `written` for the mapping's `dates.formats` (empty where it needs none),
    and its precision.
    """

    written: str
    precision: str  # day, month, quarter, calendar_year or financial_year


def _compiled() -> list[tuple[re.Pattern[str], Form]]:
    found = [
        (re.compile(day + time), Form(written + form, "day"))
        for time, form in _TIMES
        for day, written in _DAYS
    ]
    found += [(re.compile(pattern), Form(written, "month")) for pattern, written in _MONTHS]
    return found + [(re.compile(pattern), Form("", precision)) for pattern, precision in _OTHERS]


_FORMS = _compiled()
_FINANCIAL_YEAR = re.compile(
    r"(?:fy ?|financial year )?(?:19|20)?(\d\d) ?(?:[/–_-]|to) ?(?:19|20)?(\d\d)(?: "
    r"?[\[(][a-z][\])])?"
)
_YEAR_ENDING = re.compile(
    r"(?:financial )?year ending (?:31 )?mar(?:ch)? \d{4}|apr\S* \d{4} ?(?:to|-) ?mar\S* \d{4}"
)


def form_of(text: str) -> Form | None:
    """
    The form of a text; None where it is not a date.

    >>> form_of("01/07/2020 09:30")
    Form(written='%d/%m/%Y %H:%M', precision='day')
    >>> form_of("2019/20"), form_of("Live")
    (Form(written='', precision='financial_year'), None)
    """
    folded = text.strip().casefold()
    if not 2 <= len(folded) <= 35 or not any(letter.isdigit() for letter in folded):
        return None
    if _YEAR_ENDING.fullmatch(folded):
        return Form("", "financial_year")
    years = _FINANCIAL_YEAR.fullmatch(folded)
    follows = years is not None and int(years[2]) == (int(years[1]) + 1) % 100
    for pattern, form in _FORMS:
        if pattern.fullmatch(folded):
            is_month = form.precision != "month" or not follows or int(folded[-2:]) <= 12
            return form if is_month else Form("", "financial_year")  # 2019-20
    return Form("", "financial_year") if follows else None


@dataclass(frozen=True, slots=True)
class Order:
    """How many texts can only have the day first, and how many only the month."""

    day_first: int = 0
    month_first: int = 0


def order_of(texts: Mapping[str, int]) -> Order:
    """
    What texts like 13/02/2020 and 02/13/2020 show about the order of day and month. `texts` are
    counted.

    >>> order_of({"13/02/2020": 2, "02/13/2020": 1, "01/02/2020": 9})
    Order(day_first=2, month_first=1)
    """
    found: Counter[str] = Counter()
    for text, rows in texts.items():
        parts = re.match(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}(?!\d)", text)
        if parts:
            first, second = int(parts[1]), int(parts[2])
            found["day"] += rows if first > 12 >= second else 0
            found["month"] += rows if second > 12 >= first else 0
    return Order(found["day"], found["month"])


def month_first(written: str) -> str:
    """
    The same form with the month before the day.

    >>> month_first("%d/%m/%Y %H:%M")
    '%m/%d/%Y %H:%M'
    """
    return re.sub(r"^%d(.)%m", r"%m\1%d", written)
