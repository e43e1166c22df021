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
    """
    The three values of a flag. A blank is "Not recorded", never "No".

    Attributes
    ----------
    YES
        The flag is set.
    NO
        Somebody recorded that the flag does not apply.
    NOT_RECORDED
        Nobody recorded either.
    """

    YES = "Yes"
    NO = "No"
    NOT_RECORDED = NOT_RECORDED


class FlagSource(enum.StrEnum):
    """
    Who or what set a flag. A flag set by a rule never replaces one that a person recorded.

    Attributes
    ----------
    OFFICER
        An officer.
    REVIEWER
        A person who reviewed the record.
    RULE
        A rule, such as one that searches the free text.
    """

    OFFICER = "officer"
    REVIEWER = "reviewer"
    RULE = "rule"


class VictimType(enum.StrEnum):
    """
    What a victim is.

    Attributes
    ----------
    PERSON
        A person.
    ORGANISATION
        An organisation, such as a shop.
    STATE
        The state.
    NOT_RECORDED
        The type of victim is not recorded.
    """

    PERSON = "Person"
    ORGANISATION = "Organisation"
    STATE = "State"
    NOT_RECORDED = NOT_RECORDED


class VictimView(enum.StrEnum):
    """
    Whether the victim supports further action.

    Attributes
    ----------
    SUPPORTS
        The victim supports it.
    DOES_NOT_SUPPORT
        The victim does not support it.
    NOT_RECORDED
        The victim's view is not recorded.
    """

    SUPPORTS = "supports"
    DOES_NOT_SUPPORT = "does not support"
    NOT_RECORDED = NOT_RECORDED


class Record:
    """What all records share: JSON is read strictly, and moments are in UTC."""

    __slots__ = ()
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "strict": True}

    def __post_init__(self) -> None:
        """
        Turn moments into UTC.

        Raises
        ------
        ValueError
            When a moment has no offset from UTC, and so may mean two moments.
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
    A report of an incident: when it was made, by whom and in what words.

    Attributes
    ----------
    reported_at
        The moment of the report.
    source
        Who reported it: victim, witness, officer or another word; "" where this is not known.
    channel
        How the report was made, such as by telephone; "" where this is not known.
    words
        The words of the report.
    """

    reported_at: datetime
    source: str = ""
    channel: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim(Record):
    """
    A victim of a crime.

    Attributes
    ----------
    victim_type
        Whether the victim is a person, an organisation or the state.
    sex
        The sex as recorded; "" where none is.
    born_on
        The date of birth; None where it is not known.
    age
        The age in whole years at the offence, as recorded. It is used where no age can be worked
        out from `born_on` and the day of the offence. An age outside 0 to 119 is an error.
    person_ref
        The person's reference in the records system; "" where there is none.
    """

    victim_type: VictimType = VictimType.PERSON
    sex: str = ""
    born_on: date | None = None
    age: int | None = None
    person_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect(Record):
    """
    A suspect of a crime.

    Attributes
    ----------
    age
        The age in whole years as recorded, often an estimate; None where it is not known.
    sex
        The sex as recorded; "" where none is.
    ethnicity_self
        The ethnicity as the person defined it.
    ethnicity_officer
        The ethnicity as the officer observed it.
    nationality
        The nationality as recorded.
    relation_to_victim
        What the suspect is to the victim.
    charged
        Whether this person was charged or summonsed.
    person_ref
        The person's reference in the records system; "" where there is none.
    """

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
    One setting of a flag.

    Attributes
    ----------
    flag
        Which flag: "online_flag", "domestic_abuse_flag", "hate_crime_flag", "knife_flag", or
        another that the force keeps ("Hate strand").
    value
        "Yes", "No" or "Not recorded" for the four flags named above; any word for others ("Race").
    source
        Who or what set it.
    set_at
        The moment at which it was set.
    set_by
        The person who set it; "" where nobody is named.
    """

    flag: str
    value: str
    source: FlagSource
    set_at: datetime
    set_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Record):
    """
    An outcome of a crime. `requirements` says which parts each type of outcome must have.

    Attributes
    ----------
    outcome_type
        The Home Office outcome type: "1" to "22", "1A", "2A" or "3A". "0" means that none has been
        assigned, and is refused as an outcome.
    outcome_on
        The day of the outcome; None where it is not known.
    outcome_words
        The outcome in the source's own words.
    suspect_no
        The suspect's place among the crime's suspects, counted from 1; None where the outcome names
        no suspect.
    victim_view
        Whether the victim supports action.
    reason
        Why the outcome was given.
    decided_by
        Who decided it.
    body
        The other authority that took the matter over.
    victim_told_on
        The day on which the victim was told; None where it is not known.
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
    An item of property in a crime.

    Attributes
    ----------
    kind
        What the item is.
    quantity
        How many there are; None where it is not known.
    value_pence
        The value in pence; None where it is not known.
    status
        What became of it: stolen, recovered, damaged, seized or another word.
    """

    kind: str
    quantity: int | None = None
    value_pence: int | None = None
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """
    A link from a crime to another.

    Attributes
    ----------
    linked_ref
        The reference of the other crime.
    link
        How the two are linked.
    """

    linked_ref: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification(Record):
    """
    What a crime is or was classified as, from one moment until another.

    Attributes
    ----------
    offence_code
        The Home Office offence code, as NNN/NN: "071/17".
    offence_class
        The Home Office class: "88A".
    from_at
        The moment from which the classification holds.
    until_at
        The moment at which it ended, which is the `from_at` of the next; None for the one that
        holds now.
    by
        Who classified the crime.
    reason
        Why it was classified so.
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
    The cancellation or transfer of a crime. The crime stays on record.

    Attributes
    ----------
    code
        One of the force's codes. As shipped: C1 (transferred to another force), C2 (additional
        verifiable information shows no crime), C3 (duplicate or part of another crime), C4
        (recorded in error) or C5 (self-defence).
    requested_by
        Who asked for it.
    requested_at
        The moment at which it was asked for.
    authorised_by
        Who authorised it; this must be another person than `requested_by`.
    authorised_at
        The moment at which it was authorised, not before `requested_at`.
    further_information
        The additional verifiable information (AVI); as shipped, required for C2.
    other_ref
        The reference of the other record; as shipped, required for C1 and C3.
    victim_told_on
        The day on which the victim was told; required where the crime has victims.
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
    """
    The answer of somebody who left a prompt as it was. It must give a reason to close the prompt.

    Attributes
    ----------
    rule
        The name of the prompt's rule.
    field
        The field of the record that the prompt is about.
    reason
        Why the record was left as it was.
    by
        Who answered.
    at
        The moment of the answer.
    """

    rule: str
    field: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Crime(Record):
    """
    One recorded crime and all that belongs to it.

    Attributes
    ----------
    crime_ref
        The crime's reference in the records system. It never changes.
    incident_ref
        The reference of the incident that the crime belongs to. It never changes.
    force
        The recording force.
    state
        Where the record stands: "recorded", "with an outcome", "cancelled" or "transferred".
    reported_at
        The moment at which the crime was reported; None where it is not known.
    recorded_at
        The moment at which it was recorded as a crime; None where it is not known.
    late_reason
        Why it was recorded late; required where it was recorded after `due_at`.
    committed_from
        The first day on which it may have been committed; None where it is not known.
    committed_to
        The last day on which it may have been committed; None where it is not known.
    area
        The local policing area.
    beat
        The beat. It is never released.
    narrative
        Free text of how the crime was committed (the initial MO). It is never released.
    classifications
        What the crime has been classified as, oldest first; the last holds now.
    victims
        The victims.
    suspects
        The suspects.
    flags
        Every setting of a flag, oldest first.
    outcomes
        The outcomes, oldest first.
    property_items
        The property stolen, recovered, damaged or seized.
    links
        Links to other crimes.
    removals
        The cancellation or transfer; empty where the crime is neither cancelled nor transferred.
    answers
        The prompts that somebody left with a reason.
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
        """What the crime is classified as now; None where it is not classified."""
        return self.classifications[-1] if self.classifications else None

    @property
    def offence_code(self) -> str:
        """The offence code of the classification that holds now; "" where there is none."""
        return self.classification.offence_code if self.classification else ""

    @property
    def offence_class(self) -> str:
        """The class of the classification that holds now; "" where there is none."""
        return self.classification.offence_class if self.classification else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Record):
    """
    An incident: what was reported, whether a crime or not.

    Attributes
    ----------
    incident_ref
        The incident's reference in the command system.
    force
        The recording force.
    received_at
        The moment at which the force received the first report.
    state
        Where the record stands: `INCIDENT`, `CLOSED`, `CRI`, `NOT_RECORDED` or `CRIMED` of `State`.
    reports
        The reports of the incident.
    incident_type
        What the incident was closed as, else what it was opened as.
    priority
        How urgent it was graded.
    area
        The local policing area.
    beat
        The beat. It is never released.
    narrative
        Free text of the incident. It is never released.
    crime_refs
        The references of the crimes recorded from the incident.
    """

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
    """
    A stop, or a stop and search.

    Attributes
    ----------
    stop_ref
        The stop's reference in the records system.
    force
        The force that made the stop.
    stopped_at
        The moment of the stop.
    stop_type
        Whether a person, a vehicle or both were searched.
    legislation
        The power that was used.
    looked_for
        What was looked for.
    outcome
        What came of the stop.
    outcome_linked
        Whether the outcome came of what was looked for.
    clothing_removed
        Whether more than outer clothing was removed.
    age_band
        The age band as recorded.
    sex
        The sex as recorded.
    ethnicity_self
        The ethnicity as the person defined it.
    ethnicity_officer
        The ethnicity as the officer observed it.
    area
        The local policing area.
    beat
        The beat. It is never released.
    person_ref
        The person's reference in the records system; "" where there is none.
    """

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


# By table of an extract, the class of the records that its rows are made from.
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
