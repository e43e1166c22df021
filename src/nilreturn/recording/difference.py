"""
What differs between two versions of a record: field by field, and texts word by word.

Words are aligned by their longest common subsequence (rapidfuzz, bit-parallel), after what both
begin and end with is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nilreturn.files import canonical_json
from nilreturn.recording.model import Record
from nilreturn.recording.serialisation import as_json

# The most words of one text times words of the other that are aligned. Two longer texts are shown
# whole, one after the other.
MOST_PAIRS = 50_000_000

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class Words:
    """
    A stretch of text that is in both versions, or in only one of them.

    Attributes
    ----------
    kind
        "same" (in both), "removed" (only in the earlier) or "added" (only in the later).
    text
        The stretch, with its spaces and punctuation.
    """

    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """
    One field that differs.

    Attributes
    ----------
    field
        The field's place: "narrative", "victims[1].age". A record in a list that only one version
        has is named as a whole.
    before, after
        The values as JSON has them; None where the version has none.
    words
        For two texts, their stretches in order; empty for other values.
    """

    field: str
    before: Any
    after: Any
    words: tuple[Words, ...] = ()


def difference(before: Record, after: Record) -> tuple[FieldDifference, ...]:
    """
    The fields in which two versions of a record differ.

    Parameters
    ----------
    before, after
        Two records of one kind.

    Returns
    -------
    tuple of FieldDifference
        The fields that differ, in the order of the record; empty where the versions are equal.

    Raises
    ------
    TypeError
        When the two are not of one kind.
    RecordError
        When one of them cannot be written as JSON.
    """
    if type(before) is not type(after):
        raise TypeError("two versions of one record are of one kind")
    return tuple(_of_values(as_json(before), as_json(after), ""))


def words_of(before: str, after: str) -> tuple[Words, ...]:
    """
    Compare two texts word by word.

    Parameters
    ----------
    before, after
        The earlier and the later text.

    Returns
    -------
    tuple of Words
        What is the same, removed and added, in order. Of two long texts (more than 50 million pairs
        of words) the part between a common beginning and end is not compared: it is removed and
        added whole.

    Examples
    --------
    >>> [(each.kind, each.text) for each in words_of("He ran off.", "She ran off.")]
    [('removed', 'He'), ('added', 'She'), ('same', ' ran off.')]
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    first = _shared(old, new)
    last = _shared(old[first:][::-1], new[first:][::-1])
    middle = old[first : len(old) - last], new[first : len(new) - last]
    pieces: list[tuple[Literal["same", "removed", "added"], Sequence[str]]] = [
        ("same", old[:first])
    ]
    for a, b, is_same in _aligned(*middle):
        pieces += [("same", a)] if is_same else [("removed", a), ("added", b)]
    pieces.append(("same", old[len(old) - last :]))
    return tuple(_joined([Words(kind, "".join(words)) for kind, words in pieces if words]))


def _of_values(before: Any, after: Any, place: str) -> Iterator[FieldDifference]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*before, *after)):
            yield from _of_values(
                before.get(name), after.get(name), f"{place}.{name}" if place else name
            )
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, place)
    elif isinstance(before, str) and isinstance(after, str):
        yield FieldDifference(place, before, after, words_of(before, after))
    else:
        yield FieldDifference(place, before, after)


def _of_lists(before: list[Any], after: list[Any], place: str) -> Iterator[FieldDifference]:
    """
    Equal records of the two lists belong together; of those between, the first belongs to the first
    and so on. A record is named by its place in the later version, or, where that has none, in the
    earlier.
    """
    keys = [[canonical_json(each).decode() for each in versions] for versions in (before, after)]
    a_at = b_at = 0
    for a, b, is_same in _aligned(*keys):
        if not is_same:
            for step in range(max(len(a), len(b))):
                old = before[a_at + step] if step < len(a) else None
                new = after[b_at + step] if step < len(b) else None
                number = b_at + step if step < len(b) else a_at + step
                yield from _of_values(old, new, f"{place}[{number}]")
        a_at, b_at = a_at + len(a), b_at + len(b)


def _aligned(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str], bool]]:
    """Stretches of both in order, and whether they are the same."""
    if len(old) * len(new) > MOST_PAIRS or not old or not new:
        if old or new:
            yield old, new, False
        return
    from rapidfuzz.distance import LCSseq

    number = {word: place for place, word in enumerate(dict.fromkeys((*old, *new)))}
    opcodes = LCSseq.opcodes([number[word] for word in old], [number[word] for word in new])
    for code in opcodes:
        tag, a, a_end, b, b_end = (
            code.tag,
            code.src_start,
            code.src_end,
            code.dest_start,
            code.dest_end,
        )
        yield old[a:a_end], new[b:b_end], tag == "equal"


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    for place, (a, b) in enumerate(zip(old, new, strict=False)):
        if a != b:
            return place
    return min(len(old), len(new))


def _joined(pieces: list[Words]) -> Iterator[Words]:
    """
    Neighbouring stretches of one kind as one; between two that are the same, what is removed comes
    before what is added.
    """
    waiting: dict[str, str] = {"removed": "", "added": ""}
    same = ""
    for piece in pieces:
        if piece.kind == "same":
            for kind in ("removed", "added"):
                if waiting[kind]:
                    if same:
                        yield Words("same", same)
                        same = ""
                    yield Words(kind, waiting[kind])
            waiting = {"removed": "", "added": ""}
            same += piece.text
        else:
            waiting[piece.kind] += piece.text
            if same:
                yield Words("same", same)
                same = ""
    if same:
        yield Words("same", same)
    for kind in ("removed", "added"):
        if waiting[kind]:
            yield Words(kind, waiting[kind])  # type: ignore[arg-type]
