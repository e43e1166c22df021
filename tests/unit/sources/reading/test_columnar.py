"""Parquet of any type of column."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nilreturn.errors import FileError
from tests.unit.sources.importing import column, import_files, own_mapping, records

MAPPING = """
    name = "own"
    description = "A mapping of one's own"
    row = "crime"
    ignore = ["spare"]
    [columns."crime.crime_ref"]
    headers = ["crime_ref"]
    required = true
    [columns."crime.recorded_on"]
    headers = ["recorded_on"]
    required = true
"""


def imported(tmp_path, mapping="generic", **columns):
    path = tmp_path / "report.parquet"
    pq.write_table(pa.table(columns), path)
    return import_files(tmp_path, [path], mapping)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("fraction", [0, 1])
def test_a_time_of_any_unit_and_fraction_is_its_day(tmp_path, unit, fraction):
    ticks = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    # 30 June 2020, a second before midnight.
    instant = 1_593_561_599 * ticks + (fraction if ticks > 1 else 0)
    extract = imported(
        tmp_path, crime_ref=["A1"], recorded_on=pa.array([instant], pa.timestamp(unit))
    )
    assert column(extract, "crimes", "recorded_on") == [date(2020, 6, 30)]


def test_a_time_with_a_zone_is_the_day_in_london(tmp_path):
    instants = pa.array([datetime(2020, 6, 30, 23, 30, tzinfo=UTC)], pa.timestamp("ns", "UTC"))
    extract = imported(tmp_path, crime_ref=["A1"], recorded_on=instants)
    assert column(extract, "crimes", "recorded_on") == [date(2020, 7, 1)]


def test_numbers_kept_with_a_point_are_the_whole_numbers_that_they_are(tmp_path):
    extract = imported(
        tmp_path,
        crime_ref=[1001.0, 1002.0],
        recorded_on=["2020-07-01"] * 2,
        victim_age=[14.0, None],
    )
    assert column(extract, "crimes", "crime_ref") == ["1001", "1002"]
    assert records(extract, "victims", "crime_ref", "age") == [("1001", 14)]


@pytest.mark.parametrize("spare", [[{"a": 1}], [[1, 2]], [b"bytes"]])
def test_a_column_of_several_values_a_cell_is_told_or_refused(tmp_path, spare):
    own = own_mapping(tmp_path, MAPPING)
    extract = imported(tmp_path, own, crime_ref=["A1"], recorded_on=["2020-07-01"], spare=spare)
    assert extract.manifest["sources"][0]["columns_passed_over"] == ["spare"]
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(FileError, match="'crime_ref' is nested or binary"):
        imported(other, own, crime_ref=spare, recorded_on=["2020-07-01"])
