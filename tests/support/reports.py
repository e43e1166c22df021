"""
Small reports of a records system, written and imported as a force would: one row a crime, with its
victim.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nilreturn.demo.report import HEADERS
from nilreturn.periods import Period
from nilreturn.sources import import_extract, mapping_named

AS_AT = date(2021, 6, 14)
LOST_AT_MOST = 5  # of a record: itself, its three days and its code


@dataclass(frozen=True, slots=True)
class Row:
    """
    One crime with the victim it has; a crime without one has no age and no sex. An unknown age is
    -1. The day of one without `recorded_on` cannot be read, nor the code of one without a class,
    nor a row that is lost.
    """

    age: int | None = None
    sex: str = ""
    narrative: str = "REPORT MADE BY A PARENT."
    area: str = "LPA 1"
    beat: str = "B1"
    online: str = "Y"
    recorded_on: date | None = date(2021, 1, 5)
    code: str = "71/17"
    offence_class: str = "88A"
    is_lost: bool = False

    @property
    def loses_any(self) -> bool:
        return self.is_lost or self.recorded_on is None or not self.offence_class


def write_report(rows: Sequence[Row], path: Path) -> Path:
    """The rows as a CSV report of the `connect` mapping; crimes are numbered in their order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADERS, restval="")
        writer.writeheader()
        for number, row in enumerate(rows, 1):
            day = row.recorded_on.strftime("%d/%m/%Y") if row.recorded_on else "31/02/2021"
            has_victim = row.age is not None
            writer.writerow(
                {
                    "Crime Reference": "" if row.is_lost else f"42/{number:06}/20",
                    "Force": "Northshire Police",
                    "Recorded Date": day,
                    "Reported Date": day,
                    "Committed From Date": day,
                    "HO Code": row.code,
                    "HO Class": row.offence_class,
                    "Crime Status": "Recorded",
                    "LPA": row.area,
                    "Beat": row.beat,
                    "Online Crime Indicator": row.online,
                    "Initial MO": row.narrative,
                    "Victim Reference": f"V{number}" if has_victim else "",
                    "Victim Age": row.age if has_victim and row.age != -1 else "",
                    "Victim Sex": row.sex,
                    "Victim Type": "Person" if has_victim else "",
                }
            )
    return path


def import_report(rows: Sequence[Row], folder: Path) -> Path:
    """The folder of the extract that an import of these rows makes."""
    folder.mkdir(parents=True, exist_ok=True)
    report = write_report(rows, folder / "report.csv")
    covers = {"": Period(date(2010, 1, 1), AS_AT)}
    mapping = mapping_named("connect")
    return import_extract(
        [report],
        mapping=mapping,
        to=folder / "extract",
        as_at=AS_AT,
        covers=covers,
        accept_rejects=LOST_AT_MOST * sum(row.loses_any for row in rows),
    ).folder
