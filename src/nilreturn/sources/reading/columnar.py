"""Reading Parquet, every column as text, so that one set of rules judges every kind of file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from nilreturn.errors import FileError
from nilreturn.files import sha256
from nilreturn.progress import Progress
from nilreturn.sources.judging import sql
from nilreturn.sources.reading.rows import Rows


def read(path: Path, known: Collection[str], scratch: Path, progress: Progress) -> Rows:
    """
    The rows of a Parquet file, its first record row 1. Raises `FileError` when it is damaged, has nested columns or no
    rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema, count = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise FileError(f"{path}: damaged or cut short, or not a Parquet file; export it again") from error
    if not count:
        raise FileError(f"{path}: there are columns and no rows; export it again")
    for column in schema:
        if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
            raise FileError(f"{path}: column '{column.name}' is nested or binary; export one value a cell")
    columns = ", ".join(f"{_text(column)} AS c{number}" for number, column in enumerate(schema))
    query = f"SELECT {columns}, 0::TINYINT AS _shape FROM {sql.parquet(path)}"
    facts = {"format": "Parquet", "sha256": sha256(path), "bytes": path.stat().st_size}
    return Rows(path, tuple(schema.names), query, 1, facts, records=count)


def _text(column: Any) -> str:
    return f"{sql.name(column.name)}::VARCHAR"
