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
    Who can be a victim of an offence, by the offence's title.

    Attributes
    ----------
    from_age
        The lowest age in whole years at the offence; None where the title gives none.
    child_under
        The age in whole years that the victim must be under; None where the title gives none.
    sex
        "Female" or "Male"; "" where the title gives none.
    """

    from_age: int | None
    child_under: int | None
    sex: str


@cache
def offence_victims() -> Mapping[str, OffenceVictim]:
    """
    Who can be a victim of each offence whose title says so.

    Returns
    -------
    mapping of str to OffenceVictim
        By offence code, of offences under the Sexual Offences Act 2003.
    """
    written = (files("nilreturn.recording") / "offence_victims.csv").read_text(encoding="utf-8")
    return {
        row["code"]: OffenceVictim(
            _number(row["from_age"]), _number(row["child_under"]), row["sex"]
        )
        for row in csv.DictReader(io.StringIO(written, newline=""))
    }


def offences_against_children() -> dict[str, int]:
    """
    The offences whose victim is always a child.

    Returns
    -------
    dict of str to int
        By offence code, the age in whole years that the victim is under.
    """
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
