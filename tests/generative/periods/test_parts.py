"""Months, quarters and years cut any period into pieces that are whole, in order and leave no day out."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nilreturn import periods
from nilreturn.periods import Period

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
any_period = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))


@pytest.mark.parametrize(
    "cut",
    [
        periods.months,
        periods.calendar_quarters,
        periods.financial_quarters,
        periods.calendar_years,
        periods.financial_years,
    ],
    ids=lambda cut: cut.__name__,
)
@given(period=any_period)
def test_parts_cover_the_period_once(cut, period):
    parts = cut(period)
    assert parts[0].period.first_on == period.first_on
    assert parts[-1].period.last_on == period.last_on
    for before, after in itertools.pairwise(parts):
        assert after.period.first_on == before.period.last_on + timedelta(days=1)
    assert all(part.is_whole for part in parts[1:-1])
    assert len({part.label for part in parts}) == len(parts)


@given(period=any_period)
def test_the_name_of_a_whole_part_reads_back_as_that_part(period):
    for cut in (periods.months, periods.calendar_quarters, periods.financial_quarters, periods.financial_years):
        for part in cut(period):
            if part.is_whole:
                assert periods.parse(part.name) == part.period


@given(period=any_period)
def test_a_period_reads_back_as_written(period):
    assert periods.parse(str(period)) == period
    assert periods.parse(f"{period.first_on} to {period.last_on}") == period


@given(period=any_period, cuts=st.lists(days, max_size=5))
def test_splitting_loses_no_day(period, cuts):
    assert sum(part.days for part in period.split_at(*cuts)) == period.days
