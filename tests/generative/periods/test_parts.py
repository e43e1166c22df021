"""
Months, quarters and years cut any period into pieces that are whole, in order and leave no day out.
"""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nilreturn import periods
from nilreturn.periods import Grain, Period, number_of, part, part_around, part_name
from nilreturn.wording import day

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
any_period = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))


@pytest.mark.parametrize("grain", Grain, ids=lambda grain: grain.value)
@given(period=any_period)
def test_parts_follow_each_other_and_leave_no_day_out(grain, period):
    numbers = range(
        number_of(grain, period.first_on), min(number_of(grain, period.last_on), 10**7) + 1
    )
    parts = [part(grain, number) for number in numbers[:500]]
    assert period.first_on in parts[0]
    for before, after in itertools.pairwise(parts):
        assert after.first_on == before.last_on + timedelta(days=1)
    assert [number_of(grain, each.first_on) for each in parts] == list(numbers[:500])
    assert [number_of(grain, each.last_on) for each in parts] == list(numbers[:500])
    assert len({part_name(grain, number) for number in numbers[:500]}) == len(parts)


@given(day=days)
def test_the_name_of_a_part_reads_back_as_that_part(day):
    for grain in (Grain.DAY, Grain.MONTH, Grain.CALENDAR_YEAR, Grain.FINANCIAL_YEAR, Grain.QUARTER):
        assert periods.parse(part_name(grain, number_of(grain, day))) == part_around(grain, day)


@given(period=any_period)
def test_the_brief_form_of_a_period_names_its_ends(period):
    assert period.brief.endswith(day(period.last_on))
    assert period.brief.startswith(str(period.first_on.day))
    assert periods.parse(period.brief) == period


@given(period=any_period)
def test_a_period_reads_back_as_written(period):
    assert periods.parse(str(period)) == period
    assert periods.parse(f"{period.first_on} to {period.last_on}") == period


@given(period=any_period, cuts=st.lists(days, max_size=5))
def test_splitting_loses_no_day(period, cuts):
    assert sum(part.days for part in period.split_at(*cuts)) == period.days
