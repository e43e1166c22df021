"""
Words that are never taken for a misspelt name: ordinary English, places, police shorthand, devices
and brands.

The lists and their licences are in `data/NOTICE` and `docs/decisions` (free text). They are read at
their first use.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from functools import cache
from importlib import resources

from nilreturn.narrative.distance import distance
from nilreturn.narrative.text import normalise, tokenise

# Added to the distance of a less common word, which is less likely to be meant.
LESS_COMMON = 0.4

# The kind of words that do not begin or end a name.
FUNCTION_WORD = "function word"

_FOLDER = resources.files("nilreturn.narrative.lexicon").joinpath("data")


def _packed(name: str) -> frozenset[str]:
    return frozenset(gzip.decompress(_FOLDER.joinpath(name).read_bytes()).decode().split("\n"))


@cache
def common_words() -> frozenset[str]:
    """The 12,000 most common English words (SCOWL sizes 10 and 20), as forms of one token."""
    return _packed("words_common.txt.gz")


@cache
def _usual_words() -> frozenset[str]:
    return _packed("words_usual.txt.gz")


@cache
def _rarer_words() -> frozenset[str]:
    return _packed("words_rarer.txt.gz")


@cache
def _places() -> frozenset[str]:
    return _packed("places.txt.gz")


@cache
def _names() -> frozenset[str]:
    return _packed("names.txt.gz")


def is_name(form: str) -> bool:
    """Whether a form of one token is also the name of a person or place ("mark", "rose")."""
    return form in _names() or form in _places()


@cache
def _terms() -> dict[str, str]:
    """The project's own list: each form of one token, and its kind in words."""
    text = _FOLDER.joinpath("terms.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        for word in row["words"].split():
            for token in tokenise(normalise(word)):
                found[token.form] = row["kind"]
    return found


def kind_of(form: str) -> str | None:
    """
    What a form of one token is known to be ("ordinary word", "place name", "police shorthand"…), or
    None.

    >>> kind_of("macbook"), kind_of("aggrieved"), kind_of("snpchat")
    ('device or brand', 'ordinary word', None)
    """
    if form in _terms():
        return _terms()[form]
    if form in common_words() or form in _usual_words() or form in _rarer_words():
        return "ordinary word"
    if form in _places():
        return "place name"
    return "number" if form.isdigit() else None


@cache
def _by_first_letter() -> dict[tuple[str, int], list[str]]:
    words: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(common_words() | _usual_words() | _terms().keys()):
        if len(word) >= 4:
            words[word[0], len(word)].append(word)
    return words


def nearest_word(form: str, names: frozenset[str]) -> tuple[str, float, float]:
    """
    The common word that `form` is most likely a misspelling of, its distance, and that distance
    with LESS_COMMON added where the word is not among the most common; ("", infinity, infinity)
    where none is near.

    Words that are `names` searched for do not count. Only words with the same first letter are
    compared (or with its neighbour, where the two are swapped), since people seldom mistype the
    first letter.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = [(float("inf"), float("inf"), "")]
    for first in dict.fromkeys(form[:2]):
        for letters in range(len(form) - 2, len(form) + 3):
            words = _by_first_letter().get((first, letters), [])
            for word, _, _ in process.extract(
                form, words, scorer=OSA.distance, score_cutoff=2, limit=5
            ):
                if word not in names:
                    cost = distance(form, word)
                    found.append(
                        (cost + (0.0 if word in common_words() else LESS_COMMON), cost, word)
                    )
    likely, cost, word = min(found)
    return word, cost, likely
