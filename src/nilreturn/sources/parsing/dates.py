"""Reads texts as days by the mapping's forms. A month, quarter or year is read as its first day."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from nilreturn.errors import SourceError
from nilreturn.periods import Grain, part_around
from nilreturn.sources.mapping import MappedColumn, SourceMapping
from nilreturn.sources.parsing import spans
from nilreturn.sources.parsing.date_forms import Forms, Found, changed_about, compiled
from nilreturn.sources.parsing.day_numbers import FORM, day_of
from nilreturn.sources.parsing.meaning import Meaning
from nilreturn.sources.parsing.plain_days import is_plain, plain_days

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCH = date(1970, 1, 1).toordinal()  # days are kept as numbers from here
_EARLIEST = date(1900, 1, 1)
_LONDON = ZoneInfo("Europe/London")
_WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d(?::?\d\d)?)")
_MONTH_FORMS = ("%Y-%m", "%m/%Y", "%Y/%m", "%b %Y", "%B %Y", "%b-%Y", "%Y %m", "%Y %b", "%m %Y")
_PARTS_FORMS = ("%Y %m %d", "%Y %b %d", "%d %m %Y")  # of columns that are combined


class DateReader:
    """
    Reads the texts of one column and records what they show about the order of day and month.

    A whole column can show what one text cannot: 03/07/2024 beside 07/31/2024 is not 3 July.
    """

    def __init__(self, mapping: SourceMapping, column: MappedColumn, as_at: date) -> None:
        self._as_at = as_at
        self._grain = column.precision
        self._unknown = frozenset(mapping.unknown)
        # A day that stands for no date.
        self._may_be_blank = any(word[:1].isdigit() for word in mapping.blank)
        self._defaults = frozenset(date.fromisoformat(day) for day in mapping.dates.defaults)
        extra = (
            *(_MONTH_FORMS if self._grain is Grain.MONTH else ()),
            *(_PARTS_FORMS if column.combine else ()),
        )
        forms = check_forms(mapping) + [form for form in extra if form not in mapping.dates.formats]
        self.reads_numbers = FORM in mapping.dates.formats
        self._forms = Forms(forms, as_at)
        self._short = Forms([form.replace("%Y", "%y") for form in forms if "%Y" in form], as_at)
        swapped = [other for form in forms if (other := changed_about(form)) and other not in forms]
        self._month_first = Forms(swapped, as_at)
        self.saw_ambiguous = self.saw_day_first = self.saw_month_first = False

    def __call__(self, text: str) -> Meaning:
        day, fault = self._read(text)
        if day is None:
            return Meaning(None, None if text.lower() in self._unknown else fault)
        if day in self._defaults:
            return Meaning(None, "default_date")
        if day < _EARLIEST:
            return Meaning(None, "date_too_early")
        if day > self._as_at:
            return Meaning(None, "date_in_future")
        return Meaning(day.toordinal() - EPOCH)

    def plain(self, texts: Any) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """
        The days of Arrow texts without null, and which of them need no further reading; each of the
        others is read by itself.
        """
        form = self._forms.first_like(texts[0].as_py()) if len(texts) else None
        if form is None or not is_plain(form) or self._grain is not Grain.DAY or self._may_be_blank:
            return np.zeros(len(texts), np.int32), np.zeros(len(texts), np.bool_)
        found = plain_days(texts, form)
        first, last = _EARLIEST.toordinal() - EPOCH, self._as_at.toordinal() - EPOCH
        sure = found.is_plain & (found.days >= first) & (found.days <= last)
        sure &= ~np.isin(found.days, [day.toordinal() - EPOCH for day in self._defaults])
        if form.startswith("%d"):
            days, months = found.days_of_month[sure], found.months[sure]
            self.saw_ambiguous |= bool(((days <= 12) & (days != months)).any())
            self.saw_day_first |= bool((days > 12).any())
        return found.days, sure

    def _read(self, text: str) -> tuple[date | None, str]:
        if self._grain in spans.NAMED:
            day, fault = spans.first_day(text, self._grain, self._as_at)
            if day or fault != "not_a_date":
                return day, fault
        if _WITH_OFFSET.fullmatch(text):
            return self._first(_in_london(text)), "not_a_date"
        if found := self._forms.find(text):
            self._note(found)
            return self._first(found.day), ""
        if self._month_first.find(text):
            self.saw_month_first = True
            return None, "month_first"
        if day := day_of(text):
            return (self._first(day), "") if self.reads_numbers else (None, "day_number")
        return None, "two_digit_year" if self._short.find(text) else "not_a_date"

    def _note(self, found: Found) -> None:
        self.saw_ambiguous |= found.is_ambiguous
        self.saw_day_first |= found.is_day_first

    def _first(self, day: date | None) -> date | None:
        """
        The first day of the part of the calendar that the column is known by. No part ends after
        31/12/9999.
        """
        if day and day.year > self._as_at.year + 1:
            return day  # in the future, as the first day of its part would be too
        return (
            part_around(self._grain, day).first_on if day and self._grain is not Grain.DAY else day
        )


def check_forms(mapping: SourceMapping) -> list[str]:
    """
    The mapping's forms of dates, without that for numbers of days. Raises `SourceError` for one
    that is not a form of a date.
    """
    forms = [form for form in mapping.dates.formats if form != FORM]
    for form in forms:
        try:
            compiled(form)
        except ValueError:
            raise SourceError(
                f"the mapping '{mapping.name}', dates.formats: '{form}' is not a form of a date; "
                f"write it like %d/%m/%Y"
            ) from None
    return forms


def _in_london(text: str) -> date | None:
    """The day in London of a time with an offset."""
    try:
        return datetime.fromisoformat(text).astimezone(_LONDON).date()
    except (ValueError, OverflowError):
        return None
