"""
What is recorded: incidents, crimes and stops, with all that belongs to them, as frozen records.

Moments are kept in UTC and shown in London time; days are local. A record may be incomplete or
wrong: the rules say so (`rules`, `quality`), so that a draft can be kept and put right. Each table
of an extract has its counterpart here; `rows` makes its rows.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from nilreturn.recording.states import State
from nilreturn.schema import NOT_RECORDED

LONDON = ZoneInfo("Europe/London")


class FlagValue(enum.StrEnum):
    """The three values of a flag: a blank is never "No"."""

    YES = "Yes"
    NO = "No"
    NOT_RECORDED = NOT_RECORDED


class FlagSource(enum.StrEnum):
    """Who or what set a flag. What a rule says never stands for what a person recorded."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    RULE = "rule"


class VictimType(enum.StrEnum):
    """What a victim is."""

    PERSON = "Person"
    ORGANISATION = "Organisation"
    STATE = "State"
    NOT_RECORDED = NOT_RECORDED


class VictimView(enum.StrEnum):
    """Whether the victim supports further action."""

    SUPPORTS = "supports"
    DOES_NOT_SUPPORT = "does not support"
    NOT_RECORDED = NOT_RECORDED


class Record:
    """What all records share: JSON is read strictly, and moments are in UTC."""

    __slots__ = ()
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "strict": True}

    def __post_init__(self) -> None:
        """
        Turn moments into UTC. Raises `ValueError` for one without an offset, which may mean two
        moments.
        """
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, datetime):
                if value.utcoffset() is None:
                    raise ValueError(f"{field.name} has no offset from UTC")
                object.__setattr__(self, field.name, value.astimezone(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """
    How an incident came to notice: when, through whom and in what words. `source` is victim,
    witness, officer …
    """

    reported_at: datetime
    source: str = ""
    channel: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim(Record):
    """
    A victim of a crime. `age` (whole years at the offence) is as recorded, for where no date of
    birth is known. `person_ref` names the person in the records system.
    """

    victim_type: VictimType = VictimType.PERSON
    sex: str = ""
    born_on: date | None = None
    age: int | None = None
    person_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect(Record):
    """A suspect of a crime; `age` in whole years, often an estimate."""

    age: int | None = None
    sex: str = ""
    ethnicity_self: str = ""
    ethnicity_officer: str = ""
    nationality: str = ""
    relation_to_victim: str = ""
    charged: FlagValue = FlagValue.NOT_RECORDED
    person_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Record):
    """
    One setting of a flag. The four of `NAMED_FLAGS` have three values, others any word ("Hate
    strand": "Race").
    """

    flag: str
    value: str
    source: FlagSource
    set_at: datetime
    set_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Record):
    """
    An outcome with its parts, of which `outcomes` says which a type requires. `suspect_no` is a
    suspect's place on the crime, the first 1; `body` another authority that took the matter over.
    """

    outcome_type: str
    outcome_on: date | None = None
    outcome_words: str = ""
    suspect_no: int | None = None
    victim_view: VictimView = VictimView.NOT_RECORDED
    reason: str = ""
    decided_by: str = ""
    body: str = ""
    victim_told_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyItem(Record):
    """
    Property of a crime, its value in pence; `status` is what became of it: stolen, recovered,
    damaged, seized.
    """

    kind: str
    quantity: int | None = None
    value_pence: int | None = None
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """That a crime is linked to another, and how."""

    linked_ref: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification(Record):
    """
    What a crime is or was classified as, from one moment until another; the last of a crime has no
    end.
    """

    offence_code: str
    offence_class: str
    from_at: datetime
    until_at: datetime | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal(Record):
    """
    That a crime was cancelled or transferred: the code (C1 to C5), who asked, who authorised, and
    the parts that the code requires. `further_information` is the additional verifiable
    information.
    """

    code: str
    requested_by: str
    requested_at: datetime
    authorised_by: str = ""
    authorised_at: datetime | None = None
    further_information: str = ""
    other_ref: str = ""
    victim_told_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptAnswer(Record):
    """That somebody left a prompt as it was, and why. `field` is where the prompt stood."""

    rule: str
    field: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Crime(Record):
    """
    One recorded crime and all that belongs to it; what it is classified as now is the last of
    `classifications`.
    """

    crime_ref: str
    incident_ref: str
    force: str
    state: State = State.RECORDED
    reported_at: datetime | None = None
    recorded_at: datetime | None = None
    late_reason: str = ""
    committed_from: date | None = None
    committed_to: date | None = None
    area: str = ""
    beat: str = ""
    narrative: str = ""
    classifications: tuple[Classification, ...] = ()
    victims: tuple[Victim, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    flags: tuple[Flag, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    property_items: tuple[PropertyItem, ...] = ()
    links: tuple[Link, ...] = ()
    removals: tuple[Removal, ...] = ()
    answers: tuple[PromptAnswer, ...] = ()

    @property
    def classification(self) -> Classification | None:
        """What it is classified as now."""
        return self.classifications[-1] if self.classifications else None

    @property
    def offence_code(self) -> str:
        """The code of its classification now, "" of none."""
        return self.classification.offence_code if self.classification else ""

    @property
    def offence_class(self) -> str:
        """The class of its classification now, "" of none."""
        return self.classification.offence_class if self.classification else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Record):
    """A report of anything at all, crime or not. `received_at` is when the force received it."""

    incident_ref: str
    force: str
    received_at: datetime
    state: State = State.INCIDENT
    reports: tuple[Report, ...] = ()
    incident_type: str = ""
    priority: str = ""
    area: str = ""
    beat: str = ""
    narrative: str = ""
    crime_refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Record):
    """A stop, or a stop and search."""

    stop_ref: str
    force: str
    stopped_at: datetime
    stop_type: str = ""
    legislation: str = ""
    looked_for: str = ""
    outcome: str = ""
    outcome_linked: FlagValue = FlagValue.NOT_RECORDED
    clothing_removed: FlagValue = FlagValue.NOT_RECORDED
    age_band: str = ""
    sex: str = ""
    ethnicity_self: str = ""
    ethnicity_officer: str = ""
    area: str = ""
    beat: str = ""
    person_ref: str = ""


COUNTERPARTS: dict[str, type[Record]] = {
    "crimes": Crime,
    "victims": Victim,
    "suspects": Suspect,
    "outcomes": Outcome,
    "property": PropertyItem,
    "flags": Flag,
    "links": Link,
    "incidents": Incident,
    "stops": Stop,
}
