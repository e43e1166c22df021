"""What `nilreturn extract show` tells of an extract."""

import shutil

import pytest

from nilreturn.errors import ExtractError
from nilreturn.schema import open_extract
from nilreturn.sources import import_extract, mapping_named, profile
from tests.unit.sources.importing import AS_AT, import_text, own_mapping

REPORT = """
    Crime Ref,Recorded Date,HO Code,HO Class,LPA,Beat,Initial MO,Victim Age,Victim Sex
    A1,05/01/2020,71/17,88A,North,B1,SECRET one,13,F
    A2,06/01/2020,71/17,88A,North,B2,SECRET two,14,F
    A3,07/03/2020,71/17,88A,South,B3,SECRET three,,M
    A4,08/03/2020,nonsense,,South,B4,SECRET four,,
"""


def lines(extract):
    return list(profile(extract))


def test_a_profile_has_a_chart_values_of_open_columns_blanks_and_rules(tmp_path):
    found = lines(import_text(tmp_path, REPORT))
    chart = [line.split() for line in found if line.endswith("#") or "February 2020" in line]
    assert chart == [
        ["January", "2020", "2", "#" * 40],
        ["February", "2020", "0"],
        ["March", "2020", "2", "#" * 40],
    ]
    area = found.index(next(line for line in found if line.startswith("  crime.area ")))
    assert [line.split() for line in found[area + 1 : area + 3]] == [["2", "North"], ["2", "South"]]
    assert "1 blank (25%)" in next(
        line for line in found if line.startswith("  crime.offence_code ")
    )
    assert "Warnings:" in found
    assert "  crime.offence_code: 25.0% of the rows lost their value (unknown_offence)" in found


def test_a_profile_shows_no_value_that_is_not_open(tmp_path):
    text = "\n".join(lines(import_text(tmp_path, REPORT)))
    for hidden in ("SECRET", "A1", "B1", "Female"):
        assert hidden not in text


@pytest.mark.parametrize(
    ("last", "grain"),
    [("05/12/2020", "month"), ("05/01/2026", "quarter"), ("05/01/2045", "calendar year")],
)
def test_a_chart_is_short_however_long_the_extract_reaches(tmp_path, last, grain):
    from datetime import date

    path = tmp_path / "report.csv"
    path.write_text(f"Crime Ref,Recorded Date,HO Code\nA1,05/01/2020,71/17\nA2,{last},71/17\n")
    extract = import_extract(
        [path], mapping=mapping_named("connect"), to=tmp_path / "x", as_at=date(2050, 1, 1)
    )
    found = lines(extract)
    start = next(number for number, line in enumerate(found) if f"by {grain}:" in line)
    bars = [line for line in found[start + 1 :] if line.startswith("    ")]
    assert 0 < len(bars) <= 60


def test_dates_known_to_the_financial_year_are_drawn_by_it(tmp_path):
    mapping = own_mapping(
        tmp_path,
        """
        name = "m"
        description = "m"
        row = "crime"
        [columns."crime.crime_ref"]
        headers = ["Ref"]
        [columns."crime.recorded_on"]
        headers = ["Year"]
        precision = "financial_year"
        """,
    )
    found = lines(import_text(tmp_path, "Ref,Year\nA1,2018/19\nA2,2019/20\n", mapping))
    assert [line.split()[:2] for line in found if line.rstrip().endswith("#")] == [
        ["2018/19", "1"],
        ["2019/20", "1"],
    ]


def test_a_damaged_extract_is_told_in_one_line(tmp_path):
    extract = import_text(tmp_path, REPORT)
    broken = tmp_path / "broken"
    shutil.copytree(extract.folder, broken)
    (broken / "crimes.parquet").write_bytes(b"PAR1")
    with pytest.raises(ExtractError, match="damaged"):
        lines(open_extract(broken))


def test_headers_that_the_mapping_does_not_name_are_left_out_on_request_and_listed(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text("Crime Ref,Recorded Date,HO Code,Ward Nmae\nA1,05/01/2020,71/17,x\n")
    extract = import_extract(
        [path],
        mapping=mapping_named("connect"),
        to=tmp_path / "x",
        as_at=AS_AT,
        ignore_unknown=True,
    )
    assert extract.manifest["sources"][0]["headers_ignored"] == ["Ward Nmae"]
