"""
The rules R1 to R7 of recording, as findings.

R1 recorded within 24 hours of the report, or a reason; R2 a cancellation has its parts and another
authoriser; R3 a reclassification keeps what was before; R4 nothing recorded is taken away; R5 dates
are in order; R6 a victim-based offence has a victim; R7 the code was in force on the day of
recording. R5 to R7 are prompts of data quality too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from nilreturn.errors import RecordError
from nilreturn.recording.configuration import Configuration, shipped_configuration
from nilreturn.recording.finding import Finding, Severity
from nilreturn.recording.model import LONDON, Crime, FlagValue, Removal
from nilreturn.recording.outcomes import Requirements, outcome_findings
from nilreturn.recording.quality import prompts_of_rows
from nilreturn.recording.rows import NAMED_FLAGS, local_day, rows_of
from nilreturn.recording.states import CRIME_STATES, TRANSITIONS, State

_ERROR = Severity.ERROR


def london_moment(local: datetime, *, second: bool = False) -> datetime:
    """
    The moment at which a clock in London showed a time.

    Parameters
    ----------
    local
        A date and time without an offset.
    second
        Whether the later moment is meant, in the hour that a clock shows twice when clocks go back.

    Returns
    -------
    datetime
        The moment in UTC.

    Raises
    ------
    RecordError
        When no clock showed the time: it is in the hour left out when clocks go forward.

    Examples
    --------
    >>> london_moment(datetime(2026, 7, 1, 12, 0)).isoformat()
    '2026-07-01T11:00:00+00:00'
    """
    moment = local.replace(tzinfo=LONDON, fold=int(second)).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != local.replace(fold=0, tzinfo=None):
        raise RecordError(
            "no clock showed this time: clocks went forward; write the time an hour later"
        )
    return moment


def due_at(reported_at: datetime, configuration: Configuration | None = None) -> datetime:
    """
    The moment by which a crime must be recorded.

    Parameters
    ----------
    reported_at
        The moment of the report, with its offset from UTC.
    configuration
        The force's own rules; None for those that come with the software.

    Returns
    -------
    datetime
        The moment in London time. The hours are counted as they pass, so that a change of the
        clocks neither adds nor takes an hour.

    Examples
    --------
    Clocks go forward in the night:

    >>> due_at(datetime(2026, 3, 28, 12, 0, tzinfo=LONDON)).isoformat()
    '2026-03-29T13:00:00+01:00'
    """
    hours = (configuration or shipped_configuration()).hours_to_record
    return (reported_at.astimezone(UTC) + timedelta(hours=hours)).astimezone(LONDON)


def is_late(
    reported_at: datetime, recorded_at: datetime, configuration: Configuration | None = None
) -> bool:
    """
    Whether a crime was recorded late.

    Parameters
    ----------
    reported_at, recorded_at
        The moments of the report and of the recording, with their offsets from UTC.
    configuration
        The force's own rules; None for those that come with the software.

    Returns
    -------
    bool
        True after `due_at`, False at that moment or before.
    """
    return recorded_at.astimezone(UTC) > due_at(reported_at, configuration).astimezone(UTC)


def findings(
    crime: Crime,
    *,
    before: Crime | None = None,
    now: datetime | None = None,
    configuration: Configuration | None = None,
    required: Requirements | None = None,
) -> tuple[Finding, ...]:
    """
    What the rules find in a crime as it would be saved.

    Parameters
    ----------
    crime
        The crime.
    before
        The version that it replaces, with which R3 and R4 compare it; None for a new crime.
    now
        The moment of saving, after which a date is an error; None: dates are not held against it.
    configuration
        The force's own rules; None for those that come with the software.
    required
        The parts that each type of outcome requires; None for those that come with the software.

    Returns
    -------
    tuple of Finding
        The findings, in the order of the rules. The crime cannot be saved with an error; a warning
        asks for a reason.
    """
    settled = configuration or shipped_configuration()
    found = [*_late(crime, settled), *_removals(crime, settled), *_classifications(crime)]
    if before is not None:
        found += _taken_away(before, crime)
    found += prompts_of_rows(rows_of(crime), rules=("R5", "R6", "R7"))
    found += _values(crime, now)
    for number, outcome in enumerate(crime.outcomes):
        place = f"outcomes[{number}]"
        found += outcome_findings(
            outcome, suspects=len(crime.suspects), required=required, field=place
        )
    return tuple(found)


def _late(crime: Crime, configuration: Configuration) -> Iterator[Finding]:
    if crime.reported_at is None or crime.recorded_at is None:
        return
    if (
        is_late(crime.reported_at, crime.recorded_at, configuration)
        and not crime.late_reason.strip()
    ):
        hours = configuration.hours_to_record
        yield Finding(
            "R1",
            "late_reason",
            _ERROR,
            f"Recorded more than {hours} hours after the report: say why",
        )


def _removals(crime: Crime, configuration: Configuration) -> Iterator[Finding]:
    removed = crime.state in (State.CANCELLED, State.TRANSFERRED)
    if removed != bool(crime.removals):
        words = (
            "It is not said why" if removed else "The crime is neither cancelled nor transferred"
        )
        yield Finding("R2", "removals", _ERROR, words)
    for number, removal in enumerate(crime.removals):
        for field, words in _lacking(removal, crime, configuration):
            yield Finding("R2", f"removals[{number}].{field}", _ERROR, words)


def _lacking(
    removal: Removal, crime: Crime, configuration: Configuration
) -> Iterator[tuple[str, str]]:
    codes = configuration.cancellation_codes
    if removal.code not in codes:
        yield "code", f"Not a code of a cancellation; choose one of {', '.join(codes)}"
    elif (removal.code == configuration.transfer_code) != (crime.state is State.TRANSFERRED):
        yield (
            "code",
            f"{configuration.transfer_code} is the code of a transfer, and of nothing else",
        )
    part = configuration.cancellation_parts.get(removal.code)
    if part == "further information" and not removal.further_information.strip():
        yield "further_information", "Write the additional verifiable information"
    if part == "other reference" and not removal.other_ref.strip():
        yield "other_ref", "Give the reference of the other record"
    if not removal.authorised_by.strip() or removal.authorised_at is None:
        yield "authorised_by", "Nobody has authorised it"
    elif removal.authorised_by.strip() == removal.requested_by.strip():
        yield (
            "authorised_by",
            "It must be authorised by another person than the one who asked for it",
        )
    elif removal.authorised_at < removal.requested_at:
        yield "authorised_at", "It was authorised before it was asked for"
    if removal.victim_told_on is None and crime.victims:
        yield "victim_told_on", "Give the day on which the victim was told"


def _classifications(crime: Crime) -> Iterator[Finding]:
    """R3: without gap or overlap, each from the moment at which the one before ended."""
    if not crime.classifications:
        yield Finding("R3", "classifications", _ERROR, "The crime is not classified")
    last = len(crime.classifications) - 1
    for number, each in enumerate(crime.classifications):
        field = f"classifications[{number}].until_at"
        if (each.until_at is None) != (number == last):
            words = (
                "The last classification has an end"
                if number == last
                else "An earlier one has no end"
            )
            yield Finding("R3", field, _ERROR, words)
        elif each.until_at is not None:
            following = crime.classifications[number + 1]
            if each.until_at < each.from_at:
                yield Finding("R3", field, _ERROR, "A classification ended before it began")
            if following.from_at != each.until_at:
                words = "The next classification begins at another moment than this one ended"
                yield Finding("R3", field, _ERROR, words)


def _taken_away(before: Crime, after: Crime) -> Iterator[Finding]:
    """
    R3 and R4: what was recorded stays, and a state is left only as the table of states allows.
    """
    for field in ("crime_ref", "incident_ref"):
        if getattr(before, field) != getattr(after, field):
            yield Finding("R4", field, _ERROR, "A reference cannot be changed")
    known, kept = before.classifications, after.classifications
    same = len(kept) >= len(known) and all(
        (old.offence_code, old.offence_class, old.from_at)
        == (new.offence_code, new.offence_class, new.from_at)
        and old.until_at in (None, new.until_at)
        for old, new in zip(known, kept, strict=False)
    )
    if not same:
        yield Finding(
            "R3", "classifications", _ERROR, "An earlier classification was changed or left out"
        )
    for field in ("removals", "outcomes", "flags", "answers"):
        old, new = getattr(before, field), getattr(after, field)
        if new[: len(old)] != old:
            yield Finding("R4", field, _ERROR, "What was recorded earlier was changed or left out")
    reachable = {edge.to for (state, _), edge in TRANSITIONS.items() if state is before.state}
    if after.state is not before.state and after.state not in reachable:
        words = f"A crime that is '{before.state}' cannot become '{after.state}'"
        yield Finding("R4", "state", _ERROR, words)


def _values(crime: Crime, now: datetime | None) -> Iterator[Finding]:
    """Values that no record can have."""
    if crime.state not in CRIME_STATES:
        yield Finding("values", "state", _ERROR, "This is the state of an incident, not of a crime")
    if crime.state is State.WITH_OUTCOME and not crime.outcomes:
        yield Finding("values", "outcomes", _ERROR, "No outcome is recorded")
    if now is not None:
        today = local_day(now)
        for field in ("committed_from", "committed_to"):
            value = getattr(crime, field)
            if value is not None and today is not None and value > today:
                yield Finding("values", field, _ERROR, "The day is in the future")
        for field in ("reported_at", "recorded_at"):
            value = getattr(crime, field)
            if value is not None and value > now:
                yield Finding("values", field, _ERROR, "The moment is in the future")
    for number, victim in enumerate(crime.victims):
        if victim.born_on and crime.committed_from and victim.born_on > crime.committed_from:
            words = "A date of birth after the offence: no age can be worked out from it"
            yield Finding("values", f"victims[{number}].born_on", _ERROR, words)
        if victim.age is not None and not 0 <= victim.age < 120:
            yield Finding("values", f"victims[{number}].age", _ERROR, "Not an age from 0 to 119")
    for number, flag in enumerate(crime.flags):
        if flag.flag in NAMED_FLAGS and flag.value not in list(FlagValue):
            yield Finding(
                "values", f"flags[{number}].value", _ERROR, "Choose Yes, No or Not recorded"
            )
