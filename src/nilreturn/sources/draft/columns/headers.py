"""
What a header may mean, judged by its words: abbreviations are written out, then compared with the
names in names.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

COUNT = "count"
SECTIONS = ("columns", "stops", "incidents")
_IDLE = {"of", "the", "as", "a", "an", "in", "on", "at", "and", "or", "is", "was", "by", "for", "s"}
_COUNTING = {"count", "number", "total", "volume", "outcomes"}
_MEANS = {"from", "to", "by"}  # idle elsewhere, but these tell columns apart
_COMMON = {
    "crime",
    "date",
    "code",
    "type",
    "name",
    "number",
    "reference",
    "flag",
    "offence",
    "description",
    "recorded",
}
_PIECES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z']+|[A-Z]+|\d+")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")  # D.O.B.
# A number of records, not a reference.
_SEVERAL = re.compile(r"offences|offenses|crimes|incidents|victims", re.IGNORECASE)
_CLOSE = 86  # percentage at which two words are one, misspelt
_SHORT = 4  # letters: shorter words are compared as they are


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a variable: its words, and whether it may mean something else too."""

    variable: str
    words: frozenset[str]
    is_vague: bool


@dataclass(frozen=True, slots=True)
class NameMatch:
    """How well a header fits a variable: 1 where all words are equal."""

    variable: str
    score: float
    is_vague: bool
    is_exact: bool


@cache
def _library() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(
        (files("nilreturn.sources.draft.columns") / "names.toml").read_text(encoding="utf-8")
    )


def word_list(section: str, key: str) -> frozenset[str]:
    """The words under `section` and `key` of the library."""
    return frozenset(_library()[section][key])


@cache
def _names(section: str) -> tuple[Name, ...]:
    found = []
    for variable, names in _library()[section].items():
        found += [
            Name(variable, frozenset(words_of(name.removeprefix("?"))), name.startswith("?"))
            for name in names
        ]
    return tuple(found)


def known_headers() -> frozenset[str]:
    """
    Every name, folded as headers are compared, so that a reader can find the row and the sheet with
    the headers.
    """
    listed = [
        name for section in SECTIONS for names in _library()[section].values() for name in names
    ]
    return frozenset("".join(filter(str.isalnum, name.casefold())) for name in listed)


def words_of(header: str) -> tuple[str, ...]:
    """
    The words of a header, abbreviations written out.

    >>> words_of("Date Rec'd as Crime"), words_of("VIC_DOB"), words_of("CommittedFromDate")
    (('date', 'recorded', 'crime'), ('victim', 'birth', 'date'), ('committed', 'from', 'date'))
    """
    abbreviations = _library()["abbreviations"]
    found: list[str] = []
    plain = _DOTTED.sub(lambda letters: letters[0].replace(".", ""), header.replace("’", "'"))
    for piece in _PIECES.findall(plain):
        word = piece.casefold().replace("'", "")
        found += str(abbreviations.get(word, word)).split()
    return tuple(dict.fromkeys(word for word in found if word in _MEANS or word not in _IDLE))


def name_matches(
    header: str, section: str = "columns", *, least: float = 0.55
) -> dict[str, NameMatch]:
    """Each variable of a section that the header may name, with the best score of its names."""
    words = frozenset(words_of(header))
    best: dict[str, NameMatch] = {}
    for name in _names(section):
        score = _likeness(words, name.words) * (0.8 if name.is_vague else 1.0)
        score *= _by_whose(words, name, header)
        held = best.get(name.variable)
        word_for_word = words == name.words
        if score >= least and (
            held is None or word_for_word or (score > held.score and not held.is_exact)
        ):
            best[name.variable] = NameMatch(name.variable, score, name.is_vague, word_for_word)
    return best


def is_identifying(words: frozenset[str], but: frozenset[str] = frozenset()) -> str:
    """
    What a header shows about its column ("tells who", "tells where"), or an empty text; `but` do
    not count.
    """
    for section, what in (
        ("people", "tells who"),
        ("places", "tells where"),
        ("points", "tells where"),
    ):
        if words & word_list(section, "words") - but and not words & word_list(section, "unless"):
            return what
    return ""


def _by_whose(words: frozenset[str], name: Name, header: str) -> float:
    """
    A column about another person belongs to neither the crime nor the victim; one about the victim
    does not belong to the crime.
    """
    for role in ("suspect", "officer", "witness"):
        if words & word_list("roles", role) and not name.words & word_list("roles", role):
            return 0.0
    if is_identifying(words, name.words):
        return 0.0
    if name.variable.startswith("suspect.") and "suspect" not in words:
        return 0.0
    if name.variable == "crime.crime_ref" and _SEVERAL.search(header):
        return 0.0
    if name.variable == COUNT and not words & _COUNTING and not name.is_vague:
        return 0.0
    if (
        "victim" in words
        and "victim" not in name.words
        and not name.variable.startswith(("victim.", COUNT))
    ):
        return 0.3
    return 1.0


def _likeness(header: frozenset[str], name: frozenset[str]) -> float:
    """
    The harmonic mean of the share of the header that is in the name and the share of the name that
    is in the header; common words count half.
    """
    if not header or not name:
        return 0.0
    shared = {
        word for word in name if word in header or any(_same(word, other) for other in header)
    }
    told = {
        word for word in header if word in shared or any(_same(word, other) for other in shared)
    }
    recall = _weight(shared) / _weight(name)
    precision = _weight(told) / _weight(header)
    return 2 * recall * precision / (recall + precision) if shared else 0.0


def _same(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return min(len(one), len(other)) >= _SHORT and fuzz.ratio(one, other) >= _CLOSE


def _weight(words: frozenset[str] | set[str]) -> float:
    return sum(0.5 if word in _COMMON else 1.0 for word in words)
