"""
The distance between two spellings, weighted by how likely people are to type or hear one for the
other.

It is a weighted, restricted Damerau-Levenshtein distance and symmetric: omitting and adding a
letter cost the same. The weights are those that best separate real misspellings of platform names
from ordinary words.
"""

from __future__ import annotations

import re
from functools import lru_cache

DOUBLED = 0.4
SOUND_ALIKE = 0.6
NEXT_KEY = 0.7
TRANSPOSED = 0.7
VOWEL = 0.7
CONSONANT = 0.85
OTHER = 1.0
FIRST_LETTER = 0.5
# Factor of the distance where both spellings have the same four or more consonants in the same
# order.
SAME_SKELETON = 0.55
# The same factor for three consonants: "my time" is not "meet me".
SAME_SHORT_SKELETON = 0.75

VOWELS = frozenset("aeiouy")
_LIMITS = {1: 0.0, 2: 0.0, 3: 0.45, 4: 0.75, 5: 1.0, 6: 1.5, 7: 1.8, 8: 2.2, 9: 2.5}
_LONG_LIMIT = 2.8

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE = (
    "ck",
    "cs",
    "kq",
    "cq",
    "sz",
    "fv",
    "gj",
    "il",
    "il1",
    "o0",
    "vw",
    "mn",
    "bp",
    "dt",
    "e3",
    "s5",
    "a4",
    "xz",
)


def _neighbours() -> dict[str, str]:
    at = {
        letter: (row, place + row * 0.4)
        for row, keys in enumerate(_KEYBOARD)
        for place, letter in enumerate(keys)
    }
    return {
        one: "".join(
            two
            for two, (r, p) in at.items()
            if two != one and abs(r - row) <= 1 and abs(p - place) < 1.3
        )
        for one, (row, place) in at.items()
    }


def _swaps() -> dict[tuple[str, str], float]:
    """The cost of typing one letter for another, where it is less than OTHER."""
    costs: dict[tuple[str, str], float] = {}
    for one, near in _neighbours().items():
        costs.update({(one, two): NEXT_KEY for two in near})
    for group in _ALIKE:
        costs.update({(one, two): SOUND_ALIKE for one in group for two in group if one != two})
    costs.update({(one, two): SOUND_ALIKE for one in VOWELS for two in VOWELS if one != two})
    return costs


_SWAP = _swaps()


def limit(letters: int) -> float:
    """The greatest distance of a spelling from a name of so many letters."""
    return _LIMITS.get(letters, _LONG_LIMIT)


def distance(one: str, two: str) -> float:
    """
    The distance between two spellings of at most LONGEST_FORM letters: 0 where they are equal, and
    less for a more likely mistake.

    >>> distance("grindr", "grrindr"), distance("skype", "skype")
    (0.22, 0.0)
    """
    if one == two:
        return 0.0
    cost = _edits(one, two)
    skeleton = _skeleton(one)
    if len(skeleton) >= 3 and skeleton == _skeleton(two):
        cost *= SAME_SKELETON if len(skeleton) >= 4 else SAME_SHORT_SKELETON
    return round(cost, 3)


def _gap_cost(letter: str, beside: str) -> float:
    if letter == beside:
        return DOUBLED
    return VOWEL if letter in VOWELS else CONSONANT


def _edits(one: str, two: str) -> float:
    """The cheapest sequence of edits, by the usual table, of which three rows are kept."""
    before: list[float] = []
    above = [0.0]
    for j, letter in enumerate(two):
        above.append(
            above[j] + _gap_cost(letter, two[j - 1] if j else "") + (0.0 if j else FIRST_LETTER)
        )
    for i, a in enumerate(one):
        left_of = one[i - 1] if i else ""
        drop = _gap_cost(a, left_of)
        row = [above[0] + drop + (0.0 if i else FIRST_LETTER)]
        for j, b in enumerate(two):
            first = 0.0 if i and j else FIRST_LETTER
            best = above[j] + (0.0 if a == b else _SWAP.get((a, b), OTHER) + first)
            best = min(best, above[j + 1] + drop + (0.0 if i else FIRST_LETTER))
            best = min(
                best, row[j] + _gap_cost(b, two[j - 1] if j else "") + (0.0 if j else FIRST_LETTER)
            )
            if i and j and a == two[j - 1] and left_of == b and a != b:
                best = min(best, before[j - 1] + TRANSPOSED)
            row.append(best)
        before, above = above, row
    return above[-1]


@lru_cache(maxsize=65536)
def _skeleton(form: str) -> str:
    """The consonants, each repetition once, with those that sound alike made equal."""
    folded = _sounds(form)
    return re.sub(r"[aeiouy]", "", folded)


_SOUNDS = (
    (re.compile(r"ph"), "f"), (re.compile(r"wh"), "w"), (re.compile(r"ck|[cq]"), "k"),
    (re.compile(r"x"), "ks"), (re.compile(r"z"), "s"), (re.compile(r"oo|ou|ew"), "u"),
    (re.compile(r"ee|ea|ie"), "i"), (re.compile(r"y"), "i"), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip


@lru_cache(maxsize=65536)
def _sounds(form: str) -> str:
    for pattern, sound in _SOUNDS:
        form = pattern.sub(sound, form)
    return form


def spoken_distance(one: str, two: str) -> float:
    """The distance between how two spellings sound: "fonecall" equals "phonecall"."""
    return distance(_sounds(one), _sounds(two))
