"""Assigns columns to variables by their headers and values; each column and each variable once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nilreturn.sources.draft.columns.evidence import evidence
from nilreturn.sources.draft.columns.headers import name_matches, words_of
from nilreturn.sources.draft.columns.look import ColumnLook

LEAST = 0.55  # name and values together
SURE = 0.8
_VAGUE = "the header may mean something else"
_TELLING = {  # variables that only a report of stops, or of incidents, has
    "stops": {
        "legislation",
        "object",
        "stop_type",
        "outcome_linked_flag",
        "clothing_flag",
        "stop_ref",
        "stopped_on",
    },
    "incidents": {"incident_type", "priority", "received_on", "received_at", "incident_ref"},
}
_OF_A_LOG = {"priority", "grade", "opening", "closing", "received", "log", "call"}


@dataclass(frozen=True, slots=True)
class Place:
    """A column that was assigned to a variable, with the doubts about it."""

    look: ColumnLook
    doubts: tuple[str, ...] = ()
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    name_score: float
    variable: str
    place: Place


def section_of(looks: Sequence[ColumnLook]) -> str:
    """
    The section of names that the headers belong to: "columns" (of crimes), "stops" or "incidents".
    """
    if any(sure in _sure(looks, "columns") for sure in ("offence_code", "offence_class")):
        return "columns"
    for section, telling in _TELLING.items():
        if section == "incidents" and not any(
            _OF_A_LOG & set(words_of(look.header)) for look in looks
        ):
            continue  # "incident" is also what American forces call a crime
        if len(_sure(looks, section) & telling) >= (2 if section == "stops" else 3):
            return section
    return "columns"


def _sure(looks: Sequence[ColumnLook], section: str) -> set[str]:
    """
    The variables, without their table, that a header names well and whose values are possible.
    """
    return {
        variable.partition(".")[2]
        for look in looks
        for variable, match in name_matches(look.header, section).items()
        if not match.is_vague and match.score >= SURE and evidence(variable, look).factor >= SURE
    }


def assign(looks: Sequence[ColumnLook], section: str) -> tuple[dict[str, Place], dict[int, str]]:
    """
    The column of each variable; and for each remaining column (by its place) the variable that it
    fitted second best.
    """
    order = sorted(
        _candidates(looks, section),
        key=lambda one: (-one.score, -one.name_score, one.place.look.place),
    )
    columns: dict[str, Place] = {}
    seconds: dict[int, str] = {}
    taken: set[int] = set()
    for candidate in order:
        number = candidate.place.look.place
        if number in taken:
            continue
        if candidate.variable in columns:
            seconds.setdefault(number, candidate.variable)
            continue
        taken.add(number)
        columns[candidate.variable] = candidate.place
    return columns, {
        number: variable for number, variable in seconds.items() if number not in taken
    }


def _candidates(looks: Sequence[ColumnLook], section: str) -> list[_Candidate]:
    found = []
    for look in looks:
        for variable, match in name_matches(look.header, section).items():
            seen = evidence(variable, look)
            score = match.score * seen.factor
            if score < LEAST:
                continue
            doubts = [seen.doubt] if seen.doubt else []
            if match.is_vague:
                doubts.append(_VAGUE)
            elif match.score < SURE:
                doubts.append("the header is only like the name")
            found.append(
                _Candidate(score, match.score, variable, Place(look, tuple(doubts), match.is_vague))
            )
    return found
