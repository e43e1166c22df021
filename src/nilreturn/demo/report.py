"""
The synthetic crimes as a records system's report gives them: one row for each crime and victim,
under the headers of the `connect` mapping, with the faults that such reports have.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from nilreturn.demo.draws import Draws
from nilreturn.demo.records import ASKED, GROOMING, Crime, Victim

FORCE = "Northshire Police"
HEADERS = (
    "Crime Reference",
    "Force",
    "Recorded Date",
    "Reported Date",
    "Committed From Date",
    "Committed To Date",
    "HO Code",
    "HO Class",
    "Crime Status",
    "Cancel Code",
    "Outcome",
    "LPA",
    "Beat",
    "Online Crime Indicator",
    "Domestic Abuse Flag",
    "Hate Crime Flag",
    "Knife Flag",
    "Initial MO",
    "Victim Reference",
    "Victim Age",
    "Victim DOB",
    "Victim Sex",
    "Victim Type",
)
_RECORDED, _COMMITTED_FROM = HEADERS.index("Recorded Date"), HEADERS.index("Committed From Date")
_CODE, _STATUS, _AGE = (
    HEADERS.index("HO Code"),
    HEADERS.index("Crime Status"),
    HEADERS.index("Victim Age"),
)
_DATE = "%d/%m/%Y"
_PAGE = 1_500  # rows after which the report repeats its headers

Row = list[str]


def write(crimes: Sequence[Crime], path: Path, draws: Draws) -> None:
    """
    Write the report as a spreadsheet saves it: CSV with a byte order mark and lines that end in CR
    LF.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for number, row in enumerate(_blemished(list(_rows(crimes, draws)), draws)):
            if number % _PAGE == 0:
                writer.writerow(HEADERS)
            writer.writerow(row)


def _rows(crimes: Sequence[Crime], draws: Draws) -> Iterator[Row]:
    for number, crime in enumerate(crimes, 1):
        reference = f"42/{number:06}/{crime.recorded_on:%y}"
        before = [
            reference,
            FORCE,
            *(
                _day(day)
                for day in (
                    crime.recorded_on,
                    crime.reported_on,
                    crime.committed_from,
                    crime.committed_to,
                )
            ),
            _code(crime.code, draws),
            crime.offence_class,
            crime.status,
            crime.cancel_code,
            crime.outcome,
            crime.area,
            crime.beat,
            crime.online,
            crime.domestic,
            crime.hate,
            crime.knife,
            crime.narrative,
        ]
        for place, victim in enumerate(crime.victims, 1):
            yield [*before, f"{reference}/V{place}", *_person(victim, draws), victim.kind]
        if not crime.victims:
            yield [*before, "", "", "", "", ""]


def _is_asked(row: Row) -> bool:
    recorded_on = datetime.strptime(row[_RECORDED], _DATE).date()
    return row[_CODE + 1] == GROOMING[1] and row[_STATUS] == "Recorded" and recorded_on in ASKED


def _day(day: date) -> str:
    return day.strftime(_DATE)


def _code(code: str, draws: Draws) -> str:
    """The code as staff or a spreadsheet write it: 71/17, 07117, 71.17."""
    prefix, suffix = code.split("/")
    forms = {f"{int(prefix)}/{suffix}": 16, code: 2, prefix + suffix: 1}
    if not suffix.endswith("0"):
        forms[f"{int(prefix)}.{suffix}"] = 1
    return draws.weighted(forms)


def _person(victim: Victim, draws: Draws) -> tuple[str, str, str]:
    """
    Age, date of birth and sex. An age that is not known is blank, or a number that stands for it.
    """
    if victim.kind != "Person":
        return "", "", ""
    if victim.age is None:
        age, born = draws.weighted(
            {("", ""): 5, ("-1", ""): 2, ("", "01/01/1900"): 2, ("999", ""): 1}
        )
    elif victim.born_on:
        age, born = "", _day(victim.born_on)
    else:
        age, born = str(victim.age), ""
    return age, born, victim.sex


def _blemished(rows: list[Row], draws: Draws) -> Iterator[Row]:
    """
    The rows, some with the faults that arise between a database and a file: rows given twice, dates
    that do not exist, codes that a spreadsheet turned into dates or numbers, an empty row. The
    counts of the request stay the same.
    """
    asked = draws.shuffled(
        [number for number, row in enumerate(rows) if _is_asked(row) and row[_AGE]]
    )
    others = draws.shuffled(
        [n for n, row in enumerate(rows) if row[_CODE + 1] not in (GROOMING[1], "")]
    )
    for number in (*asked[:4], *others[:4]):
        rows[number][_COMMITTED_FROM] = draws.one_of(("01/01/1900", "31/02/2020", "00/00/0000"))
    # 3/1 and 45.10 in a spreadsheet.
    for offence_class, spoilt in (("3B", "03-Jan"), ("45", "45.1")):
        for number in [number for number in others if rows[number][_CODE + 1] == offence_class][:3]:
            rows[number][_CODE] = spoilt
    for number in others[4:6]:
        # An incident that the report's query let through.
        rows[number][_CODE : _CODE + 2] = ["NON CRIME", ""]
    twice = {*asked[4:7], *others[6:11]}
    empty = others[11]
    for number, row in enumerate(rows):
        yield row
        if number in twice:
            yield list(row)
        if number == empty:
            yield [""] * len(HEADERS)
