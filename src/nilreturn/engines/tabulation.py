"""
Answers a question: makes tables of an engine's plain counts. Rules of meaning are here and in no
engine.

An engine must be able to do what `CountBackend` lists: five ways to count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from nilreturn import wording
from nilreturn.engines import dimensions
from nilreturn.engines.planning import NO_KEY, BreakdownPlan, Plan, column_named, plan, population
from nilreturn.errors import QuestionError
from nilreturn.questions import (
    Extreme,
    Pair,
    Question,
    breakdown_title,
    column_title,
    offence_extent,
    title,
)
from nilreturn.schema import Column, Extract
from nilreturn.tables import Category, Dimension, Extent, Population, RawExtreme, RawTable

MOST_CELLS = 10_000_000
MENTIONS = "crime.mentions"
MENTION_FORM = "crime.mention_form"

Cells = Mapping[tuple[dimensions.Path, ...], int]


@dataclass(frozen=True, slots=True)
class ExtremeFound:
    """
    The lowest or highest age among the victims counted, and every combination of the other values
    at that age.
    """

    age: int
    also: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """
    The number of crimes by keyword, and of those with any of the keywords: (as written, only in
    another spelling).
    """

    searched: int
    by_keyword: Mapping[str, tuple[int, int]]
    any_keyword: tuple[int, int]


class CountBackend(Protocol):
    """
    What an engine counts over one extract. Blanks are the key's `unknown`; results may be in any
    order.
    """

    def cells(self, plan: Plan) -> Cells:
        """
        The counts by path of each facet, with every margin; cells that are zero may be missing.
        """
        ...

    def present(self, facet: BreakdownPlan) -> Sequence[dimensions.Path]:
        """The paths of all records of the extract, whether or not they are counted."""
        ...

    def pairs(self, plan: Plan) -> Sequence[Pair]:
        """The classes with codes, of all crimes of the extract, that the plan's offences count."""
        ...

    def extreme(self, plan: Plan, kind: str, also: Sequence[Column]) -> ExtremeFound | None:
        """The extreme over victims whose age is known; None where there is no such victim."""
        ...

    def mentioned(self, plan: Plan, keywords: Sequence[str]) -> Mentioned:
        """The mentions in the plan's crimes, from the file of mentions."""
        ...


def tabulate(
    counter: CountBackend, extract: Extract, question: Question
) -> tuple[RawTable | RawExtreme, ...]:
    """The tables of a question; the one asked for comes first."""
    laid = plan(question, extract)
    of_offences = any(facet.variable == dimensions.OFFENCE for facet in laid.facets)
    pairs = counter.pairs(laid) if laid.offences or of_offences else ()
    offences = None
    if laid.offences:
        offences = offence_extent({*pairs, *laid.offences.known_pairs})
    counted = population(laid, offences, extract.contents)
    if question.extreme:
        return (_extreme(counter, laid, question, question.extreme, counted, extract),)
    if question.mentions:
        return _mentions(counter.mentioned(laid, question.mentions), question, counted, laid)
    return (_table(counter, counter.cells(laid), laid, question, counted, pairs),)


def name_of(question: Question, *rest: str) -> str:
    """The identifier of a table: "q2", "q4_searched"."""
    return "_".join(["q" + question.number.replace(".", "_"), *rest])


def _table(
    counter: CountBackend,
    cells: Cells,
    laid: Plan,
    question: Question,
    counted: Population,
    pairs: Sequence[Pair],
) -> RawTable:
    listed, places = [], []
    for axis, facet in enumerate(laid.facets):
        found = {path[axis] for path in cells if len(path[axis]) == len(facet.keys)}
        if facet.is_open:
            found.update(counter.present(facet))
        dimension, at = dimensions.dimension(facet, found, pairs, laid.offences)
        listed.append(dimension)
        places.append(at)
    shape = tuple(len(dimension.categories) for dimension in listed)
    if math.prod(shape) > MOST_CELLS:
        number = wording.counted(math.prod(shape), "cell")
        raise QuestionError(
            f"question {question.number}: {number}, over {MOST_CELLS:,}; ask fewer breakdowns at "
            f"once"
        )
    counts = np.zeros(shape, np.int64)
    for paths, count in cells.items():
        # An unknown day is in no year of its own.
        if not any(len(path) > 1 and path[0] == NO_KEY for path in paths):
            counts[tuple(at[path] for at, path in zip(places, paths, strict=True))] = count
    return RawTable(
        name_of(question),
        titled(_title(question), laid),
        counted,
        tuple(listed),
        counts,
        question.number,
    )


def _title(question: Question) -> str:
    """Like "Victims by age and sex": what is counted, and by what."""
    titles = [breakdown_title(breakdown) for breakdown in question.breakdowns]
    headings = [text[:1].lower() + text[1:] for text in titles]
    by = (
        f" by {', '.join(headings[:-1])}{' and ' if headings[:-1] else ''}{headings[-1]}"
        if headings
        else ""
    )
    return f"{question.unit.capitalize()}{by}"


def _extreme(
    counter: CountBackend,
    laid: Plan,
    question: Question,
    extreme: Extreme,
    counted: Population,
    extract: Extract,
) -> RawExtreme:
    also = [column_named(name, extract.columns) for name in extreme.also]
    found = counter.extreme(laid, extreme.kind, also)
    who = "youngest" if extreme.kind == "minimum" else "oldest"
    values = zip(*found.also, strict=True) if found and also else ()
    # Victims of the same age may differ in the rest: all that is true of any of them is the answer.
    told = tuple(
        (title(column), " and ".join(sorted(set(each))))
        for column, each in zip(also, values, strict=False)
    )
    headings = " and ".join(["Age", *(column_title(name).lower() for name in extreme.also)])
    return RawExtreme(
        name_of(question),
        titled(f"{headings} of the {who} victim", laid),
        counted,
        "victim.age",
        extreme.kind,
        found.age if found else None,
        told,
        question.number,
    )


def titled(title: str, laid: Plan) -> str:
    """The title, with the days that were counted where these are not all that were asked for."""
    return f"{title}, {laid.part.brief}" if laid.part else title


def _mentions(
    found: Mentioned, question: Question, counted: Population, laid: Plan
) -> tuple[RawTable, ...]:
    """
    Records by keyword and form, over those that name any keyword; and how many of the records
    searched do.

    Keywords overlap, so their counts do not add up. For each keyword, and for their union, the
    forms do.
    """
    keywords = question.mentions
    union = Extent.of(*keywords)
    listed = tuple(Category(keyword, ANY_KEYWORD, Extent.of(keyword)) for keyword in keywords)
    by_keyword = Dimension(MENTIONS, "Keyword", (Category(ANY_KEYWORD), *listed), additive=False)
    by_form = Dimension.flat(
        MENTION_FORM, "Form", (AS_WRITTEN, OTHER_SPELLING), total=ANY_FORM, qualifies=MENTIONS
    )
    rows = [found.any_keyword, *(found.by_keyword.get(keyword, (0, 0)) for keyword in keywords)]
    naming = replace(counted, extents=(*counted.extents, (MENTIONS, union)))
    counts = np.array([[sum(row), *row] for row in rows], np.int64)
    any_of_them = sum(found.any_keyword)
    covers = {ANY_KEYWORD: union, NO_KEYWORD: Extent.without(*keywords)}
    searched = Dimension.flat(
        MENTIONS, "Keywords", (ANY_KEYWORD, NO_KEYWORD), covers=covers, total=SEARCHED
    )
    return (
        RawTable(
            name_of(question),
            titled("Records that mention each keyword", laid),
            naming,
            (by_keyword, by_form),
            counts,
            question.number,
        ),
        RawTable(
            name_of(question, "searched"),
            titled("Records searched", laid),
            counted,
            (searched,),
            np.array([found.searched, any_of_them, found.searched - any_of_them], np.int64),
            question.number,
        ),
    )


ANY_KEYWORD, NO_KEYWORD, SEARCHED = "Any of these", "None of these", "Records searched"
ANY_FORM, AS_WRITTEN, OTHER_SPELLING = (
    "Written in any form",
    "As written",
    "Only in another spelling",
)
