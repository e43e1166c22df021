"""
What the words around a hit say: points for words that speak of such a thing, points off for those that do not.

The words and their points come with the lexicon (`NAME_cues.csv`), so that a lexicon of another subject has its own.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from nilreturn.narrative.text import Gap, Token

MOST_NEAR = 1.0
"""At most so many points, either way, from words elsewhere in the sentence."""

SENTENCE = 15
"""Tokens looked at on each side."""

_CONNECTORS = frozenset({"and", "or", "n", "plus", "then", "also", "but"})


@dataclass(frozen=True, slots=True)
class Cue:
    """The points of one word just before a name (or a list of names), just after it, or elsewhere in its sentence."""

    before: float
    after: float
    near: float


@cache
def shipped_cues(name: str) -> dict[str, Cue]:
    """The cues that come with the shipped lexicon `name`."""
    text = resources.files("nilreturn.narrative").joinpath("data", f"{name}_cues.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["word"]: Cue(float(row["before"]), float(row["after"]), float(row["near"])) for row in rows}


@dataclass(frozen=True, slots=True)
class Context:
    """Points, and the words that gave most of them, strongest first."""

    points: float
    words: tuple[str, ...]


def weigh(
    tokens: Sequence[Token], first: int, past: int, cues: Mapping[str, Cue], names: Mapping[int, float]
) -> Context:
    """
    The context of the tokens `first` up to `past`.

    names: the tokens that other hits cover, with how sure each is (1: stands alone; less: itself ambiguous).
    """
    head, tail = _list_of_names(tokens, first, past, names)
    counted: list[tuple[float, str]] = []
    seen = set(range(head, tail))
    if head > 0 and tokens[head].gap is not Gap.STOP:
        word = tokens[head - 1].form
        counted.append((cues[word].before if word in cues else 0.0, word))
        seen.add(head - 1)
    if tail < len(tokens) and tokens[tail].gap is not Gap.STOP:
        word = tokens[tail].form
        counted.append((cues[word].after if word in cues else 0.0, word))
        seen.add(tail)
        if word.isdigit() and tail - head == 1 and len(tokens[first].form) <= 2:
            counted.append((-1.5, word))
    near = [(cues[tokens[i].form].near, tokens[i].form) for i in _sentence(tokens, first, past)
            if i not in seen and tokens[i].form in cues]  # fmt: skip
    total = sum(points for points, _ in near)
    counted += [(points, word) for points, word in near if points]
    sure = max((names.get(i, 0.0) for i in seen if not first <= i < past), default=0.0)
    points = sum(points for points, _ in counted[: len(counted) - len([n for n in near if n[0]])])
    points += max(-MOST_NEAR, min(MOST_NEAR, total)) + 1.5 * sure
    strongest = sorted((pair for pair in counted if pair[0]), key=lambda pair: -abs(pair[0]))
    words = tuple(dict.fromkeys(word for _, word in strongest))[:3]
    return Context(round(points, 2), words)


def _list_of_names(tokens: Sequence[Token], first: int, past: int, names: Mapping[int, float]) -> tuple[int, int]:
    """The first and past-the-last token of the list of names ("kik, snap and wa") that the hit is an item of."""
    head = first
    while head > 0 and tokens[head].gap is not Gap.STOP:
        listed = tokens[head].gap is Gap.LIST
        before = head - 1
        if tokens[before].form in _CONNECTORS and before > 0 and tokens[before].gap is not Gap.STOP:
            listed, before = True, before - 1
        if not (listed and before in names):
            break
        while before > 0 and before - 1 in names and tokens[before].gap is Gap.JOIN:
            before -= 1
        head = before
    tail = past
    while tail < len(tokens) and tokens[tail].gap is not Gap.STOP:
        listed = tokens[tail].gap is Gap.LIST
        after = tail
        if tokens[after].form in _CONNECTORS and after + 1 < len(tokens) and tokens[after + 1].gap is not Gap.STOP:
            listed, after = True, after + 1
        if not (listed and after in names):
            break
        tail = after + 1
        while tail < len(tokens) and tail in names and tokens[tail].gap is Gap.JOIN:
            tail += 1
    return head, tail


def _sentence(tokens: Sequence[Token], first: int, past: int) -> list[int]:
    """The other tokens of the hit's sentence."""
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
