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
    """
    Where a record stands. An incident begins as `INCIDENT`, a crime as `RECORDED`.

    Attributes
    ----------
    INCIDENT
        An incident that has not been decided.
    CLOSED
        An incident closed as no crime.
    CRI
        A crime-related incident (CRI): kept without a recorded crime, though one can still be
        recorded.
    NOT_RECORDED
        An incident that was decided not to be recorded as a crime.
    CRIMED
        An incident from which one crime or more is recorded.
    RECORDED
        A recorded crime that has no outcome, or was reopened.
    WITH_OUTCOME
        A recorded crime that has an outcome.
    CANCELLED
        A cancelled crime. Nothing leads out of this state.
    TRANSFERRED
        A crime transferred to another force. Nothing leads out of this state.
    """

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
    """
    What a person does to a record.

    Attributes
    ----------
    CLOSE
        Close an incident as no crime.
    KEEP_AS_CRI
        Keep an incident as a crime-related incident (CRI).
    DO_NOT_RECORD
        Decide that no crime is recorded from an incident.
    RECORD
        Record a crime from an incident, the first or a further one.
    RECLASSIFY
        Give a crime another offence code or class.
    GIVE_OUTCOME
        Give a crime an outcome, the first or a further one.
    CANCEL
        Cancel a crime.
    TRANSFER
        Transfer a crime to another force.
    REOPEN
        Put an incident back to `INCIDENT`, or a crime with an outcome back to `RECORDED`.
    """

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
    """
    The roles of the people who act on records. `TRANSITIONS` says what each may do.

    Attributes
    ----------
    RECORDER
        Records incidents and crimes.
    SUPERVISOR
        Also reclassifies and reopens records, and authorises cancellations and transfers.
    REGISTRAR
        The Force Crime Registrar, who may do all that a supervisor may, and alone authorises the
        cancellation of certain classes.
    """

    RECORDER = "recorder"
    SUPERVISOR = "supervisor"
    REGISTRAR = "registrar"


@dataclass(frozen=True, slots=True)
class Transition:
    """
    Where an action leads, who may do it and who must authorise it.

    Attributes
    ----------
    to
        The state after the action.
    owners
        The roles that may do it.
    authorisers
        The roles that may authorise it. One person in such a role, other than the one who acts,
        must do so. Empty where the action needs no authorisation.
    """

    to: State
    owners: tuple[Role, ...]
    authorisers: tuple[Role, ...] = ()


_ANY = (Role.RECORDER, Role.SUPERVISOR, Role.REGISTRAR)
_SENIOR = (Role.SUPERVISOR, Role.REGISTRAR)

# By state and action, where the action leads and who may do it; what is not here is not allowed.
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
    """
    A person in one role.

    Attributes
    ----------
    name
        What identifies the person: equal names are the same person.
    role
        The role in which the person acts.
    """

    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """
    One change of a record's state: what was done, by whom, when and why.

    Attributes
    ----------
    before
        The state before the change.
    action
        What was done.
    after
        The state after the change.
    by
        Who did it.
    at
        The moment of the change, with its offset from UTC.
    reason
        Why it was done.
    authorised_by
        Who authorised it; None where nobody did.
    """

    before: State
    action: Action
    after: State
    by: Actor
    at: datetime
    reason: str
    authorised_by: Actor | None = None


def actions(state: State) -> tuple[Action, ...]:
    """
    What can be done to a record in a state, whoever does it.

    Parameters
    ----------
    state
        Where the record stands.

    Returns
    -------
    tuple of Action
        The actions in the order of `TRANSITIONS`; empty where the state is final.
    """
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
    Why an action is not allowed.

    Parameters
    ----------
    state
        Where the record stands.
    action
        What is to be done.
    by
        Who is to do it.
    authorised_by
        Who has authorised it; None for nobody.
    needs_registrar
        Whether the offence is of a class whose cancellation the registrar alone authorises.

    Returns
    -------
    str or None
        The reason in words for people, to show beside the action's button; None where the action is
        allowed.
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
    The change of state that an action makes.

    Parameters
    ----------
    state
        Where the record stands.
    action
        What is to be done.
    by
        Who is to do it.
    at
        The moment of the change, with its offset from UTC.
    reason
        Why it is done; not blank.
    authorised_by
        Who has authorised it; None for nobody.
    needs_registrar
        Whether the offence is of a class whose cancellation the registrar alone authorises.

    Returns
    -------
    StateChange
        The change. The record itself is not altered.

    Raises
    ------
    RecordError
        When the action is not allowed, with the reason that `refusal` gives, or `reason` is blank.
    ValueError
        When `at` has no offset from UTC.
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
    """
    Whether nothing leads out of a state.

    Parameters
    ----------
    state
        The state.

    Returns
    -------
    bool
        True for `CANCELLED` and `TRANSFERRED`.
    """
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
