"""Days in files that people write."""

from __future__ import annotations

import re
from datetime import date, datetime

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(value: object) -> object:
    """
    A day where one is expected, for a pydantic validator.

    Parameters
    ----------
    value
        A day as TOML gives it, or text like 2021-06-29.

    Returns
    -------
    date
        The day.

    Raises
    ------
    ValueError
        For anything else.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("there is no such day in the calendar") from None
    raise ValueError("must be a day, written like 2021-06-29")


def not_a_day(text: str) -> str:
    """
    A text where words are expected, for a pydantic validator: a day, which words would hide, is
    refused.

    Parameters
    ----------
    text
        The text.

    Returns
    -------
    str
        The same text.

    Raises
    ------
    ValueError
        Where it begins like a day.
    """
    if _DAY.match(text):
        raise ValueError("days stand in pairs, first and last, written like 2021-06-29")
    return text
