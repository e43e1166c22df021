"""
Reports in the shape that systems and publishers give them, with what a draft must make of each
column.
"""

from __future__ import annotations

import csv
import io
import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

OWN, LEFT = "own", "left"
PEOPLE = ("Mara Quill", "Olu Abbott", "Petra Novak", "Rhys Ivers")
STREETS = ("14 Mill Lane", "3 Station Road", "9 Quarry Close")
REMARKS = "SECRET remark about the victim and what the neighbour said to the officer on the day"
SECRETS = (*PEOPLE, *STREETS, "SECRET", "NS1 1AA", "N0048213", "mara@example.org")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column: its header, what its value is on row `n`, and what a draft makes of it."""

    header: str
    value: Callable[[int], str]
    becomes: str


def one_of(*values: str) -> Callable[[int], str]:
    return lambda number: values[number % len(values)]


def day(form: str) -> Callable[[int], str]:
    return lambda number: (date(2022, 1, 3) + timedelta(days=number * 7 % 700)).strftime(form)


def remark(number: int) -> str:
    words = REMARKS.split()
    random.Random(number).shuffle(words)
    return " ".join(words)


def numbered(form: str) -> Callable[[int], str]:
    return lambda number: form.format(number)


SYSTEM = (
    Drawn("Occurrence No", numbered("NS/{:06}"), "crime.crime_ref"),
    Drawn("Dt Recorded", day("%d/%m/%Y %H:%M"), "crime.recorded_on"),
    Drawn("Rptd Date", day("%d/%m/%Y"), "crime.reported_on"),
    Drawn("Earliest Date", day("%d/%m/%Y"), "crime.committed_from"),
    Drawn("Latest Date", day("%d/%m/%Y"), "crime.committed_to"),
    Drawn("HO Classification", one_of("071/17", "8/06", "105/01"), "crime.offence_code"),
    Drawn("Stat Class", one_of("88A", "8N", "105A"), "crime.offence_class"),
    Drawn("Crime State", one_of("Live", "Filed", "No Crime", "Awaiting Review"), "crime.status"),
    Drawn("Officer in Case", one_of(*PEOPLE), LEFT),
    Drawn("LPA", one_of("North", "South"), "crime.area"),
    Drawn("Beat", one_of("B1", "B2", "B3"), "crime.beat"),
    Drawn("DA Flag", one_of("Y", "N"), "crime.domestic_abuse_flag"),
    Drawn("Cyber Qualifier", one_of("Y", ""), "crime.online_flag"),
    Drawn("MO Text", remark, "crime.narrative"),
    Drawn("Address of Offence", one_of(*STREETS), LEFT),
    Drawn("Post Code", one_of("NS1 1AA"), LEFT),
    Drawn("Victim URN", numbered("N{:07}"), "victim.victim_key"),
    Drawn("Victim Full Name", one_of(*PEOPLE), LEFT),
    Drawn("Vic D.O.B.", day("%d/%m/%Y"), "victim.date_of_birth"),
    Drawn("Vic Age", one_of("13", "44", "999"), "victim.age"),
    Drawn("Vic Gender", one_of("F", "M", "U"), "victim.sex"),
    Drawn("Vic E-mail", one_of("mara@example.org"), LEFT),
    Drawn("Suspect Name", one_of(*PEOPLE), LEFT),
    Drawn("Remarks", remark, LEFT),
    Drawn("Spare", one_of(""), LEFT),
)
STREET = (
    Drawn("Crime ID", numbered("{:064x}"), "crime.crime_ref"),
    Drawn("Month", day("%Y-%m"), "crime.recorded_on"),
    Drawn("Reported by", one_of("Northshire Police"), "crime.force"),
    Drawn("Longitude", numbered("-1.{:06}"), LEFT),
    Drawn("Latitude", numbered("51.{:06}"), LEFT),
    Drawn("Location", one_of("On or near Mill Lane"), LEFT),
    Drawn("LSOA name", one_of("Northshire 001A"), LEFT),
    Drawn("Crime type", one_of("Burglary", "Drugs"), OWN),
    Drawn("Last outcome category", one_of("Under investigation", ""), "crime.outcome"),
)
STOPS = (
    Drawn("Type", one_of("Person search", "Vehicle search"), "stop.stop_type"),
    Drawn("Date", day("%Y-%m-%dT10:00:00+00:00"), "stop.stopped_on"),
    Drawn("Gender", one_of("Male", "Female"), "stop.sex"),
    Drawn("Age range", one_of("10-17", "18-24", "over 34"), "stop.age_band"),
    Drawn("Officer-defined ethnicity", one_of("White", "Black"), "stop.ethnicity_officer"),
    Drawn(
        "Legislation", one_of("Misuse of Drugs Act 1971", "Firearms Act 1968"), "stop.legislation"
    ),
    Drawn("Object of search", one_of("Controlled drugs", "Firearms"), "stop.object"),
    Drawn("Outcome", one_of("Arrest", "Nothing found"), "stop.outcome"),
    Drawn("Latitude", numbered("51.{:06}"), LEFT),
)
COUNTS = (
    Drawn("Financial Year", one_of("2021/22", "2022/23"), "crime.recorded_on"),
    Drawn("Force Name", one_of("Northshire", "Southshire"), "crime.force"),
    Drawn("Offence Group", one_of("Theft offences", "Robbery"), OWN),
    Drawn("Offence Code", one_of("1", "8N", "105A"), "crime.offence_class"),
    Drawn("Number of Offences", one_of("1,234", "0", "7"), "count"),
)
PORTAL = (
    Drawn("case_number", numbered("JA{:06}"), "crime.crime_ref"),
    Drawn("date_reported", day("%m/%d/%Y %I:%M:%S %p"), "crime.reported_on"),
    Drawn("offense_date", day("%m/%d/%Y"), "crime.committed_from"),
    Drawn("primary_type", one_of("BATTERY", "THEFT"), OWN),
    Drawn("block_address", one_of("0XX W MAIN ST"), LEFT),
    Drawn("district", one_of("001", "002"), "crime.area"),
    Drawn("victim_race", one_of("W", "B"), OWN),
    Drawn("x_coordinate", numbered("11{:05}"), LEFT),
)
REPORTS: Mapping[str, tuple[Drawn, ...]] = {
    "system": SYSTEM,
    "street": STREET,
    "stops": STOPS,
    "counts": COUNTS,
    "portal": PORTAL,
}


def drawn(columns: tuple[Drawn, ...], rows: int = 240) -> bytes:
    """The report as CSV."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(column.header for column in columns)
    writer.writerows([column.value(number) for column in columns] for number in range(rows))
    return file.getvalue().encode()


def all_values(columns: tuple[Drawn, ...]) -> set[str]:
    """Every value of a column of people, places or free text: none may be printed."""
    hidden = [
        column
        for column in columns
        if column.becomes in (LEFT, OWN, "crime.narrative", "victim.victim_key")
    ]
    return set(
        itertools.chain.from_iterable({column.value(n) for n in range(240)} for column in hidden)
    ) - {""}
