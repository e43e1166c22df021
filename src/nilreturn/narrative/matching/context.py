"""
The context of a form: points for words around it that suggest such a thing, and points off for
those that suggest another.

The words and their points come with a lexicon (`NAME_cues.csv` beside `NAME.csv`), so each subject
has its own:

    word,before,after,near

just before a name (or a list of names), just after it, or elsewhere in its sentence; each from -5
to 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nilreturn.narrative.lexicon import Cue
from nilreturn.narrative.text import LONGEST_PHRASE, Gap, Token

# Limit of the points, either way, from words elsewhere in the sentence.
MOST_NEAR = 1.0

# The same limit for a form that is not an ordinary word.
MOST_NEAR_NO_WORD = 1.5

# Points for being in one list with a name that is certain.
NAMED_BESIDE = 1.5

# Points for a number after one or two letters ("SC 9", "X 2").
NUMBER_AFTER = -1.5

# Names of a list that are followed on each side, to the words before the first and after the last.
LONGEST_LIST = 8

# Tokens considered on each side.
SENTENCE = 15

_CONNECTORS = frozenset({"and", "or", "n", "plus", "then", "also", "but"})


_NOTHING = Cue(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Context:
    """Points, and the words that gave most of them, strongest first."""

    points: float
    words: tuple[str, ...]


def weigh(
    tokens: Sequence[Token],
    first: int,
    end: int,
    cues: Mapping[str, Cue],
    names: Mapping[int, float],
    *,
    real_word: bool = True,
) -> Context:
    """
    The context of the tokens from `first` up to `end`.

    names: the tokens of other hits, with how certain each is (1: needs no context; less: ambiguous
    itself). real_word: whether the hit itself may be an ordinary word. A misspelt name stays a name
    in a sentence about other things, so words elsewhere in the sentence then only add points.
    """
    head, tail = _list_of_names(tokens, first, end, names)
    beside = []
    if head > 0 and tokens[head].gap is not Gap.STOP:
        word = tokens[head - 1].form
        beside.append((cues.get(word, _NOTHING).before, word))
    if tail < len(tokens) and tokens[tail].gap is not Gap.STOP:
        word = tokens[tail].form
        short = tail - first == 1 and len(tokens[first].form) <= 2
        beside.append(
            (NUMBER_AFTER if short and word.isdigit() else cues.get(word, _NOTHING).after, word)
        )
    listed = range(head - (head > 0), tail + 1)
    near = [(cues[tokens[i].form].near, tokens[i].form) for i in _sentence(tokens, first, end)
            if i not in listed and tokens[i].form in cues]  # fmt: skip
    most = MOST_NEAR if real_word else MOST_NEAR_NO_WORD
    if not real_word:
        near = [(points, word) for points, word in near if points > 0]
    sure = max((names.get(i, 0.0) for i in range(head, tail) if not first <= i < end), default=0.0)
    points = sum(points for points, _ in beside) + NAMED_BESIDE * sure
    points += max(-most, min(most, sum(points for points, _ in near)))
    strongest = sorted(
        (pair for pair in (*beside, *near) if pair[0]), key=lambda pair: -abs(pair[0])
    )
    return Context(round(points, 2), tuple(dict.fromkeys(word for _, word in strongest))[:3])


def _list_of_names(
    tokens: Sequence[Token], first: int, past: int, names: Mapping[int, float]
) -> tuple[int, int]:
    """
    The first token, and the token after the last, of the list of names ("kik, snap and wa") that
    the hit is an item of.
    """
    head, tail = first, past
    for _ in range(LONGEST_LIST):
        item = _item_before(tokens, head, names)
        if item == head:
            break
        head = item
    for _ in range(LONGEST_LIST):
        item = _item_after(tokens, tail, names)
        if item == tail:
            break
        tail = item
    return head, tail


def _item_before(tokens: Sequence[Token], head: int, names: Mapping[int, float]) -> int:
    """Where the item before `head` in its list begins, or `head` when there is none."""
    if head == 0 or tokens[head].gap is Gap.STOP:
        return head
    listed, at = tokens[head].gap is Gap.LIST, head - 1
    if tokens[at].form in _CONNECTORS and at > 0 and tokens[at].gap is not Gap.STOP:
        listed, at = True, at - 1
    if not (listed and at in names):
        return head
    while at > 0 and at - 1 in names and tokens[at].adjacent and head - at < LONGEST_PHRASE:
        at -= 1
    return at


def _item_after(tokens: Sequence[Token], tail: int, names: Mapping[int, float]) -> int:
    """Just after the item that follows `tail` in its list, or `tail` when there is none."""
    if tail == len(tokens) or tokens[tail].gap is Gap.STOP:
        return tail
    listed, at = tokens[tail].gap is Gap.LIST, tail
    if (
        tokens[at].form in _CONNECTORS
        and at + 1 < len(tokens)
        and tokens[at + 1].gap is not Gap.STOP
    ):
        listed, at = True, at + 1
    if not (listed and at in names):
        return tail
    at += 1
    while at < len(tokens) and at in names and tokens[at].adjacent and at - tail < LONGEST_PHRASE:
        at += 1
    return at


def _sentence(tokens: Sequence[Token], first: int, past: int) -> list[int]:
    """The other tokens of the hit's sentence, at most SENTENCE on each side."""
    found = []
    i = first
    while i > 0 and tokens[i].gap is not Gap.STOP and first - i < SENTENCE:
        i -= 1
        found.append(i)
    i = past
    while i < len(tokens) and tokens[i].gap is not Gap.STOP and i - past < SENTENCE:
        found.append(i)
        i += 1
    return found
