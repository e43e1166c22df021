"""
Reads texts as categories and flags: the values of a closed list, or the source's own words on one
line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from nilreturn.schema import NOT_RECORDED, Column, Kind
from nilreturn.sources.mapping import MappedColumn, SourceMapping
from nilreturn.sources.parsing.meaning import SPACES, Meaning

LONGEST_CATEGORY = 200

# Words that systems write, in any case, for the values of a canonical column. A mapping adds more.
VOCABULARY: dict[str, dict[str, str]] = {
    "crime.status": {
        "recorded": "Recorded",
        "cancelled": "Cancelled",
        "canceled": "Cancelled",
        "transferred": "Transferred",
    },
    "crime.cancel_code": {code.lower(): code for code in ("C1", "C2", "C3", "C4", "C5")},
    # The source's own words for unknown are kept: "Unspecified" is not "Not recorded".
    "victim.sex": {
        "female": "Female",
        "f": "Female",
        "male": "Male",
        "m": "Male",
        "unknown": "Unknown",
        "u": "Unknown",
        "not known": "Not known",
        "not recorded": "Not recorded",
        "not stated": "Not stated",
        "unspecified": "Unspecified",
        "indeterminate": "Indeterminate",
        "other": "Other",
        "non-binary": "Non-binary",
        "intersex": "Intersex",
    },
    "victim.victim_type": {
        "person": "Person",
        "individual": "Person",
        "organisation": "Organisation",
        "business": "Organisation",
        "state": "State",
        "the state": "State",
        "crown": "State",
    },
}
FLAG_WORDS = {
    "y": "Yes",
    "yes": "Yes",
    "true": "Yes",
    "1": "Yes",
    "n": "No",
    "no": "No",
    "false": "No",
    "0": "No",
}
_CONTROL_OR_SPACES = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


def words_of(
    variable: str, mapped: MappedColumn, column: Column, mapping: SourceMapping
) -> dict[str, str]:
    """Lower-case words and the values that they stand for."""
    ours = dict(VOCABULARY.get(_as_of_victims(variable), {}))
    if column.kind is Kind.FLAG:
        ours = {**dict.fromkeys(mapping.unknown, NOT_RECORDED), **FLAG_WORDS}
    return {**ours, **{word.lower(): value for word, value in mapped.values.items()}}


def _as_of_victims(variable: str) -> str:
    """The words for sex are the same for every person."""
    return "victim.sex" if variable in ("suspect.sex", "stop.sex") else variable


def category_reader(
    variable: str, mapped: MappedColumn, column: Column, mapping: SourceMapping
) -> Callable[[str], Meaning]:
    """
    A reader of categories. A blank flag is "Not recorded"; another unknown text is None, or kept as
    it is.
    """
    words = words_of(variable, mapped, column, mapping)
    is_closed = bool(column.categories) or _as_of_victims(variable) in VOCABULARY
    otherwise = NOT_RECORDED if column.kind is Kind.FLAG else None

    def read(text: str) -> Meaning:
        known = words.get(text.lower())
        if known is None and not text.isascii():
            known = words.get(one_line(text).lower())
        if known is not None:
            return Meaning(known)
        if is_closed:
            return Meaning(otherwise, "unknown_value")
        if len(text) > LONGEST_CATEGORY:
            return Meaning(None, "too_long")
        return Meaning(one_line(text) or None)

    return read


def one_line(text: str) -> str:
    """
    The text on one line, with single spaces and composed letters, and without invisible characters.
    """
    if not text.isascii():
        seen = (
            " " if unicodedata.category(letter) in ("Zs", "Zl", "Zp") else letter for letter in text
        )
        text = "".join(letter for letter in seen if unicodedata.category(letter) != "Cf")
        text = unicodedata.normalize("NFC", text)
    return _CONTROL_OR_SPACES.sub(" ", text).strip(SPACES)
