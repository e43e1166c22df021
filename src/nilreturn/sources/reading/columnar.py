"""Reading Parquet, every column as text, so that one set of rules judges every kind of file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from nilreturn.errors import FileError
from nilreturn.files import sha256
from nilreturn.progress import Progress
from nilreturn.sources.judging import sql
from nilreturn.sources.reading.rows import Rows


def read(path: Path, known: Collection[str], scratch: Path, progress: Progress) -> Rows:
    """The rows of a Parquet file. Raises `FileError` when it is damaged, has nested columns or no rows."""
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
    columns = ", ".join(f"{sql.name(name)}::VARCHAR AS c{number}" for number, name in enumerate(schema.names))
    query = (
        f"SELECT file_row_number + 1 AS _row, {columns}, 0 AS _shape, 0 AS _lines "
        f"FROM read_parquet({sql.text(str(path))}, file_row_number = true)"
    )
    facts = {"format": "Parquet", "sha256": sha256(path), "bytes": path.stat().st_size}
    return Rows(path, tuple(schema.names), query, facts)
