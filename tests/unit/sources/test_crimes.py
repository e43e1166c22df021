"""Rows become crimes and victims."""

import json

import pytest

from nilreturn.data_quality import find_queries
from nilreturn.errors import ExtractError, FileError, SourceError
from nilreturn.files import sha256
from nilreturn.periods import Grain
from nilreturn.schema import open_extract
from nilreturn.sources import import_extract, mapping_named, verify_extract
from nilreturn.sources.leftovers import SCRATCH, remove_stale
from tests.unit.sources.importing import (
    AS_AT,
    column,
    faults,
    import_files,
    import_text,
    own_mapping,
    records,
)

HEADERS = "Crime Ref,Recorded Date,HO Code,LPA,Victim Age,Victim Sex"


def test_a_crime_has_the_values_of_its_first_row_and_a_victim_for_each(tmp_path):
    extract = import_text(
        tmp_path,
        f"""
        {HEADERS}
        A1,01/07/2020,71/17,East,14,F
        A2,02/07/2020,71/17,East,,
        A1,01/07/2020,71/17,West,15,M
        A1,01/07/2020,71/17,East,,
        """,
    )
    assert records(extract, "crimes", "crime_ref", "area", "source_row") == [
        ("A1", "East", 2),
        ("A2", "East", 3),
    ]
    assert records(extract, "victims", "crime_ref", "victim_no", "age") == [
        ("A1", 1, 14),
        ("A1", 2, 15),
    ]
    assert faults(extract) == [(4, "crime.area", "differs_within_crime")]


def test_two_rows_that_are_the_same_are_two_victims_and_listed(tmp_path):
    extract = import_text(tmp_path, f"{HEADERS}\n" + "A1,01/07/2020,71/17,East,14,F\n" * 2)
    assert column(extract, "victims", "victim_no") == [1, 2]
    assert faults(extract) == [(3, None, "repeated_row")]


def test_a_victim_with_a_reference_is_taken_once(tmp_path):
    extract = import_text(
        tmp_path,
        """
        Crime Ref,Recorded Date,HO Code,Victim Reference,Victim Age,Outcome
        A1,01/07/2020,71/17,V1,14,1
        A1,01/07/2020,71/17,V1,14,15
        A1,01/07/2020,71/17,V2,14,1
        A2,01/07/2020,71/17,V1,14,1
        """,
    )
    assert records(extract, "victims", "crime_ref", "victim_no") == [
        ("A1", 1),
        ("A1", 2),
        ("A2", 1),
    ]
    assert faults(extract) == [
        (3, None, "repeated_victim"),
        (3, "crime.outcome", "differs_within_crime"),
    ]


@pytest.mark.parametrize(
    ("age", "sex", "victims"),
    [
        ("", "", 0),
        ("NULL", "n/a", 0),
        ("-1", "", 0),
        ("150", "", 1),
        ("", "Unknown", 1),
        ("-1", "F", 1),
        ("0", "", 1),
    ],
)
def test_a_victim_is_recorded_where_something_is_said_of_one(tmp_path, age, sex, victims):
    extract = import_text(tmp_path, f"{HEADERS}\nA1,01/07/2020,71/17,East,{age},{sex}\n")
    assert extract.manifest["rows"]["victims"] == victims
    assert extract.manifest["rows"]["crimes"] == 1


CRIMES_ONLY = """
    name = "crimes"
    description = "One row a crime"
    system = "a records system"
    row = "crime"
    constants = { "crime.force" = "Westshire" }
    [columns]
    "crime.crime_ref" = { headers = ["ref"], required = true }
    "crime.recorded_on" = { headers = ["year"], precision = "financial year" }
    [own]
    "crime.kind_of_place" = { headers = ["place"], description = "Kind of place" }
"""


def test_a_source_of_crimes_alone_has_no_victims_and_repeats_no_crime(tmp_path):
    text = "ref,year,place\nA,2019/2020,Shop\nB,2019/20,\nA,2019/2020,Shop\nC,2019/2021,Park\n"
    extract = import_text(tmp_path, text, own_mapping(tmp_path, CRIMES_ONLY))
    assert records(extract, "crimes", "crime_ref", "force", "kind_of_place", "status") == [
        ("A", "Westshire", "Shop", "Recorded"),
        ("B", "Westshire", None, "Recorded"),
        ("C", "Westshire", "Park", "Recorded"),
    ]
    assert [str(day) for day in column(extract, "crimes", "recorded_on")] == [
        "2019-04-01",
        "2019-04-01",
        "None",
    ]
    assert faults(extract) == [
        (4, None, "repeated_crime"),
        (5, "crime.recorded_on", "impossible_financial_year"),
    ]
    assert extract.units == ("crimes",)
    assert extract.precision == {"crime.recorded_on": Grain.FINANCIAL_YEAR}
    assert "crime.kind_of_place" in [each.variable for each in extract.columns]
    assert find_queries(extract).num_rows == 1  # the date; not that crimes have no victims


CELLS = """
    name = "cells"
    description = "Published counts"
    system = "published counts"
    row = "cell"
    only = { sheet = "By sex" }
    [cells]
    count_header = "n"
    unit = "victims"
    [columns]
    "crime.recorded_on" = { headers = ["month"], precision = "month" }
    "victim.sex" = { headers = ["sex"] }
"""


def test_a_cell_is_one_row_that_stands_for_as_many_units_as_it_counts_from_one_sheet_alone(
    tmp_path,
):
    extract = import_text(
        tmp_path,
        """
        month,sex,n,sheet
        2020-07-01,Female,3,By sex
        2020-07-01,Male,0,By sex
        2020-08-01,Male,2,By sex
        2020-07-01,,5,By area
        2020-08-01,Male,some,By sex
        2020-08-01,Male,-1,By sex
        """,
        own_mapping(tmp_path, CELLS),
    )
    assert records(extract, "victims", "sex", "weight") == [("Female", 3), ("Male", 0), ("Male", 2)]
    assert records(extract, "crimes", "crime_ref", "weight") == [("1-2", 3), ("1-3", 0), ("1-4", 2)]
    assert extract.is_weighted
    assert faults(extract) == [(6, None, "bad_count"), (7, None, "bad_count")]
    assert extract.units == ("victims",)
    assert extract.manifest["rows"] == {
        "in": 7,
        "kept": 3,
        "rejected": 2,
        "passed_over": {"header_row": 1, "other_population": 1},
        "crimes": 5,
        "victims": 5,
        "rejects": 2,
    }


def test_the_same_input_gives_the_same_bytes(tmp_path):
    rows = (
        "".join(f"A{n},01/07/2020,71/17,East,{n % 130},F\n" for n in range(3000))
        + "A5,01/07/2020,71/17,W,1,M\n"
    )
    hashes = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        extract = import_text(folder, f"{HEADERS}\n{rows}")
        hashes.append({path.name: sha256(path) for path in extract.folder.iterdir()})
    assert hashes[0] == hashes[1]


def test_crimes_and_victims_stay_in_the_order_of_the_file_however_many(tmp_path):
    # Several row groups of Parquet.
    rows = "".join(f"A{n - n % 9 // 8},01/07/2020,71/17,14\n" for n in range(400_000))
    extract = import_text(tmp_path, f"Crime Ref,Recorded Date,HO Code,Victim Age\n{rows}")
    for table in ("crimes", "victims"):
        places = column(extract, table, "source_row")
        assert places == sorted(places)
        assert len(places) > 300_000


def test_the_manifest_names_every_file_and_what_was_found(tmp_path):
    extract = import_text(
        tmp_path, f"{HEADERS}\nA1,01/07/2020,71/17,East,14,F\nA2,03/07/2020,71/17,East,,\n"
    )
    manifest = extract.manifest
    assert manifest["as_at"] == "2021-06-29"
    assert manifest["rows"] == {
        "in": 3,
        "kept": 2,
        "rejected": 0,
        "passed_over": {"header_row": 1},
        "crimes": 2,
        "victims": 1,
        "rejects": 0,
    }
    assert manifest["dates"] == {"crime.recorded_on": {"first": "2020-07-01", "last": "2020-07-03"}}
    for name in ("crimes.parquet", "victims.parquet", "rejects.parquet"):
        assert manifest["files"][name]["sha256"] == sha256(extract.folder / name)
    assert manifest["sources"][0]["sha256"] == sha256(tmp_path / "report.csv")
    assert "crime.narrative" not in [each.variable for each in extract.columns]


def test_an_extract_that_was_changed_is_told_apart(tmp_path):
    extract = import_text(tmp_path, f"{HEADERS}\nA1,01/07/2020,71/17,East,14,F\n")
    assert verify_extract(extract.folder).hash == extract.hash
    crimes = extract.folder / "crimes.parquet"
    crimes.write_bytes(crimes.read_bytes() + b"\0")
    (extract.folder / "victims.parquet").unlink()
    (extract.folder / "note.txt").write_text("x")
    with pytest.raises(ExtractError) as error:
        verify_extract(extract.folder)
    assert error.value.details == (
        "crimes.parquet has changed since it was imported",
        "victims.parquet is missing",
        "note.txt is not part of the extract",
    )


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"kind": "something else"}'])
def test_a_folder_that_is_no_extract_is_refused(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(ExtractError):
        open_extract(tmp_path)


def test_a_manifest_without_files_cannot_be_verified(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "nilreturn extract"}))
    with pytest.raises(ExtractError, match="names no files"):
        verify_extract(tmp_path)


def test_an_extract_is_never_written_over(tmp_path):
    extract = import_text(tmp_path, f"{HEADERS}\nA1,01/07/2020,71/17,East,14,F\n")
    with pytest.raises(FileError, match="never changed"):
        import_files(tmp_path, [tmp_path / "report.csv"])
    assert verify_extract(extract.folder)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text(f"{HEADERS}\nA1,01/07/2020,71/17,East,14,F\n")

    def change(step, done, total):
        path.write_text(
            f"{HEADERS}\nA1,01/07/2020,71/17,East,15,F\nA2,01/07/2020,71/17,East,15,F\n"
        )

    with pytest.raises(FileError):
        import_extract(
            [path],
            mapping=mapping_named("connect"),
            to=tmp_path / "e",
            as_at=AS_AT,
            progress=change,
        )
    assert [each.name for each in tmp_path.iterdir()] == ["report.csv"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            "Crime Ref,Recorded Date,HO Code,Victm Age",
            ["'Victm Age' is unknown", "did you mean 'Victim Age'"],
        ),
        ("Crime Ref,Recorded Dte,HO Code", ["'crime.recorded_on'", "did you mean 'Recorded Dte'"]),
        ("Crime Ref,HO Code,LPA", ["no header for the required column 'crime.recorded_on'"]),
        (
            "Crime Ref,Recorded Date,HO Code,URN",
            ["'Crime Ref' and 'URN' are both headers of 'crime.crime_ref'"],
        ),
        ("Crime Ref,Recorded Date,HO Code,Shoe size", ["'Shoe size' is unknown to the mapping"]),
    ],
)
def test_headers_that_do_not_fit_are_all_named_with_what_is_near(tmp_path, headers, expected):
    with pytest.raises(SourceError) as error:
        import_text(tmp_path, f"{headers}\n{','.join('x' * len(headers.split(',')))}\n")
    said = "\n".join([str(error.value), *error.value.details])
    assert all(words in said for words in expected)
    assert not (tmp_path / "extract").exists()


def test_a_first_row_that_is_a_record_is_not_shown(tmp_path):
    with pytest.raises(SourceError) as error:
        import_text(
            tmp_path, "Z9,31/12/1999,71/17,Secretshire,14,F\nZ8,30/12/1999,71/17,Secretshire,14,F\n"
        )
    said = "\n".join([str(error.value), *error.value.details])
    assert "does not hold the headers" in said
    assert "Secret" not in said
    assert "1999" not in said


def test_headers_are_compared_without_case_spaces_and_punctuation(tmp_path):
    extract = import_text(tmp_path, " crime_ref ,RECORDED-DATE,ho code,\nA1,01/07/2020,71/17,\n")
    assert column(extract, "crimes", "crime_ref") == ["A1"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ('"crime.crime_ref" = { headers = ["ref"], required = true }', ""),
            "'crime.crime_ref' is not mapped",
        ),
        (('"crime.recorded_on"', '"crime.recorded"'), "did you mean 'crime.recorded_on'"),
        (('row = "crime"', 'row = "line"'), "row:"),
        (('precision = "financial year"', 'precison = "financial year"'), "precison"),
        (('"crime.kind_of_place"', '"kind_of_place"'), "must be named like"),
        (('"crime.kind_of_place"', '"crime.area"'), "is a canonical column"),
        (('"crime.recorded_on"', '"victim.age"'), "set row = 'crime and victim'"),
        (('row = "crime"', 'row = "cell"'), "needs [cells]"),
        (("name =", "name"), "is not TOML"),
        (('"year"', '"ye\\u0000ar"'), "control characters"),
    ],
)
def test_mistakes_in_a_mapping_are_told(tmp_path, change, expected):
    with pytest.raises(SourceError) as error:
        own_mapping(tmp_path, CRIMES_ONLY.replace(*change, 1))
    assert expected in "\n".join([str(error.value), *error.value.details])


def test_a_form_of_dates_that_is_none_is_told(tmp_path):
    written = CRIMES_ONLY.replace("[columns]", 'dates = { formats = ["%d/%Q"] }\n    [columns]')
    with pytest.raises(SourceError, match="'%d/%Q' is not a form of a date"):
        import_text(tmp_path, "ref,year\nA,2019/2020\n", own_mapping(tmp_path, written))


def test_the_same_file_twice_is_refused(tmp_path):
    for name in ("first.csv", "second.csv"):
        (tmp_path / name).write_text(f"{HEADERS}\nA1,01/07/2020,71/17,East,14,F\n")
    with pytest.raises(FileError, match="the same as"):
        import_files(tmp_path, [tmp_path / "first.csv", tmp_path / "second.csv"])


def test_a_mapping_by_an_unknown_name_says_which_is_near():
    with pytest.raises(SourceError, match="did you mean 'connect'"):
        mapping_named("conect")
    with pytest.raises(FileError, match="no such mapping"):
        mapping_named("nowhere.toml")


def test_data_quality_queries_name_the_crimes_a_force_should_look_at(tmp_path):
    extract = import_text(
        tmp_path,
        """
        Crime Ref,Recorded Date,HO Code,Status,Committed From,Committed To,Victim Age,Victim DOB
        A1,01/07/2020,71/17,Recorded,01/06/2020,01/06/2020,14,
        A2,01/07/2020,71/17,Recorded,01/06/2020,01/06/2020,,
        A3,01/07/2020,71/17,Cancelled,01/06/2020,01/06/2020,,
        A4,01/07/2020,71/17,Recorded,01/06/2020,01/06/2020,19,
        A5,01/07/2020,71/17,Recorded,01/06/2020,01/06/2020,17,
        A6,01/07/2020,71/17,Recorded,02/06/2020,01/06/2020,14,01/01/2021
        A7,01/07/2020,019/07,Recorded,01/01/1900,01/06/2020,,
        A8,01/07/2020,8/6,Recorded,01/06/2020,01/06/2020,40,
        """,
    )
    found = find_queries(extract)
    assert found.column_names == ["crime_ref", "reason", "column"]
    assert [(row["crime_ref"], row["column"]) for row in found.to_pylist()] == [
        ("A2", "victim.crime_ref"),
        ("A4", "victim.age"),
        ("A5", "victim.age"),
        ("A6", "crime.committed_to"),
        ("A6", "victim.date_of_birth"),
        ("A7", "crime.committed_from"),
        ("A7", "victim.crime_ref"),
        ("A7", "crime.offence_code"),
    ]
    reasons = {row["crime_ref"]: row["reason"] for row in found.to_pylist()}
    assert reasons["A4"].startswith("A victim was 18 or over")
    assert reasons["A5"].startswith("A victim was under 18 but older")


def test_what_a_killed_import_left_is_removed_and_what_a_living_one_holds_is_kept(tmp_path):
    import fcntl
    import os

    dead, alive, young, old = (
        tmp_path / f".extract.{name}.part" for name in ("dead", "alive", "young", "old")
    )
    for part in (dead, alive):
        (part / SCRATCH).mkdir(parents=True)
        (part / SCRATCH / "lock").touch()
    young.mkdir()
    old.mkdir()
    os.utime(old, (0, 0))
    with (alive / SCRATCH / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        remove_stale(tmp_path / "extract")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".extract.alive.part",
        ".extract.young.part",
    ]


def test_the_manifest_says_how_many_crimes_have_no_value(tmp_path):
    text = """
        Crime Ref,Recorded Date,HO Code,LPA,Online Crime Indicator
        A1,02/07/2020,71/17,East,Y
        A2,02/07/2020,,,
        A3,02/07/2020,no code,East,N
        A4,02/07/2020,8/6,,perhaps
    """
    extract = import_text(tmp_path, text)
    assert extract.without_value["crime.offence"] == 2
    assert extract.without_value["crime.area"] == 2
    assert extract.without_value["crime.online_flag"] == 2
    assert "crime.crime_ref" not in extract.without_value
