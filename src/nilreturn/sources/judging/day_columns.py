"""
Days as spreadsheets count them, from 30 December 1899: 44287 is 1 April 2021.

A number is read as a day where the mapping has the form "day number", or where every value of the
column can be such a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from nilreturn import sql
from nilreturn.errors import FileError
from nilreturn.sources.headers import columns_of
from nilreturn.sources.judging.staging import Staging
from nilreturn.sources.parsing import DAY_ZERO, FORM, NUMBER_OF_DAY, SPACES
from nilreturn.sources.reading import SourceRows

if TYPE_CHECKING:
    import duckdb

EXAMPLE = "44287 is 1 April 2021"
FROM_1904 = "days_counted_from_1904"  # in what was found in a file
_EARLIEST = date(1950, 1, 1)
_LOOKED_AT = 100  # rows: where one of these has another text, the rest is not examined


def columns_of_numbers(
    engine: duckdb.DuckDBPyConnection, rows: SourceRows, places: dict[str, int], staging: Staging
) -> tuple[str, ...]:
    """
    The variables of days whose values in the file are all numbers of days, from 1950 to the day on
    which the file was taken.

    Raises `FileError` where the mapping reads such numbers and the file counts its days from 1904.
    """
    import duckdb

    if rows.found.get(FROM_1904):
        if FORM in staging.mapping.dates.formats:
            raise FileError(
                f"{rows.path}: counts its days from 1904, so that the mapping's '{FORM}' would "
                "read them wrongly; save it with its days as dates"
            )
        return ()
    columns = {
        variable: columns_of(variable, places)[0]
        for variable in staging.dates
        if len(columns_of(variable, places)) == 1 and not staging.mapping.mapped[variable].split
    }
    try:
        first = _counted(
            engine, f"SELECT * FROM ({rows.query}) LIMIT {_LOOKED_AT}", columns, staging
        )
        likely = {variable: columns[variable] for variable in first}
        return tuple(_counted(engine, rows.query, likely, staging)) if likely else ()
    except duckdb.Error:  # reported when the rows are read
        return ()


def _counted(
    engine: duckdb.DuckDBPyConnection, query: str, columns: Mapping[str, int], staging: Staging
) -> Sequence[str]:
    """The variables with values, all of which are such numbers."""
    if not columns:
        return ()
    first, last = ((day - DAY_ZERO).days for day in (_EARLIEST, staging.as_at))
    spaces = " || ".join(f"chr({ord(space)})" for space in SPACES)
    silent = sql.texts(["", *staging.mapping.blank, *staging.mapping.unknown])
    counts = []
    for place in columns.values():
        text = f"trim(c{place}, {spaces})"
        said = f"c{place} IS NOT NULL AND lower({text}) NOT IN {silent}"
        fits = f"regexp_full_match({text}, '{NUMBER_OF_DAY}')"
        fits += f" AND try_cast(left({text}, 5) AS INTEGER) BETWEEN {first} AND {last}"
        counts += [f"count(*) FILTER ({said})", f"count(*) FILTER ({said} AND {fits})"]
    found = engine.execute(f"SELECT {', '.join(counts)} FROM ({query})").fetchall()[0]
    pairs = zip(columns, found[::2], found[1::2], strict=True)
    return [variable for variable, said, fitting in pairs if said and said == fitting]
