"""
How far an extract reaches: the days that each date column covers, as the user states or as the
records show.

What is proposed goes no further than the records. It begins on the first day on record and ends on
the last, or at a hole: a month or more without any record where, at the usual rate, 20 or more
would be expected. A day that is decades from all others, or a month whose file is missing, is
therefore not covered.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn import sql
from nilreturn.errors import UsageError, did_you_mean
from nilreturn.periods import Grain, Period, number_of, part, part_around
from nilreturn.schema import TABLES, WEIGHT, Column, Coverage, Kind, selecting_date

if TYPE_CHECKING:
    import duckdb

EXPECTED_IN_A_HOLE = 20.0  # records: so many are not missing by chance
_HOLE_DAYS = 28
_DAY = timedelta(days=1)

Days = Mapping[date, int]  # records by day


@dataclass(frozen=True, slots=True)
class _Found:
    """The days of one column that are on record."""

    days: Days
    undated: int
    grain: Grain
    table: str
    base: str  # the table whose reports it is from; "crimes" for what belongs to crimes

    def records(self, days: Sequence[date]) -> int:
        """The number of records with one of these days."""
        return sum(self.days[day] for day in days)


def covered_days(
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    columns: Sequence[Column],
    grains: Mapping[str, Grain],
    as_at: date,
    given: Mapping[str, Period],
) -> dict[str, Any]:
    """
    By variable, the days covered by each date column of the tables in `folder`, for the manifest.

    `grains` gives how finely the columns are known. `given` has the days that the user states, by
    column; "" is the column that the reports were selected by. Raises `UsageError` where what is
    given is not possible.
    """
    found = {
        column.variable: _read(engine, folder, column, grains.get(column.variable, Grain.DAY))
        for column in columns
        if column.kind is Kind.DATE
    }
    dated = {variable: each for variable, each in found.items() if each.days}
    selecting = _selecting(dated)
    vouched = _by_variable(given, dated, set(selecting.values()))
    for variable, period in vouched.items():
        _check(variable, period, dated[variable], as_at)
    covered: dict[str, Coverage] = {}
    for variable in sorted(dated, key=lambda name: name not in selecting.values()):
        each = dated[variable]
        period = vouched.get(variable) or _proposed(each, as_at)
        first = covered.get(selecting.get(each.base, ""))
        if variable not in vouched and first is not None:
            period = _from_selected(period, first)
        holes = _holes_within(each, period) if variable in vouched else _holes(each)
        covered[variable] = _stated(each, period, variable in vouched, holes)
    return {variable: covered[variable].as_json() for variable in found if variable in covered}


def _selecting(dated: Mapping[str, _Found]) -> dict[str, str]:
    """The date that reports are selected by, for crimes, incidents and stops."""
    own: dict[str, list[str]] = {}
    for variable, each in dated.items():
        if each.table == each.base:
            own.setdefault(each.base, []).append(variable)
    return {base: selecting_date(variables) for base, variables in own.items()}


def _read(engine: duckdb.DuckDBPyConnection, folder: Path, column: Column, grain: Grain) -> _Found:
    """
    The days of the column, and the number without a day. A published cell stands for as many
    records as its weight says.
    """
    import pyarrow.parquet as pq

    path = folder / f"{column.table}.parquet"
    records = f"sum({sql.name(WEIGHT)})" if WEIGHT in pq.read_schema(path).names else "count(*)"
    table = f"read_parquet({sql.text(str(path))})"
    rows = engine.execute(
        f"SELECT {sql.name(column.name)}, {records} FROM {table} GROUP BY 1"
    ).fetchall()
    days = {day: int(number) for day, number in rows if day is not None}
    undated = sum(int(number) for day, number in rows if day is None)
    base = TABLES[column.table].of or column.table
    return _Found(days, undated, grain, column.table, base)


def _by_variable(
    given: Mapping[str, Period], dated: Mapping[str, _Found], selecting: set[str]
) -> dict[str, Period]:
    names: dict[str, str] = {}
    for variable in dated:
        names.setdefault(variable.partition(".")[2], variable)
    vouched: dict[str, Period] = {}
    for name, period in given.items():
        variables = (
            selecting
            if not name
            else {name} & set(dated) or {names[each] for each in {name} & set(names)}
        )
        if not variables:
            hint = did_you_mean(name, list(names)) or f"; it may be {', '.join(names) or 'none'}"
            raise UsageError(
                f"--covers: no record has a day in '{name or 'any column'}'{hint if name else ''}"
            )
        vouched |= dict.fromkeys(variables, period)
    return vouched


def _check(variable: str, period: Period, found: _Found, as_at: date) -> None:
    if period.last_on > as_at:
        raise UsageError(
            f"--covers: {period} reaches beyond the day the records are as at ({as_at}); end it on "
            f"that day or before"
        )
    if part_around(found.grain, period.first_on).first_on != period.first_on:
        raise UsageError(
            f"--covers: {variable} is known by the {found.grain.words} only; begin on the first "
            f"day of one"
        )
    if not any(day in period for day in found.days):
        raise UsageError(
            f"--covers: no record has a day of {period} in {variable}; the records reach from "
            f"{min(found.days)} to {max(found.days)}"
        )


def _proposed(found: _Found, as_at: date) -> Period:
    """
    From the first to the last day of the longest stretch of records without a hole, and not beyond
    `as_at`.
    """
    longest = max(_stretches(found), key=found.records)
    last_on = part_around(found.grain, longest[-1]).last_on
    return Period(longest[0], min(last_on, max(as_at, longest[0])))


def _stretches(found: _Found) -> list[list[date]]:
    """The days on record, divided at holes."""
    days = sorted(found.days)
    rate = _usual_rate(found.days, days)
    stretches: list[list[date]] = [[days[0]]]
    for before, day in itertools.pairwise(days):
        hole = _between(found, before, day)
        stretches.append([day]) if hole and _is_hole(hole, rate) else stretches[-1].append(day)
    return stretches


def _between(found: _Found, before: date, day: date) -> Period | None:
    """The days between two stretches on record; None where there are none."""
    first_on, last_on = part_around(found.grain, before).last_on + _DAY, day - _DAY
    return Period(first_on, last_on) if first_on <= last_on else None


def _is_hole(without: Period, rate: float) -> bool:
    days = number_of(Grain.DAY, without.last_on) - number_of(Grain.DAY, without.first_on) + 1
    return days >= _HOLE_DAYS and days * rate >= EXPECTED_IN_A_HOLE


def _holes(found: _Found) -> tuple[Period, ...]:
    """
    The holes between stretches of many records each. A few days far from all others do not count as
    a stretch.
    """
    many = [days for days in _stretches(found) if found.records(days) >= EXPECTED_IN_A_HOLE]
    holes = (_between(found, before[-1], after[0]) for before, after in itertools.pairwise(many))
    return tuple(hole for hole in holes if hole)


def _holes_within(found: _Found, period: Period) -> tuple[Period, ...]:
    """The holes of a period that a user states, at its ends too."""
    days = sorted(day for day in found.days if day in period)
    rate = _usual_rate(found.days, sorted(found.days))
    inner = [_between(found, before, day) for before, day in itertools.pairwise(days)]
    first = Period(period.first_on, days[0] - _DAY) if days[0] > period.first_on else None
    last_on = part_around(found.grain, days[-1]).last_on
    last = Period(last_on + _DAY, period.last_on) if last_on < period.last_on else None
    return tuple(
        without for without in (first, *inner, last) if without and _is_hole(without, rate)
    )


def _usual_rate(records: Days, days: Sequence[date]) -> float:
    """
    Records a day, over the days of the middle nine tenths of the records, so that a stray day does
    not lower it.
    """
    total = sum(records.values())
    seen, middle = 0, []
    for day in days:
        if seen <= total * 0.95 and seen + records[day] >= total * 0.05:
            middle.append(day)
        seen += records[day]
    return total * 0.9 / ((middle[-1] - middle[0]).days + 1) if middle else 0.0


def _from_selected(period: Period, selected: Coverage) -> Period:
    """
    The period from the first day that the report was selected by.

    A report selected by the day of recording contains crimes that were committed earlier, but not
    all of them: none that was recorded before. No other day is therefore covered from before the
    first one selected.
    """
    first_on = min(max(period.first_on, selected.period.first_on), period.last_on)
    return Period(first_on, period.last_on)


def _stated(found: _Found, period: Period, given: bool, holes: tuple[Period, ...]) -> Coverage:
    ends = Grain.MONTH if found.grain is Grain.DAY else found.grain
    first = part(ends, number_of(ends, period.first_on))
    last = part(ends, number_of(ends, period.last_on))
    return Coverage(
        period,
        first.first_on == period.first_on,
        last.last_on == period.last_on,
        given,
        found.undated,
        sum(records for day, records in found.days.items() if day not in period),
        holes,
    )
