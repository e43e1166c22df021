"""
A mapping held against a file: every mistake at once, with its line of the mapping, and nothing of a
record.
"""

import textwrap
from datetime import date

import pytest

from nilreturn.errors import FileError, SourceError
from nilreturn.sources import check_mapping

MAPPING = """
name = "ours"
description = "Ours, one row a crime"
row = "crime"

[columns."crime.crime_ref"]
headers = ["URN"]
required = true

[columns."crime.recorded_on"]
headers = ["Recorded"]
required = true

[columns."crime.offence_code"]
headers = ["HO Code"]

[columns."crime.status"]
headers = ["State"]
values = { "live" = "Recorded" }

[columns."crime.knife_flag"]
headers = ["Knife"]
"""
REPORT = """
URN,Recorded,HO Code,State,Knife
A1,01/07/2020,71/17,Live,Y
A2,02/07/2020,71/17,Live,N
"""


def checked(tmp_path, mapping=MAPPING, report=REPORT):
    (tmp_path / "ours.toml").write_text(textwrap.dedent(mapping).lstrip(), encoding="utf-8")
    (tmp_path / "report.csv").write_text(report.lstrip(), encoding="utf-8")
    return check_mapping(
        str(tmp_path / "ours.toml"), tmp_path / "report.csv", as_at=date(2021, 1, 1)
    )


def test_what_fits_is_told_with_what_would_become_of_the_rows(tmp_path):
    found = checked(tmp_path)
    assert found.mistakes == []
    found.raise_mistakes()
    text = "\n".join(found.lines)
    assert "5 of 5 columns are read" in text
    assert "'State' is 'crime.status'" in text
    assert found.manifest["rows"]["crimes"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours.toml", "report.csv"]


def test_every_mistake_is_told_at_once_with_its_line(tmp_path):
    report = (
        REPORT.replace("Recorded", "Rec'd")
        .replace("Live,N", "Dormant,Maybe")
        .replace("URN,", "Extra,URN,")
    )
    report = report.replace("\nA", "\nx,A")
    found = checked(tmp_path, report=report)
    text = "\n".join(found.mistakes)
    assert "'Extra' is unknown to the mapping" in text
    assert "line 9: no header for the required column 'crime.recorded_on'" in text
    assert "line 18: 'crime.status' does not know the word 'Dormant' (1 row)" in text
    assert "'crime.knife_flag' does not know the word 'Maybe' (1 row)" in text
    assert any("not tried" in line for line in found.lines)
    with pytest.raises(SourceError) as told:
        found.raise_mistakes()
    assert told.value.details == tuple(found.mistakes)


def test_columns_that_the_mapping_does_not_name_do_not_hide_how_the_rows_fare(tmp_path):
    found = checked(tmp_path, report=REPORT.replace("URN,", "Extra,URN,").replace("\nA", "\nx,A"))
    assert len(found.mistakes) == 1
    assert found.manifest["rows"]["crimes"] == 2


def test_a_mapping_with_mistakes_is_told_with_their_lines(tmp_path):
    wrong = MAPPING.replace('row = "crime"', 'row = "crime"\nrows = 3').replace(
        'headers = ["State"]', "header = 7"
    )
    with pytest.raises(SourceError) as told:
        checked(tmp_path, mapping=wrong)
    assert (
        "ours.toml, line 4: rows: there is no such setting; did you mean 'row'?"
        in told.value.details
    )
    assert any(
        detail.startswith("ours.toml, line 18: columns.crime.status.header:")
        for detail in told.value.details
    )


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        check_mapping("connect", tmp_path / "none.csv")
    with pytest.raises(SourceError, match="there is no mapping"):
        check_mapping("conect", tmp_path / "none.csv")
