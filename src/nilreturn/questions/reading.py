"""
Reads a file of questions and finds every mistake in it at once, each with its line and what to do
next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

from nilreturn import periods
from nilreturn.authored import Mistakes, Node
from nilreturn.errors import OffenceError, did_you_mean
from nilreturn.offences import OffenceRef, normalise
from nilreturn.periods import BREAKDOWN_GRAINS
from nilreturn.questions import ages, keys, nodes, reading_words, validation
from nilreturn.questions.columns import find
from nilreturn.questions.model import (
    UNITS,
    VICTIMS,
    AgeBand,
    Breakdown,
    ByAge,
    ByColumn,
    ByDate,
    CategoryFilter,
    DateFilter,
    Extreme,
    Filters,
    Question,
    Questions,
)
from nilreturn.schema import COLUMNS, Extract

DEFAULT_DATE = "recorded_on"
# It names tables, sheets and files.
_NUMBER = re.compile(r"[0-9A-Za-z]{1,8}(\.[0-9A-Za-z]{1,8}){0,3}")
_BESIDE_A_COUNT = "to answer a part in words beside a count, write it under 'in_words'"
_EXTREMES = {"youngest victim": "minimum", "oldest victim": "maximum"}


def load_questions(path: Path, *, extract: Extract | None = None) -> Questions:
    """
    Read and check the questions of a request.

    With an extract, its columns and their values are checked too. Without one, a name may be a
    column of a source's own; `check_against` checks it later.

    Parameters
    ----------
    path
        A YAML file in UTF-8; docs/reference/questions.md has its keys.
    extract
        The extract that the questions are to be counted from, if it is there already.

    Returns
    -------
    Questions
        The request, with no mistake that could be found.

    Raises
    ------
    QuestionError
        With one detail for each mistake: file, line, what is wrong and what to do next.
    FileError
        When the file cannot be read.
    """
    root, mistakes = nodes.compose(path)
    read = _request(root, mistakes)
    if extract is None:
        further = validation.mistakes_without_extract(read)
    else:
        further = validation.mistakes_against(read, extract)
    for line, what in further:
        mistakes.add(line, what)
    mistakes.raise_if_any()
    return read


def _request(root: Node, mistakes: Mistakes) -> Questions:
    found = nodes.fields(root, "the file", _known(keys.FILE), mistakes)

    def text(name: str) -> str:
        return (nodes.text(found[name], f"'{name}'", mistakes) if name in found else None) or ""

    def lines(name: str) -> tuple[str, ...]:
        listed = nodes.texts(found[name], f"'{name}'", mistakes) if name in found else []
        return tuple(text for text, _ in listed)

    def day(name: str) -> date | None:
        return _day(found[name], name, mistakes) if name in found else None

    received_on, replied_on = day("received_on"), day("replied_on")
    if received_on and replied_on and replied_on < received_on:
        mistakes.add(
            found["replied_on"],
            f"replied_on {replied_on} is before received_on {received_on}; correct one",
        )
    listed = _questions(found["questions"], mistakes) if "questions" in found else ()
    return Questions(
        reference=text("reference"),
        force=text("force"),
        # Reported above: such a request never leaves this module.
        received_on=received_on or date.min,
        questions=listed,
        subject=text("subject"),
        replied_on=replied_on,
        addressee=lines("addressee"),
        salutation=text("salutation"),
        your_reference=text("your_reference"),
        source=mistakes.file,
        force_line=nodes.line_of(found["force"]) if "force" in found else 0,
    )


def _questions(node: Node, mistakes: Mistakes) -> tuple[Question, ...]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        mistakes.add(
            node,
            "'questions' must be a list with at least one question, each beginning with '- "
            "number:'",
        )
        return ()
    found = tuple(_question(item, place, mistakes) for place, item in enumerate(node.value, 1))
    lines: dict[str, int] = {}
    for question in found:
        number = question.number.casefold()
        if number in lines:
            mistakes.add(
                question.line,
                f"question {number} is already on line {lines[number]}; give it another number",
            )
        elif number:
            lines[number] = question.line
    return found


def _question(node: Node, place: int, mistakes: Mistakes) -> Question:
    found = nodes.fields(node, f"question #{place} of the list", _known(keys.QUESTION), mistakes)
    number = (
        nodes.text(found["number"], "'number'", mistakes) if "number" in found else None
    ) or ""
    if number and not _NUMBER.fullmatch(number):
        mistakes.add(
            found["number"],
            f"question number '{number[:20]}' is not like '2', '2a' or '2.1'; write it so",
        )
    what = f"question {number or f'#{place} of the list'}"
    words = (
        nodes.text(found["words"], f"{what}, words", mistakes) if "words" in found else None
    ) or ""
    if "unit" not in found:
        return _answered_in_words(found, node, number, words, mistakes)
    for key in (key.name for key in keys.ANSWER):
        if key in found:
            mistakes.add(found[key], f"{what}: '{key}' beside 'unit'; {_BESIDE_A_COUNT}")
    unit = nodes.text(found["unit"], f"{what}, unit", mistakes)
    if unit is not None and unit not in UNITS:
        hint = did_you_mean(unit, UNITS) or "; write crimes, victims or records"
        mistakes.add(found["unit"], f"{what}: no unit '{unit}'{hint}")
        unit = None
    extreme = _extreme(found["extreme"], what, mistakes) if "extreme" in found else None
    mentions = (
        nodes.texts(found["mentions"], f"{what}, mentions", mistakes) if "mentions" in found else []
    )
    filters = _filters(found["filters"], what, mistakes) if "filters" in found else Filters()
    breakdowns = _breakdowns(found["breakdowns"], what, mistakes) if "breakdowns" in found else ()
    question = Question(
        number=number,
        words=words,
        # A wrong unit is reported above; victims allow whatever else may be asked.
        unit=unit or VICTIMS,
        filters=filters,
        breakdowns=breakdowns,
        extreme=extreme,
        mentions=tuple(text for text, _ in mentions),
        exemptions=reading_words.read_claims(found["exemptions"], what, mistakes)
        if "exemptions" in found
        else (),
        in_words=reading_words.read_beside_a_count(found["in_words"], what, mistakes)
        if "in_words" in found
        else (),
        line=nodes.line_of(node),
    )
    if unit is not None:
        for key, reason in validation.inconsistencies(question):
            mistakes.add(found.get(key, node), f"{what}: {reason}")
    return question


def _answered_in_words(
    found: dict[str, Node], node: Node, number: str, words: str, mistakes: Mistakes
) -> Question:
    """A question without a unit: it has an answer in words, and no key of a count."""
    what = f"question {number}" if number else "a question"
    counting = {key.name for key in keys.QUESTION} - {key.name for key in keys.ANSWER}
    for key in found:
        if "answer" in found and key in counting - {"number", "words"}:
            mistakes.add(found[key], f"{what}: '{key}' beside 'answer'; {_BESIDE_A_COUNT}")
    answer = None
    if "answer" in found:
        answer = reading_words.read_answer(found, node, what, mistakes)
    else:
        mistakes.add(
            node,
            f"{what} lacks 'unit'; add it to count, or 'answer' to answer in words",
        )
    return Question(
        number, words, "", in_words=(answer,) if answer else (), line=nodes.line_of(node)
    )


def _filters(node: Node, what: str, mistakes: Mistakes) -> Filters:
    """The filters. Any key that is not one of the filters' own is the name of a column."""
    what = f"{what}, filters"
    known = {key.name: False for key in keys.FILTERS}
    found = nodes.fields(node, what, known, mistakes, others="area")
    offences = _offences(found["offences"], what, mistakes) if "offences" in found else ()
    bands = _ages(found["age"], what, mistakes) if "age" in found else None
    status = Filters().status
    if "status" in found:
        status = _values("status", found["status"], what, mistakes)
    one_of = tuple(
        CategoryFilter(name, _values(name, value, what, mistakes), nodes.line_of(value))
        for name, value in found.items()
        if name not in known
    )
    return Filters(offences, _dates(found, what, mistakes), status, bands, one_of)


def _dates(found: dict[str, Node], what: str, mistakes: Mistakes) -> DateFilter | None:
    column = (
        nodes.text(found["date"], f"{what}, date", mistakes) if "date" in found else DEFAULT_DATE
    )
    if "period" not in found:
        if "date" in found:
            mistakes.add(
                found["date"],
                f"{what}: 'date' without 'period'; add the period that the day must lie in",
            )
        return None
    text = nodes.text(found["period"], f"{what}, period", mistakes)
    try:
        period = periods.parse(text) if text else None
    except ValueError as error:
        mistakes.add(found["period"], f"{what}: {error}")
        return None
    line = nodes.line_of(found["date"] if "date" in found else found["period"])
    return DateFilter(column, period, line) if period and column else None


def _offences(node: Node, what: str, mistakes: Mistakes) -> tuple[OffenceRef, ...]:
    found: dict[OffenceRef, str] = {}
    for text, item in nodes.texts(node, f"{what}, offences", mistakes):
        try:
            reading = normalise(text)
        except OffenceError as error:
            mistakes.add(item, f"{what}: {error}")
            continue
        if reading in found:
            mistakes.add(
                item, f"{what}: '{text}' and '{found[reading]}' are both {reading}; keep one"
            )
        found[reading] = text
    return tuple(found)


def _ages(node: Node, what: str, mistakes: Mistakes) -> AgeBand | None:
    text = nodes.text(node, f"{what}, age", mistakes)
    try:
        return ages.read_band(text) if text else None
    except ValueError as error:
        mistakes.add(node, f"{what}: {error}")
        return None


def _values(name: str, node: Node, what: str, mistakes: Mistakes) -> tuple[str, ...]:
    """The values in the column's own spelling, where its categories are known beforehand."""
    try:
        column = find(name, COLUMNS)
    except ValueError:
        column = None  # reported with the other columns
    known = {category.casefold(): category for category in column.categories} if column else {}
    values = []
    # Values that are not known beforehand are counted as they are spelt in the extract.
    same = str.casefold if known else str
    for value, item in nodes.texts(node, f"{what}, {name}", mistakes, same=same):
        if known and value.casefold() not in known:
            options = list(known.values())
            hint = did_you_mean(value, options) or "; write " + " or ".join(
                f"'{option}'" for option in options
            )
            mistakes.add(item, f"{what}: {name} is never '{value}'{hint}")
        values.append(known.get(value.casefold(), value))
    return tuple(values)


def _breakdowns(node: Node, what: str, mistakes: Mistakes) -> tuple[Breakdown, ...]:
    found = []
    if isinstance(node, yaml.SequenceNode) and not node.value:
        mistakes.add(node, f"{what}, breakdowns is an empty list; fill it or remove the line")
    for place, item in enumerate(nodes.items(node), 1):
        breakdown = _breakdown(item, f"{what}, breakdown {place}", mistakes)
        if breakdown is not None:
            found.append(breakdown)
    return tuple(found)


def _breakdown(node: Node, what: str, mistakes: Mistakes) -> Breakdown | None:
    line = nodes.line_of(node)
    if not isinstance(node, yaml.MappingNode):
        text = nodes.text(node, what, mistakes)
        return ByColumn(_levels(text), line) if text else None
    if len(node.value) != 1:
        mistakes.add(
            node, f"{what} must be one key, like 'age: […]'; write a '-' before each breakdown"
        )
        return None
    key_node, value = node.value[0]
    key = nodes.text(key_node, what, mistakes)
    if key is None:
        return None
    if key == "age":
        return _by_age(value, what, line, mistakes)
    grains = [grain for level in _levels(key) for grain in BREAKDOWN_GRAINS if grain.value == level]
    if len(grains) != len(_levels(key)):
        hint = did_you_mean(key, keys.BREAKDOWN_KEYS) or "; it may be " + ", ".join(
            keys.BREAKDOWN_KEYS
        )
        mistakes.add(key_node, f"{what}: no '{key}:'{hint}")
        return None
    column = nodes.text(value, what, mistakes)
    return ByDate(tuple(grains), column, line) if column else None


def _by_age(node: Node, what: str, line: int, mistakes: Mistakes) -> ByAge | None:
    found = nodes.texts(node, f"{what}, age", mistakes)
    bands, wrong = ages.read_bands([text for text, _ in found])
    for index, reason in wrong:
        mistakes.add(found[index][1], f"{what}: {reason}")
    return ByAge(bands, line) if bands and not wrong else None


def _extreme(node: Node, what: str, mistakes: Mistakes) -> Extreme | None:
    what = f"{what}, extreme"
    also: tuple[str, ...] = ()
    who: Node | None = node
    if isinstance(node, yaml.MappingNode):
        found = nodes.fields(node, what, {"of": True, "also": False}, mistakes)
        who = found.get("of")
        if "also" in found:
            also = tuple(text for text, _ in nodes.texts(found["also"], f"{what}, also", mistakes))
    text = nodes.text(who, what, mistakes) if who else None
    if text is None:
        return None
    kind = _EXTREMES.get(text.casefold())
    if kind is None:
        hint = did_you_mean(text, list(_EXTREMES)) or "; write 'youngest victim' or 'oldest victim'"
        mistakes.add(who or node, f"{what}: no '{text}'{hint}")
        return None
    return Extreme(kind, also, nodes.line_of(node))


def _levels(text: str) -> tuple[str, ...]:
    return tuple(level.strip() for level in re.split(r"\s*>\s*", text))


def _day(node: Node, name: str, mistakes: Mistakes) -> date | None:
    text = nodes.text(node, f"'{name}'", mistakes)
    if text is None:
        return None
    try:
        period = periods.parse(text)
    except ValueError as error:
        mistakes.add(node, f"{name}: {error}")
        return None
    if period.days > 1:
        mistakes.add(node, f"{name}: '{text}' is not one day; write it like '28 May 2021'")
        return None
    return period.first_on


def _known(listed: Sequence[keys.Key]) -> dict[str, bool]:
    return {key.name: key.is_required for key in listed}
