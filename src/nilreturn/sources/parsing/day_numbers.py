"""Days as spreadsheets count them, from 30 December 1899: 44287 is 1 April 2021."""

from __future__ import annotations

import re
from datetime import date, timedelta

FORM = "day number"
DAY_ZERO = date(1899, 12, 30)
NUMBER_OF_DAY = r"[1-9][0-9]{4}(?:\.[0-9]+)?"
_NUMBER = re.compile(NUMBER_OF_DAY)


def day_of(text: str) -> date | None:
    """
    The day of a number of five digits, with or without a fraction of a day; None for any other
    text.
    """
    return DAY_ZERO + timedelta(days=int(text[:5])) if _NUMBER.fullmatch(text) else None
