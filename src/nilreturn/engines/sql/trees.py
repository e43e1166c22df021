"""
A plan as syntax trees, the same for every engine that uses SQL.

Trees are built and never parsed from strings, and all names are quoted. They contain no regular
expression and no date arithmetic, because engines differ in these.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import sqlglot.expressions as sql

from nilreturn.engines.planning import (
    NO_KEY,
    AgeCondition,
    BandKey,
    BreakdownPlan,
    Condition,
    DayCondition,
    Key,
    Plan,
    TextKey,
)
from nilreturn.questions import (
    CRIMES,
    OLDEST,
    VICTIMS,
    YOUNGEST,
    Grain,
    OffenceSelection,
    unknown_label,
)
from nilreturn.schema import WEIGHT, Column
from nilreturn.tables import UNKNOWN, Extent

MENTIONS = "mentions"  # the table of mentions; the others are called "crimes" and "victims"

Tree = sql.Expr
Query = sql.Query


def cells(plan: Plan) -> sql.Select:
    """
    One row for each cell: the keys of every facet, coarsest first, NULL where the cell is a total;
    then the count.

    Records are counted once by their finest keys. Those few counts are then added up in one CUBE
    (GROUPING SETS where a facet has levels), so that the margins cost almost nothing.
    """
    return _margins(_counted(plan, [*_keys(plan), *_weight(plan)]), plan)


def present(facet: BreakdownPlan) -> sql.Select:
    """Every distinct value of the facet's column."""
    (key,) = facet.keys
    return sql.select(_as(_key(key), "k")).distinct().from_(_table(key.column.table))


def pairs(offences: OffenceSelection | None) -> sql.Select:
    """
    Every distinct class with code of the extract that the offences count; blanks are "Unknown".
    """
    names = ("offence_class", "offence_code")
    query = sql.select(
        *(_as(_known(_column(CRIMES, name), UNKNOWN), name) for name in names)
    ).distinct()
    return query.from_(_table(CRIMES)).where(*_offences(offences))


def extreme(plan: Plan, kind: str, also: Sequence[Column]) -> sql.Select:
    """
    The lowest or highest known age and, at this age, a row for each combination of the `also`
    columns.
    """
    age = _column(VICTIMS, "age")
    known = _within(age, Extent.between(YOUNGEST, OLDEST))
    values = [
        _as(_key(TextKey(column, unknown_label(column))), f"also_{place}")
        for place, column in enumerate(also)
    ]
    aged = _counted(plan, [_as(age, "age"), *values]).where(known, *_of_any(plan)).distinct()
    best = sql.Min if kind == "minimum" else sql.Max
    limit = sql.select(best(this=_name("age"))).from_(_table("aged"))
    found = sql.select(_name("age"), *(_name(f"also_{place}") for place in range(len(also))))
    found = found.from_(_table("aged")).where(
        sql.EQ(this=_name("age"), expression=limit.subquery())
    )
    return found.with_(sql.to_identifier("aged", quoted=True), as_=aged)


def mentioned(plan: Plan, keywords: Sequence[str]) -> Query:
    """
    Rows of keyword, whether as written (1 or 0), and number of crimes. The row without a keyword
    counts the crimes that name any of them; the row without both counts all the plan's crimes.
    """
    written = sql.case().when(_column(MENTIONS, "written"), _number(1)).else_(_number(0))
    keyword = _as(_column(MENTIONS, "keyword"), "keyword")
    named = _mentions(plan, keywords, [keyword, _as(written, "written"), *_weight(plan)])
    weight = [_as(sql.Max(this=each.this), WEIGHT) for each in _weight(plan)]
    once = _mentions(
        plan, keywords, [_as(sql.Max(this=written.copy()), "written"), *weight]
    ).group_by(_column(CRIMES, "crime_ref"))
    by_keyword = sql.select(_name("keyword"), _name("written"), _as(_units(plan), "n"))
    by_keyword = by_keyword.from_(_named(named, "named")).group_by(
        _name("keyword"), _name("written")
    )
    no_keyword = _as(sql.cast(sql.Null(), "TEXT"), "keyword")
    any_keyword = sql.select(no_keyword, _name("written"), _as(_units(plan), "n"))
    any_keyword = any_keyword.from_(_named(once, "once")).group_by(_name("written"))
    no_form = _as(sql.cast(sql.Null(), "INT"), "written")
    every = _named(_counted(plan, [_as(_number(1), "one"), *_weight(plan)]), "every")
    searched = sql.select(no_keyword.copy(), no_form, _as(_units(plan), "n")).from_(every)
    return sql.union(sql.union(by_keyword, any_keyword, distinct=False), searched, distinct=False)


def records_behind(plan: Plan, keywords: Sequence[str]) -> sql.Select:
    """Rows of keyword, crime_ref and whether as written."""
    names = [
        _column(MENTIONS, "keyword"),
        _column(CRIMES, "crime_ref"),
        _column(MENTIONS, "written"),
    ]
    return _mentions(plan, keywords, names)


def _mentions(plan: Plan, keywords: Sequence[str], what: Sequence[Tree]) -> sql.Select:
    same = sql.EQ(this=_column(MENTIONS, "crime_ref"), expression=_column(CRIMES, "crime_ref"))
    asked = sql.In(
        this=_column(MENTIONS, "keyword"), expressions=[_text(keyword) for keyword in keywords]
    )
    return _counted(plan, what).join(_table(MENTIONS), on=same).where(asked)


def _counted(plan: Plan, what: Sequence[Tree]) -> sql.Select:
    """
    `what` of each of the plan's records: its crimes, or its victims, each joined to its crime.
    """
    query = sql.select(*what).from_(_table(CRIMES))
    if plan.unit == VICTIMS:
        same = sql.EQ(this=_column(VICTIMS, "crime_ref"), expression=_column(CRIMES, "crime_ref"))
        return query.join(_table(VICTIMS), on=same).where(
            *_of_crimes(plan), *map(_condition, plan.of_victims)
        )
    query = query.where(*_of_crimes(plan))
    if plan.of_victims:
        query = query.where(
            sql.In(
                this=_column(CRIMES, "crime_ref"),
                query=_refs_of_victims(plan.of_victims).subquery(),
            )
        )
    return query


def _refs_of_victims(conditions: Sequence[Condition | DayCondition | AgeCondition]) -> sql.Select:
    return (
        sql.select(_column(VICTIMS, "crime_ref"))
        .from_(_table(VICTIMS))
        .where(*map(_condition, conditions))
    )


def _of_crimes(plan: Plan) -> list[Tree]:
    return [*_offences(plan.offences), *map(_condition, plan.of_crimes)]


def _offences(offences: OffenceSelection | None) -> list[Tree]:
    """
    A code, or a stored class, or a code where no class is stored: see
    `questions.offence_selection`.
    """
    if offences is None:
        return []
    code, name = _column(CRIMES, "offence_code"), _column(CRIMES, "offence_class")
    either: list[Tree] = []
    if offences.codes:
        either.append(_in(code, offences.codes))
    if offences.classes:
        either.append(_in(name, offences.classes))
    if offences.classless:
        either.append(sql.and_(_is_null(name), _in(code, offences.classless)))
    return [sql.or_(*either)]


def _condition(condition: Condition | DayCondition | AgeCondition) -> Tree:
    column = _of(condition.column)
    if isinstance(condition, DayCondition):
        first_on, last_on = map(_day, (condition.period.first_on, condition.period.last_on))
        return sql.Between(this=column, low=first_on, high=last_on)
    if isinstance(condition, AgeCondition):
        return _within(column, condition.ages)
    there = _in(column, condition.values)
    return sql.or_(there, _is_null(column)) if condition.with_blank else there


def _key(key: Key) -> Tree:
    column = _of(key.column)
    if isinstance(key, TextKey):
        return _known(column, key.unknown)
    if isinstance(key, BandKey):
        bands = sql.case()
        for number, band in enumerate(key.bands):
            bands = bands.when(_within(column, band.ages), _number(number))
        return bands.else_(_number(NO_KEY))
    return sql.Coalesce(this=_part(column, key.grain), expressions=[_number(NO_KEY)])


def _part(day: Tree, grain: Grain) -> Tree:
    """The number of the part of the calendar: see `periods.number_of`."""
    year, month = sql.Year(this=day), sql.Month(this=day.copy())
    if grain is Grain.MONTH:
        return _minus_one(_plus(_times(year, 12), month))
    if grain is Grain.QUARTER:
        return _minus_one(_plus(_times(year, 4), sql.Quarter(this=day.copy())))
    if grain is Grain.FINANCIAL_YEAR:
        early = (
            sql.case().when(sql.LT(this=month, expression=_number(4)), _number(1)).else_(_number(0))
        )
        return sql.Sub(this=year, expression=early)
    return year


def _flat(plan: Plan) -> list[Key]:
    return [key for facet in plan.facets for key in facet.keys]


def _keys(plan: Plan) -> list[Tree]:
    return [_as(_key(key), name) for key, name in zip(_flat(plan), _names(plan), strict=True)]


def _names(plan: Plan) -> list[str]:
    return [name for levels in _levels(plan) for name in levels]


def _levels(plan: Plan) -> list[list[str]]:
    """The names of each facet's keys, the coarsest first."""
    return [
        [f"k{axis}_{level}" for level in range(len(facet.keys))]
        for axis, facet in enumerate(plan.facets)
    ]


def _margins(records: sql.Select, plan: Plan) -> sql.Select:
    """The counts of records, a row for each combination of keys, and added up to every margin."""
    names = _names(plan)
    if not names:
        return sql.select(_as(_units(plan), "n")).from_(
            _named(records.select(_as(_number(1), "one")), "records")
        )
    leaves = sql.select(*map(_name, names), _as(_units(plan), "n")).from_(
        _named(records, "records")
    )
    leaves = leaves.group_by(*map(_name, names))
    total = sql.cast(sql.Sum(this=_name("n")), "BIGINT")
    margins = sql.select(*map(_name, names), _as(total, "n")).from_(_named(leaves, "leaves"))
    margins.set("group", _every_margin(_levels(plan)))
    return margins


def _every_margin(names: Sequence[Sequence[str]]) -> sql.Group:
    """Each facet at every level and in total, with every other."""
    if all(len(levels) == 1 for levels in names):
        return sql.Group(expressions=[sql.Cube(expressions=[_name(levels[0]) for levels in names])])
    prefixes = [[levels[:depth] for depth in range(len(levels) + 1)] for levels in names]
    sets = [itertools.chain.from_iterable(chosen) for chosen in itertools.product(*prefixes)]
    tuples = [sql.Tuple(expressions=[_name(name) for name in chosen]) for chosen in sets]
    return sql.Group(expressions=[sql.GroupingSets(expressions=tuples)])


def _within(number: Tree, extent: Extent) -> Tree:
    ranges = [
        sql.Between(this=number.copy(), low=_number(first), high=_number(last))
        for first, last in extent.ranges
    ]
    return sql.or_(*ranges)


def _in(column: Tree, values: Sequence[str]) -> Tree:
    return sql.In(this=column.copy(), expressions=[_text(value) for value in values])


def _known(column: Tree, unknown: str) -> Tree:
    return sql.Coalesce(this=column, expressions=[_text(unknown)])


def _is_null(column: Tree) -> Tree:
    return sql.Is(this=column.copy(), expression=sql.Null())


def _times(left: Tree, right: int) -> Tree:
    return sql.Mul(this=left, expression=_number(right))


def _plus(left: Tree, right: Tree) -> Tree:
    return sql.Add(this=left, expression=right)


def _minus_one(number: Tree) -> Tree:
    return sql.Sub(this=number, expression=_number(1))


def _weight(plan: Plan) -> list[Tree]:
    """The number of units that each record stands for, where records are published cells."""
    return [_as(_column(plan.unit, WEIGHT), WEIGHT)] if plan.is_weighted else []


def _of_any(plan: Plan) -> list[Tree]:
    """Whether a published cell stands for any unit: one of no units shows no victim."""
    return (
        [sql.GT(this=_column(plan.unit, WEIGHT), expression=_number(0))] if plan.is_weighted else []
    )


def _units(plan: Plan) -> Tree:
    """The number of units that the records of a named sub-query stand for."""
    if not plan.is_weighted:
        return _count()
    total = sql.Coalesce(this=sql.Sum(this=_name(WEIGHT)), expressions=[_number(0)])
    return sql.cast(total, "BIGINT")


def _count() -> Tree:
    return sql.Count(this=sql.Star(), big_int=True)


def _number(value: int) -> Tree:
    return sql.Literal.number(value)


def _text(value: str) -> Tree:
    return sql.Literal.string(value)


def _day(value: date) -> Tree:
    return sql.cast(_text(value.isoformat()), "DATE")


def _as(value: Tree, name: str) -> Tree:
    return sql.alias_(value, name, quoted=True)


def _of(column: Column) -> Tree:
    return _column(column.table, column.name)


def _column(table: str, name: str) -> Tree:
    return sql.column(name, table, quoted=True)


def _name(name: str) -> Tree:
    return sql.column(name, quoted=True)


def _table(name: str) -> sql.Table:
    return sql.table_(name, quoted=True)


def _named(query: sql.Select, name: str) -> sql.Subquery:
    return query.subquery(sql.to_identifier(name, quoted=True))
