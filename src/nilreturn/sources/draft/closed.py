"""
Decides which columns' words may be shown to whoever writes a mapping: those of closed sets, judged
by their number and kind.

The words of a status, a flag or a sex are needed to state what each means. A name, an address or a
remark in such a column must not be shown with them, so a column is shown completely or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_WORDS = {
    "crime.status": 30,
    "crime.cancel_code": 20,
    "crime.online_flag": 12,
    "crime.domestic_abuse_flag": 12,
    "crime.hate_crime_flag": 12,
    "crime.knife_flag": 12,
    "victim.sex": 15,
    "victim.victim_type": 20,
}
_LONGEST = 40
_MOST_IN_A_WORD = 5
_FEWEST = 2  # rows that an unknown word must have to be shown
_FEW_ROWS = 60  # with fewer rows, a closed column may have as many words as rows
_MARKS_OF_A_RECORD = re.compile(
    r"@|\d{3}|\d/\d|:\d|(?:^|[^a-z])(?:mr|mrs|miss|ms|dr|pc|dc|ps|ds|sgt|insp|flat|street|road|lane|avenue)(?:[^a-z]|$)"
    r"|^[^,]+, *[^,]+$|[!?:;\"\n]|[a-z]{2}\.(?:\s|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """
    The words of a closed column, with the rows that have them. Of a column whose words do not look
    like those of a closed set, only the familiar ones are here. `alone` is the number of words that
    are not shown because each is in one row only, as a word put into the wrong column is.
    """

    shown: tuple[tuple[str, int], ...]
    is_closed: bool
    alone: int = 0


def is_closed_variable(variable: str) -> bool:
    """Whether the words of the column may be shown."""
    return variable in MOST_WORDS


def words_of(variable: str, texts: Mapping[str, int], known: Iterable[str] = ()) -> Words:
    """
    The words in a column mapped to `variable`, the most frequent first. `known` are words that the
    mapping or the software knows, in any case: they are not the content of a record, and the other
    words must be of the same kind.
    """
    familiar = {word.casefold() for word in known}
    strange = [text for text in texts if text.casefold() not in familiar]
    rows = sum(texts.values())
    most = MOST_WORDS.get(variable, 0)
    by_rows = len(strange) if rows < _FEW_ROWS else rows / 8
    closed = len(texts) <= most and len(strange) <= by_rows and all(map(_is_like_a_word, strange))
    ordered = sorted(texts.items(), key=lambda item: (-item[1], item[0]))
    fewest = 1 if rows < _FEW_ROWS else _FEWEST
    shown = tuple(
        (text, count)
        for text, count in ordered
        if text.casefold() in familiar or (closed and count >= fewest)
    )
    return Words(shown, closed, len(ordered) - len(shown) if closed else 0)


def _is_like_a_word(text: str) -> bool:
    return (
        text.isprintable()
        and len(text) <= _LONGEST
        and len(text.split()) <= _MOST_IN_A_WORD
        and not _MARKS_OF_A_RECORD.search(text)
    )
