"""
The policy of small numbers: data, written by a person, each choice with its reason.

No threshold is law (ICO v Miller [2018] UKUT 229 (AAC)): what is hidden is a decision of the
authority that must be recorded and reviewed. So a policy is a file with a name and a version, every
rule in it carries its reason, and nothing in it is taken for granted: an unknown word raises, and
all mistakes are reported together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from nilreturn.authored import day, mistakes_of_model
from nilreturn.disclosure.model import AttackerModel
from nilreturn.disclosure.policy.people import (
    DESCRIBE_NOBODY,
    WHY_NOBODY,
    Names,
    Part,
    People,
    Reason,
    Rule,
    matches,
)
from nilreturn.disclosure.policy.policy_file import read
from nilreturn.errors import FileError, PolicyError, did_you_mean
from nilreturn.tables import Extent

# Section 40(2) of the Freedom of Information Act 2000, in the words a force uses to a requester.
EXTREME_REFUSED = (
    "A figure such as the age of the {who} is about one person. Given out with the counts of this "
    "answer it could identify them, so it is third-party personal information, exempt under "
    "section 40(2) of the Freedom of Information Act 2000."
)

Method = Literal[
    "suppression",
    "rounding",
    "small-count rounding",
    "cell key",
    "recoding",
    "top and bottom coding",
]


class Threshold(Part):
    """Counts from 1 to `value` less one are small. 1 hides nothing."""

    value: Annotated[
        int, Field(ge=1, le=1000, strict=True, description="The least count that is not small.")
    ]
    reason: Reason


class Zeros(Part):
    """
    Whether true zeros are printed. Printed, they tell a reader that a hidden count is at least 1.
    """

    treatment: Literal["printed", "hidden"] = Field(description="What is done with a true zero.")
    reason: Reason


class Attacker(Part):
    """
    What a reader is taken to know besides everything printed now and before, and that counts are
    integers.
    """

    knows_rule: Annotated[
        bool,
        Field(description="Whether the reader knows the threshold and that zeros are printed."),
    ] = True
    may_be_in_cell: Annotated[
        bool, Field(description="Whether the reader may be the one person in a cell of 1.")
    ] = True


class Sums(Part):
    """
    Sums (value, days) of few contributors are protected like small counts; and those that one
    contributor rules.
    """

    dominance: Annotated[
        float,
        Field(
            gt=0,
            le=100,
            description="How near, in percent, no contributor may come to the largest one.",
        ),
    ] = 10
    reason: Annotated[
        str, Field(description="Why: kept with the answer, and read at its review.")
    ] = ""


class Recent(Part):
    """Cells of a period that ends on or after `since` cost `times` as much to hide."""

    since: Annotated[date, BeforeValidator(day), Field(description="The first day that is recent.")]
    times: Annotated[
        float, Field(ge=1, le=1000, description="What hiding such a cell costs, in others.")
    ]


class CostModel(Part):
    """What hiding one more cell costs: its count, or one; times these factors."""

    # By counts, so that small cells go before large ones: where each cell costs the same, the 146
    # and the 112 of a row are hidden as readily as a 6 and a 9.
    measure: Annotated[
        Literal["cells", "counts"], Field(description="Its count, or one for each cell.")
    ] = "counts"
    # A requester misses a row's total more than one cell of it, and a letter without the grand
    # total says little. From 2 to 15 for a margin the same cells are hidden in the requests of
    # docs/how-to/choose-a-policy.md; 1 hides more.
    margins: Annotated[
        float, Field(ge=1, le=1000, description="What hiding a row's or column's total costs.")
    ] = 3
    totals: Annotated[
        float, Field(ge=1, le=1000, description="What hiding a table's grand total costs.")
    ] = 20
    recent: Annotated[Recent | None, Field(description="What makes recent periods dearer.")] = None


class Extremes(Part):
    """
    The youngest, the oldest: refused, or printed where the population has at least `population`
    people.
    """

    release: Annotated[
        Literal["never", "large populations"], Field(description="Whether one is ever printed.")
    ] = "never"
    population: Annotated[
        int, Field(ge=1, description="How many people a large population has.")
    ] = 1000
    reason: Annotated[str, Field(description="Why; required where one may be printed.")] = ""

    @model_validator(mode="after")
    def _has_a_reason(self) -> Extremes:
        if self.release != "never" and not self.reason:
            raise ValueError("printing an extreme needs a reason")
        return self


class Override(Part):
    """
    Other rules for the tables whose name or variable is listed (`*` stands for anything): any of
    the lists.
    """

    tables: Annotated[Names, Field(description="Names of tables.")] = ()
    variables: Annotated[Names, Field(description="Variables of tables' breakdowns.")] = ()
    restricted_to: Annotated[
        Names, Field(description="Variables that tables count only a part of.")
    ] = ()
    threshold: Annotated[Threshold | None, Field(description="Their threshold.")] = None
    zeros: Annotated[Zeros | None, Field(description="What is done with their zeros.")] = None

    @model_validator(mode="after")
    def _selects_and_changes(self) -> Override:
        if not self.tables and not self.variables and not self.restricted_to:
            raise ValueError("an override names the tables or the variables it is for")
        if self.threshold is None and self.zeros is None:
            raise ValueError("an override changes the threshold or the zeros")
        return self

    def selects(self, name: str, variables: Iterable[str], restricted: Iterable[str] = ()) -> bool:
        """
        Whether it is for the table of this name, broken down by these variables and restricted by
        those.
        """
        listed = (
            (self.tables, (name,)),
            (self.variables, variables),
            (self.restricted_to, restricted),
        )
        return any(matches(each, patterns) for patterns, given in listed for each in given)


class Policy(Part):
    """A checked policy. `load_policy` and `Policy.model_validate` make one."""

    name: Annotated[str, Field(min_length=1, description="What the letter and the report call it.")]
    version: Annotated[
        str,
        Field(min_length=1, coerce_numbers_to_str=True, description="Which state of it this is."),
    ]
    threshold: Threshold = Field(description="Which counts are small.")
    zeros: Zeros = Field(description="What to do with true zeros.")
    people: Annotated[People, Field(description="Which variables describe people.")] = People(
        not_described_by=DESCRIBE_NOBODY, reason=WHY_NOBODY
    )
    requirement: Literal["range", "two values"] | Annotated[int, Field(ge=2, le=1000)] = Field(
        "range",
        description="What a reader may not rule out of a small cell: all of the rule's own range; "
        "or only that it has two values; or, as a number, every value up to it.",
    )
    attacker: Annotated[Attacker, Field(description="What a reader is taken to know.")] = Attacker()
    loss: Annotated[
        CostModel, Field(description="What hiding costs, to choose between ways of hiding.")
    ] = CostModel()
    sums: Annotated[Sums, Field(description="When a sum is sensitive.")] = Sums()
    seconds: Annotated[float, Field(gt=0, le=86_400)] = Field(
        10,
        description="How long to look for a cheaper way of hiding; what comes out is safe in any "
        "case.",
    )
    group_disclosure: bool = Field(
        False, description="Whether to hide that everyone in a row is in one of its categories."
    )
    extremes: Annotated[
        Extremes, Field(description="What to do with the youngest and the oldest.")
    ] = Extremes()
    method: Annotated[Method, Field(description="How tables are made safe.")] = "suppression"
    base: Annotated[
        Literal[3, 5] | None, Field(description="What counts are rounded to a multiple of.")
    ] = None
    noise: Annotated[int, Field(ge=1, le=20)] | None = Field(
        None, description="The most that a cell key may move a count."
    )
    key_file: Path | None = Field(
        None,
        description="The file with the force's secret key, made by 'nilreturn key new'; beside the "
        "policy. What is random, and each reference printed on a release, is derived from it.",
    )
    records_moved: Annotated[int, Field(ge=0, le=1000)] = Field(
        0,
        description="By how much a count may differ between two extracts because records were "
        "changed.",
    )
    overrides: Annotated[
        tuple[Override, ...],
        Field(description="Other rules for some tables; the first that fits wins."),
    ] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Policy:
        if (self.base is None) == (self.method in ("rounding", "small-count rounding")):
            raise ValueError("base (3 or 5) belongs to the rounding methods, and they need it")
        if (self.noise is None) == (self.method == "cell key"):
            raise ValueError("noise belongs to the cell key method, and it needs it")
        if self.key_file is None and self.method in (
            "cell key",
            "rounding",
            "small-count rounding",
        ):
            raise ValueError(
                "the method needs key_file: without a secret key a reader could repeat what it does"
            )
        return self

    def describes_people(self, variable: str) -> bool:
        """Whether a variable describes people; a group told apart only by others is nobody's."""
        return not self.people.describes_nobody(variable)

    def rule(self, name: str, variables: Iterable[str], restricted: Iterable[str] = ()) -> Rule:
        """
        What holds for a table of this name, broken down by `variables`, of a population restricted
        by `restricted`.

        The first override that selects it wins. Where the policy names the only variables that make
        a table one of people and this one has none of them, it counts nobody and its threshold is
        1.
        """
        variables, restricted = tuple(variables), tuple(restricted)
        chosen = next((o for o in self.overrides if o.selects(name, variables, restricted)), None)
        personal = tuple(filter(self.people.makes_personal, variables))
        throughout = self.people.described_by is None or any(
            map(self.people.makes_personal, restricted)
        )
        threshold = (chosen and chosen.threshold) or self.threshold
        if not personal and not throughout and not (chosen and chosen.threshold):
            return Rule(1, zeros_printed=True, reason=self.people.reason)
        zeros = (chosen and chosen.zeros) or self.zeros
        nobody = tuple(filter(self.people.describes_nobody, variables))
        reason = f"{threshold.reason} {self.people.reason}" if nobody else threshold.reason
        is_printed = zeros.treatment == "printed"
        return Rule(
            threshold.value,
            is_printed,
            reason,
            nobody,
            None if throughout or not personal else personal,
        )

    @property
    def withstand(self) -> AttackerModel:
        """What the solver must make hold."""
        return AttackerModel(
            ranges=self.requirement != "two values", insiders=self.attacker.may_be_in_cell
        )

    def required(self, rule: Rule) -> tuple[int, int]:
        """
        The values of a small cell that a reader may not be able to rule out, both ends included.
        """
        least = 1 if rule.zeros_printed else 0
        if isinstance(self.requirement, int):
            return least, max(least, self.requirement)
        return least, max(least, rule.threshold - 1)

    def key(self) -> bytes:
        """
        The secret key. Raises `PolicyError` when its file is missing or too short to be secret.
        """
        if self.key_file is None:
            raise PolicyError(
                "the policy names no key_file; make a key with 'nilreturn key new FILE' and name "
                "it in the policy"
            )
        try:
            key = self.key_file.read_bytes()
        except OSError:
            raise PolicyError(
                f"{self.key_file}: the key cannot be read; restore it, a new key would change "
                f"counts"
            ) from None
        if len(key) < 16:
            raise PolicyError(
                f"{self.key_file}: the key is shorter than 16 bytes; make one with 'nilreturn key "
                f"new FILE'"
            )
        return key

    def floor(self, rule: Rule) -> int:
        """The least that a reader takes a hidden count to be."""
        return 1 if self.attacker.knows_rule and rule.zeros_printed else 0

    def refusal_of_extreme(self, people: int, kind: str) -> str:
        """Why the extreme may not be printed; empty when it may."""
        if self.extremes.release == "never" or people < self.extremes.population:
            return EXTREME_REFUSED.format(who="youngest" if kind == "minimum" else "oldest")
        return ""

    def weight(
        self, count: int, *, totals: int, dimensions: int, extents: Iterable[Extent]
    ) -> float:
        """
        What hiding a cell of this count costs; `totals` of its `dimensions` coordinates are totals.
        """
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


# The policies that come with the software, each for a kind of offence.
SHIPPED = ("sexual-offences-and-children", "offences-against-people", "ordinary-crime")


def policy_path(named: Path) -> Path:
    """
    The file of the policy called `named`, one of `SHIPPED`; any other name is the path of a file.

    Raises `PolicyError` for a plain name that is neither.
    """
    name = str(named)
    if name in SHIPPED:
        return Path(str(files("nilreturn.disclosure.policy") / "policies" / f"{name}.yaml"))
    if len(named.parts) == 1 and not named.suffix and not named.exists():
        known = did_you_mean(name, SHIPPED) or _shipped()
        raise PolicyError(
            f"there is no policy '{name}' (a policy file's name ends in .yaml or .toml){known}"
        )
    return named


def copy_shipped(name: str, to: Path) -> None:
    """
    Copy the policy called `name`, one of `SHIPPED`, to a new file.

    Raises `PolicyError` for another name, `FileError` where the file is there already or cannot be
    written.
    """
    if name not in SHIPPED:
        raise PolicyError(f"there is no policy '{name}'{did_you_mean(name, SHIPPED) or _shipped()}")
    try:
        with to.open("xb") as file:
            file.write(policy_path(Path(name)).read_bytes())
    except FileExistsError:
        raise FileError(f"{to}: is there already; name another file") from None
    except OSError as error:
        raise FileError(
            f"{to}: cannot be written ({type(error).__name__}); name a file in a folder of yours"
        ) from None


def _shipped() -> str:
    return f"; there are {', '.join(SHIPPED)}"


def load_policy(path: Path) -> Policy:
    """
    Read a policy file.

    Parameters
    ----------
    path : Path
        A YAML or TOML file, or the name of a policy that comes with the software.

    Returns
    -------
    Policy
        The checked policy.

    Raises
    ------
    FileError
        If the file cannot be read.
    PolicyError
        If it has mistakes. `details` lists all of them, each with its line.

    Examples
    --------
    >>> load_policy(Path("ordinary-crime")).method
    'suppression'
    """
    path = policy_path(path)
    values, lines, mistakes = read(path)
    policy = None
    try:
        policy = Policy.model_validate(values)
    except ValidationError as error:
        mistakes_of_model(error.errors(), lines, Policy, mistakes, whole="policy")
    mistakes.raise_if_any()
    assert policy is not None  # noqa: S101  # there is a policy or a mistake
    if policy.key_file is not None:
        policy = policy.model_copy(update={"key_file": path.parent / policy.key_file})
    return policy


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a policy file."""
    return Policy.model_json_schema()
