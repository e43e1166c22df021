"""
Reads texts as integers: ages, and the counts of published cells. Values are never rounded or
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nilreturn.sources.mapping import SourceMapping
from nilreturn.sources.parsing.meaning import SPACES, SPREADSHEET_ERRORS, Meaning

MOST_UNITS_A_CELL = 1_000_000_000
_AGE = re.compile(r"-?[0-9]{1,4}(?:\.0+)?")
_WHOLE = re.compile(r"[0-9]+(?:\.0+)?")
_IN_THOUSANDS = re.compile(
    r"[0-9]{1,3}(?:([, \u00a0\u2009\u202f'\u2019])[0-9]{3})(?:\1[0-9]{3})*(?:\.0+)?"
)
_SEPARATORS = re.compile("[, \u00a0\u2009\u202f'\u2019]")
_NOT_WHOLE = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)\.[0-9]+")
# What publishers write where a count is withheld, not available or does not apply.
_MARKERS = frozenset(
    (
        "-",
        "--",
        "\u2013",
        "\u2014",
        "*",
        "**",
        "..",
        "...",
        ":",
        "x",
        "c",
        "z",
        "n/a",
        "na",
        "n\\a",
        "nil",
        "~",
        ".",
    )
)
_MARKED = re.compile(
    r"\[[a-z]{1,4}\d*\]|\([a-z]\)|[<>\u2264\u2265=]+ ?\d+|(?:fewer|less) than \d+|under \d+|\d+ or "
    r"(?:fewer|less)"
)


def age_reader(mapping: SourceMapping) -> Callable[[str], Meaning]:
    """A reader of whole years, also where a spreadsheet wrote them with a point."""
    unknown, stand_ins, oldest = (
        frozenset(mapping.unknown),
        frozenset(mapping.ages.unknown),
        mapping.ages.oldest,
    )

    def read(text: str) -> Meaning:
        if not _AGE.fullmatch(text):
            return Meaning(None, None if text.lower() in unknown else "not_an_age")
        years = int(float(text))
        if years in stand_ins:
            return Meaning(None, "age_stands_for_unknown")
        if years < 0:
            return Meaning(None, "age_negative")
        return Meaning(None, "age_too_high") if years > oldest else Meaning(years)

    return read


def read_count(text: str | None) -> Meaning:
    """
    The number of units that a published cell stands for, with or without thousands separators; else
    the row's fault.
    """
    trimmed = text.strip(SPACES) if text else ""
    if not trimmed:
        return Meaning(None, "count_missing", has_value=False)
    if trimmed.upper() in SPREADSHEET_ERRORS:
        return Meaning(None, "count_missing")
    if _WHOLE.fullmatch(trimmed) or _IN_THOUSANDS.fullmatch(trimmed):
        digits = _SEPARATORS.sub("", trimmed).partition(".")[0]
        count = int(digits) if len(digits.lstrip("0")) <= 10 else MOST_UNITS_A_CELL + 1
        return Meaning(count) if count <= MOST_UNITS_A_CELL else Meaning(None, "bad_count")
    if _NOT_WHOLE.fullmatch(trimmed):
        return Meaning(None, "count_not_whole")
    folded = trimmed.casefold()
    return Meaning(
        None, "count_withheld" if folded in _MARKERS or _MARKED.fullmatch(folded) else "bad_count"
    )
