"""
Whether a column's values can be what its header says: a factor for each variable, and the remaining
doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nilreturn.schema import Kind
from nilreturn.sources.draft.columns.headers import COUNT
from nilreturn.sources.draft.columns.look import ColumnLook
from nilreturn.sources.mapping import MAPPABLE
from nilreturn.sources.parsing import FLAG_WORDS, VOCABULARY

_UNKNOWN = frozenset(
    {
        "unknown",
        "not known",
        "not recorded",
        "not stated",
        "unspecified",
        "n/k",
        "nk",
        "u",
        "other",
        "x",
        "h",
        "e",
    }
)
_FLAGS = frozenset(FLAG_WORDS) | _UNKNOWN | {"t"}
_SEXES = frozenset(VOCABULARY["victim.sex"]) | _UNKNOWN | {"male", "female"}
_TYPES = frozenset(VOCABULARY["victim.victim_type"]) | {
    "police officer",
    "society",
    "company",
    "retail",
    "public",
}
_OUTCOME_TYPE = re.compile(r"(?:type |outcome )?\d{1,2}[a-z]?(?:\b.*)?", re.IGNORECASE | re.DOTALL)
_LONG = 120  # characters: longer than any category


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    `factor` is 0 where the values cannot be the variable, and over 1 where the values themselves
    indicate it.
    """

    factor: float
    doubt: str = ""


def evidence(variable: str, look: ColumnLook) -> Evidence:
    """What the values of a column indicate about its being `variable`."""
    if look.is_empty:
        return Evidence(0.75, "the column is empty in this file")
    judge = _JUDGES.get(variable) or _BY_NAME.get(variable.partition(".")[2])
    if judge:
        return judge(look)
    kind = MAPPABLE[variable].kind
    if kind is Kind.DATE:
        return _date(look)
    if kind is Kind.FLAG:
        return _flag(look)
    if kind is Kind.TIME:
        return Evidence(1.1) if look.times >= 0.5 or look.dates >= 0.5 else Evidence(0.0)
    return _category(look)


def _date(look: ColumnLook) -> Evidence:
    if look.dates >= 0.5:
        odd = "" if look.dates > 0.9 else "many of its values are not dates"
        coarse = sum(
            rows for form, rows in look.forms.items() if form.precision not in ("day", "month")
        )
        return Evidence(1.0 if coarse > look.filled / 2 else 1.1, odd)
    if look.day_numbers and look.dates + look.day_numbers >= 0.9:
        return Evidence(
            0.9, "its values hold numbers, taken for days as spreadsheets count them: 44287"
        )
    return Evidence(0.9 if look.years >= 0.9 else 0.0)


def _birth(look: ColumnLook) -> Evidence:
    return Evidence(1.1) if look.dates >= 0.5 else Evidence(0.9 if look.day_numbers >= 0.9 else 0.0)


def _flag(look: ColumnLook) -> Evidence:
    if look.share_of(_FLAGS) >= 0.5:
        return Evidence(1.1)
    return (
        Evidence(0.6, "its words are not yes or no")
        if look.distinct <= 12 and look.words <= 4
        else Evidence(0.0)
    )


def _category(look: ColumnLook) -> Evidence:
    if look.longest > 4 * _LONG or look.words > 12 or look.dates > 0.5 or look.points > 0.5:
        return Evidence(0.0)
    return Evidence(1.0 if look.distinct <= 400 else 0.5)


def _status(look: ColumnLook) -> Evidence:
    if look.distinct > 60 or look.numbers > 0.9 or look.dates > 0.5 or look.words > 6:
        return Evidence(0.0)
    return Evidence(1.0 if look.distinct <= 30 else 0.7)


def _reference(look: ColumnLook) -> Evidence:
    if look.dates > 0.5 or look.longest > 64 or look.words > 3 or look.points > 0.5:
        return Evidence(0.0)
    if look.repeats <= 1.05:
        return Evidence(1.1)
    return Evidence(1.0 if look.repeats < 6 else 0.3)


def _code(look: ColumnLook) -> Evidence:
    if look.slashed >= 0.6:
        return Evidence(1.2)
    if look.codes >= 0.6:
        return Evidence(1.1)
    return Evidence(0.5 if look.classes >= 0.6 else 0.0)


def _class(look: ColumnLook) -> Evidence:
    if look.slashed >= 0.6:
        return Evidence(0.3)
    return Evidence(1.15 if look.classes >= 0.6 else 0.0)


def _cancel(look: ColumnLook) -> Evidence:
    if look.cancel_codes >= 0.5:
        return Evidence(1.1)
    return Evidence(0.7, "its words are not C1 to C5") if look.distinct <= 20 else Evidence(0.0)


def _narrative(look: ColumnLook) -> Evidence:
    if look.words >= 4 and look.repeats < 5:
        return Evidence(1.1)
    if look.words >= 2 and look.repeats < 3:
        return Evidence(0.9)
    return Evidence(0.3)


def _age(look: ColumnLook) -> Evidence:
    if look.whole_numbers < 0.6 or look.distinct > 200:
        return Evidence(0.0)
    return Evidence(1.1)


def _sex(look: ColumnLook) -> Evidence:
    return (
        Evidence(1.1)
        if look.share_of(_SEXES) >= 0.6
        else Evidence(0.5 if look.distinct <= 12 else 0.0)
    )


def _victim_type(look: ColumnLook) -> Evidence:
    if look.share_of(_TYPES) >= 0.5:
        return Evidence(1.1)
    return Evidence(0.9 if look.distinct <= 20 else 0.0)


def _outcome(look: ColumnLook) -> Evidence:
    numbered = look.share(_OUTCOME_TYPE)
    return Evidence(1.1) if numbered >= 0.5 else _category(look)


def _force(look: ColumnLook) -> Evidence:
    if look.forces >= 0.5:
        return Evidence(1.3)
    return (
        Evidence(0.9)
        if look.distinct <= 60 and look.numbers < 0.1 and look.words <= 5
        else Evidence(0.0)
    )


def _area(look: ColumnLook) -> Evidence:
    if (
        look.distinct > 600
        or look.words > 6
        or look.dates > 0.5
        or look.points > 0.2
        or look.longest > _LONG
    ):
        return Evidence(0.0)
    return Evidence(0.8 if look.numbers > 0.9 else 1.05)


def _count(look: ColumnLook) -> Evidence:
    if look.whole_numbers < 0.5:
        return Evidence(0.0)
    return Evidence(
        1.1, "" if look.whole_numbers >= 0.95 else "some of its values are not whole numbers"
    )


_JUDGES: dict[str, Callable[[ColumnLook], Evidence]] = {
    "crime.crime_ref": _reference,
    "victim.victim_key": _reference,
    "stop.stop_ref": _reference,
    "incident.incident_ref": _reference,
    "suspect.age": _age,
    "suspect.sex": _sex,
    "crime.offence_code": _code,
    "crime.offence_class": _class,
    "crime.status": _status,
    "crime.outcome": _outcome,
    "crime.cancel_code": _cancel,
    "victim.age": _age,
    "victim.date_of_birth": _birth,
    "victim.sex": _sex,
    "victim.victim_type": _victim_type,
    COUNT: _count,
}
_BY_NAME = {"narrative": _narrative, "force": _force, "area": _area, "sex": _sex}
