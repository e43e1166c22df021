"""
Reads texts as numbers, amounts of money, times of day and outcome types, for tables beside crimes
and victims.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from nilreturn.sources.parsing.meaning import Meaning

MOST = 1_000_000_000
LAST_OUTCOME = 22
_LONDON = ZoneInfo("Europe/London")
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_WHOLE = re.compile(rf"{_NUMBER}(?:\.0+)?")
_AMOUNT = re.compile(rf"(?:£|GBP)?\s?({_NUMBER})(?:\.([0-9]{{1,2}})0*)?")
_TIME = re.compile(r"(?:.*[0-9][ T])?([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9](?:\.[0-9]+)?)?")
_WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d(?::?\d\d)?)")
_OUTCOME = re.compile(
    r"(?:(?:outcome|type|code)\s*)*0*([0-9]{1,2})\s?([a-z])?(?![a-z0-9/])(?:.*)",
    re.IGNORECASE | re.DOTALL,
)

Reader = Callable[[str], Meaning]


def number_reader(unknown: frozenset[str]) -> Reader:
    """A reader of integers from 0 to 1,000,000,000."""

    def read(text: str) -> Meaning:
        if _WHOLE.fullmatch(text) and (number := int(float(text.replace(",", "")))) <= MOST:
            return Meaning(number)
        return Meaning(None, None if text.lower() in unknown else "not_a_number")

    return read


def amount_reader(unknown: frozenset[str]) -> Reader:
    """
    A reader of pounds and pence, as a label like "1234.50". A third digit of pence is refused,
    since it would have to be rounded.
    """

    def read(text: str) -> Meaning:
        found = _AMOUNT.fullmatch(text)
        if found and len(pounds := found[1].replace(",", "").lstrip("0") or "0") <= 12:
            return Meaning(f"{pounds}.{(found[2] or '').ljust(2, '0')}")
        return Meaning(None, None if text.lower() in unknown else "not_an_amount")

    return read


def time_reader(unknown: frozenset[str]) -> Reader:
    """
    A reader of minutes since midnight, from a time of day or a day with a time. A time with an
    offset is converted to London's.
    """

    def read(text: str) -> Meaning:
        if _WITH_OFFSET.fullmatch(text):
            try:
                local = datetime.fromisoformat(text).astimezone(_LONDON)
            except (ValueError, OverflowError):
                return Meaning(None, "not_a_time")
            return Meaning(local.hour * 60 + local.minute)
        if found := _TIME.fullmatch(text):
            return Meaning(int(found[1]) * 60 + int(found[2]))
        return Meaning(None, None if text.lower() in unknown else "not_a_time")

    return read


def outcome_type_reader(words: dict[str, str], unknown: frozenset[str]) -> Reader:
    """
    A reader of outcome types: the number with its letter ("1A"), from texts such as "14", "Type 14"
    and "14 - Evidential difficulties". `words` has the mapping's own, in lower case.
    """

    def read(text: str) -> Meaning:
        if (known := words.get(text.lower())) is not None:
            return Meaning(known)
        found = _OUTCOME.fullmatch(text)
        if found and int(found[1]) <= LAST_OUTCOME:
            return Meaning(f"{int(found[1])}{(found[2] or '').upper()}")
        return Meaning(None, None if text.lower() in unknown else "unknown_value")

    return read
