"""
What every reader returns: the rows below the headers as texts, as SQL, and what was found in the
file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nilreturn.sources.reading.plain_csv import PlainCsv


@dataclass(frozen=True, slots=True)
class PassedOver:
    """The number of rows above the records that a rule found not to be records."""

    rule: str
    rows: int


@dataclass(frozen=True, slots=True)
class SourceRows:
    """
    The rows of a file, or of one sheet of a workbook.

    `query` selects every record below the headers, in the file's order: a text column `c0`, `c1`, …
    for each header (NULL where the row has no value at all) and `_shape` (-1 for a row with too few
    values, 1 for too many, else 0). Several threads may read it, so it has no row numbers: the
    record at position p (from 0) of the table that it is loaded into is row `first_row` + p as a
    person sees it. Empty lines of a delimited file below the headers are not counted, and there is
    a row for each cell where columns were turned into rows.
    """

    path: Path
    headers: tuple[str, ...]
    query: str
    first_row: int
    found: Mapping[str, Any]
    passed_over: tuple[PassedOver, ...] = ()
    records: int | None = None  # as the reader itself counted them
    sheet: str | None = None  # of a workbook of which several are read
    # False where the row taken for headers may be a record: nothing of it is shown.
    headers_are_sure: bool = True
    # What to read instead where the engine finds the rows uneven.
    otherwise: Callable[[], SourceRows] | None = None
    plain: PlainCsv | None = None  # the same rows, where `query` is still that of the plain file

    @property
    def name(self) -> str:
        """The file's name, with the sheet's where it has several."""
        return self.path.name if self.sheet is None else f"{self.path.name}, {self.sheet}"


def load_strictly_first(rows: SourceRows, load: Callable[[SourceRows], None]) -> SourceRows:
    """
    Load `rows`, or where the engine's strict reader fails at a row, the rows as the tolerant reader
    reads them; return the rows that were loaded.

    `load` must leave nothing behind when it fails, and must not catch the engine's error.
    """
    import duckdb

    try:
        load(rows)
    except duckdb.InvalidInputException:
        if rows.otherwise is None:
            raise
        rows = rows.otherwise()
        load(rows)
    return rows


def check_records(rows: SourceRows, loaded: int) -> None:
    """
    Check that no record was lost between the file and the engine; that would be a defect of the
    software.
    """
    if rows.records is not None and rows.records != loaded:
        raise RuntimeError(
            f"the reader counted {rows.records:,} records, the engine loaded {loaded:,}"
        )
