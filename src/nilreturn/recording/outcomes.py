"""What an outcome of each type requires, as data; and what one lacks."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from nilreturn.authored import Mistakes, line_at, parse_toml
from nilreturn.errors import RecordError, did_you_mean
from nilreturn.recording.finding import Finding, Severity
from nilreturn.recording.model import Outcome, VictimView
from nilreturn.schema import outcome_types


class Part(enum.StrEnum):
    """What a type of outcome may require."""

    DAY = "day"
    SUSPECT = "suspect"
    NO_SUSPECT = "no suspect"
    VICTIM_SUPPORTS = "victim supports"
    VICTIM_DOES_NOT_SUPPORT = "victim does not support"
    REASON = "reason"
    DECIDED_BY = "decided by"
    BODY = "body"


# By outcome type ("0" to "22", "1A", "2A", "3A"), the parts that it requires.
Requirements = Mapping[str, frozenset[Part]]

NOT_AN_OUTCOME = "0"
_WHAT = "outcome requirements"

# Which field shows whether an outcome has a part, how, and what is said where it does not.
_PARTS: dict[Part, tuple[str, Callable[[Outcome], bool], str]] = {
    Part.DAY: ("outcome_on", lambda it: it.outcome_on is not None, "The outcome has no day"),
    Part.SUSPECT: (
        "suspect_no",
        lambda it: it.suspect_no is not None,
        "The outcome names no suspect",
    ),
    Part.NO_SUSPECT: (
        "suspect_no",
        lambda it: it.suspect_no is None,
        "The outcome says that no suspect is identified, and names one",
    ),
    Part.VICTIM_SUPPORTS: (
        "victim_view",
        lambda it: it.victim_view is VictimView.SUPPORTS,
        "The outcome is for a victim who supports action, and that is not recorded",
    ),
    Part.VICTIM_DOES_NOT_SUPPORT: (
        "victim_view",
        lambda it: it.victim_view is VictimView.DOES_NOT_SUPPORT,
        "The outcome is for a victim who does not support action, and that is not recorded",
    ),
    Part.REASON: ("reason", lambda it: bool(it.reason.strip()), "The outcome has no reason"),
    Part.DECIDED_BY: (
        "decided_by",
        lambda it: bool(it.decided_by.strip()),
        "Nobody is named who decided it",
    ),
    Part.BODY: (
        "body",
        lambda it: bool(it.body.strip()),
        "No other body is named that took it over",
    ),
}


@cache
def requirements() -> Requirements:
    """
    The parts that each type of outcome requires, as shipped.

    Returns
    -------
    mapping of str to frozenset of Part
        By outcome type ("0" to "22", "1A", "2A", "3A"), the parts.
    """
    return read_requirements(
        (files("nilreturn.recording") / "outcomes.toml").read_text(encoding="utf-8")
    )


def read_requirements(text: str) -> Requirements:
    """
    Read the parts that a force requires of each type of outcome.

    Parameters
    ----------
    text
        TOML with a table `types` that has a list of parts for every outcome type.

    Returns
    -------
    mapping of str to frozenset of Part
        By outcome type ("0" to "22", "1A", "2A", "3A"), the parts.

    Raises
    ------
    RecordError
        When the text is not TOML, a type is missing or unknown, or a part is unknown. The details
        name the mistakes.
    """
    values, lines = parse_toml(_WHAT, text, "list of requirements", RecordError)
    types = values.get("types")
    if not isinstance(types, dict):
        raise RecordError(f"{_WHAT}: no table 'types'; give one with a list of parts for each type")
    known = outcome_types()
    mistakes = Mistakes(_WHAT, RecordError)

    def add(name: str, what: str) -> None:
        mistakes.add(line_at(lines, ("types", name)), what, field=f"types.{name}")

    for name in known:
        if name not in types:
            add(name, "is missing; add it")
    for name, parts in types.items():
        if name not in known:
            add(name, "no such outcome type")
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            add(name, "must be a list of parts")
            continue
        for part in parts:
            if part not in list(Part):
                add(name, f"no such part {part!r}{did_you_mean(part, list(Part))}")
    mistakes.raise_if_any()
    return {name: frozenset(map(Part, types[name])) for name in known}


def outcome_findings(
    outcome: Outcome, *, suspects: int, required: Requirements | None = None, field: str = "outcome"
) -> tuple[Finding, ...]:
    """
    What an outcome lacks.

    Parameters
    ----------
    outcome
        The outcome.
    suspects
        How many suspects the crime has.
    required
        The parts that each type requires; None for those that come with the software.
    field
        The outcome's place in the record: "outcomes[0]".

    Returns
    -------
    tuple of Finding
        An error for each required part that is missing, for an unknown type or type 0, and for a
        suspect that the crime does not have; empty where nothing is wrong.
    """
    found = []
    wanted = (required or requirements()).get(outcome.outcome_type)
    if wanted is None or outcome.outcome_type == NOT_AN_OUTCOME:
        words = (
            "Not an outcome type; choose one of 1 to 22"
            if wanted is None
            else "Type 0 is no outcome"
        )
        return (Finding("outcome_type", f"{field}.outcome_type", Severity.ERROR, words),)
    for part in Part:
        name, has, words = _PARTS[part]
        if part in wanted and not has(outcome):
            found.append(Finding("outcome_parts", f"{field}.{name}", Severity.ERROR, words))
    if outcome.suspect_no is not None and not 1 <= outcome.suspect_no <= suspects:
        words = "The outcome names a suspect that the crime does not have"
        found.append(Finding("outcome_parts", f"{field}.suspect_no", Severity.ERROR, words))
    return tuple(found)
