"""
The prompts of one crime: what in it should be looked at again. Beside the field while a crime is
recorded, and in the list of data-quality queries that goes with an answer: one definition of each,
over canonical rows, for both.

A prompt never changes a record, and never an officer's flag.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from nilreturn.narrative.lexicon import load_lexicon
from nilreturn.narrative.matching import Matcher
from nilreturn.recording.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    Constant,
    Lookup,
    Named,
    NoRows,
    Not,
    OneOf,
    Unset,
    Values,
    Variable,
)
from nilreturn.recording.finding import Finding, Severity
from nilreturn.recording.model import Crime
from nilreturn.recording.offence_facts import first_days, last_days, marks, offence_victims
from nilreturn.recording.outcomes import Part, requirements
from nilreturn.recording.rows import Rows, rows_of
from nilreturn.schema import outcome_code

ADULT = 18  # years
CODE, FROM, TO = "crime.offence_code", "crime.committed_from", "crime.committed_to"
REPORTED, RECORDED = "crime.reported_on", "crime.recorded_on"
# As the import's rule "earlier_than_possible" has it, so that a date listed by both is listed once.
DATE_ORDER = "A date before one that must come first: committed, reported, recorded"
NAMED_BY_TEXT = ("crime.narrative",)


@dataclass(frozen=True, slots=True)
class Prompt:
    """
    One rule of data quality.

    Attributes
    ----------
    rule
        The rule's name: "R5", "victim_adult".
    table
        "crimes" for a rule about a crime, "victims" for one about each victim of a crime.
    column
        The variable to look at: "crime.recorded_on".
    severity
        What a finding of the rule asks for.
    words
        What the rule finds, in words for people.
    condition
        What is true of the rows that the rule finds.
    needs
        Columns and tables without which the rule is not applied to an extract.
    """

    rule: str
    table: str
    column: str
    severity: Severity
    words: str
    condition: Condition
    needs: tuple[str, ...] = ()


@cache
def prompt_rules() -> tuple[Prompt, ...]:
    """
    Every rule of data quality.

    Returns
    -------
    tuple of Prompt
        The rules, in the order in which a page shows their prompts.
    """
    return (*_of_dates(), *_of_offence(), *_of_victims(), *_of_flags(), *_of_outcome())


def _of_dates() -> Iterator[Prompt]:
    reported, recorded, last, first = map(Variable, (REPORTED, RECORDED, TO, FROM))
    before_committed = (Compare(recorded, "<", last), Compare(recorded, "<", first))
    orders = {
        TO: Compare(last, "<", first),
        REPORTED: AnyOf(Compare(reported, "<", last), Compare(reported, "<", first)),
        RECORDED: AnyOf(
            Compare(recorded, "<", reported), All(Unset(REPORTED), AnyOf(*before_committed))
        ),
    }
    for column, condition in orders.items():
        yield Prompt("R5", "crimes", column, Severity.WARNING, DATE_ORDER, condition)


def _of_offence() -> Iterator[Prompt]:
    expired = AnyOf(
        Compare(Variable(RECORDED), "<", Lookup(CODE, first_days())),
        Compare(Variable(RECORDED), ">", Lookup(CODE, last_days())),
    )
    words = "The offence code was not in force on the day of recording"
    yield Prompt("R7", "crimes", CODE, Severity.WARNING, words, expired)


def _of_victims() -> Iterator[Prompt]:
    always = frozenset(code for code, known in marks().items() if known == {"V"})
    never_needed = frozenset(code for code, known in marks().items() if known == {"S"})
    words = "No victim details are recorded, though the offence always has a victim"
    alone = NoRows("victims")
    yield Prompt(
        "R6", "crimes", CODE, Severity.WARNING, words, All(alone, OneOf(CODE, always)), ("victims",)
    )
    words = "No victim details are recorded"
    needed = All(alone, Not(OneOf(CODE, never_needed)))
    yield Prompt(
        "no_victim", "crimes", "victim.crime_ref", Severity.NOTE, words, needed, ("victims",)
    )
    yield from _of_ages()
    who = offence_victims()
    sexes = Lookup(CODE, {code: victim.sex for code, victim in who.items() if victim.sex})
    known_sex = OneOf("victim.sex", frozenset(("Female", "Male")))
    words = "A victim's sex is not that of the victim in the offence's title"
    other_sex = All(known_sex, Compare(Variable("victim.sex"), "<>", sexes))
    yield Prompt("victim_of_other_sex", "victims", "victim.sex", Severity.WARNING, words, other_sex)
    no_person = All(
        OneOf("victim.victim_type", frozenset(("Organisation", "State"))),
        OneOf(CODE, frozenset(who)),
    )
    words = "A victim is no person, for an offence that only a person can be a victim of"
    yield Prompt(
        "victim_no_person", "victims", "victim.victim_type", Severity.WARNING, words, no_person
    )


def _of_ages() -> Iterator[Prompt]:
    who, age = offence_victims(), Variable("victim.age")
    under = Lookup(
        CODE, {code: victim.child_under for code, victim in who.items() if victim.child_under}
    )
    least = Lookup(CODE, {code: victim.from_age for code, victim in who.items() if victim.from_age})
    rules = {
        "victim_adult": (
            "A victim was 18 or over, for an offence against children",
            All(Compare(age, ">=", under), Compare(age, ">=", Constant(ADULT))),
        ),
        "victim_too_old": (
            "A victim was under 18 but older than the victim of this offence can be",
            All(Compare(age, ">=", under), Compare(age, "<", Constant(ADULT))),
        ),
        "victim_too_young": (
            "A victim was younger than the victim of this offence can be",
            Compare(age, "<", least),
        ),
    }
    for rule, (words, condition) in rules.items():
        yield Prompt(rule, "victims", "victim.age", Severity.WARNING, words, condition)


def _of_flags() -> Iterator[Prompt]:
    for each in _flags():
        column = f"crime.{each['flag']}"
        named = (Unset(column), Named(each["lexicon"]))
        classes = each.get("classes")
        chosen = (OneOf("crime.offence_class", frozenset(classes)), *named) if classes else named
        needs = (column, *NAMED_BY_TEXT)
        yield Prompt(
            f"{each['flag']}_unset",
            "crimes",
            column,
            Severity.WARNING,
            each["words"],
            All(*chosen),
            needs,
        )


def _of_outcome() -> Iterator[Prompt]:
    """
    Of the parts of an outcome those that an extract holds; the others are asked for when it is
    given.
    """
    day = OneOf(
        "outcome code",
        frozenset(code for code, parts in requirements().items() if Part.DAY in parts),
    )
    who = OneOf(
        "outcome code",
        frozenset(code for code, parts in requirements().items() if Part.SUSPECT in parts),
    )
    on = "crime.outcome_on"
    needs = ("crime.outcome", on)
    words = "The outcome has no day"
    yield Prompt("outcome_day", "crimes", on, Severity.WARNING, words, All(day, Unset(on)), needs)
    words = "The outcome is for an identified suspect, and no suspect is recorded"
    no_suspect = All(who, NoRows("suspects"))
    needs = ("crime.outcome", "suspects")
    yield Prompt(
        "outcome_suspect", "crimes", "suspect.crime_ref", Severity.WARNING, words, no_suspect, needs
    )


def lexicons() -> tuple[str, ...]:
    """The lexicons whose entries a text is asked for, by name."""
    return tuple(sorted(_lexicon_names()))


@cache
def matcher(lexicon: str) -> Matcher:
    """The matcher of a shipped lexicon; made once, as that takes a quarter of a second."""
    return Matcher(load_lexicon(lexicon))


def prompts(crime: Crime, *, matchers: Mapping[str, Matcher] | None = None) -> tuple[Finding, ...]:
    """
    The prompts of one crime, with those that somebody has answered.

    Parameters
    ----------
    crime
        The crime.
    matchers
        By the name of a lexicon, what finds its entries in free text; None for the lexicons that
        come with the software.

    Returns
    -------
    tuple of Finding
        The prompts, in the order of `prompt_rules`; empty for a crime that was cancelled or
        transferred.
    """
    return tuple(prompts_of_rows(rows_of(crime), matchers=matchers))


def open_prompts(
    crime: Crime, *, matchers: Mapping[str, Matcher] | None = None
) -> tuple[Finding, ...]:
    """
    The prompts of one crime that nobody has left with a reason.

    Parameters
    ----------
    crime
        The crime.
    matchers
        By the name of a lexicon, what finds its entries in free text; None for the lexicons that
        come with the software.

    Returns
    -------
    tuple of Finding
        The prompts, in the order of `prompt_rules`; empty for a crime that was cancelled or
        transferred.
    """
    answered = {(answer.rule, answer.field) for answer in crime.answers if answer.reason.strip()}
    return tuple(
        found
        for found in prompts(crime, matchers=matchers)
        if (found.rule, found.field) not in answered
    )


def prompts_of_rows(
    rows: Rows, *, matchers: Mapping[str, Matcher] | None = None, rules: Collection[str] = ()
) -> Iterator[Finding]:
    """
    The prompts of the canonical rows of one crime, by table.

    Parameters
    ----------
    matchers
        As for `prompts`.
    rules
        The names of the rules that are asked; all of them where empty.
    """
    (crime,) = rows["crimes"]
    if crime["status"] != "Recorded":
        return
    values = _LazyValues({f"crime.{name}": value for name, value in crime.items()}, matchers)
    values |= {name: bool(found) for name, found in rows.items()}
    values["outcome code"] = outcome_code(crime["outcome"] or "")
    victims = [
        values.joined({f"victim.{name}": value for name, value in victim.items()})
        for victim in rows["victims"]
    ]
    for rule in [each for each in prompt_rules() if not rules or each.rule in rules]:
        for number, each in enumerate(victims) if rule.table == "victims" else [(0, values)]:
            if rule.condition.holds(each):
                yield Finding(rule.rule, _field(rule, number), rule.severity, rule.words)


class _LazyValues(dict[str, Any]):
    """
    Values of a record; whether its text names an entry of a lexicon is found when it is asked for.
    """

    def __init__(self, known: Values, matchers: Mapping[str, Matcher] | None) -> None:
        super().__init__(known)
        self.matchers = matchers

    def get(self, key: str, default: Any = None) -> Any:
        if key not in self and key in _lexicon_names():
            text = self["crime.narrative"]
            found = self.matchers[key] if self.matchers else matcher(key)
            self[key] = bool(text and found.mentions(text))
        return super().get(key, default)

    def joined(self, more: Values) -> _LazyValues:
        """With the values of a row that belongs to it."""
        return _LazyValues({**self, **more}, self.matchers)


@cache
def _flags() -> tuple[Mapping[str, Any], ...]:
    """The flags that a text may speak for, each with its lexicon and its words."""
    written = (files("nilreturn.recording") / "prompts.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(written)["flag"])


@cache
def _lexicon_names() -> frozenset[str]:
    return frozenset(each["lexicon"] for each in _flags())


def _field(rule: Prompt, number: int) -> str:
    part, name = rule.column.split(".")
    if rule.table == "victims":
        return f"victims[{number}].{name}"
    return f"{part}s" if part != "crime" else name
