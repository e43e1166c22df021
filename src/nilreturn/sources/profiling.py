"""
Describes an extract for whoever imported it: how its records lie over time, the values of its open
columns, and what is blank.

Nothing here is protected: it is for use within the force.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn import sql
from nilreturn.errors import ExtractError
from nilreturn.periods import Grain, number_of, part, part_name
from nilreturn.schema import Column, Extract, Kind, Sensitivity
from nilreturn.wording import counted

if TYPE_CHECKING:
    import duckdb

_MOST_VALUES = 20  # values of a column that are listed
_MOST_PARTS = 36  # lines of a chart
_WIDEST = 40  # characters of a chart's longest bar
_MOSTLY = 0.5  # of the records blank: worth a warning
_MANY_LOST = 0.01
_MAIN_DATES = {"crimes": "recorded_on", "incidents": "received_on", "stops": "stopped_on"}


def profile(extract: Extract) -> Iterator[str]:
    """
    Describe an extract, for use within the force.

    Parameters
    ----------
    extract
        The extract.

    Yields
    ------
    str
        Lines of text: a chart of the records over time, each column with its blanks and (where it
        is open) its values, and warnings. The counts are true counts.

    Raises
    ------
    ExtractError
        When a table cannot be read.
    """
    import duckdb

    warnings = list(_warnings(extract))
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as engine:
        for table in dict.fromkeys(column.table for column in extract.every_column):
            path = extract.folder / f"{table}.parquet"
            try:
                yield from _table(engine, extract, table, path, warnings)
            except duckdb.Error:  # its message may quote a record
                raise ExtractError(
                    f"{path}: missing or damaged; see 'nilreturn extract verify'"
                ) from None
    if warnings:
        yield "Warnings:"
        yield from (f"  {warning}" for warning in warnings)


def _table(
    engine: duckdb.DuckDBPyConnection, extract: Extract, table: str, path: Path, warnings: list[str]
) -> Iterator[str]:
    source = f"read_parquet({sql.text(str(path))})"
    names = {name for name, *_ in engine.execute(f"DESCRIBE FROM {source}").fetchall()}
    number = "coalesce(sum(weight), 0)::BIGINT" if "weight" in names else "count(*)"
    total = _one(engine, f"SELECT {number} FROM {source}")
    columns = [
        column for column in extract.every_column if column.table == table and column.name in names
    ]
    is_counted = table in extract.units or table not in ("crimes", "victims")
    yield f"{table.capitalize()}: {f'{total:,}' if is_counted else 'not counted by this source'}"
    if not (is_counted or total):
        return
    main = _main_date(columns)
    if main and total:
        yield from _chart(engine, extract, main, source, number)
    for column in columns:
        yield from _column(engine, column, source, number, total, warnings)


def _main_date(columns: list[Column]) -> Column | None:
    dates = [column for column in columns if column.kind is Kind.DATE]
    wanted = [column for column in dates if _MAIN_DATES.get(column.table) == column.name]
    return next(iter([*wanted, *dates]), None)


def _chart(
    engine: duckdb.DuckDBPyConnection, extract: Extract, column: Column, source: str, number: str
) -> Iterator[str]:
    """
    The records of each part of the calendar as a bar; a part without records between others has no
    bar.
    """
    days = engine.execute(
        f"SELECT {column.name}, {number} FROM {source} WHERE {column.name} IS NOT NULL GROUP BY 1 "
        f"ORDER BY 1"
    ).fetchall()
    if not days:
        return
    grain = _grain(extract.precision.get(column.variable, Grain.DAY), days[0][0], days[-1][0])
    counts: dict[int, int] = {}
    for day, records in days:
        counts[number_of(grain, day)] = counts.get(number_of(grain, day), 0) + records
    first, last, most = min(counts), max(counts), max(counts.values())
    covered = extract.coverage.get(column.variable)
    yield f"  {column.variable}, by {grain.words}:"
    for at in range(first, last + 1):
        records = counts.get(at, 0)
        bar = "#" * max(records > 0, round(_WIDEST * records / most))
        lies_in = covered is None or covered.period.intersect(part(grain, at)) is not None
        beside = "" if lies_in else "  not covered"
        yield f"    {part_name(grain, at):<24} {records:>12,} {bar}{beside}".rstrip()


def _grain(known: Grain, first: Any, last: Any) -> Grain:
    """
    The finest part of the calendar that gives a chart of few lines and that the days are known to.
    """
    finer = {Grain.DAY: (Grain.MONTH, Grain.QUARTER), Grain.MONTH: (Grain.MONTH, Grain.QUARTER)}
    for grain in finer.get(known, (known,)):
        if number_of(grain, last) - number_of(grain, first) < _MOST_PARTS:
            return grain
    return (
        known
        if known in (Grain.QUARTER, Grain.FINANCIAL_YEAR, Grain.CALENDAR_YEAR)
        else Grain.CALENDAR_YEAR
    )


def _column(
    engine: duckdb.DuckDBPyConnection,
    column: Column,
    source: str,
    number: str,
    total: int,
    warnings: list[str],
) -> Iterator[str]:
    name = sql.name(column.name)
    blank = _one(engine, f"SELECT {number} FROM {source} WHERE {name} IS NULL")
    share = blank / total if total else 0.0
    empty = f", {blank:,} blank ({share:.0%})" if blank else ""
    yield f"  {column.variable:<28} {column.description}{empty}"
    if total and share > _MOSTLY:
        warnings.append(f"{column.variable}: {share:.0%} of the records have no value")
    if column.sensitivity is Sensitivity.OPEN and column.kind in (Kind.CATEGORY, Kind.FLAG):
        yield from _values(engine, name, source, number)


def _values(
    engine: duckdb.DuckDBPyConnection, name: str, source: str, number: str
) -> Iterator[str]:
    found = engine.execute(
        f"SELECT {name}::VARCHAR, {number} AS records FROM {source} WHERE {name} IS NOT NULL "
        f"GROUP BY 1 ORDER BY records DESC, 1"
    ).fetchall()
    for value, records in found[:_MOST_VALUES]:
        shown = " ".join(
            "".join(letter if letter.isprintable() else " " for letter in value).split()
        )
        yield f"    {records:>12,}  {shown[:80]}"
    if len(found) > _MOST_VALUES:
        yield f"    {counted(len(found) - _MOST_VALUES, 'further value')}"


def _warnings(extract: Extract) -> Iterator[str]:
    """What the manifest shows that matters when an answer is read."""
    manifest = extract.manifest
    rows = manifest["rows"]
    read = rows["kept"] + rows["rejected"]
    if read and rows["rejected"] > _MANY_LOST * read:
        yield f"{rows['rejected'] / read:.1%} of the rows were rejected"
    for check in manifest["checks"]:
        if check["action"] == "value unknown" and read and check["rows"] > _MANY_LOST * read:
            yield (
                f"{check['column']}: {check['rows'] / read:.1%} of the rows lost their value "
                f"({check['rule']})"
            )
    for variable, coverage in extract.coverage.items():
        if not coverage.given:
            yield (
                f"{variable}: the days covered are proposed from the records; say with --covers "
                f"what the files cover"
            )
        if not coverage.last_is_whole:
            yield f"{variable}: the last month or year is not whole"


def _one(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0
