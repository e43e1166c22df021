"""
Names written as several words: which tokens may be a part of one, and so which runs of tokens are
compared.

A name that is split and misspelt has all parts but one right ("snap cht", "play station netwrk").
This condition excludes "on whatsapp" and "to message", whose letters are near a name. It also lets
an index examine only the few runs of tokens with such parts, since it could not compare all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from nilreturn.narrative.text import LONGEST_PHRASE

# Fewest letters of a misspelt form of several words.
LEAST_LETTERS = 6


def slips(letters: int) -> int:
    """How many plain edits the wrong part may be from a part of so many letters."""
    return 0 if letters <= 2 else 1 if letters <= 5 else 2


class NameFragments:
    """
    The parts of names.

    near: letters of names that may be misspelt. letters: those of all names, which may be written
    with other spaces. phrases: forms of several tokens that are looked up unchanged.
    """

    def __init__(self, near: Iterable[str], letters: Iterable[str], phrases: Iterable[str]) -> None:
        self._by_head: dict[str, list[str]] = defaultdict(list)
        self._by_tail: dict[str, list[str]] = defaultdict(list)
        for name in sorted(set(near)):
            for cut in range(1, len(name)):
                self._by_head[name[:cut]].append(name)
                self._by_tail[name[cut:]].append(name)
        words = [phrase.split(" ") for phrase in phrases if " " in phrase]
        first, between, last = set(), set(), set()
        for name in letters:
            first |= {name[:cut] for cut in range(1, len(name))}
            last |= {name[cut:] for cut in range(1, len(name))}
            between |= {name[a:b] for a in range(1, len(name)) for b in range(a + 1, len(name))}
        # Tokens that may be first, in between and last in a form of several, where they are right.
        self.first = frozenset(first | {phrase[0] for phrase in words})
        self.between = frozenset(between | {word for phrase in words for word in phrase[1:-1]})
        self.last = frozenset(last | {phrase[-1] for phrase in words})

    def may_be(self, form: str) -> bool:
        """
        Whether a form of several tokens may be a misspelt name: all its parts but one are right,
        and that one nearly.

        >>> names = ["snapchat", "playstationnetwork"]
        >>> parts = NameFragments(names, names, [])
        >>> [parts.may_be(form) for form in ("snap cht", "play station netwrk", "on snapchat")]
        [True, True, False]
        """
        tokens = form.split(" ")
        if not 1 < len(tokens) <= LONGEST_PHRASE or sum(map(len, tokens)) < LEAST_LETTERS:
            return False
        return any(
            self._one_slip("".join(tokens[:wrong]), tokens[wrong], "".join(tokens[wrong + 1 :]))
            for wrong in range(len(tokens))
        )

    def _one_slip(self, head: str, wrong: str, tail: str) -> bool:
        """Whether a name consists of `head`, nearly `wrong`, and `tail`."""
        names = self._by_head.get(head, ()) if head else self._by_tail.get(tail, ())
        return any(
            name.endswith(tail) and _near(wrong, name[len(head) : len(name) - len(tail)])
            for name in names
            if len(name) > len(head) + len(tail)
        )


def _near(token: str, part: str) -> bool:
    from rapidfuzz.distance import OSA

    most = slips(len(part))
    return (
        abs(len(token) - len(part)) <= most and OSA.distance(token, part, score_cutoff=most) <= most
    )
