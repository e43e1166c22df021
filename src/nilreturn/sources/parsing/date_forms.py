"""
The forms of a date that a mapping names ("%d/%m/%Y"), compiled.

A text is tried only against the forms of its shape ("03/07/2024" has the shape of "00/00/0000"), in
the mapping's order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH_NAME = "(?P<name>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_DIRECTIVES = {
    "d": r"(?P<day>[0-9]{1,2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "Y": r"(?P<year>[0-9]{4})",
    "y": r"(?P<short>[0-9]{2})",
    "b": _MONTH_NAME,
    "B": _MONTH_NAME,
    "H": r"(?:[01]?[0-9]|2[0-3])",
    "I": r"(?:0?[0-9]|1[0-2])",
    "M": r"[0-5]?[0-9]",
    "S": r"(?:[0-5]?[0-9]|60)",
    "f": r"[0-9]{1,9}",
    "p": r"[ap]\.?m\.?",
    "a": r"(?:mon|tue|wed|thu|fri|sat|sun)",
    "A": r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    "%": "%",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A day of the calendar. `is_ambiguous`: exchanging day and month gives another day."""

    day: date
    is_ambiguous: bool = False
    is_day_first: bool = False  # no other order of day and month is possible


def compiled(form: str) -> re.Pattern[str]:
    """
    The form, compiled. Raises `ValueError` for a form that names no day, and for an unknown
    directive.
    """
    parts: list[str] = []
    at = 0
    while at < len(form):
        if form[at] != "%":
            parts.append(r"\s+" if form[at].isspace() else re.escape(form[at]))
            at += 1
            continue
        directive = form[at + 1 : at + 2]
        if directive not in _DIRECTIVES:
            raise ValueError(form)
        parts.append(_DIRECTIVES[directive])
        at += 2
    try:
        pattern = re.compile("".join(parts), re.IGNORECASE)
    except re.error:
        raise ValueError(form) from None
    groups = pattern.groupindex.keys()
    if not (groups & {"year", "short"}) or not (groups & {"month", "name"}):
        raise ValueError(form)
    return pattern


class Forms:
    """
    Reads days by the first form that fits. A year of two digits is in the latest century that does
    not make it later than `as_at`.
    """

    def __init__(self, forms: Sequence[str], as_at: date) -> None:
        self._patterns = [compiled(form) for form in forms]
        self._forms = list(forms)
        self._as_at = as_at
        self._by_shape: dict[str, list[re.Pattern[str]]] = {}

    def first_like(self, text: str) -> str | None:
        """The first form that texts of this shape are tried against."""
        patterns = self._fitting(text)
        return self._forms[self._patterns.index(patterns[0])] if patterns else None

    def _fitting(self, text: str) -> list[re.Pattern[str]]:
        shape = _SHAPES.sub("0", text) if text.isascii() else text
        patterns = self._by_shape.get(shape)
        if patterns is None:
            patterns = [pattern for pattern in self._patterns if _may_fit(pattern, text)]
            if len(self._by_shape) < _MOST_SHAPES:
                self._by_shape[shape] = patterns
        return patterns

    def find(self, text: str) -> Found | None:
        for pattern in self._fitting(text):
            match = pattern.fullmatch(text)
            if match and (found := self._day(match)):
                return found
        return None

    def _day(self, match: re.Match[str]) -> Found | None:
        parts = match.groupdict()
        day = int(parts.get("day") or 1)
        number = parts.get("month")
        month = int(number) if number else _MONTHS[parts["name"].lower()]
        year = (
            int(parts["year"])
            if parts.get("year")
            else self._century(int(parts["short"]), month, day)
        )
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        if not number or not parts.get("day") or match.start("day") > match.start("month"):
            return Found(found)
        return Found(found, is_ambiguous=day <= 12 and day != month, is_day_first=day > 12)

    def _century(self, short: int, month: int, day: int) -> int:
        year = self._as_at.year // 100 * 100 + short
        return (
            year - 100
            if (year, month, day) > (self._as_at.year, self._as_at.month, self._as_at.day)
            else year
        )


def changed_about(form: str) -> str | None:
    """
    The form with the month before the day; None where it is not a form of numbers with the day
    first.
    """
    day, month = form.find("%d"), form.find("%m")
    if day < 0 or month < day:
        return None
    return form.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


def _may_fit(pattern: re.Pattern[str], text: str) -> bool:
    """
    Whether the form can fit texts of this shape. Digits are made small enough for every part of a
    date.
    """
    runs = {len(run) for run in _DIGITS.findall(text)}
    # Digits that run together, or a fraction: the digits themselves decide.
    if not runs <= _SMALL.keys():
        return True
    return pattern.fullmatch(_DIGITS.sub(lambda run: _SMALL[len(run[0])], text)) is not None


_SHAPES = re.compile("[0-9]")
_DIGITS = re.compile("[0-9]+")
_SMALL = {1: "1", 2: "01", 4: "2001"}
_MOST_SHAPES = 10_000
