"""
What the reference tables say of an offence code that the rules ask for: its victim, and when it was
in force.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from nilreturn.offences import OffenceRef, in_use, table


@dataclass(frozen=True, slots=True)
class OffenceVictim:
    """
    Who can be a victim of an offence, by its own title: ages in whole years at the offence, from
    `from_age` and below `child_under`, and the sex. None or "" where the title does not say.
    """

    from_age: int | None
    child_under: int | None
    sex: str


@cache
def offence_victims() -> Mapping[str, OffenceVictim]:
    """
    By offence code, who can be its victim: codes of the Sexual Offences Act 2003 whose title says
    so.
    """
    written = (files("nilreturn.recording") / "offence_victims.csv").read_text(encoding="utf-8")
    return {
        row["code"]: OffenceVictim(
            _number(row["from_age"]), _number(row["child_under"]), row["sex"]
        )
        for row in csv.DictReader(io.StringIO(written, newline=""))
    }


def offences_against_children() -> dict[str, int]:
    """Each offence code whose victim is always a child, and the age under which."""
    return {
        code: victim.child_under for code, victim in offence_victims().items() if victim.child_under
    }


@cache
def marks() -> Mapping[str, frozenset[str]]:
    """
    By offence code, its marks in the Notifiable Offence List: V (victim-based), S (state-based),
    S/V.
    """
    found = {
        code: frozenset(entry.victim_or_state for entry in entries if entry.victim_or_state)
        for code, entries in table().entries.items()
    }
    return {code: known for code, known in found.items() if known}


def marks_in_class(code: str, offence_class: str) -> frozenset[str]:
    """The marks of a code in one class, or in all where the list does not have it in that class."""
    entries = table().entries.get(code, ())
    of_class = {
        e.victim_or_state for e in entries if e.class_code == offence_class and e.victim_or_state
    }
    return frozenset(of_class) or marks().get(code, frozenset())


@cache
def first_days() -> Mapping[str, date]:
    """By offence code, its first day, of the codes whose first day is known."""
    days = {code: in_use(OffenceRef("code", code)).first_on for code in table().entries}
    return {code: day for code, day in days.items() if day}


@cache
def last_days() -> Mapping[str, date]:
    """
    By offence code, its last day, of the codes that are no longer in force and whose last day is
    known.
    """
    days = {code: in_use(OffenceRef("code", code)).last_on for code in table().entries}
    return {code: day for code, day in days.items() if day}


def _number(text: str) -> int | None:
    return int(text) if text else None
