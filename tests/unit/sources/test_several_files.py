"""
Several files of one system that have the same crimes: which rows are kept, and who is the same
victim.
"""

import textwrap

import pytest

from nilreturn.errors import SourceError
from tests.unit.sources.importing import column, faults, import_files, own_mapping, records

MAPPING = """
    name = "ours"
    description = "Ours"
    row = "crime and victim"
    {keep}
    [columns."crime.crime_ref"]
    headers = ["Ref"]
    [columns."crime.recorded_on"]
    headers = ["Recorded"]
    [columns."crime.status"]
    headers = ["Status"]
    [columns."victim.age"]
    headers = ["Age"]
    [columns."victim.sex"]
    headers = ["Sex"]
    [own."crime.updated_on"]
    headers = ["Updated"]
    description = "The day it was changed last"
    kind = "day"
    """
HEADERS = "Ref,Recorded,Status,Age,Sex,Updated"
MAY = """
    A1,01/05/2021,Recorded,13,F,02/05/2021
    A1,01/05/2021,Recorded,14,M,02/05/2021
    A2,02/05/2021,Recorded,30,F,09/05/2021
    A3,03/05/2021,Recorded,40,F,03/05/2021
"""
JUNE = """
    A1,01/05/2021,Cancelled,13,F,05/06/2021
    A2,02/05/2021,Recorded,31,F,08/05/2021
    A4,04/06/2021,Recorded,50,M,04/06/2021
"""


def imported(tmp_path, keep, *months):
    paths = []
    for number, rows in enumerate(months):
        path = tmp_path / f"month{number}.csv"
        path.write_text(f"{HEADERS}\n{textwrap.dedent(rows).strip()}\n")
        paths.append(path)
    return import_files(tmp_path, paths, own_mapping(tmp_path, MAPPING.format(keep=keep)))


def crimes(extract):
    return sorted(records(extract, "crimes", "crime_ref", "status"))


def victims(extract):
    return sorted(records(extract, "victims", "crime_ref", "victim_no", "age"))


def test_by_the_order_of_the_files_the_last_that_has_a_crime_says_all_of_it(tmp_path):
    extract = imported(tmp_path, 'keep = "last"', MAY, JUNE)
    assert crimes(extract) == [
        ("A1", "Cancelled"),
        ("A2", "Recorded"),
        ("A3", "Recorded"),
        ("A4", "Recorded"),
    ]
    assert victims(extract) == [("A1", 1, 13), ("A2", 1, 31), ("A3", 1, 40), ("A4", 1, 50)]
    rows = extract.manifest["rows"]
    assert (rows["in"], rows["kept"], rows["rejected"]) == (9, 4, 0)
    assert rows["passed_over"] == {"header_row": 2, "replaced_differing": 3}
    assert sorted(faults(extract)) == [(row, None, "replaced_differing") for row in (2, 3, 4)]


def test_by_a_day_the_latest_row_of_a_crime_says_all_of_it_in_whatever_file(tmp_path):
    extract = imported(tmp_path, 'keep = "last"\nkeep_by = "crime.updated_on"', MAY, JUNE)
    assert crimes(extract) == [
        ("A1", "Cancelled"),
        ("A2", "Recorded"),
        ("A3", "Recorded"),
        ("A4", "Recorded"),
    ]
    assert victims(extract) == [("A1", 1, 13), ("A2", 1, 30), ("A3", 1, 40), ("A4", 1, 50)]


def test_a_row_without_a_day_gives_way_to_one_with_a_day(tmp_path):
    extract = imported(
        tmp_path,
        'keep = "last"\nkeep_by = "crime.updated_on"',
        "B1,01/05/2021,Recorded,13,F,02/05/2021",
        "B1,01/05/2021,Cancelled,13,F,",
    )
    assert crimes(extract) == [("B1", "Recorded")]


def test_without_keep_the_victims_of_another_file_are_told_from_those_of_the_first(tmp_path):
    twins = "B1,01/05/2021,Recorded,13,F,\nB1,01/05/2021,Recorded,13,F,"
    extract = imported(tmp_path, "", twins, twins + "\nB1,01/05/2021,Recorded,40,M,")
    assert victims(extract) == [("B1", 1, 13), ("B1", 2, 13), ("B1", 3, 40)]
    assert sum(rule == "repeated_victim" for _, _, rule in faults(extract)) == 2


def test_rows_of_a_crime_that_disagree_are_listed(tmp_path):
    extract = imported(tmp_path, "", MAY, JUNE)
    assert (2, "crime.status", "differs_within_crime") in faults(extract)
    assert column(extract, "crimes", "status") == ["Recorded"] * 4


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        ('keep_by = "crime.updated_on"', "keep = 'last'"),
        ('keep = "last"\nkeep_by = "crime.status"', "keep_by names a column of days"),
        ('keep = "last"\nkeep_by = "crime.nothing"', "keep_by names a column of days"),
        ('keep = "middle"', "'first' or 'last'"),
    ],
)
def test_a_keep_that_cannot_be_is_a_mistake(tmp_path, keep, message):
    with pytest.raises(SourceError) as told:
        own_mapping(tmp_path, MAPPING.format(keep=keep))
    assert message in "".join(told.value.details)
