"""
Caveats about this answer: which days the records cover, what was lost, when an offence was in use.

They follow from the questions, the reference tables, and facts of the extract as a whole that are
in the account of disclosure control: its first and last day, and the steps between which the number
of crimes without a usable day lies (`lacking`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from nilreturn.disclosure import Protection, PublishedTable
from nilreturn.engines import (
    CLASSIFIED_ON,
    NOT_IN_USE,
    OFFENCE,
    BreakdownPlan,
    DateKey,
    known_readings,
    plan,
)
from nilreturn.offences import (
    InUse,
    OffenceRef,
    in_use,
    offence,
    offence_class,
    predecessors,
    successors,
)
from nilreturn.periods import number_of, part, part_name
from nilreturn.questions import Question, date_words, reach_of
from nilreturn.release import Remark
from nilreturn.schema import Extract
from nilreturn.tables import Coordinates
from nilreturn.wording import day, listed
from nilreturn.workflow.lacking import (
    Care,
    Lacking,
    lost_rows,
    share_told,
    without_day,
    without_offence,
)

Said = tuple[str, tuple[tuple[str, str], ...]]  # the key of a caveat and its values


def remarks_of(
    questions: Sequence[Question], extract: Extract, protection: Protection, care: Care
) -> tuple[Remark, ...]:
    """
    The caveats that these questions, counted from this extract, call for. A caveat that applies to
    several questions is given once.
    """
    said: dict[Said, list[str]] = {}
    for question in questions:
        for each in _of_question(question, extract, protection, care):
            said.setdefault(each, []).append(question.number)
    return tuple(Remark(key, values, tuple(numbers)) for (key, values), numbers in said.items())


def cells_not_in_use(table: str, known: Iterable[PublishedTable]) -> frozenset[Coordinates]:
    """The cells of the table that are published as 0 because an offence was not in use."""
    found: set[Coordinates] = set()
    for statement in known:
        if statement.name == f"{table} {NOT_IN_USE}":
            every = itertools.product(*(dimension.labels for dimension in statement.dimensions))
            found |= {
                labels
                for labels, high in zip(every, statement.high.reshape(-1).tolist(), strict=True)
                if not high
            }
    return frozenset(found)


def _of_question(
    question: Question, extract: Extract, protection: Protection, care: Care
) -> Iterator[Said]:
    yield from _of_days(question, extract)
    yield from _of_losses(question, extract, care)
    yield from _of_unfinished(question, extract)
    yield from _of_offences(question, extract, protection)


def _of_days(question: Question, extract: Extract) -> Iterator[Said]:
    reach = reach_of(question, extract)
    variable = reach.variable if reach else extract.selected_by
    if not variable:
        return
    coverage = reach.coverage if reach else extract.coverage[variable]
    days = (("what", date_words(variable)), ("covered", str(coverage.period)))
    if reach and reach.part and not reach.is_whole:
        yield "days-covered", (*days, ("asked", str(reach.asked)), ("part", reach.part.brief))
    if not coverage.given:
        yield "days-proposed", days


def _of_losses(question: Question, extract: Extract, care: Care) -> Iterator[Said]:
    """
    The caveat about losses. It is given whether or not anything is lacking: a sentence that
    appeared because of one record would disclose it.
    """
    yield "rows-lost", (("share", _share(lost_rows(extract), care, "the rows")),)
    for each in without_offence(question, extract):
        yield (
            "offences-unknown",
            (("part", each.part), ("share", _share(each, care, "the crimes in the extract"))),
        )
    for each in without_day(question, extract):
        share = _share(each, care, "the crimes in the extract")
        yield "days-unknown", (("what", date_words(each.variable)), ("share", share))


def _share(lacking: Lacking, care: Care, whole: str) -> str:
    share = share_told(lacking, care)
    return (
        f"They are more than {share}% of {whole}."
        if share
        else "How many there are, if any, is not given."
    )


def _of_unfinished(question: Question, extract: Extract) -> Iterator[Said]:
    names = dict.fromkeys(
        name for facet in plan(question, extract).facets for name in _unfinished(facet)
    )
    for name in names:
        yield "unfinished", (("name", name),)


def _unfinished(facet: BreakdownPlan) -> Iterator[str]:
    """
    The months, quarters and years of the facet that were not over on the day that the records are
    as at.
    """
    for key in facet.keys:
        if not isinstance(key, DateKey) or facet.coverage is None or facet.as_at is None:
            continue
        last_on = facet.coverage.last_on
        number = number_of(key.grain, last_on)
        is_counted = facet.period is None or last_on in facet.period
        if (
            is_counted
            and last_on < part(key.grain, number).last_on
            and facet.as_at <= part(key.grain, number).last_on
        ):
            yield part_name(key.grain, number)


def _of_offences(question: Question, extract: Extract, protection: Protection) -> Iterator[Said]:
    reach = reach_of(question, extract)
    readings: dict[OffenceRef, None] = {}
    if reach and reach.part and reach.variable in CLASSIFIED_ON:
        readings |= {r: None for r in question.filters.offences if not in_use(r).spans(reach.part)}
    for label in _labels_not_in_use(question, protection):
        readings |= {
            r: None for name in label.split(": ") for r in known_readings(name) if _is_listed(r)
        }
    for reading in readings:
        yield "offence-in-use", (("history", _history(reading)),)


def _labels_not_in_use(question: Question, protection: Protection) -> Iterator[str]:
    """The rows of offences in which a cell is marked as not applicable."""
    for table in protection.tables:
        axes = [
            axis for axis, dimension in enumerate(table.dimensions) if dimension.variable == OFFENCE
        ]
        if table.question != question.number or not axes:
            continue
        cells = cells_not_in_use(table.name, protection.known)
        dimension = table.dimensions[axes[0]]
        marked = {labels[axes[0]] for labels in cells}
        yield from (label for label in dimension.labels[1:] if label in marked)


def _is_listed(reading: OffenceRef) -> bool:
    """Whether the reference tables have a first or last day of it."""
    return in_use(reading) != InUse()


def _history(reading: OffenceRef) -> str:
    """
    Like "Class 28E (Burglary Residential) was in use from 1 April 2017 to 31 March 2023; 28I took
    its place".
    """
    is_code = reading.kind == "code"
    title = offence(reading.code).title if is_code else offence_class(f"class {reading.code}").title
    days = in_use(reading)
    told = f"{'Offence' if is_code else 'Class'} {reading.code} ({title}) was in use"
    told += _when("from", days.first_on) + _when("to", days.last_on)
    earlier = _codes(predecessors(reading)) if days.first_on else ""
    later = _codes(successors(reading)) if days.last_on else ""
    told += f"; before it there was {earlier}" if earlier else ""
    return told + (f"; {later} took its place" if later else "")


def _when(word: str, on: date | None) -> str:
    return f" {word} {day(on)}" if on else ""


def _codes(readings: Sequence[OffenceRef]) -> str:
    return listed(reading.code for reading in readings)
