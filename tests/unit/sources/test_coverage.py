"""
What an extract says of the days that it covers is never more than its records show, or its importer
says.
"""

from datetime import date, timedelta

import pytest

from nilreturn.cli.extract import described
from nilreturn.errors import UsageError
from nilreturn.periods import Period
from nilreturn.sources import import_extract, mapping_named
from tests.unit.sources.importing import own_mapping

AS_AT = date(2021, 6, 29)
HEADERS = "Crime Ref,Recorded Date,Committed From Date,HO Code"


def imported(folder, days, *, committed=None, as_at=AS_AT, covers=None, mapping="connect"):
    """An extract of a crime recorded on each of the days, and committed on the day before."""
    rows = [
        f"A{number},{day},{(committed or {}).get(number, day)},71/17"
        if isinstance(day, str)
        else f"A{number},{day:%d/%m/%Y},"
        f"{(committed or {}).get(number, day - timedelta(1)):%d/%m/%Y},71/17"
        for number, day in enumerate(days)
    ]
    path = folder / "report.csv"
    path.write_text("\n".join([HEADERS, *rows, ""]), encoding="utf-8")
    chosen = mapping_named(mapping) if isinstance(mapping, str) else mapping
    return import_extract(
        [path], mapping=chosen, to=folder / "extract", as_at=as_at, covers=covers, accept_rejects=2
    )


def every_day(first, last, step=1):
    return [first + timedelta(days=days) for days in range(0, (last - first).days + 1, step)]


def covered(extract, column="recorded_on"):
    return extract.coverage[f"crime.{column}"]


def test_the_first_and_the_last_day_on_record_are_proposed_and_no_day_more(tmp_path):
    found = covered(imported(tmp_path, every_day(date(2020, 4, 3), date(2021, 6, 13))))
    assert found.period == Period(date(2020, 4, 3), date(2021, 6, 13))
    assert (found.first_is_whole, found.last_is_whole, found.given) == (False, False, False)


def test_ends_that_are_whole_months_are_said_to_be(tmp_path):
    found = covered(imported(tmp_path, every_day(date(2020, 4, 1), date(2021, 5, 31))))
    assert (found.first_is_whole, found.last_is_whole) == (True, True)


def test_a_day_decades_from_all_others_does_not_stretch_it(tmp_path):
    days = [date(1973, 5, 1), *every_day(date(2020, 4, 1), date(2021, 3, 31)), date(2021, 6, 28)]
    found = covered(imported(tmp_path, days))
    assert found.period == Period(date(2020, 4, 1), date(2021, 3, 31))
    assert found.outside == 2


def test_a_month_that_was_left_out_ends_it(tmp_path):
    days = every_day(date(2020, 1, 1), date(2020, 6, 30)) + every_day(
        date(2020, 8, 1), date(2021, 6, 1)
    )
    assert covered(imported(tmp_path, days)).period == Period(date(2020, 8, 1), date(2021, 6, 1))


def test_a_hole_is_told_whether_it_is_covered_or_not(tmp_path):
    july = Period(date(2020, 7, 1), date(2020, 7, 31))
    days = every_day(date(2020, 1, 1), date(2020, 6, 30)) + every_day(
        date(2020, 8, 1), date(2021, 6, 1)
    )
    found = imported(tmp_path, days)
    assert covered(found).holes == (july,)
    assert july.intersect(covered(found).period) is None
    assert f"no record at all from {july}, where many" in described(found.manifest)
    (tmp_path / "given").mkdir()
    whole = Period(date(2019, 10, 1), date(2021, 6, 1))
    given = imported(tmp_path / "given", days, covers={"": whole})
    assert covered(given).holes == (Period(date(2019, 10, 1), date(2019, 12, 31)), july)
    assert "a 0 is said of it as given" in described(given.manifest)
    (tmp_path / "part").mkdir()
    part = imported(
        tmp_path / "part", days, covers={"": Period(date(2020, 1, 1), date(2020, 6, 30))}
    )
    assert covered(part).holes == ()


def test_days_far_from_all_others_make_no_hole_to_tell(tmp_path):
    days = [date(1973, 5, 1), *every_day(date(2020, 4, 1), date(2021, 3, 31)), date(2021, 6, 28)]
    assert covered(imported(tmp_path, days)).holes == ()


def test_few_records_have_gaps_that_say_nothing(tmp_path):
    days = every_day(date(2019, 1, 10), date(2021, 5, 10), step=50)
    assert covered(imported(tmp_path, days)).period == Period(days[0], days[-1])


def test_days_off_are_no_gap(tmp_path):
    days = [day for day in every_day(date(2020, 4, 1), date(2020, 6, 30)) if day.weekday() < 5] * 40
    assert covered(imported(tmp_path, days)).period == Period(date(2020, 4, 1), date(2020, 6, 30))


def test_crimes_committed_before_the_first_was_recorded_are_not_all_there(tmp_path):
    days = every_day(date(2020, 4, 1), date(2021, 3, 31))
    extract = imported(
        tmp_path, days, committed={0: date(2010, 1, 1), 1: date(2018, 1, 1), 2: date(2020, 3, 20)}
    )
    assert covered(extract, "committed_from").period == Period(date(2020, 4, 1), date(2021, 3, 30))
    assert covered(extract).undated == 0


def test_records_without_a_day_are_counted_for_the_internal_papers(tmp_path):
    extract = imported(tmp_path, ["01/07/2020", "31/02/2020", "", "02/07/2020"])
    assert (covered(extract).undated, covered(extract).outside) == (2, 0)
    assert extract.manifest["coverage"]["crime.recorded_on"]["undated"] == 2


def test_what_is_given_is_taken_for_the_day_of_recording_or_the_column_named(tmp_path):
    year = Period(date(2020, 4, 1), date(2021, 3, 31))
    extract = imported(tmp_path, [date(2020, 7, 1)], covers={"": year})
    assert (covered(extract).period, covered(extract).given) == (year, True)
    assert (covered(extract).first_is_whole, covered(extract).last_is_whole) == (True, True)
    assert covered(extract, "committed_from").given is False
    (tmp_path / "other").mkdir()
    other = imported(tmp_path / "other", [date(2020, 7, 1)], covers={"committed_from": year})
    assert covered(other, "committed_from").period == year
    assert covered(other).period == Period(date(2020, 7, 1), date(2020, 7, 1))


@pytest.mark.parametrize(
    ("covers", "told"),
    [
        ({"": Period(date(2020, 4, 1), date(2021, 6, 30))}, "beyond the day the records are as at"),
        (
            {"": Period(date(2018, 4, 1), date(2019, 3, 31))},
            "no record has a day of 1 April 2018 to 31 March 2019",
        ),
        ({"recorded": Period(date(2020, 4, 1), date(2021, 3, 31))}, "did you mean 'recorded_on'"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left(covers, told, tmp_path):
    with pytest.raises(UsageError, match=told):
        imported(tmp_path, [date(2020, 7, 1)], covers=covers)
    assert not (tmp_path / "extract").exists()


YEARS = """
    name = "years"
    description = "By the year"
    row = "crime"
    [columns]
    "crime.crime_ref" = { headers = ["Crime Ref"] }
    "crime.recorded_on" = { headers = ["Recorded Date"], precision = "financial_year" }
    "crime.offence_code" = { headers = ["HO Code"] }
    """


def test_a_year_is_covered_to_its_end_but_never_beyond_the_day_of_the_extract(tmp_path):
    mapping = own_mapping(
        tmp_path, YEARS.replace("[columns]", 'ignore = ["Committed From Date"]\n    [columns]')
    )
    found = covered(imported(tmp_path, ["2019/20", "2020/21"], mapping=mapping))
    assert found.period == Period(date(2019, 4, 1), date(2021, 3, 31))
    assert found.last_is_whole
    (tmp_path / "early").mkdir()
    early = covered(
        imported(
            tmp_path / "early", ["2019/20", "2020/21"], mapping=mapping, as_at=date(2021, 1, 15)
        )
    )
    assert early.period == Period(date(2019, 4, 1), date(2021, 1, 15))
    assert not early.last_is_whole
    (tmp_path / "cut").mkdir()
    with pytest.raises(UsageError, match="known by the financial year only"):
        cut = Period(date(2019, 6, 1), date(2021, 3, 31))
        imported(tmp_path / "cut", ["2019/20"], mapping=mapping, covers={"": cut})
