"""
Tables beside crimes and victims: reports of their own, parts of rows of crimes, flags, and
references of people.
"""

from __future__ import annotations

import datetime
import textwrap
from decimal import Decimal
from pathlib import Path

import pytest

from nilreturn.errors import SourceError
from nilreturn.schema import Extract, Sensitivity
from nilreturn.sources import import_extract, mapping_named, verify_extract
from nilreturn.sources.headers import take_apart
from nilreturn.sources.reading import SourceRows
from tests.unit.sources.importing import (
    ANY_NUMBER,
    AS_AT,
    column,
    faults,
    import_text,
    own_mapping,
    records,
)

KEY = bytes(range(32))
SYSTEM = """
    name = "several"
    description = "Several reports of one system"
    row = "crime and victim"

    [columns]
    "crime.crime_ref" = { headers = ["Ref"], required = true }
    "crime.recorded_on" = { headers = ["Recorded"], required = true }
    "victim.age" = { headers = ["Victim Age"] }
    "victim.person_key" = { headers = ["Victim Person"] }

    [[flags]]
    flag = "Hate strand"
    headers = ["Strands"]
    separator = ";"
    values = { "race" = "Race" }

    [[flags]]
    flag = "Keyword"
    headers = ["Is Drone"]
    value = "Drone"

    [reports.suspects]
    row = "suspect"
    [reports.suspects.columns]
    "suspect.crime_ref" = { headers = ["Ref"], required = true }
    "suspect.age" = { headers = ["Age"] }
    "suspect.sex" = { headers = ["Sex"] }
    "suspect.charged" = { headers = ["Charged"] }
    "suspect.person_key" = { headers = ["Person"] }

    [reports.property]
    row = "property item"
    [reports.property.columns]
    "property.crime_ref" = { headers = ["Ref"], required = true }
    "property.kind" = { headers = ["Kind"] }
    "property.quantity" = { headers = ["Quantity"] }
    "property.value" = { headers = ["Value"] }

    [reports.outcomes]
    row = "outcome"
    [reports.outcomes.columns]
    "outcome.crime_ref" = { headers = ["Ref"], required = true }
    "outcome.outcome_type" = { headers = ["Outcome"] }
    "outcome.outcome_on" = { headers = ["Outcome Date"] }
"""
CRIMES = """
    Ref,Recorded,Victim Age,Victim Person,Strands,Is Drone
    A,01/04/2019,14,P1,Race; Religion,N
    A,01/04/2019,15,P2,race;Religion;;,
    B,02/04/2019,30,P1,,Y
    C,03/04/2019,,,Disability,Yes
"""


def import_system(folder: Path, mapping: str, key: bytes | None = KEY, **reports: str) -> Extract:
    paths = []
    for name, text in reports.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    chosen = own_mapping(folder, mapping)
    to = folder / "extract"
    return import_extract(
        paths, mapping=chosen, to=to, as_at=AS_AT, accept_rejects=ANY_NUMBER, key=key
    )


def test_each_file_is_read_by_the_report_whose_headers_it_has(tmp_path: Path) -> None:
    extract = import_system(
        tmp_path,
        SYSTEM,
        suspects="""
            Ref,Age,Sex,Charged,Person
            B,17,F,Y,P9
            A,about 30,M,N,P1
            Z,20,M,Y,P8
            A,41,,,
        """,
        crimes=CRIMES,
        property="""
            Ref,Kind,Quantity,Value
            A,Bicycle,1,"£1,250.50"
            A,Bicycle,1,"£1,250.50"
            B,Cash,2.5,20
        """,
        outcomes="""
            Ref,Outcome,Outcome Date
            A,14 - Evidential difficulties,05/06/2019
            A,1A,06/06/2019
        """,
    )
    assert extract.tables == {
        "crimes": 3,
        "victims": 3,
        "suspects": 3,
        "outcomes": 2,
        "property": 3,
        "flags": 5,
    }
    assert records(extract, "suspects", "crime_ref", "suspect_no", "age", "sex", "charged") == [
        ("B", 1, 17, "Female", "Yes"),
        ("A", 1, None, "Male", "No"),
        ("A", 2, 41, None, "Not recorded"),
    ]
    assert records(
        extract, "property", "crime_ref", "property_no", "kind", "quantity", "value"
    ) == [
        ("A", 1, "Bicycle", 1, Decimal("1250.50")),
        ("A", 2, "Bicycle", 1, Decimal("1250.50")),  # two rows of the report are two items
        ("B", 1, "Cash", None, Decimal("20.00")),
    ]
    assert records(
        extract, "outcomes", "crime_ref", "outcome_no", "outcome_type", "outcome_on"
    ) == [
        ("A", 1, "14", datetime.date(2019, 6, 5)),
        ("A", 2, "1A", datetime.date(2019, 6, 6)),
    ]
    assert faults(extract) == [
        (3, "suspect.age", "not_an_age"),
        (4, None, "no_such_crime"),
        (4, "property.quantity", "not_a_number"),
    ]
    rows = extract.manifest["rows"]
    assert rows["in"] == 17
    assert rows["in"] == rows["kept"] + rows["rejected"] + sum(rows["passed_over"].values())
    assert rows["passed_over"] == {"header_row": 4, "no_such_crime": 1}
    verify_extract(extract.folder)


def test_a_flag_may_have_several_values_and_rows_of_a_crime_say_each_once(tmp_path: Path) -> None:
    extract = import_system(tmp_path, SYSTEM, crimes=CRIMES)
    assert records(extract, "flags", "crime_ref", "flag_no", "flag", "value") == [
        ("A", 1, "Hate strand", "Race"),
        ("A", 2, "Hate strand", "Religion"),
        ("B", 1, "Keyword", "Drone"),
        ("C", 1, "Hate strand", "Disability"),
        ("C", 2, "Keyword", "Drone"),
    ]


def test_a_person_has_one_key_in_every_table_and_nobody_can_be_found_by_it(tmp_path: Path) -> None:
    suspects = "Ref,Person\nA,P1\nB,P7\n"
    extract = import_system(tmp_path, SYSTEM, crimes=CRIMES, suspects=suspects)
    victims = column(extract, "victims", "person_key")
    assert victims[0] == victims[2] == column(extract, "suspects", "person_key")[0]
    assert len({*victims, *column(extract, "suspects", "person_key")}) == 3
    other = tmp_path / "other"
    other.mkdir()
    assert (
        column(import_system(other, SYSTEM, bytes(32), crimes=CRIMES), "victims", "person_key")[0]
        != victims[0]
    )
    for path in extract.folder.iterdir():
        assert b"P1" not in path.read_bytes()


def test_references_of_people_are_never_kept_without_a_key(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match="only as hashes under the force's key; give it with --key"
    ):
        import_system(tmp_path, SYSTEM, None, crimes=CRIMES)
    assert not (tmp_path / "extract").exists()


def test_records_that_belong_to_crimes_need_crimes(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match="holds suspects, which belong to crimes, and no file of crimes is given"
    ):
        import_system(tmp_path, SYSTEM, suspects="Ref,Person,Sex\nA,P1,F\n")


def test_rows_of_crimes_may_hold_records_of_other_tables(tmp_path: Path) -> None:
    mapping = """
        name = "wide"
        description = "Everything in one row"
        row = "crime and victim"
        [columns]
        "crime.crime_ref" = { headers = ["Ref"], required = true }
        "victim.victim_key" = { headers = ["Victim"] }
        "suspect.age" = { headers = ["Suspect Age"] }
        "suspect.sex" = { headers = ["Suspect Sex"] }
        "link.linked_ref" = { headers = ["Linked"] }
    """
    report = """
        Ref,Victim,Suspect Age,Suspect Sex,Linked
        A,V1,30,M,
        A,V2,30,M,B
        A,V1,41,F,B
        B,V3,,,
        C,V4,30,M,
    """
    extract = import_system(tmp_path, mapping, wide=report)
    assert records(extract, "suspects", "crime_ref", "suspect_no", "age", "sex") == [
        ("A", 1, 30, "Male"),
        ("A", 2, 41, "Female"),
        ("C", 1, 30, "Male"),
    ]
    assert records(extract, "links", "crime_ref", "linked_ref") == [("A", "B")]
    assert extract.tables == {"crimes": 3, "victims": 4, "suspects": 3, "links": 1}


def test_flags_are_mapped_in_one_way_alone(tmp_path: Path) -> None:
    mapping = SYSTEM.replace(
        '"victim.age" =', '"flag.value" = { headers = ["Flag"] }\n    "victim.age" ='
    )
    with pytest.raises(SourceError) as refused:
        import_system(tmp_path, mapping, crimes=CRIMES)
    assert "keep one of the two" in str(refused.value) + " ".join(refused.value.details)


def test_a_table_is_filled_by_one_report_alone(tmp_path: Path) -> None:
    mapping = SYSTEM.replace(
        '"victim.age" =', '"suspect.sex" = { headers = ["Suspect Sex"] }\n    "victim.age" ='
    )
    crimes = CRIMES.replace("Is Drone", "Suspect Sex")
    with pytest.raises(SourceError, match="suspects are filled by two reports"):
        import_system(tmp_path, mapping, crimes=crimes, suspects="Ref,Person,Sex\nA,P1,F\n")


STOPS = """
    name = "stops"
    description = "Stops"
    row = "stop"
    reference = "row number"
    [columns]
    "stop.stopped_on" = { headers = ["Date"], required = true }
    "stop.stopped_at" = { headers = ["Date"] }
    "stop.sex" = { headers = ["Gender"] }
    "stop.outcome_linked_flag" = { headers = ["Linked"] }
    [own."stop.weather"]
    headers = ["Weather"]
    description = "The weather"
"""


def test_an_extract_may_hold_stops_without_crimes(tmp_path: Path) -> None:
    report = """
        Date,Gender,Linked,Weather
        2020-07-01T23:30:00+00:00,Male,TRUE,Dry
        2020-07-02T10:05:00+00:00,,False,Wet
    """
    extract = import_system(tmp_path, STOPS, stops=report)
    assert extract.units == ("stops",)
    assert extract.tables == {"stops": 2}
    assert records(
        extract,
        "stops",
        "stop_ref",
        "stopped_on",
        "stopped_at",
        "sex",
        "outcome_linked_flag",
        "weather",
    ) == [
        # British Summer Time.
        ("1-2", datetime.date(2020, 7, 2), datetime.time(0, 30), "Male", "Yes", "Dry"),
        ("1-3", datetime.date(2020, 7, 2), datetime.time(11, 5), None, "No", "Wet"),
    ]
    assert set(extract.coverage) == {"stop.stopped_on"}
    verify_extract(extract.folder)


def test_an_incident_that_comes_twice_is_listed(tmp_path: Path) -> None:
    mapping = """
        name = "incidents"
        description = "Incidents"
        row = "incident"
        [columns]
        "incident.incident_ref" = { headers = ["Log"], required = true }
        "incident.received_on" = { headers = ["Received"], required = true }
        "incident.narrative" = { headers = ["Text"] }
    """
    extract = import_system(
        tmp_path,
        mapping,
        logs="Log,Received,Text\nL1,01/04/2019,a \nL1,02/04/2019,b\nL2,03/04/2019,\n",
    )
    assert records(extract, "incidents", "incident_ref", "narrative") == [
        ("L1", "a "),
        ("L2", None),
    ]
    assert faults(extract) == [(3, None, "repeated_record")]


def test_crimes_without_a_reference_are_named_by_their_rows_and_never_put_together(
    tmp_path: Path,
) -> None:
    mapping = """
        name = "street"
        description = "Some have no reference"
        row = "crime"
        reference = "row number"
        [columns]
        "crime.crime_ref" = { headers = ["Crime ID"] }
        "crime.recorded_on" = { headers = ["Month"], required = true, precision = "month" }
    """
    text = "Crime ID,Month\n,2020-01\nabc,2020-01\n,2020-01\nabc,2020-01\n,2020-01\n"
    extract = import_system(tmp_path, mapping, street=text)
    assert column(extract, "crimes", "crime_ref") == ["1-2", "abc", "1-4", "1-6"]
    assert faults(extract) == [(5, None, "repeated_crime")]


OWN = """
    name = "own"
    description = "Own columns"
    row = "crime"
    [columns]
    "crime.crime_ref" = { headers = ["Ref"], required = true }
    [own."crime.place"]
    headers = ["Place"]
    description = "Where"
"""


def test_a_column_that_looks_like_addresses_is_restricted_with_a_warning(tmp_path: Path) -> None:
    extract = import_system(
        tmp_path, OWN, crimes="Ref,Place\nA,High St\nB,7 Mill Lane\nC,High St\n"
    )
    (place,) = [each for each in extract.columns if each.variable == "crime.place"]
    assert place.sensitivity is Sensitivity.RESTRICTED
    (warning,) = extract.manifest["warnings"]
    assert "'crime.place' has values that look like addresses" in warning
    assert "Mill" not in warning


@pytest.mark.parametrize(
    ("said", "expected"), [("open", Sensitivity.OPEN), ("personal", Sensitivity.PERSONAL)]
)
def test_what_the_mapping_says_of_a_column_holds(
    tmp_path: Path, said: str, expected: Sensitivity
) -> None:
    mapping = OWN + f'    sensitivity = "{said}"\n'
    extract = import_system(
        tmp_path, mapping, crimes="Ref,Place\nA,High St\nB,7 Mill Lane\nC,High St\n"
    )
    assert extract.columns[-1].sensitivity is expected
    assert not extract.manifest["warnings"]


def test_an_open_column_with_too_many_values_stops_the_import(tmp_path: Path) -> None:
    mapping = OWN + '    sensitivity = "open"\n    most_values = 2\n'
    with pytest.raises(
        SourceError, match=r"'crime.place' is open and has 3 different values, more than 2"
    ):
        import_system(tmp_path, mapping, crimes="Ref,Place\nA,x\nB,y\nC,z\n")


def test_own_columns_may_be_numbers_days_and_times(tmp_path: Path) -> None:
    mapping = """
        name = "own"
        description = "Own columns"
        row = "crime"
        [columns]
        "crime.crime_ref" = { headers = ["Ref"], required = true }
        [own]
        "crime.units" = { headers = ["Units"], description = "Units sent", kind = "number" }
        "crime.closed_on" = { headers = ["Closed"], description = "Day closed", kind = "day" }
        "crime.called_at" = {headers = ["Called"], description = "Time of the call", kind = "time"}
    """
    extract = import_system(
        tmp_path, mapping, crimes="Ref,Units,Closed,Called\nA,3,01/04/2019,23:15\nB,x,,\n"
    )
    assert records(extract, "crimes", "units", "closed_on", "called_at") == [
        (3, datetime.date(2019, 4, 1), datetime.time(23, 15)),
        (None, None, None),
    ]


@pytest.mark.parametrize("name", ["connect", "niche", "athena"])
def test_reports_of_shipped_mappings_are_told_apart_by_their_headers(
    tmp_path: Path, name: str
) -> None:
    mapping = mapping_named(name)
    reports = ("", *mapping.reports)
    files = [
        SourceRows(
            path=tmp_path / f"{report}.csv",
            headers=tuple(
                mapped.headers[0]
                for mapped in (mapping.of_report(report) if report else mapping).mapped.values()
            ),
            query="",
            first_row=2,
            found={},
        )
        for report in reports
    ]
    assert take_apart(files, mapping) == {report: [number] for number, report in enumerate(reports)}


def test_rows_that_belong_to_crimes_are_no_report_of_their_own(tmp_path):
    mapping = own_mapping(
        tmp_path,
        """
        name = "own"
        description = "suspects"
        row = "suspect"
        [columns."suspect.crime_ref"]
        headers = ["Ref"]
        required = true
        [columns."suspect.sex"]
        headers = ["Sex"]
        """,
    )
    with pytest.raises(SourceError, match="are suspects, which belong to crimes"):
        import_text(tmp_path, "Ref,Sex\nA1,Male\n", mapping)
