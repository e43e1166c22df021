"""
Which variables describe people. What is protected is a count of people, and not every count is one: that four records
have no victim details says nothing of anybody, while four boys of 11 are four children.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from nilreturn.disclosure.system import Bools, Ints
from nilreturn.tables import RawTable

Reason = Annotated[str, Field(min_length=1, description="Why: kept with the answer, and read at its review.")]

# What a policy that names no variables takes to describe nobody. The same list is in the policies that ship.
DESCRIBE_NOBODY = ("crime.victim_details", "crime.mention_form", "victim.victim_type", "victim.age_basis")
WHY_NOBODY = (
    "Whether details are on record, what kind of victim is recorded and how an age is known are facts about the "
    "record; they describe no person."
)

# Crimes restricted by a victim of theirs ("crime.has_victim[victim.age=0-11, victim.sex=Female]") are restricted by
# the variables of that victim.
_HAS_VICTIM = "crime.has_victim["
_OF_VICTIM = re.compile(r"victim\.\w+(?==)")


class Part(BaseModel):
    """A part of a policy: an unknown word in it is a mistake, and nothing in it changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _names(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_names, json_schema_input_type=str | tuple[str, ...])]


class People(Part):
    """Which variables describe people (`*` stands for anything). Counts that describe nobody are not protected."""

    described_by: Annotated[
        Names | None, Field(description="The only variables that describe people. Without it, all others do.")
    ] = None
    not_described_by: Annotated[Names, Field(description="The variables that describe nobody all the same.")] = ()
    reason: Reason

    @model_validator(mode="after")
    def _names_some(self) -> People:
        if self.described_by is None and not self.not_described_by:
            raise ValueError("name the variables: not_described_by, described_by, or both")
        return self

    def describes(self, variable: str) -> bool:
        """Whether a variable describes people."""
        if variable.startswith(_HAS_VICTIM) and (of_victim := _OF_VICTIM.findall(variable)):
            return any(self.describes(v) for v in of_victim)
        if matches(variable, self.not_described_by):
            return False
        return self.described_by is None or matches(variable, self.described_by)

    @property
    def names_all(self) -> bool:
        """Whether what is not named describes nobody: then a table without any named variable counts nobody."""
        return self.described_by is not None


def matches(variable: str, patterns: Sequence[str]) -> bool:
    """Whether a name is one of `patterns`, in which `*` stands for anything."""
    return any(fnmatch.fnmatchcase(variable, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What holds for one table: counts from 1 (0 where zeros are hidden) to `threshold - 1` are small.

    `nobody` are the table's variables that describe nobody: a count is small where the people it is about are few,
    and those are counted with these variables taken whole. `whole_too` is False where nothing but its breakdowns makes
    the table one of people: then a count that no breakdown of people divides is nobody's.
    """

    threshold: int
    zeros_printed: bool
    reason: str
    nobody: tuple[str, ...] = ()
    whole_too: bool = True

    def is_small(self, count: int) -> bool:
        return (0 if not self.zeros_printed else 1) <= count < self.threshold

    def small(self, table: RawTable) -> Bools:
        """
        Which counts of the table are small, as an array of its shape.

        Of 3 crimes without victim details among 312, none is small: the details describe nobody, and 312 is not small.
        Of 1 among 3, both are.
        """
        of_people = table.counts
        for axis, dimension in enumerate(table.dimensions):
            if dimension.variable in self.nobody:
                of_people = of_people.take([0], axis=axis)
        small: Bools = self._are_small(table.counts) & self._are_small(of_people)
        if not self.whole_too:
            small[tuple(slice(None) if d.variable in self.nobody else 0 for d in table.dimensions)] = False
        return small

    def exception(self, table: RawTable) -> str:
        """A sentence, with a space before it, on why a small count may be printed in the table; empty where none is."""
        titles = [f'"{d.title}"' for d in table.dimensions if d.variable in self.nobody]
        if not titles:
            return ""
        do, them = ("describes", "it") if len(titles) == 1 else ("describe", "them")
        return f" {' and '.join(titles)} {do} no person: a count is not hidden for being divided by {them}."

    def _are_small(self, counts: Ints) -> Bools:
        small: Bools = np.asarray((counts >= (1 if self.zeros_printed else 0)) & (counts < self.threshold))
        return small
