"""Days as spreadsheets count them, in a column of days."""

from datetime import date, timedelta

import pytest

from nilreturn.errors import FileError, SourceError
from nilreturn.sources import draft_mapping, import_extract, read_mapping
from tests.support.spreadsheets import WRITERS, write_workbook
from tests.unit.sources.importing import (
    AS_AT,
    column,
    faults,
    import_files,
    import_text,
    own_mapping,
)

HEADERS = "Crime Ref,Recorded Date,HO Code"
MAPPING = """
    name = "numbers"
    description = "Days that may be numbers"
    row = "crime"
    dates = {{ formats = {} }}
    [columns."crime.crime_ref"]
    headers = ["Crime Ref"]
    required = true
    [columns."crime.recorded_on"]
    headers = ["Recorded Date"]
    required = true
    [columns."crime.offence_code"]
    headers = ["HO Code"]
"""


def number(day):
    return (day - date(1899, 12, 30)).days


def test_a_column_of_nothing_but_day_numbers_is_read_and_told(tmp_path):
    days = [AS_AT - timedelta(days=30 * each) for each in range(200)]  # from 2005
    written = [f"{number(day)}{'.375' if at % 2 else ''}" for at, day in enumerate(days)]
    written[3:3] = ["", " Not known "]
    text = "".join(f"A{at},{each},71/17\n" for at, each in enumerate(written))
    extract = import_text(tmp_path, f"{HEADERS}\n{text}")
    assert column(extract, "crimes", "recorded_on") == [*days[:3], None, None, *days[3:]]
    assert extract.manifest["warnings"] == [
        "the values of 'crime.recorded_on' are numbers, read as days: 44287 is 1 April 2021"
    ]


@pytest.mark.parametrize(
    "other", ["01/07/2020", str(number(AS_AT) + 1), "18262", "4401", "440131", "44013 x"]
)
@pytest.mark.parametrize("at", [0, 150])
def test_a_number_among_other_values_is_never_taken_for_a_day(tmp_path, other, at):
    written = ["44013"] * 300
    written[at] = other
    text = "".join(f"A{at},{each},71/17\n" for at, each in enumerate(written))
    path = tmp_path / "report.csv"
    path.write_text(f"{HEADERS}\n{text}")
    mapping = own_mapping(tmp_path, MAPPING.format('["%d/%m/%Y"]'))
    with pytest.raises(SourceError, match="more than 1% would be lost") as error:
        import_extract([path], mapping=mapping, to=tmp_path / "extract", as_at=AS_AT)
    assert any("add 'day number' to dates.formats" in detail for detail in error.value.details)
    extract = import_files(tmp_path, [path], mapping)
    assert {day for day in column(extract, "crimes", "recorded_on") if day} <= {date(2020, 7, 1)}
    assert faults(extract).count((2 + (at == 0), "crime.recorded_on", "day_number")) == 1
    assert not extract.manifest["warnings"]


def test_numbers_among_days_are_read_where_the_mapping_says_so(tmp_path):
    mapping = own_mapping(tmp_path, MAPPING.format('["%d/%m/%Y", "day number"]'))
    text = f"{HEADERS}\nA1,01/07/2020,71/17\nA2,44014.5,71/17\nA3,4401,71/17\nA4,99999,71/17\n"
    extract = import_text(tmp_path, text, mapping)
    assert column(extract, "crimes", "recorded_on") == [
        date(2020, 7, 1),
        date(2020, 7, 2),
        None,
        None,
    ]
    assert faults(extract) == [
        (4, "crime.recorded_on", "not_a_date"),
        (5, "crime.recorded_on", "date_in_future"),
    ]


def test_more_times_of_day_than_may_be_judged_one_by_one_are_read(tmp_path):
    mapping = own_mapping(tmp_path, MAPPING.format('["day number"]'))
    text = "".join(f"A{at},44013.{at:012},71/17\n" for at in range(1, 6002))
    extract = import_text(tmp_path, f"{HEADERS}\n{text}", mapping)
    assert set(column(extract, "crimes", "recorded_on")) == {date(2020, 7, 1)}


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_days_of_a_workbook_that_are_formatted_as_numbers_are_read(tmp_path, kind):
    rows = [HEADERS.split(","), ["A1", 44013.0, "71/17"], ["A2", 44014.25, "71/17"]]
    extract = import_files(tmp_path, [write_workbook(tmp_path / f"report{kind}", rows)])
    assert column(extract, "crimes", "recorded_on") == [date(2020, 7, 1), date(2020, 7, 2)]


@pytest.mark.parametrize("kind", sorted(set(WRITERS) - {".ods"}))
def test_a_workbook_that_counts_from_1904_is_never_read_by_the_usual_count(tmp_path, kind):
    rows = [HEADERS.split(","), ["A1", 44013.0, "71/17"], ["A2", 44014.0, "71/17"]]
    path = write_workbook(tmp_path / f"report{kind}", rows, from_1904=True)
    extract = import_files(tmp_path, [path])
    assert column(extract, "crimes", "recorded_on") == [None, None]
    (tmp_path / "said").mkdir()
    with pytest.raises(FileError, match="counts its days from 1904"):
        import_files(
            tmp_path / "said", [path], own_mapping(tmp_path, MAPPING.format('["day number"]'))
        )


@pytest.mark.parametrize("others", [0, 100])
def test_a_draft_proposes_to_read_numbers_as_days(tmp_path, others):
    text = "".join(
        f"A{at},{'03/07/2020' if at < others else 44013 + at},71/17\n" for at in range(300)
    )
    path = tmp_path / "report.csv"
    path.write_text(f"{HEADERS}\n{text}")
    draft_mapping(path, name="numbers").save(tmp_path / "drafted.toml")
    mapping = read_mapping(tmp_path / "drafted.toml")
    assert mapping.dates.formats[-1] == "day number"
    assert None not in column(import_files(tmp_path, [path], mapping), "crimes", "recorded_on")
