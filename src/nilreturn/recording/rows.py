"""
The rows of an extract's tables that records become: the canonical columns, with None for what is
not known.

A date of birth becomes an age. The columns that say where a record was read from are the import's
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from nilreturn.recording.model import (
    LONDON,
    Crime,
    Flag,
    FlagSource,
    FlagValue,
    Incident,
    Stop,
    Suspect,
    Victim,
    VictimType,
)
from nilreturn.recording.states import State
from nilreturn.schema import NOT_RECORDED, outcome_types

Row = Mapping[str, Any]
Rows = Mapping[str, tuple[Row, ...]]

# The flags that are columns of crimes; all others are rows of the table of flags.
NAMED_FLAGS = ("online_flag", "domestic_abuse_flag", "hate_crime_flag", "knife_flag")

_STATUS = {State.CANCELLED: "Cancelled", State.TRANSFERRED: "Transferred"}


def status_of(crime: Crime) -> str:
    """The status of a crime in an extract: "Recorded", "Cancelled" or "Transferred"."""
    return _STATUS.get(crime.state, "Recorded")


def flag_value(crime: Crime, flag: str) -> FlagValue:
    """
    The value of a three-valued flag: the last that a person set, an officer or a reviewer. What a
    rule found is no value of a flag, nor is a word other than the three.
    """
    by_people = [
        each.value
        for each in crime.flags
        if each.flag == flag and each.source is not FlagSource.RULE
    ]
    is_known = bool(by_people) and by_people[-1] in list(FlagValue)
    return FlagValue(by_people[-1]) if is_known else FlagValue.NOT_RECORDED


def age_at(victim: Victim, day: date | None) -> int | None:
    """
    Whole years at the offence: by the date of birth where both days are known, else as it was
    recorded. Somebody born on 29 February is a year older on 1 March of a common year.
    """
    born = victim.born_on
    if born is None or day is None or born > day:
        return victim.age
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def local_day(moment: datetime | None) -> date | None:
    """The day in London on which the moment lies."""
    return moment.astimezone(LONDON).date() if moment else None


def rows_of(crime: Crime) -> dict[str, tuple[Row, ...]]:
    """
    The rows that one crime becomes in an extract. A value that is not known is None.

    Parameters
    ----------
    crime
        The crime.

    Returns
    -------
    dict of str to tuple of mappings
        By table, its rows: one of "crimes", and those of "victims", "suspects", "outcomes",
        "property", "flags" and "links" that belong to it.
    """
    return {
        "crimes": (_crime(crime),),
        "victims": tuple(
            _victim(crime, number, each) for number, each in enumerate(crime.victims, 1)
        ),
        "suspects": tuple(
            _suspect(crime, number, each) for number, each in enumerate(crime.suspects, 1)
        ),
        "outcomes": tuple(
            _of(crime, "outcome_no", number)
            | {
                "outcome_type": each.outcome_type or None,
                "outcome_on": each.outcome_on,
                "outcome_words": each.outcome_words or None,
            }
            for number, each in enumerate(crime.outcomes, 1)
        ),
        "property": tuple(
            _of(crime, "property_no", number)
            | {
                "kind": each.kind or None,
                "quantity": each.quantity,
                "value": None if each.value_pence is None else Decimal(each.value_pence) / 100,
                "status": each.status or None,
            }
            for number, each in enumerate(crime.property_items, 1)
        ),
        "flags": tuple(
            _of(crime, "flag_no", number) | {"flag": each.flag, "value": each.value}
            for number, each in enumerate(_other_flags(crime), 1)
        ),
        "links": tuple(
            _of(crime, "link_no", number)
            | {"linked_ref": each.linked_ref, "link": each.link or None}
            for number, each in enumerate(crime.links, 1)
        ),
    }


def row_of_incident(incident: Incident) -> Row:
    """
    The row that an incident becomes in an extract. A value that is not known is None.

    Parameters
    ----------
    incident
        The incident.

    Returns
    -------
    mapping of str to Any
        By column of the table "incidents", its value, with day and time in London.
    """
    received = incident.received_at.astimezone(LONDON)
    return {
        "incident_ref": incident.incident_ref,
        "force": incident.force or None,
        "received_on": received.date(),
        "received_at": received.time().replace(second=0, microsecond=0),
        "incident_type": incident.incident_type or None,
        "priority": incident.priority or None,
        "area": incident.area or None,
        "beat": incident.beat or None,
        "narrative": incident.narrative or None,
    }


def row_of_stop(stop: Stop) -> Row:
    """
    The row that a stop becomes in an extract. A value that is not known is None.

    Parameters
    ----------
    stop
        The stop.

    Returns
    -------
    mapping of str to Any
        By column of the table "stops", its value, with day and time in London.
    """
    stopped = stop.stopped_at.astimezone(LONDON)
    return {
        "stop_ref": stop.stop_ref,
        "force": stop.force or None,
        "stopped_on": stopped.date(),
        "stopped_at": stopped.time().replace(second=0, microsecond=0),
        "stop_type": stop.stop_type or None,
        "legislation": stop.legislation or None,
        "object": stop.looked_for or None,
        "outcome": stop.outcome or None,
        "outcome_linked_flag": str(stop.outcome_linked),
        "clothing_flag": str(stop.clothing_removed),
        "age_band": stop.age_band or None,
        "sex": stop.sex or None,
        "ethnicity_self": stop.ethnicity_self or None,
        "ethnicity_officer": stop.ethnicity_officer or None,
        "area": stop.area or None,
        "beat": stop.beat or None,
        "person_key": stop.person_ref or None,
    }


def _crime(crime: Crime) -> Row:
    removal = crime.removals[-1] if status_of(crime) != "Recorded" and crime.removals else None
    # An investigation that was opened again has no outcome now.
    outcome = crime.outcomes[-1] if crime.outcomes and crime.state is not State.RECORDED else None
    return {
        "crime_ref": crime.crime_ref,
        "force": crime.force or None,
        "reported_on": local_day(crime.reported_at),
        "recorded_on": local_day(crime.recorded_at),
        "committed_from": crime.committed_from,
        "committed_to": crime.committed_to,
        "offence_code": crime.offence_code or None,
        "offence_class": crime.offence_class or None,
        "status": status_of(crime),
        "cancel_code": removal.code if removal else None,
        "outcome": outcome.outcome_type if outcome else next(iter(outcome_types())),
        "outcome_on": outcome.outcome_on if outcome else None,
        "area": crime.area or None,
        "beat": crime.beat or None,
        **{flag: str(flag_value(crime, flag)) for flag in NAMED_FLAGS},
        "narrative": crime.narrative or None,
    }


def _victim(crime: Crime, number: int, victim: Victim) -> Row:
    age = age_at(victim, crime.committed_from)
    born, day = victim.born_on, crime.committed_from
    known = "Date of birth" if born and day and born <= day else "As recorded"
    return {
        "crime_ref": crime.crime_ref,
        "victim_no": number,
        "age": age,
        "age_basis": NOT_RECORDED if age is None else known,
        "sex": victim.sex or None,
        "victim_type": str(victim.victim_type)
        if victim.victim_type is not VictimType.NOT_RECORDED
        else None,
        "person_key": victim.person_ref or None,
    }


def _suspect(crime: Crime, number: int, suspect: Suspect) -> Row:
    return _of(crime, "suspect_no", number) | {
        "age": suspect.age,
        "sex": suspect.sex or None,
        "ethnicity_self": suspect.ethnicity_self or None,
        "ethnicity_officer": suspect.ethnicity_officer or None,
        "nationality": suspect.nationality or None,
        "relation_to_victim": suspect.relation_to_victim or None,
        "charged": str(suspect.charged),
        "person_key": suspect.person_ref or None,
    }


def _of(crime: Crime, number: str, value: int) -> dict[str, Any]:
    return {"crime_ref": crime.crime_ref, number: value}


def _other_flags(crime: Crime) -> list[Flag]:
    return [
        each
        for each in crime.flags
        if each.flag not in NAMED_FLAGS and each.source is not FlagSource.RULE
    ]
