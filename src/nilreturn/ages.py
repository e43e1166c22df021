"""Ages in words: the parser of age bands for questions and for the labels of printed tables."""

from __future__ import annotations

import re

# Ages in whole years. Imports turn any other age into Unknown. An open band ("16 and over") ends at
# the oldest.
YOUNGEST, OLDEST = 0, 150

_TIDY = re.compile(
    r"\b(?:aged?s?|years?|yrs?|yr|old|olds|of|the|from|between|inclusive|including|y/?o|people|persons)\b|[()]"
)
_NUMBER = r"(\d{1,3})s?"
_DASH = r"(?:-|‐|‑|‒|–|—|−|to|and|through|thru|&)"  # hyphens, dashes and the minus sign
_RANGE = re.compile(rf"{_NUMBER} ?{_DASH} ?{_NUMBER}")
_ONE = re.compile(r"(\d{1,3})")
_UP_TO = re.compile(
    rf"{_NUMBER} ?(?:and|or|&) ?(?:under|younger|below|less|fewer)|(?:up to|up to and|to|<=|≤|at "
    rf"most) ?{_NUMBER}"
)
_UNDER = re.compile(rf"(?:under|below|younger than|less than|fewer than|<) ?{_NUMBER}")
_FROM = re.compile(
    rf"{_NUMBER} ?(?:(?:and|or|&) "
    rf"?(?:over|older|above|up|upwards|more)|\+|plus|upwards)|(?:>=|≥|at least) ?{_NUMBER}"
)
_OVER = re.compile(rf"(?:over|above|older than|more than|>) ?{_NUMBER}")


def parse_ages(text: str) -> tuple[int, int]:
    """
    The first and last age that a phrase means, in whole years, both included; an open band ends at
    `OLDEST`.

    Raises `ValueError`, with what to write instead, for a phrase that is not a band of ages.

    >>> [parse_ages(words) for words in ("11 and under", "12-15", "under 18s", "16 and over",
    ...     "over 65", "up to 17")]
    [(0, 11), (12, 15), (0, 17), (16, 150), (66, 150), (0, 17)]
    """
    words = " ".join(_TIDY.sub(" ", text.casefold()).split())
    first, last = YOUNGEST, OLDEST
    if found := _RANGE.fullmatch(words):
        first, last = int(found[1]), int(found[2])
    elif found := _ONE.fullmatch(words):
        first = last = int(found[1])
    elif found := _UP_TO.fullmatch(words):
        last = int(found[1] or found[2])
    elif found := _UNDER.fullmatch(words):
        last = int(found[1]) - 1
    elif found := _FROM.fullmatch(words):
        first = int(found[1] or found[2])
    elif found := _OVER.fullmatch(words):
        first = int(found[1]) + 1
    else:
        raise ValueError(
            f"'{text}' is not an age band; write it like '11 and under', '12-15' or '16 and over'"
        )
    if first > last:
        raise ValueError(f"age band '{text}' holds no age; write the lower age first")
    if last > OLDEST or first > OLDEST:
        raise ValueError(
            f"age band '{text}' goes past {OLDEST}; leave its upper end open, like '{first} and "
            f"over'"
        )
    return first, last


def ages_in_words(first: int, last: int, *, from_youngest: bool = True) -> str:
    """
    The ages from the first to the last, as people write them. `from_youngest` writes a band from
    `YOUNGEST` as "11 and under".

    >>> [ages_in_words(*ages) for ages in ((0, 11), (12, 15), (16, 16), (65, 150), (0, 150))]
    ['11 and under', '12 to 15', '16', '65 and over', 'all ages']
    >>> ages_in_words(0, 11, from_youngest=False)
    '0 to 11'
    """
    if (first, last) == (YOUNGEST, OLDEST):
        return "all ages"
    if first == last:
        return str(first)
    if first == YOUNGEST and from_youngest:
        return f"{last} and under"
    return f"{first} and over" if last == OLDEST else f"{first} to {last}"
