"""
Numbers as tables print them: with thousands separated, in words, as "fewer than" and "or more",
with a footnote.
"""

from __future__ import annotations

import re
from typing import Final

from nilreturn.disclosure.model import MOST_COUNT, NO_UPPER
from nilreturn.errors import TableError

_WORDS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
_ZERO_WORDS = {"nil", "none", "nil return", "no records"}
_NUMBER = rf"([0-9]{{1,3}}(?:[,' \u00a0\u2009\u202f][0-9]{{3}})+|[0-9]+|{'|'.join(_WORDS)})"
_DASH = "(?:-|‐|‑|‒|–|—|−|to)"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text.replace("NUMBER", _NUMBER), re.IGNORECASE)


_COUNT = _pattern(r"NUMBER")
_WHOLE_DECIMAL = _pattern(r"NUMBER\.0+|NUMBER\.")
_BELOW = _pattern(r"(?:<|＜|less than|lower than|smaller than|fewer than|under|below)\s*NUMBER")
_UP_TO = _pattern(
    r"(?:<=|=<|≤|⩽|up to|at most|no more than|not more than|maximum(?: of)?|max)\s*NUMBER"
    r"|NUMBER\s*(?:or|and|&)\s*(?:fewer|less|under|below|lower)"
)
_AT_LEAST = _pattern(
    r"(?:>=|=>|≥|⩾|at least|no fewer than|no less than|minimum(?: of)?)\s*NUMBER"
    r"|NUMBER\s*(?:\+|plus|(?:or|and|&)\s*(?:more|over|above|greater|higher))"
)
_ABOVE = _pattern(r"(?:>|＞|more than|greater than|over|above)\s*NUMBER")
_BETWEEN = _pattern(rf"(?:from\s+)?NUMBER\s*{_DASH}\s*NUMBER|between\s+NUMBER\s+and\s+NUMBER")
_OTHER_NUMBER = re.compile(
    r"[-−–+]?[£$€]?[0-9][0-9.,]*(?:e[-+]?[0-9]+)?\s*%?|\([0-9][0-9.,]*\)", re.IGNORECASE
)
# Footnotes and letters of quality behind a number or a mark: "12 [1]", "12*", "12 [r][e]", "12¹",
# "12 r".
_NOTE = re.compile(
    r"(?<=\S)(?:\s*(?:\[(?:[abdefgnprstu]|(?:note\s*)?[0-9]{1,2})\]|\((?:note\s*)?[0-9]{1,2}\)|[*†‡§¶^]+|[⁰¹²³⁴-⁹]+)"
    r"|(?<=[0-9])\s?[rpe])+$",
    re.IGNORECASE,
)


def without_notes(text: str) -> str:
    """
    A cell's text without the footnotes behind it; the whole text where there would be nothing left.

    >>> (without_notes("12 [note 1]"), without_notes("12*"), without_notes("**"),
    ...  without_notes("[c][2]"))
    ('12', '12', '**', '[c]')
    """
    return _NOTE.sub("", text) or text if not set(text) <= set("*†‡§¶^") else text


def is_plain_number(text: str) -> bool:
    """
    Whether a text is a number in digits, with or without separators, sign, decimals or footnotes.
    """
    bare = without_notes(text.strip())
    return (
        bare[:1] in "-−–+£$€0123456789("
        and _OTHER_NUMBER.fullmatch(bare.replace(" ", "").replace("'", "")) is not None
    )


def whole_range(text: str, floor: int) -> tuple[int, int] | None:
    """
    The least and the greatest count that a text gives; None where it gives none. `floor` is the
    least that a count under a limit can be.

    Raises `TableError` for a number that no count can be.

    >>> (whole_range("1,204", 1), whole_range("fewer than five", 1), whole_range("5 or fewer", 0),
    ...  whole_range("F", 1))
    ((1204, 1204), (1, 4), (0, 5), None)
    """
    if text.casefold() in _ZERO_WORDS:
        return 0, 0
    if found := _COUNT.fullmatch(text) or _WHOLE_DECIMAL.fullmatch(text):
        return (_whole(found, text),) * 2
    if found := _BELOW.fullmatch(text):
        return _ordered(floor, _whole(found, text) - 1, text)
    if found := _UP_TO.fullmatch(text):
        return _ordered(floor, _whole(found, text), text)
    if found := _BETWEEN.fullmatch(text):
        first, last = (group for group in found.groups() if group is not None)
        return _ordered(_number(first, text), _number(last, text), text)
    if found := _AT_LEAST.fullmatch(text):
        return _whole(found, text), NO_UPPER
    if found := _ABOVE.fullmatch(text):
        return _whole(found, text) + 1, NO_UPPER
    if _OTHER_NUMBER.fullmatch(text):
        raise TableError(f"{short(text)!r} is no count: a count is a whole number from 0")
    return None


def short(text: str, most: int = 60) -> str:
    """A text that is no longer than a message can bear."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _whole(found: re.Match[str], text: str) -> int:
    return _number(next(group for group in found.groups() if group is not None), text)


def _number(digits: str, text: str) -> int:
    word = digits.casefold()
    if word in _WORDS:
        return _WORDS.index(word)
    bare = re.sub(r"[^0-9]", "", digits)
    # Python refuses to read numbers of thousands of digits, and no array holds one of twenty.
    if len(bare.lstrip("0")) > 13 or int(bare) > MOST_COUNT:
        raise TableError(f"{short(text)!r} is larger than any count of records")
    return int(bare)


def _ordered(low: int, high: int, text: str) -> tuple[int, int]:
    if low > high:
        raise TableError(
            f"{short(text)!r} leaves room for no count; if zeros are hidden too, say so (--zeros "
            f"hidden)"
        )
    return low, high
