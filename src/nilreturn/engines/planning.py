"""
A question applied to the columns of an extract, in the same way for every engine: which records,
with which keys, in which tables.

A *key* turns a record into a small value: the number of an age band, the number of a month, a
column's text. An engine counts records by key; `dimensions.py` turns keys into categories.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nilreturn.periods import Period
from nilreturn.questions import (
    CRIMES,
    VICTIMS,
    AgeBand,
    Breakdown,
    ByAge,
    ByDate,
    CategoryFilter,
    Grain,
    OffenceSelection,
    Question,
    answerable,
    breakdown_title,
    breakdown_variable,
    find,
    reach_of,
    selected_offences,
    unknown_label,
)
from nilreturn.schema import Column, Extract
from nilreturn.tables import Belonging, Extent, Population

NO_KEY = -1  # the key of an unknown age or day
VICTIM_DETAILS, WITH_DETAILS = "crime.victim_details", "Recorded"
# Publicly known facts about victims and their crimes.
BELONGING = Belonging(CRIMES, "crime.", VICTIM_DETAILS, WITH_DETAILS)


@dataclass(frozen=True, slots=True)
class TextKey:
    """The text in the column, `unknown` for a blank."""

    column: Column
    unknown: str


@dataclass(frozen=True, slots=True)
class BandKey:
    """The number of the age band, from 0; `NO_KEY` where the age is not known or in no band."""

    column: Column
    bands: tuple[AgeBand, ...]


@dataclass(frozen=True, slots=True)
class DateKey:
    """
    The number of the month, quarter or year of the day (`periods.number_of`); `NO_KEY` where there
    is no day.
    """

    column: Column
    grain: Grain


Key = TextKey | BandKey | DateKey


@dataclass(frozen=True, slots=True)
class BreakdownPlan:
    """
    One breakdown: its variable and heading, its keys from the coarsest, and the filters that affect
    it.
    """

    variable: str
    title: str
    keys: tuple[Key, ...]
    period: Period | None = None  # of a date: the days that are counted
    asked: Period | None = None  # of a date: the days that were asked for, counted or not
    coverage: Period | None = None  # of a date: the days that the extract covers
    as_at: date | None = None  # of a date: the day that the records are as at
    admitted: tuple[str, ...] = ()  # of a column: the values that are counted
    is_age_known: bool = False

    @property
    def is_of_offences(self) -> bool:
        return self.variable == "crime.offence"

    @property
    def is_open(self) -> bool:
        """Whether the categories are known only from the extract."""
        key = self.keys[0]
        known = isinstance(key, TextKey) and (self.admitted or key.column.categories)
        return isinstance(key, TextKey) and not self.is_of_offences and not known


@dataclass(frozen=True, slots=True)
class Condition:
    """The column's value is one of `values`, or it is blank and `with_blank`."""

    column: Column
    values: tuple[str, ...]
    with_blank: bool


@dataclass(frozen=True, slots=True)
class DayCondition:
    """The day is in the period, both ends included."""

    column: Column
    period: Period


@dataclass(frozen=True, slots=True)
class AgeCondition:
    """The age is known and one of `ages`."""

    column: Column
    ages: Extent


@dataclass(frozen=True, slots=True)
class Plan:
    """
    Which crimes are counted (`offences` and all of `of_crimes` apply), of which victims (all of
    `of_victims` apply), and by what.

    `unit` is "crimes" or "victims"; a crime with several victims that apply counts once as a crime.
    Where records are published cells (`is_weighted`), each stands for the number of units in its
    weight.
    """

    unit: str
    offences: OffenceSelection | None
    of_crimes: tuple[Condition | DayCondition, ...]
    of_victims: tuple[Condition | DayCondition | AgeCondition, ...]
    facets: tuple[BreakdownPlan, ...]
    part: Period | None = None  # the days counted, where they are not all that were asked for
    is_weighted: bool = False


def plan(question: Question, extract: Extract) -> Plan:
    """
    Apply a question to the extract's columns. The question has been checked against the extract; a
    missing column raises `KeyError`.
    """
    reach = reach_of(question, extract)
    asked, question = question, answerable(question, extract)
    columns = extract.columns
    filters = question.filters
    conditions: list[Condition | DayCondition | AgeCondition] = [
        Condition(column_named("crime.status", columns), filters.status, False)
    ]
    if filters.dates:
        conditions.append(
            DayCondition(column_named(filters.dates.column, columns), filters.dates.period)
        )
    conditions += [_condition(one_of, columns) for one_of in filters.one_of]
    if filters.ages:
        conditions.append(AgeCondition(column_named("victim.age", columns), filters.ages.ages))
    of_crimes = tuple(
        c for c in conditions if c.column.table == CRIMES and not isinstance(c, AgeCondition)
    )
    return Plan(
        VICTIMS if question.unit == VICTIMS else CRIMES,
        selected_offences(filters),
        of_crimes,
        tuple(c for c in conditions if c.column.table == VICTIMS),
        tuple(_facet(breakdown, question, asked, extract) for breakdown in question.breakdowns),
        reach.part if reach and not reach.is_whole else None,
        extract.is_weighted,
    )


def column_named(name: str, columns: tuple[Column, ...]) -> Column:
    column = find(name, columns)
    if column is None:
        raise KeyError(
            f"the extract has no column {name!r}: the question was not checked against it"
        )
    return column


def population(plan: Plan, offences: Extent | None, source: str) -> Population:
    """
    What the plan counts, as extents. `offences` are the pairs of class and code that its offences
    stand for.

    Crimes restricted by a victim are restricted in a variable of its own: "a victim under 12" and
    "a victim of 12 to 15" are not parts of crimes that never overlap.
    """
    extents = [_extent(condition) for condition in plan.of_crimes]
    if offences is not None:
        extents.append(("crime.offence", offences))
    of_victims = [_extent(condition) for condition in plan.of_victims]
    if plan.unit == VICTIMS:
        return Population(VICTIMS, (*extents, *of_victims), source, BELONGING)
    if of_victims:
        extents.append((f"crime.has_victim[{_written(of_victims)}]", Extent.of("Yes")))
    return Population(plan.unit, tuple(extents), source, holds=tuple(of_victims))


def _condition(one_of: CategoryFilter, columns: tuple[Column, ...]) -> Condition:
    column = column_named(one_of.column, columns)
    return Condition(column, one_of.values, unknown_label(column) in one_of.values)


def _extent(condition: Condition | DayCondition | AgeCondition) -> tuple[str, Extent]:
    if isinstance(condition, DayCondition):
        period = condition.period
        extent = Extent.between(period.first_on.toordinal(), period.last_on.toordinal())
    elif isinstance(condition, AgeCondition):
        extent = condition.ages
    else:
        extent = Extent.of(*condition.values)
    return condition.column.variable, extent


def _written(extents: list[tuple[str, Extent]]) -> str:
    parts = []
    for variable, extent in sorted(extents):
        ranges = [f"{first}-{last}" for first, last in extent.ranges]
        parts.append(f"{variable}={'|'.join(ranges + sorted(extent.values))}")
    return ", ".join(parts)


def _facet(
    breakdown: Breakdown, question: Question, asked: Question, extract: Extract
) -> BreakdownPlan:
    heading = breakdown_title(breakdown)
    filters, columns = question.filters, extract.columns
    if isinstance(breakdown, ByAge):
        age = column_named("victim.age", columns)
        return BreakdownPlan(
            age.variable,
            heading,
            (BandKey(age, breakdown.bands),),
            is_age_known=filters.ages is not None,
        )
    if isinstance(breakdown, ByDate):
        return _date_facet(breakdown, heading, question, asked, extract)
    levels = [column_named(level, columns) for level in breakdown.levels]
    variable = breakdown_variable(breakdown.levels[0], columns)
    admitted = next(
        (
            one_of.values
            for one_of in filters.one_of
            if column_named(one_of.column, columns) == levels[0]
        ),
        filters.status if levels[0].variable == "crime.status" else (),
    )
    return BreakdownPlan(
        variable, heading, tuple(TextKey(c, unknown_label(c)) for c in levels), admitted=admitted
    )


def _date_facet(
    breakdown: ByDate, heading: str, question: Question, asked: Question, extract: Extract
) -> BreakdownPlan:
    """
    The facet of a breakdown by date.

    Its days are those of the question's own filter where that is on this column. Without any filter
    of days, they are all that the records have. A filter on another column does not restrict them.
    """
    day = column_named(breakdown.column, extract.columns)
    during, wanted = question.filters.dates, asked.filters.dates
    is_filtered = during is not None and column_named(during.column, extract.columns) == day
    coverage = extract.coverage.get(day.variable) if is_filtered or during is None else None
    return BreakdownPlan(
        day.variable,
        heading,
        tuple(DateKey(day, grain) for grain in breakdown.grains),
        during.period if during and is_filtered else None,
        asked=wanted.period if wanted and is_filtered else None,
        coverage=coverage.period if coverage else None,
        as_at=extract.as_at if coverage else None,
    )
