"""What a reader must bear in mind, chosen from the library by what the tables contain."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from typing import Any

from nilreturn.errors import ReleaseError, did_you_mean
from nilreturn.release.answer import Answer, AnsweredQuestion
from nilreturn.release.statements import OFFENCE
from nilreturn.release.wording import Wording
from nilreturn.tables import Extent, PrintedTable

_CONDITIONS = ("units", "variables", "breakdowns", "offences", "across", "hidden", "changed")


@dataclass(frozen=True, slots=True)
class Caveat:
    """One entry of the library. `named`: printed only where a question names its key."""

    key: str
    text: str
    source: str
    when: Mapping[str, Any]
    named: bool = False
    # That it is said of; none where it goes with tables by what they hold.
    questions: tuple[str, ...] = ()


@functools.cache
def caveat_library() -> tuple[Caveat, ...]:
    """Every caveat, in the order they are printed."""
    return tuple(
        Caveat(
            entry["key"],
            entry["text"],
            entry["source"],
            entry.get("when", {}),
            entry.get("named", False),
        )
        for entry in _entries()
    )


def _entries() -> list[dict[str, Any]]:
    file = resources.files("nilreturn.release") / "library" / "caveats.toml"
    entries: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["caveat"]
    return entries


def caveats_of(answer: Answer) -> tuple[Caveat, ...]:
    """
    The caveats of an answer: those that a table calls for and those that its questions name. Raises
    `ReleaseError` for a name that is not in the library.
    """
    known = [caveat.key for caveat in caveat_library()]
    named = {key for question in answer.questions for key in question.caveats}
    for key in sorted(named | {remark.key for remark in answer.remarks}):
        if key not in known:
            raise ReleaseError(f"caveat {key!r} is not in the library{did_you_mean(key, known)}")
    return tuple(
        each
        for caveat in caveat_library()
        for each in _said_in(caveat, answer, caveat.key in named)
    )


def _said_in(caveat: Caveat, answer: Answer, is_named: bool) -> Iterator[Caveat]:
    """The caveat as the answer has it: not at all, once, or once for each remark."""
    caveat = replace(caveat, text=answer.wording.sentences[f"caveats.{caveat.key}"])
    for remark in answer.remarks:
        if remark.key == caveat.key:
            values = {
                **dict(remark.values),
                "questions": _numbered(answer.wording, remark.questions),
            }
            yield replace(caveat, text=_filled(caveat.text, values), questions=remark.questions)
    if (
        is_named
        or (not caveat.when and not caveat.named)
        or any(
            applies(caveat, table, question)
            for question in answer.questions
            for table in question.tables
        )
    ):
        yield caveat


def _numbered(wording: Wording, questions: tuple[str, ...]) -> str:
    """
    >>> from nilreturn.release.wording import shipped_wording
    >>> _numbered(shipped_wording(), ("1",)), _numbered(shipped_wording(), ("1", "2a", "3"))
    ('question 1', 'each of questions 1, 2a and 3')
    """
    key = "part.questions_one" if len(questions) == 1 else "part.questions_several"
    return wording.say(key, numbers=wording.listed(questions))


def _filled(text: str, values: Mapping[str, str]) -> str:
    """
    The text with the values in their places. Places for values of every answer are left for `said`.
    """
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value.replace("{", "{{").replace("}", "}}"))
    return text


def applies(caveat: Caveat, table: PrintedTable, question: AnsweredQuestion) -> bool:
    """
    Whether a caveat goes with a table of a question: it is a remark on the question; or everything
    under its `when` is true of the table, and the question names it where that is required.
    """
    if caveat.questions:
        return question.number in caveat.questions
    is_called_for = caveat.key in question.caveats or not caveat.named
    return is_called_for and all(
        _holds(name, wanted, table) for name, wanted in caveat.when.items()
    )


def said(caveat: Caveat, answer: Answer) -> str:
    """The caveat's words for this answer."""
    return caveat.text.format(
        system=answer.extract.system, as_at=answer.wording.day(answer.extract.as_at)
    )


def _holds(name: str, wanted: Any, table: PrintedTable) -> bool:
    broken_down = {dimension.variable for dimension in table.dimensions}
    restricted = {variable for variable, _ in table.restricted_to}
    match name:
        case "units":
            return table.unit in wanted
        case "breakdowns":
            return bool(broken_down & set(wanted))
        case "variables":
            return bool((broken_down | restricted) & set(wanted))
        case "offences":
            return any(_names(extent) & set(wanted) for extent in _extents(table, (OFFENCE,)))
        case "across":
            return _runs_across(wanted, table)
        case "hidden":
            return table.hidden > 0
        case "changed":
            return table.changed
        case _:
            raise ValueError(f"caveat library: {name!r} is not one of {', '.join(_CONDITIONS)}")


def _names(offences: Extent) -> set[str]:
    """The classes and codes in an extent of offences."""
    return {name for both in offences.values for name in both.split()}


def _runs_across(change: date, table: PrintedTable) -> bool:
    dates = tuple(
        variable
        for variable, _ in table.restricted_to
        if variable.endswith(("_on", "_from", "_to"))
    )
    return any(
        first < change.toordinal() <= last
        for extent in _extents(table, dates)
        for first, last in extent.ranges
    )


def _extents(table: PrintedTable, variables: tuple[str, ...]) -> Iterator[Extent]:
    """
    The table's extents of these variables: what it is restricted to, and what its categories cover.
    """
    yield from (extent for variable, extent in table.restricted_to if variable in variables)
    for dimension in table.dimensions:
        if dimension.variable in variables:
            yield from (
                category.covers for category in dimension.categories if category.covers is not None
            )
