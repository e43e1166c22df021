"""Each table as CSV: one row a cell, so that a program can read any table in the same way."""

from __future__ import annotations

import csv
from pathlib import Path

from nilreturn.release.layout import long
from nilreturn.release.plain import neutral
from nilreturn.tables import PrintedTable


def write_csv(table: PrintedTable, path: Path) -> None:
    """
    Write `table`: UTF-8 with a byte order mark, without which Excel, what most requesters open it
    with, reads "Dyfed‑Powys, 12–15" as another alphabet; every other reader knows the mark. Lines
    end as RFC 4180 says.
    """
    grid = long(table)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in (grid.headers, *grid.rows):
            writer.writerow(neutral(value) if isinstance(value, str) else value for value in row)
