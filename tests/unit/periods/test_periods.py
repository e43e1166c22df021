from datetime import date

import pytest

from nilreturn import periods
from nilreturn.periods import Period, parse


@pytest.mark.parametrize(
    ("text", "first_on", "last_on"),
    [
        ("2017/18", date(2017, 4, 1), date(2018, 3, 31)),
        ("2017-18", date(2017, 4, 1), date(2018, 3, 31)),
        ("2017/2018", date(2017, 4, 1), date(2018, 3, 31)),
        ("financial year 2019/20", date(2019, 4, 1), date(2020, 3, 31)),
        ("1999/00", date(1999, 4, 1), date(2000, 3, 31)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("July 2020", date(2020, 7, 1), date(2020, 7, 31)),
        ("feb 2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-07", date(2020, 7, 1), date(2020, 7, 31)),
        ("Q4 2020/21", date(2021, 1, 1), date(2021, 3, 31)),
        ("Q4 2020", date(2020, 10, 1), date(2020, 12, 31)),
        ("2020-07-01 to 2021-03-31", date(2020, 7, 1), date(2021, 3, 31)),
        ("2020-07-01/2021-03-31", date(2020, 7, 1), date(2021, 3, 31)),
        ("01/07/2020 - 31/03/2021", date(2020, 7, 1), date(2021, 3, 31)),
        ("01-JUL-2020 and 31-MAR-2021", date(2020, 7, 1), date(2021, 3, 31)),
        ("between 1 October 2018 and 2 April 2019", date(2018, 10, 1), date(2019, 4, 2)),
        (
            "April 1st 2020 , until (and including) March 31st 2021",
            date(2020, 4, 1),
            date(2021, 3, 31),
        ),
        ("2018/19 to 2020/21", date(2018, 4, 1), date(2021, 3, 31)),
        ("2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_parse_reads_what_requesters_write(text, first_on, last_on):
    assert parse(text) == Period(first_on, last_on)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2011-12", "December 2011 or the financial year 2011/12"),
        ("2020-2021", "the financial year 2020/21 or both calendar years"),
        ("2018/20", "write it as '2018/19'"),
        ("31/02/2020", "not a day of the calendar"),
        ("2021-03-31 to 2020-07-01", "runs backwards"),
        ("year to date", "not a period"),
        ("", "not a period"),
        ("0000", "not a period"),
        ("July", "not a period"),
    ],
)
def test_parse_refuses_what_has_two_meanings_or_none(text, says):
    with pytest.raises(ValueError, match=says):
        parse(text)


def test_a_period_may_not_run_backwards():
    with pytest.raises(ValueError, match="runs backwards"):
        Period(date(2020, 7, 2), date(2020, 7, 1))


def test_periods_without_a_common_day_do_not_intersect():
    assert periods.month(2020, 6).intersect(periods.month(2020, 7)) is None
