"""Mappings of public sources, on files of their shape."""

# ruff: noqa: E501 - rows of a report are as long as they are

from __future__ import annotations

import datetime
import textwrap
from pathlib import Path

from nilreturn.periods import Grain
from nilreturn.schema import Extract
from nilreturn.sources import import_extract, mapping_named
from tests.unit.sources.importing import faults, records

AS_AT = datetime.date(2024, 6, 1)


def import_public(folder: Path, name: str, **texts: str) -> Extract:
    paths = []
    for file, text in texts.items():
        paths.append(folder / f"{file}.csv")
        paths[-1].write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return import_extract(paths, mapping=mapping_named(name), to=folder / "extract", as_at=AS_AT)


def test_street_level_crimes_with_their_outcomes(tmp_path: Path) -> None:
    head = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name"
    extract = import_public(
        tmp_path,
        "data-police-uk",
        street=f"""
            {head},Crime type,Last outcome category,Context
            ,2024-01,Westshire Police,Westshire Police,-1.1,52.1,On or near Mill Lane,E01000001,West 001A,Anti-social behaviour,,
            ,2024-01,Westshire Police,Westshire Police,-1.1,52.1,On or near Mill Lane,E01000001,West 001A,Anti-social behaviour,,
            aa11,2024-01,Westshire Police,Westshire Police,,,No Location,,,Burglary,Under investigation,
            bb22,2024-02,Westshire Police,Westshire Police,-1.1,52.1,On or near Park,E01000002,West 001B,Drugs,Local resolution,
        """,
        outcomes=f"""
            {head},Outcome type
            bb22,2024-02,Westshire Police,Westshire Police,-1.1,52.1,On or near Park,E01000002,West 001B,Local resolution
            zz99,2024-02,Westshire Police,Westshire Police,-1.1,52.1,On or near Park,E01000002,West 001B,Suspect charged
        """,
    )
    assert records(extract, "crimes", "crime_ref", "force", "crime_type", "outcome") == [
        ("1-2", "Westshire Police", "Anti-social behaviour", None),
        ("1-3", "Westshire Police", "Anti-social behaviour", None),
        ("aa11", "Westshire Police", "Burglary", "Under investigation"),
        ("bb22", "Westshire Police", "Drugs", "Local resolution"),
    ]
    assert records(extract, "outcomes", "crime_ref", "outcome_words") == [
        ("bb22", "Local resolution")
    ]
    assert faults(extract) == [(3, None, "no_such_crime")]
    assert extract.precision["crime.recorded_on"] is Grain.MONTH


def test_stops_and_searches(tmp_path: Path) -> None:
    extract = import_public(
        tmp_path,
        "data-police-uk-stops",
        stops="""
            Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,Outcome linked to object of search,Removal of more than just outer clothing
            Person search,2024-03-30T23:45:00+00:00,False,,52.1,-1.1,Male,18-24,Other ethnic group - Not stated,White,Misuse of Drugs Act 1971 (section 23),Controlled drugs,A no further action disposal,,False
            Vehicle search,2024-03-31T23:45:00+01:00,,,,,,,,,Police and Criminal Evidence Act 1984 (section 1),Article for use in theft,Arrest,True,
        """,
    )
    assert records(
        extract,
        "stops",
        "stopped_on",
        "stopped_at",
        "sex",
        "age_band",
        "outcome_linked_flag",
        "operation",
    ) == [
        (
            datetime.date(2024, 3, 30),
            datetime.time(23, 45),
            "Male",
            "18-24",
            "Not recorded",
            "False",
        ),
        (datetime.date(2024, 3, 31), datetime.time(23, 45), None, None, "Yes", None),
    ]
    assert extract.units == ("stops",)


def test_published_counts_by_financial_quarter(tmp_path: Path) -> None:
    extract = import_public(
        tmp_path,
        "home-office-recorded-crime",
        prc="""
            Financial Year,Financial Quarter,Force Name,Offence Description,Offence Group,Offence Subgroup,Offence Code,Number of Offences
            2022/23,4,Westshire,Sexual grooming,Sexual offences,Other sexual offences,88A,12
            2023/24,1,Westshire,Sexual grooming,Sexual offences,Other sexual offences,88A,"1,007"
        """,
    )
    assert records(
        extract, "crimes", "recorded_on", "force", "offence_class", "offence_group", "weight"
    ) == [
        (datetime.date(2023, 1, 1), "Westshire", "88A", "Sexual offences", 12),
        (datetime.date(2023, 4, 1), "Westshire", "88A", "Sexual offences", 1007),
    ]
    assert extract.precision == {"crime.recorded_on": Grain.QUARTER}
    assert extract.tables["crimes"] == 1019
