"""
Writes rows of texts as a Parquet file that the engine reads, for readers other than the engine's
own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from nilreturn import sql

_BATCH = 20_000


def write_texts(target: Path, width: int, rows: Iterable[Sequence[str | bytes | None]]) -> int:
    """Write rows, each with its own number of values, to `target`; return the number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [*((f"c{number}", pa.string()) for number in range(width)), ("_shape", pa.int8())]
    )
    count, remaining = 0, iter(rows)
    with pq.ParquetWriter(target, schema, compression="snappy", use_dictionary=False) as writer:
        while batch := list(itertools.islice(remaining, _BATCH)):
            count += len(batch)
            shapes = pa.array([_shape(row, width) for row in batch], pa.int8())
            even = (
                batch
                if all(len(row) == width for row in batch)
                else [_even(row, width) for row in batch]
            )
            columns = [pa.array(column, pa.string()) for column in zip(*even, strict=True)]
            writer.write_batch(pa.record_batch([*columns, shapes], schema=schema))
    return count


def query_of(target: Path, width: int) -> str:
    return (
        f"SELECT {', '.join(f'c{number}' for number in range(width))}, _shape FROM "
        f"{sql.parquet(target)}"
    )


def _shape(row: Sequence[Any], width: int) -> int:
    """The row's shape. A single delimiter at the end of a row does not count as a value."""
    if len(row) < width:
        return -1
    return 0 if len(row) == width or (len(row) == width + 1 and not row[width]) else 1


def _even(row: Sequence[Any], width: int) -> Sequence[Any]:
    return [*row[:width], *[None] * (width - len(row))]
