"""Reads Parquet with every column as text, so that the same rules apply to every kind of file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from nilreturn import sql
from nilreturn.errors import FileError
from nilreturn.files import sha256
from nilreturn.progress import Progress
from nilreturn.sources.mapping import NOTHING, Asked, fold
from nilreturn.sources.reading.rows import SourceRows

_TIME = "%Y-%m-%d %H:%M:%S"


def read(
    path: Path, known: Collection[str], scratch: Path, progress: Progress, asked: Asked = NOTHING
) -> tuple[SourceRows, ...]:
    """
    The rows of a Parquet file; its first record is row 1.

    A column with more than one value in a cell is left out and listed where the mapping does not
    know it. Raises `FileError` when the file is damaged, has no rows, or a column of the mapping
    has several values in a cell.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema, count = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise FileError(
            f"{path}: damaged or cut short, or not a Parquet file; export it again"
        ) from error
    if not count:
        raise FileError(f"{path}: there are columns and no rows; export it again")
    nested = [
        column.name
        for column in schema
        if pa.types.is_nested(column.type) or _is_bytes(column.type)
    ]
    if wanted := [
        name for name in nested if fold(name) in known and fold(name) not in asked.ignored
    ]:
        raise FileError(
            f"{path}: column '{wanted[0]}' is nested or binary; export one value a cell"
        )
    columns = [column for column in schema if column.name not in nested]
    texts = ", ".join(f"{_text(column)} AS c{number}" for number, column in enumerate(columns))
    query = f"SELECT {texts}, 0::TINYINT AS _shape FROM {sql.parquet(path)}"
    facts: dict[str, Any] = {
        "format": "Parquet",
        "sha256": sha256(path),
        "bytes": path.stat().st_size,
    }
    if nested:
        facts["columns_passed_over"] = nested
    return (
        SourceRows(path, tuple(column.name for column in columns), query, 1, facts, records=count),
    )


def _is_bytes(kind: Any) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def _text(column: Any) -> str:
    """
    The SQL for a column as text. A time is cut to the second, so that all units read alike; a time
    with a zone becomes the local time of London, in which records are kept; an integer stored as a
    decimal fraction loses its point.
    """
    import pyarrow as pa

    name, kind = sql.name(column.name), column.type
    if pa.types.is_timestamp(kind):
        local = (
            f"{name}::TIMESTAMPTZ AT TIME ZONE 'Europe/London'" if kind.tz else f"{name}::TIMESTAMP"
        )
        return f"strftime({local}, {sql.text(_TIME)})"
    if pa.types.is_floating(kind):
        is_whole = f"{name} = trunc({name}) AND abs({name}) < 1e15"
        return f"CASE WHEN {is_whole} THEN {name}::BIGINT::VARCHAR ELSE {name}::VARCHAR END"
    return f"{name}::VARCHAR"
