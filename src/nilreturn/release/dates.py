"""Days as a letter writes them."""

from __future__ import annotations

from datetime import date

from nilreturn.periods import MONTHS


def day(value: date) -> str:
    """
    A day in words, whatever the machine's locale.

    >>> day(date(2021, 6, 29))
    '29 June 2021'
    """
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
