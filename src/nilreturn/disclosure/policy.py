"""
The policy of small numbers: data, written by a person, each choice with its reason.

No threshold is law (ICO v Miller [2018] UKUT 229 (AAC)): what is hidden is a decision of the authority that must be
recorded and reviewed. So a policy is a file with a name and a version, every rule in it carries its reason, and
nothing in it is taken for granted: an unknown word raises, and all mistakes are reported together.
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from nilreturn.disclosure.system import Requirement
from nilreturn.errors import FileError, PolicyError, did_you_mean
from nilreturn.tables import Extent

# Section 40(2) of the Freedom of Information Act 2000, in the words a force uses to a requester.
EXTREME_REFUSED = (
    "The {kind} value of one person's attribute is about that one person. Given out with the counts of this answer it "
    "could identify them, so it is third-party personal information, exempt under section 40(2) of the Freedom of "
    "Information Act 2000."
)

Reason = Annotated[str, Field(min_length=1, description="Why: kept with the answer, and read at its review.")]
Method = Literal["suppression", "rounding", "small-count rounding", "cell key", "recoding", "top and bottom coding"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Threshold(_Part):
    """Counts from 1 to `value` less one are small. 1 hides nothing."""

    value: Annotated[int, Field(ge=1, le=1000, strict=True, description="The least count that is not small.")]
    reason: Reason


class Zeros(_Part):
    """Whether true zeros are printed. Printed, they tell a reader that a hidden count is at least 1."""

    treatment: Literal["printed", "hidden"] = Field(description="What is done with a true zero.")
    reason: Reason


class Attacker(_Part):
    """What a reader is taken to know besides everything printed now and before, and that counts are whole numbers."""

    knows_rule: Annotated[
        bool, Field(description="Whether the reader knows the threshold and that zeros are printed.")
    ] = True
    may_be_in_cell: Annotated[bool, Field(description="Whether the reader may be the one person in a cell of 1.")] = (
        True
    )


class Sums(_Part):
    """Sums (value, days) of few contributors are protected like small counts; and those that one contributor rules."""

    dominance: Annotated[
        float, Field(gt=0, le=100, description="How near, in percent, no contributor may come to the largest one.")
    ] = 10
    reason: Annotated[str, Field(description="Why: kept with the answer, and read at its review.")] = ""


class Recent(_Part):
    """Cells of a period that ends on or after `since` cost `times` as much to hide."""

    since: date = Field(description="The first day that is recent.")
    times: Annotated[float, Field(ge=1, le=1000, description="What hiding such a cell costs, in others.")]


class Loss(_Part):
    """What hiding one more cell costs: one, or its count; times these factors."""

    measure: Annotated[Literal["cells", "counts"], Field(description="One for each cell, or its count.")] = "cells"
    # A requester misses a row's total more than one cell of it, and a letter without the grand total says little.
    margins: Annotated[float, Field(ge=1, le=1000, description="What hiding a row's or column's total costs.")] = 3
    totals: Annotated[float, Field(ge=1, le=1000, description="What hiding a table's grand total costs.")] = 20
    recent: Annotated[Recent | None, Field(description="What makes recent periods dearer.")] = None


class Extremes(_Part):
    """The youngest, the oldest: refused, or printed where the population has at least `population` people."""

    release: Annotated[Literal["never", "large populations"], Field(description="Whether one is ever printed.")] = (
        "never"
    )
    population: Annotated[int, Field(ge=1, description="How many people a large population has.")] = 1000
    reason: Annotated[str, Field(description="Why one may be printed; required where one is.")] = ""

    @model_validator(mode="after")
    def _has_a_reason(self) -> Extremes:
        if self.release != "never" and not self.reason:
            raise ValueError("printing an extreme needs a reason")
        return self


def _names(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_names, json_schema_input_type=str | tuple[str, ...])]


class Override(_Part):
    """Other rules for the tables whose name or variable is listed (`*` stands for anything)."""

    tables: Annotated[Names, Field(description="Names of tables.")] = ()
    variables: Annotated[Names, Field(description="Variables of tables' breakdowns.")] = ()
    threshold: Annotated[Threshold | None, Field(description="Their threshold.")] = None
    zeros: Annotated[Zeros | None, Field(description="What is done with their zeros.")] = None

    @model_validator(mode="after")
    def _selects_and_changes(self) -> Override:
        if not self.tables and not self.variables:
            raise ValueError("an override names the tables or the variables it is for")
        if self.threshold is None and self.zeros is None:
            raise ValueError("an override changes the threshold or the zeros")
        return self

    def selects(self, name: str, variables: Iterable[str]) -> bool:
        """Whether it is for the table of this name, broken down by these variables."""
        by_name = any(fnmatch.fnmatchcase(name, pattern) for pattern in self.tables)
        return by_name or any(fnmatch.fnmatchcase(v, pattern) for v in variables for pattern in self.variables)


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one table: counts from 1 (0 where zeros are hidden) to `threshold - 1` are small."""

    threshold: int
    zeros_printed: bool
    reason: str

    def is_small(self, count: int) -> bool:
        return (0 if not self.zeros_printed else 1) <= count < self.threshold


class Policy(_Part):
    """A checked policy. Made by `load_policy` or `Policy.model_validate`."""

    name: Annotated[str, Field(min_length=1, description="What the letter and the report call it.")]
    version: Annotated[str, Field(min_length=1, coerce_numbers_to_str=True, description="Which state of it this is.")]
    threshold: Threshold = Field(description="Which counts are small.")
    zeros: Zeros = Field(description="What to do with true zeros.")
    requirement: Literal["range", "two values"] | Annotated[int, Field(ge=2, le=1000)] = Field(
        "range",
        description="What a reader may not rule out of a small cell: all of the rule's own range; or only that it has "
        "two values; or, as a number, every value up to it.",
    )
    attacker: Annotated[Attacker, Field(description="What a reader is taken to know.")] = Attacker()
    loss: Annotated[Loss, Field(description="What hiding costs, to choose between ways of hiding.")] = Loss()
    sums: Annotated[Sums, Field(description="When a sum is sensitive.")] = Sums()
    seconds: Annotated[float, Field(gt=0, le=86_400)] = Field(
        10, description="How long to look for a cheaper way of hiding; what comes out is safe in any case."
    )
    group_disclosure: bool = Field(
        False, description="Whether to hide that everyone in a row is in one of its categories."
    )
    extremes: Annotated[Extremes, Field(description="What to do with the youngest and the oldest.")] = Extremes()
    method: Annotated[Method, Field(description="How tables are made safe.")] = "suppression"
    base: Annotated[Literal[3, 5] | None, Field(description="What counts are rounded to a multiple of.")] = None
    noise: Annotated[int, Field(ge=1, le=20)] | None = Field(
        None, description="The most that a cell key may move a count."
    )
    key_file: Path | None = Field(
        None, description="The file with the secret key of the methods that move counts at random; beside the policy."
    )
    records_moved: Annotated[int, Field(ge=0, le=1000)] = Field(
        0, description="By how much a count may differ between two extracts because records were changed."
    )
    overrides: Annotated[
        tuple[Override, ...], Field(description="Other rules for some tables; the first that fits wins.")
    ] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Policy:
        if (self.base is None) == (self.method in ("rounding", "small-count rounding")):
            raise ValueError("base (3 or 5) belongs to the rounding methods, and they need it")
        if (self.noise is None) == (self.method == "cell key"):
            raise ValueError("noise belongs to the cell key method, and it needs it")
        if self.key_file is None and self.method in ("cell key", "rounding", "small-count rounding"):
            raise ValueError("the method needs key_file: without a secret key a reader could repeat what it does")
        return self

    def rule(self, name: str, variables: Iterable[str]) -> Rule:
        """What holds for a table of this name and these variables; the first override that selects it wins."""
        chosen = next((o for o in self.overrides if o.selects(name, tuple(variables))), None)
        threshold = (chosen and chosen.threshold) or self.threshold
        zeros = (chosen and chosen.zeros) or self.zeros
        return Rule(threshold.value, zeros.treatment == "printed", threshold.reason)

    @property
    def withstand(self) -> Requirement:
        """What the solver must make hold."""
        return Requirement(ranges=self.requirement != "two values", insiders=self.attacker.may_be_in_cell)

    def required(self, rule: Rule) -> tuple[int, int]:
        """The values of a small cell that a reader may not be able to rule out, both ends included."""
        least = 1 if rule.zeros_printed else 0
        if isinstance(self.requirement, int):
            return least, max(least, self.requirement)
        return least, max(least, rule.threshold - 1)

    def key(self) -> bytes:
        """The secret key. Raises `PolicyError` when its file is missing or too short to be secret."""
        if self.key_file is None:
            raise PolicyError("the policy names no key_file; add one with at least 16 random bytes")
        try:
            key = self.key_file.read_bytes()
        except OSError:
            raise PolicyError(
                f"{self.key_file}: the key cannot be read; restore it, a new key would change counts"
            ) from None
        if len(key) < 16:
            raise PolicyError(f"{self.key_file}: the key is shorter than 16 bytes; make one at random")
        return key

    def floor(self, rule: Rule) -> int:
        """The least that a reader takes a hidden count to be."""
        return 1 if self.attacker.knows_rule and rule.zeros_printed else 0

    def refusal_of_extreme(self, people: int, kind: str) -> str:
        """Why the extreme may not be printed; empty when it may."""
        if self.extremes.release == "never" or people < self.extremes.population:
            return EXTREME_REFUSED.format(kind=kind)
        return ""

    def weight(self, count: int, *, totals: int, dimensions: int, extents: Iterable[Extent]) -> float:
        """What hiding a cell of this count costs; `totals` of its `dimensions` coordinates are totals."""
        weight = float(max(count, 1)) if self.loss.measure == "counts" else 1.0
        if totals and totals == dimensions:
            weight *= self.loss.totals
        elif totals:
            weight *= self.loss.margins
        recent = self.loss.recent
        if recent is not None:
            since = recent.since.toordinal()
            # Days are far above any age: a range that reaches `since` is one of days.
            if any(last >= since for extent in extents for _, last in extent.ranges):
                weight *= recent.times
        return weight


def load_policy(path: Path) -> Policy:
    """
    The policy in a YAML or TOML file.

    Raises `FileError` when it cannot be read and `PolicyError` with every mistake in it, each with its line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such policy file; name an existing .yaml or .toml file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: cannot be read as UTF-8 text ({type(error).__name__}); save it as UTF-8") from None
    lines: dict[tuple[str, ...], int] = {}
    try:
        content: Any = tomllib.loads(text) if path.suffix == ".toml" else _yaml(text, lines)
    except RecursionError:
        raise PolicyError(f"{path}: is nested deeper than any policy; correct the file") from None
    except (yaml.YAMLError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{path}: cannot be understood{_where(error)}; correct the file") from None
    if not isinstance(content, dict):
        raise PolicyError(f"{path}: is empty or is no mapping; begin with 'name:', 'version:' and 'threshold:'")
    try:
        policy = Policy.model_validate(content)
        if policy.key_file is not None:
            policy = policy.model_copy(update={"key_file": path.parent / policy.key_file})
        return policy
    except ValidationError as error:
        details = tuple(_mistake(path.name, problem, lines) for problem in error.errors())
        number = f"{len(details)} mistake{'s' if len(details) > 1 else ''}"
        raise PolicyError(f"{path}: {number} in the policy; correct and try again", details=details) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a policy file."""
    return Policy.model_json_schema()


def _where(error: yaml.YAMLError | tomllib.TOMLDecodeError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f", line {error.problem_mark.line + 1}: {error.problem}"
    return f": {str(error).splitlines()[0]}"


def _yaml(text: str, lines: dict[tuple[str, ...], int]) -> object:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return None
    _mark(node, (), lines)
    return yaml.safe_load(text)


def _mark(node: yaml.Node, place: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> None:
    """Note the line of each place; a key written twice is an error, since one of its two values would be lost."""
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value} is written twice", problem_mark=key.start_mark)
            seen.add(key.value)
            _mark(value, (*place, key.value), lines)
            lines[(*place, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _mark(value, (*place, str(number)), lines)


def _mistake(name: str, problem: Any, lines: dict[tuple[str, ...], int]) -> str:
    place = tuple(str(step) for step in problem["loc"])
    line = next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), None)
    where = f"{name}, line {line}" if line else name
    what = ".".join(step for step in place if not step.startswith(("literal", "constrained"))) or "policy"
    message = cast(str, problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        message = "there is no such setting" + did_you_mean(place[-1], _settings(place[:-1]))
    elif problem["type"] == "missing":
        message = "is missing; every policy states it"
    return f"{where}: {what}: {message[0].lower()}{message[1:]}"


def _settings(place: tuple[str, ...]) -> list[str]:
    parts: dict[str, type[_Part]] = {
        "threshold": Threshold,
        "zeros": Zeros,
        "attacker": Attacker,
        "loss": Loss,
        "recent": Recent,
        "sums": Sums,
        "extremes": Extremes,
        "overrides": Override,
    }
    model = next((parts[step] for step in reversed(place) if step in parts), Policy)
    return list(model.model_fields)
