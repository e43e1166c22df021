"""
Which variables describe people. What is protected is a count of people, and not every count is one:
that four records have no victim details says nothing of anybody, while four boys of 11 are four
children.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from nilreturn.disclosure.model import Bools, Ints
from nilreturn.tables import RawTable

Reason = Annotated[
    str, Field(min_length=1, description="Why: kept with the answer, and read at its review.")
]

# What a policy that names no variables takes to describe nobody. The same list is in the policies
# that ship.
DESCRIBE_NOBODY = (
    "crime.victim_details",
    "crime.mention_form",
    "victim.victim_type",
    "victim.age_basis",
)
WHY_NOBODY = (
    "Whether details are on record, what kind of victim is recorded and how an age is known are "
    "facts about the record; they describe no person."
)

# Crimes restricted by a victim of theirs ("crime.has_victim[victim.age=0-11, victim.sex=Female]")
# are restricted by the variables of that victim.
_HAS_VICTIM = "crime.has_victim["
_OF_VICTIM = re.compile(r"victim\.\w+(?==)")


class Part(BaseModel):
    """A part of a policy: an unknown word in it is a mistake, and nothing in it changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _names(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[
    tuple[str, ...], BeforeValidator(_names, json_schema_input_type=str | tuple[str, ...])
]


class People(Part):
    """
    Which variables describe people (`*` stands for anything). Counts of people are protected, and
    no others.

    Variables in `not_described_by` describe nobody, alone or with others. `described_by`, where it
    is given, names the only ones that make a table one of people; in such a table all others
    (place, month) narrow down who it is.
    """

    described_by: Annotated[
        Names | None,
        Field(
            description="The only variables that make a table one of people. Without it every "
            "table is one."
        ),
    ] = None
    not_described_by: Annotated[
        Names, Field(description="The variables that describe nobody in any table.")
    ] = ()
    reason: Reason

    @model_validator(mode="after")
    def _names_some(self) -> People:
        if self.described_by is None and not self.not_described_by:
            raise ValueError("name the variables: not_described_by, described_by, or both")
        return self

    def describes_nobody(self, variable: str) -> bool:
        """Whether a variable describes nobody, whatever stands beside it."""
        return all(matches(v, self.not_described_by) for v in _of_victim(variable))

    def makes_personal(self, variable: str) -> bool:
        """
        Whether a table divided by this variable, or restricted to a part of it, is one of people
        for that.
        """
        patterns = ("*",) if self.described_by is None else self.described_by
        return any(
            matches(v, patterns) and not matches(v, self.not_described_by)
            for v in _of_victim(variable)
        )


def _of_victim(variable: str) -> Sequence[str]:
    """The variables of a victim that crimes are restricted by; any other variable itself."""
    return (variable.startswith(_HAS_VICTIM) and _OF_VICTIM.findall(variable)) or [variable]


def matches(variable: str, patterns: Sequence[str]) -> bool:
    """Whether a name is one of `patterns`, in which `*` stands for anything."""
    return any(fnmatch.fnmatchcase(variable, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What holds for one table: counts from 1 (0 where zeros are hidden) to `threshold - 1` are small.

    `nobody` are the table's variables that describe nobody: a count is small where the people it is
    about are few, and those are counted with these variables taken whole. `personal` are its only
    variables that make it a table of people: a count that none of them divides is nobody's. None
    where it is one of people throughout.
    """

    threshold: int
    zeros_printed: bool
    reason: str
    nobody: tuple[str, ...] = ()
    personal: tuple[str, ...] | None = None

    def is_small(self, count: int) -> bool:
        return (0 if not self.zeros_printed else 1) <= count < self.threshold

    def small(self, table: RawTable) -> Bools:
        """
        Which counts of the table are small, as an array of its shape.

        Of 3 crimes without victim details among 312, none is small: the details describe nobody,
        and 312 is not small. Of 1 among 3, both are.
        """
        variables = [dimension.variable for dimension in table.dimensions]
        of_people = table.counts
        for axis in (axis for axis, variable in enumerate(variables) if variable in self.nobody):
            of_people = of_people.take([0], axis=axis)
        small: Bools = self._are_small(table.counts) & self._are_small(of_people)
        if self.personal is not None:
            small[
                tuple(0 if variable in self.personal else slice(None) for variable in variables)
            ] = False
        return small

    def threshold_of(self, variables: Sequence[str], total: int) -> int:
        """
        The threshold of a printed table of these variables: 1 where they describe nobody and the
        total is large.
        """
        is_nobodys = bool(variables) and set(variables) <= set(self.nobody)
        return 1 if is_nobodys and total >= self.threshold else self.threshold

    def exception(self, table: RawTable) -> str:
        """
        A sentence, with a space before it, on why a small count may be printed in the table; empty
        where none is.
        """
        titles = [f'"{d.title}"' for d in table.dimensions if d.variable in self.nobody]
        if not titles:
            return ""
        do, them = ("describes", "it") if len(titles) == 1 else ("describe", "them")
        return (
            f" {' and '.join(titles)} {do} no person: a count is not hidden for being divided "
            f"by {them}."
        )

    def _are_small(self, counts: Ints) -> Bools:
        small: Bools = np.asarray(
            (counts >= (1 if self.zeros_printed else 0)) & (counts < self.threshold)
        )
        return small
