"""Values along a variable (ages and days) in words."""

from __future__ import annotations

from datetime import date

from nilreturn.ages import ages_in_words

# Numbers from here on are days (`date.toordinal()`: 1 January 1000 and later); ages and the like
# are far below.
FIRST_DAY = date(1000, 1, 1).toordinal()


def range_words(first: int, last: int) -> str:
    """Numbers (of ages), or days, from the first to the last."""
    if first < FIRST_DAY:
        return ages_in_words(first, last, from_youngest=False)
    days = [f"{day.day} {day:%B %Y}" for day in (date.fromordinal(first), date.fromordinal(last))]
    return days[0] if first == last else f"{days[0]} to {days[1]}"
