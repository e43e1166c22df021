"""
The states of an incident and of a crime, and what leads from one to another: one table,
`TRANSITIONS`.

A change has an actor, a moment and a reason. Nothing is deleted: a cancelled or transferred crime
stays on record.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from nilreturn.errors import RecordError
from nilreturn.wording import listed


class State(enum.StrEnum):
    """Where a record stands. An incident begins as the first, a crime as `RECORDED`."""

    INCIDENT = "incident"
    CLOSED = "closed as no crime"
    CRI = "crime-related incident"
    NOT_RECORDED = "crime not recorded"
    CRIMED = "recorded as crime"
    RECORDED = "recorded"
    WITH_OUTCOME = "with an outcome"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"


INCIDENT_STATES = (State.INCIDENT, State.CLOSED, State.CRI, State.NOT_RECORDED, State.CRIMED)
CRIME_STATES = (State.RECORDED, State.WITH_OUTCOME, State.CANCELLED, State.TRANSFERRED)


class Action(enum.StrEnum):
    """What somebody does to a record."""

    CLOSE = "close"
    KEEP_AS_CRI = "keep as crime-related incident"
    DO_NOT_RECORD = "do not record"
    RECORD = "record"
    RECLASSIFY = "reclassify"
    GIVE_OUTCOME = "give an outcome"
    CANCEL = "cancel"
    TRANSFER = "transfer"
    REOPEN = "re-open"


class Role(enum.StrEnum):
    """Who may act on records."""

    RECORDER = "recorder"
    SUPERVISOR = "supervisor"
    REGISTRAR = "registrar"


@dataclass(frozen=True, slots=True)
class Transition:
    """
    Where an action leads and who owns it: any of `owners` may do it. Where `authorisers` are named,
    one of them who is somebody else must have authorised it.
    """

    to: State
    owners: tuple[Role, ...]
    authorisers: tuple[Role, ...] = ()


_ANY = (Role.RECORDER, Role.SUPERVISOR, Role.REGISTRAR)
_SENIOR = (Role.SUPERVISOR, Role.REGISTRAR)

TRANSITIONS: dict[tuple[State, Action], Transition] = {
    (State.INCIDENT, Action.CLOSE): Transition(State.CLOSED, _ANY),
    (State.INCIDENT, Action.KEEP_AS_CRI): Transition(State.CRI, _ANY),
    (State.INCIDENT, Action.DO_NOT_RECORD): Transition(State.NOT_RECORDED, _ANY),
    (State.INCIDENT, Action.RECORD): Transition(State.CRIMED, _ANY),
    (State.CRI, Action.RECORD): Transition(State.CRIMED, _ANY),
    (State.CRI, Action.CLOSE): Transition(State.CLOSED, _SENIOR),
    (State.CRIMED, Action.RECORD): Transition(
        State.CRIMED, _ANY
    ),  # a further crime of the same incident
    (State.CLOSED, Action.REOPEN): Transition(State.INCIDENT, _SENIOR),
    (State.NOT_RECORDED, Action.REOPEN): Transition(State.INCIDENT, _SENIOR),
    (State.RECORDED, Action.RECLASSIFY): Transition(State.RECORDED, _SENIOR),
    (State.RECORDED, Action.GIVE_OUTCOME): Transition(State.WITH_OUTCOME, _ANY),
    (State.RECORDED, Action.CANCEL): Transition(State.CANCELLED, _ANY, _SENIOR),
    (State.RECORDED, Action.TRANSFER): Transition(State.TRANSFERRED, _ANY, _SENIOR),
    (State.WITH_OUTCOME, Action.RECLASSIFY): Transition(State.WITH_OUTCOME, _SENIOR),
    (State.WITH_OUTCOME, Action.GIVE_OUTCOME): Transition(State.WITH_OUTCOME, _ANY),
    (State.WITH_OUTCOME, Action.CANCEL): Transition(State.CANCELLED, _ANY, _SENIOR),
    (State.WITH_OUTCOME, Action.TRANSFER): Transition(State.TRANSFERRED, _ANY, _SENIOR),
    (State.WITH_OUTCOME, Action.REOPEN): Transition(State.RECORDED, _SENIOR),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person in one role. `name` identifies the person."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """One change: what was done by whom, when and why."""

    before: State
    action: Action
    after: State
    by: Actor
    at: datetime
    reason: str
    authorised_by: Actor | None = None


def actions(state: State) -> tuple[Action, ...]:
    """What can be done to a record in this state, by whomever; nothing where the state is final."""
    return tuple(action for before, action in TRANSITIONS if before is state)


def refusal(
    state: State,
    action: Action,
    *,
    by: Actor,
    authorised_by: Actor | None = None,
    needs_registrar: bool = False,
) -> str | None:
    """
    Why the action is not allowed, in words for beside its button; None where it is allowed.

    Parameters
    ----------
    needs_registrar
        Whether the offence is of a class whose cancellation the registrar alone authorises.
    """
    transition = TRANSITIONS.get((state, action))
    if transition is None:
        return f"'{action}' cannot be done to a record that is '{state}'{_possible(state)}"
    if by.role not in transition.owners:
        return f"'{action}' is for a {_either(transition.owners)}, not for a {by.role}"
    if not transition.authorisers:
        return None
    authorisers = (Role.REGISTRAR,) if needs_registrar else transition.authorisers
    if authorised_by is None:
        return f"'{action}' must be authorised by a {_either(authorisers)}"
    if authorised_by.name == by.name:
        return f"'{action}' must be authorised by another person than the one who asks for it"
    if authorised_by.role not in authorisers:
        wanted = _either(authorisers)
        return f"'{action}' must be authorised by a {wanted}, not by a {authorised_by.role}"
    return None


def change_state(
    state: State,
    action: Action,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    authorised_by: Actor | None = None,
    needs_registrar: bool = False,
) -> StateChange:
    """
    The change that an action makes. Raises `RecordError`, with why, where it is not allowed or has
    no reason.

    Parameters
    ----------
    at
        The moment, with its offset from UTC.
    needs_registrar
        As in `refusal`.
    """
    why_not = refusal(
        state, action, by=by, authorised_by=authorised_by, needs_registrar=needs_registrar
    )
    if why_not:
        raise RecordError(why_not)
    if not reason.strip():
        raise RecordError(f"'{action}' needs a reason; say why it is done")
    if at.utcoffset() is None:
        raise ValueError("the moment of a change has no offset from UTC")
    after = TRANSITIONS[state, action].to
    return StateChange(
        before=state,
        action=action,
        after=after,
        by=by,
        at=at,
        reason=reason,
        authorised_by=authorised_by,
    )


def is_final(state: State) -> bool:
    """Whether nothing leads out of the state."""
    return not actions(state)


def states_mermaid() -> str:
    """The table as a Mermaid state diagram, each edge with its action and owners."""
    names = {state: state.name for state in State}
    lines = [f'    state "{state}" as {names[state]}' for state in State]
    lines += [f"    [*] --> {names[first]}" for first in (State.INCIDENT, State.RECORDED)]
    lines += [
        f"    {names[before]} --> {names[edge.to]}: {_edge(action, edge)}"
        for (before, action), edge in TRANSITIONS.items()
    ]
    lines += [f"    {names[state]} --> [*]" for state in State if is_final(state)]
    return "\n".join(("stateDiagram-v2", *lines))


def states_table() -> list[tuple[str, str, str, str, str]]:
    """The rows of the table for people: from, action, to, who does it, who authorises it."""
    return [
        (str(before), str(action), str(edge.to), _either(edge.owners), _either(edge.authorisers))
        for (before, action), edge in TRANSITIONS.items()
    ]


def _edge(action: Action, edge: Transition) -> str:
    authorised = f", authorised by {_either(edge.authorisers)}" if edge.authorisers else ""
    return f"{action} ({_either(edge.owners)}{authorised})"


def _either(roles: tuple[Role, ...]) -> str:
    return " or ".join(roles)


def _possible(state: State) -> str:
    found = actions(state)
    return f"; possible: {listed(found)}" if found else "; nothing changes such a record"
