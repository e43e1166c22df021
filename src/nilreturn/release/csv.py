"""
Writes each table as CSV with one row for each cell, so that a program can read every table in the
same way.
"""

from __future__ import annotations

import csv
from pathlib import Path

from nilreturn.release.layout import long
from nilreturn.release.plain import neutral
from nilreturn.tables import PrintedTable


def write_csv(table: PrintedTable, path: Path) -> None:
    """
    Write `table` as UTF-8 with lines that end as in RFC 4180.

    It begins with a byte order mark. Without it Excel, which most requesters use, misreads
    "Dyfed‑Powys, 12–15"; other readers accept it.
    """
    grid = long(table)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in (grid.headers, *grid.rows):
            writer.writerow(neutral(value) if isinstance(value, str) else value for value in row)
