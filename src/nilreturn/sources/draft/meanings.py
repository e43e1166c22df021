"""Proposes what the words of a closed column mean. What cannot be decided becomes a doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nilreturn.schema import Kind
from nilreturn.sources.draft.closed import is_closed_variable, words_of
from nilreturn.sources.mapping import MAPPABLE
from nilreturn.sources.mapping import SourceMapping as SourceMapping
from nilreturn.sources.parsing import FLAG_WORDS, VOCABULARY

_RECORDED = (
    "crime", "crimed", "live", "open", "closed", "filed", "finalised", "finalized", "active",
    "current", "complete", "completed", "pending", "under investigation", "investigation complete",
    "detected", "undetected", "solved", "unsolved", "resulted", "crime recorded", "recorded crime",
    "notifiable", "confirmed", "new", "reopened", "re-opened", "charged", "invest cont",
    "adult arrest", "adult other", "juv arrest", "juv other",
)  # fmt: skip
_CANCELLED = (
    "no crime", "no-crime", "nocrime", "no crimed", "no-crimed", "not a crime", "cancelled crime",
    "crime cancelled", "cancelled - no crime", "cancelled/no crime", "no offence", "unfounded",
    "duplicate", "recorded in error", "created in error", "entered in error",
    "additional verifiable information", "deleted", "void",
)  # fmt: skip
_TRANSFERRED = (
    "transferred out", "transfer", "transferred to other force", "transferred to another force",
    "tfr", "trf", "transferred other force", "crime transferred", "cancelled - transferred",
    "other force",
)  # fmt: skip
GUESSES: dict[str, dict[str, str]] = {
    "crime.status": {
        **dict.fromkeys(_RECORDED, "Recorded"),
        **dict.fromkeys(_CANCELLED, "Cancelled"),
        **dict.fromkeys(_TRANSFERRED, "Transferred"),
    },
    "victim.victim_type": {
        "police officer": "Person", "member of public": "Person", "public": "Person",
        "company": "Organisation", "retail": "Organisation", "society": "State",
        "crown/state": "State", "regina": "State",
    },
}  # fmt: skip
_FLAGS = {"t": "Yes", "f": "No", "x": "Yes", "checked": "Yes", "ticked": "Yes", "unticked": "No"}
_STATES_UNKNOWN = SourceMapping.model_fields["unknown"].default


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    A word, the rows that have it, and what it is known or proposed to mean ("" where this is not
    known).
    """

    word: str
    rows: int
    ours: str
    is_known: bool  # the import knows it without the mapping


@dataclass(frozen=True, slots=True)
class Meanings:
    """
    The words of one closed column. `hidden`: there are others, which are not shown because they do
    not look like words of it. `alone`: the number that are not shown because each is in one row
    only.
    """

    words: tuple[Meaning, ...]
    hidden: bool
    alone: int

    @property
    def unclear(self) -> tuple[Meaning, ...]:
        return tuple(word for word in self.words if not word.ours)


def meanings(variable: str, texts: Mapping[str, int]) -> Meanings | None:
    """
    The words in a column mapped to `variable`, with their rows; None where its words are not shown.
    """
    if not is_closed_variable(variable):
        return None
    known, guessed = known_words(variable), GUESSES.get(variable, {})
    if MAPPABLE[variable].kind is Kind.FLAG:
        guessed = _FLAGS
    found = words_of(variable, texts, (*known, *guessed))
    listed = []
    for word, rows in found.shown:
        folded = " ".join(word.casefold().split())
        listed.append(
            Meaning(word, rows, known.get(folded) or guessed.get(folded, ""), folded in known)
        )
    return Meanings(tuple(listed), not found.is_closed, found.alone)


def known_words(variable: str) -> dict[str, str]:
    """What the import understands without a mapping, in lower case."""
    if MAPPABLE[variable].kind is Kind.FLAG:
        return {**dict.fromkeys(_STATES_UNKNOWN, "Not recorded"), **FLAG_WORDS}
    return dict(VOCABULARY.get(variable, {}))
