"""
The decision whether a report is recorded as a crime: ten steps in one table, `STEPS`.

A crime is recorded where, on the balance of probability, the circumstances amount to a crime in law
and no credible evidence to the contrary is immediately available. Each answer is a person's;
nothing is answered here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from nilreturn.errors import RecordError
from nilreturn.recording.states import Action


class Result(enum.StrEnum):
    """
    How a path through the steps ends.

    Attributes
    ----------
    CLOSE
        The incident is closed as no crime.
    CRI
        The incident is kept as a crime-related incident (CRI).
    DO_NOT_RECORD
        No crime is recorded, and the reason is written down.
    CHANGE
        The recorded crime is reclassified, transferred or cancelled.
    KEEP
        The recorded crime is kept, and given an outcome in the end.
    """

    CLOSE = "close as no crime"
    CRI = "keep as crime-related incident"
    DO_NOT_RECORD = "do not record, and write down why"
    CHANGE = "reclassify, transfer or cancel"
    KEEP = "keep, and give an outcome in the end"


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step of the decision.

    Attributes
    ----------
    question
        The question; or what to do, for a step that asks nothing.
    yes
        The step or result that "yes" leads to, or that the step leads to by itself.
    no
        The step or result that "no" leads to; None for a step that asks nothing.
    """

    question: str
    yes: int | Result
    no: int | Result | None


# The steps of the decision, by number. The first is 1.
STEPS: dict[int, Step] = {
    1: Step("Does the report concern a crime?", 2, Result.CLOSE),
    2: Step("On the balance of probability, was a crime committed?", 3, Result.CRI),
    3: Step("Is credible evidence to the contrary immediately available?", Result.DO_NOT_RECORD, 4),
    4: Step(
        "Can the victim or a representative be traced, or may it be recorded without their "
        "confirmation?",
        5,
        Result.CRI,
    ),
    5: Step("Does the victim or representative confirm it, or is that not needed?", 6, Result.CRI),
    6: Step("Is another force recording it?", Result.CRI, 7),
    7: Step(
        "Does a rule say that it is not recorded, such as the schools protocol?",
        Result.DO_NOT_RECORD,
        8,
    ),
    8: Step("Record the crime", 9, None),
    9: Step(
        "Does further information call for another classification, a transfer or a cancellation?",
        Result.CHANGE,
        10,
    ),
    10: Step("Keep the record, and give an outcome in the end", Result.KEEP, None),
}

# The step at which the crime is recorded.
RECORDS = 8

# The actions that each result allows.
ACTIONS: dict[Result, tuple[Action, ...]] = {
    Result.CLOSE: (Action.CLOSE,),
    Result.CRI: (Action.KEEP_AS_CRI,),
    Result.DO_NOT_RECORD: (Action.DO_NOT_RECORD,),
    Result.CHANGE: (Action.RECLASSIFY, Action.TRANSFER, Action.CANCEL),
    Result.KEEP: (Action.GIVE_OUTCOME,),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """
    How far the answers lead.

    Attributes
    ----------
    path
        The steps taken, in order.
    next_step
        The step to answer next; None where the path has ended.
    result
        How the path ended; None while a step is open.
    """

    path: tuple[int, ...]
    next_step: int | None
    result: Result | None

    @property
    def is_crime(self) -> bool:
        """Whether the crime is to be recorded."""
        return RECORDS in self.path

    @property
    def question(self) -> str:
        """What is asked next, "" of nothing."""
        return STEPS[self.next_step].question if self.next_step else ""


def decide(answers: Mapping[int, bool]) -> Decision:
    """
    Follow the answers through the steps.

    Parameters
    ----------
    answers
        By the number of a step, True for yes and False for no. Steps that ask nothing take no
        answer.

    Returns
    -------
    Decision
        The steps taken, and the next step or the result.

    Raises
    ------
    RecordError
        When a step is answered that asks nothing, or that the answers before it do not lead to.

    Examples
    --------
    >>> decide({1: True, 2: True, 3: False}).next_step
    4
    >>> str(decide({1: False}).result)
    'close as no crime'
    """
    path: list[int] = []
    result: Result | None = None
    step: int | None = 1
    while step is not None and result is None:
        asked = STEPS[step]
        if asked.no is not None and step not in answers:
            break
        path.append(step)
        leads_to = asked.yes if asked.no is None or answers[step] else asked.no
        step, result = (None, leads_to) if isinstance(leads_to, Result) else (leads_to, None)
    beyond = sorted(number for number in answers if number not in path or STEPS[number].no is None)
    if beyond:
        raise RecordError(
            f"step {beyond[0]} is answered, and the answers before it do not lead to its question"
        )
    return Decision(tuple(path), step, result)


def decision_mermaid() -> str:
    """The table as a Mermaid flow chart."""
    lines = ["flowchart TD"]
    for number, step in STEPS.items():
        opening, closing = ("[", "]") if step.no is None else ("{", "}")
        lines.append(f'    S{number}{opening}"{number}. {step.question}"{closing}')
    lines += [f'    {result.name}(["{result}"])' for result in Result if result is not Result.KEEP]
    for number, step in STEPS.items():
        if step.no is None:
            lines += [f"    S{number} --> S{step.yes}"] if isinstance(step.yes, int) else []
            continue
        for word, leads_to in (("yes", step.yes), ("no", step.no)):
            target = leads_to.name if isinstance(leads_to, Result) else f"S{leads_to}"
            lines.append(f"    S{number} -->|{word}| {target}")
    return "\n".join(lines)
