"""
Names written as several words: which tokens may be a part of one, and which runs of tokens are worth a comparison.

A name that is cut in two and misspelt keeps one part right ("snap cht", "insta garm"): asking for that turns away
"on whatsapp" and "to message", which by their letters alone are near a name, and it leaves an index few runs to look at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from nilreturn.narrative.text import LONGEST_PHRASE


def slips(letters: int) -> int:
    """How many plain edits a part of so many letters may be away."""
    return 0 if letters <= 2 else 1 if letters <= 5 else 2


class Parts:
    """
    The parts of a lexicon's spellings.

    near: spellings that may be misspelt, with their spaces. exact: those, and every other form that is looked up as it
    stands.
    """

    def __init__(self, near: Iterable[str], exact: Iterable[str]) -> None:
        self.heads: dict[str, list[str]] = defaultdict(list)
        self.tails: dict[str, list[str]] = defaultdict(list)
        """The first part of a name to the letters that follow it, and the last to those before."""
        self.words: dict[int, list[tuple[str, ...]]] = defaultdict(list)
        """Names of three words and more, by the number of their words."""
        near = sorted(set(near))
        self._exact = sorted({*near, *exact})
        for letters in sorted({form.replace(" ", "") for form in near}):
            for cut in range(1, len(letters)):
                self.heads[letters[:cut]].append(letters[cut:])
                self.tails[letters[cut:]].append(letters[:cut])
        for form in near:
            words = tuple(form.split(" "))
            if len(words) > 2:
                self.words[len(words)].append(words)

    @cached_property
    def exact(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Tokens that may come first, between and last in a form whose letters are exactly those of a spelling."""
        first, between, last = set(), set(), set()
        for form in self._exact:
            letters = form.replace(" ", "")
            size = len(letters)
            first |= {letters[:cut] for cut in range(1, size)}
            last |= {letters[cut:] for cut in range(1, size)}
            between |= {letters[a:b] for a in range(1, size - 1) for b in range(a + 1, size)}
        return frozenset(first), frozenset(between), frozenset(last)

    def may_be(self, form: str) -> bool:
        """
        Whether a form of several tokens may be a misspelt name: all but one of its parts are right, that one nearly.

        >>> parts = Parts(["snapchat"], [])
        >>> parts.may_be("snap cht"), parts.may_be("on snapchat")
        (True, False)
        """
        tokens = tuple(form.split(" "))
        if len(tokens) == 2:
            return self._two(*tokens)
        return 2 < len(tokens) <= LONGEST_PHRASE and any(_one_slip(tokens, words) for words in self.words[len(tokens)])

    def _two(self, head: str, tail: str) -> bool:
        return any(_near(tail, rest) for rest in self.heads.get(head, ())) or any(
            _near(head, rest) for rest in self.tails.get(tail, ())
        )


def _near(token: str, part: str) -> bool:
    from rapidfuzz.distance import OSA

    most = slips(len(part))
    return abs(len(token) - len(part)) <= most and OSA.distance(token, part, score_cutoff=most) <= most


def _one_slip(tokens: tuple[str, ...], words: tuple[str, ...]) -> bool:
    wrong = [(token, word) for token, word in zip(tokens, words, strict=True) if token != word]
    return len(wrong) <= 1 and all(_near(token, word) for token, word in wrong)
