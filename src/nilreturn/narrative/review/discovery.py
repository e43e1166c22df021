"""
Finds platforms that are in no lexicon: words where the names of platforms stand ("via …", "…
account").
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from nilreturn.narrative.index import Flags, Index
from nilreturn.narrative.lexicon import kind_of
from nilreturn.narrative.matching import Matcher
from nilreturn.narrative.review.forms import RARE, lexicon_words
from nilreturn.narrative.text import Gap
from nilreturn.narrative.tokens import GAPS, Integers

# Points of a cue just before and just after a word that mark the word as the name of a platform.
BEFORE = 1.0
AFTER = 1.2

# Least share of a word's records in which it must be marked.
SHARE = 0.2

# The same for an ordinary word, which must also have cues on both sides.
SHARE_OF_ORDINARY = 0.5

_JOIN = GAPS.index(Gap.JOIN)


@dataclass(frozen=True, slots=True)
class Discovery:
    """
    A word, the number of records with it, the number in which it is marked as a platform's name,
    and the commonest cues.
    """

    form: str
    records: int
    cued: int
    cues: tuple[str, ...]


def discover(index: Index, matcher: Matcher, *, most: int = 50) -> tuple[Discovery, ...]:
    """
    Words that are probably names of platforms and in no lexicon, those that are marked in most
    records first.

    Only words that are marked in at least RARE records count, so that the name of a person, which
    occurs here and there, is left out.
    """
    found = _cued(index, matcher)
    enough = np.flatnonzero(found.cued >= RARE)
    words = [index.words[number] for number in enough.tolist()]
    meant = matcher.candidates(words)
    known = lexicon_words(matcher.lexicon)
    likely = []
    for number, form in zip(enough.tolist(), words, strict=True):
        records, cued = int(index.records_with[number]), int(found.cued[number])
        if len(form) < 3 or form in meant or form in known:
            continue
        if _likely(
            form, cued / records, both=min(found.before[number], found.after[number]) >= RARE
        ):
            likely.append((number, records, cued))
    likely.sort(key=lambda one: (-one[2], index.words[one[0]]))
    return tuple(
        Discovery(index.words[number], records, cued, found.commonest(index, number))
        for number, records, cued in likely[:most]
    )


def _likely(form: str, share: float, *, both: bool) -> bool:
    if kind_of(form) is None:
        return share >= SHARE
    return both and share >= SHARE_OF_ORDINARY


@dataclass(frozen=True)
class _Cued:
    """
    By form number: the records in which it has a cue before, after, and either; and every such
    place by form.
    """

    before: Integers
    after: Integers
    cued: Integers
    forms: Integers
    cue: Integers

    def commonest(self, index: Index, number: int) -> tuple[str, ...]:
        places = self.cue[self.forms == number].tolist()
        # A cue before is kept as its number, one after as what is left of -1 when its number is
        # taken away.
        named = [
            f"{index.words[cue]} …" if cue >= 0 else f"… {index.words[-1 - cue]}" for cue in places
        ]
        return tuple(f"{words} {count}" for words, count in Counter(named).most_common(3))


def _cued(index: Index, matcher: Matcher) -> _Cued:
    size = len(index.words)
    strong_before, strong_after = _strong(index, matcher)
    counts = [np.zeros(size, np.int64) for _ in range(3)]
    forms, cues = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for tokens, rows in index.pieces():
        numbers, gaps = (tokens >> 2).astype(np.int64), tokens & 3
        joined = gaps[1:] == _JOIN
        before, after = np.zeros(len(numbers), bool), np.zeros(len(numbers), bool)
        before[1:] = joined & strong_before[numbers[:-1]]
        after[:-1] = joined & strong_after[numbers[1:]]
        for count, where in zip(counts, (before, after, before | after), strict=True):
            count += np.bincount(
                np.unique(rows[where] * size + numbers[where]) % size, minlength=size
            )
        places = np.flatnonzero(before)
        forms.append(numbers[places])
        cues.append(numbers[places - 1])
        places = np.flatnonzero(after)
        forms.append(numbers[places])
        cues.append(-1 - numbers[places + 1])
    return _Cued(counts[0], counts[1], counts[2], np.concatenate(forms), np.concatenate(cues))


def _strong(index: Index, matcher: Matcher) -> tuple[Flags, Flags]:
    before, after = np.zeros(len(index.words), bool), np.zeros(len(index.words), bool)
    for word, cue in matcher.lexicon.cues.items():
        number = index.number.get(word)
        if number is not None:
            before[number], after[number] = cue.before >= BEFORE, cue.after >= AFTER
    return before, after
