"""
Reads a file's rows in batches. Most columns have few different texts, so rows hold the numbers of
texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn import sql
from nilreturn.sources import text_bytes as texts
from nilreturn.sources.headers import columns_of
from nilreturn.sources.judging.columns import Column
from nilreturn.sources.judging.engine import ROWS_AT_ONCE, stream
from nilreturn.sources.judging.staging import Staging
from nilreturn.sources.parsing import SPACES
from nilreturn.sources.reading import SourceRows, check_records

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

LONGEST_TEXT = 1_000_000
_MANY = 5_000  # different texts in one batch of a column of dates: times of day make them many
# Bytes of a day with a time of day that the patterns below fit.
_SHORTEST_TIME = len("1/1/2021 00:00")
# Times of day are set to midnight, minutes of times with an offset to zero, and fractions of
# numbered days are removed: none of this changes the day.
_TIMES = (
    (r"^(.{8,11}[ T])(?:[01]\d|2[0-3]):[0-5]\d$", r"\100:00"),
    (r"^(.{8,11}[ T])(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$", r"\100:00:00"),
    (
        (
            r"^(\d{4}-\d\d-\d\d[T "
            r"](?:[01]\d|2[0-3]):)[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(Z|[+-]\d\d(?::?00)?)$"
        ),
        r"\100:00\2",
    ),
    (r"^([1-9]\d{4})\.\d+$", r"\1"),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Some rows of a file.

    `first` is the position of the first row in its file, from 0. `numbers` has the number of each
    row's text, by variable; `texts` (Arrow) has the columns that are kept text by text, null where
    there is no value. `shape` is -1 for a row with too few values and 1 for one with too many.
    """

    first: int
    shape: NDArray[np.int8]
    rows: NDArray[np.int64]
    numbers: dict[str, NDArray[np.int32]]
    texts: dict[str, Any]

    def __len__(self) -> int:
        return len(self.shape)


def batches(
    engine: duckdb.DuckDBPyConnection,
    rows: SourceRows,
    places: dict[str, int],
    staging: Staging,
    columns: Mapping[str, Column],
) -> Iterator[Batch]:
    """The file's rows in order. A variable that the file does not have is empty."""
    coded = [name for name in columns if columns_of(name, places)]
    first = 0
    blank = frozenset(staging.mapping.blank)
    for record in stream(rows, partial(_opened, engine, rows, places, staging, coded)):
        size = record.num_rows
        numbers = {name: _numbers(record.column(f"v {name}"), columns[name]) for name in coded}
        for name, column in columns.items():
            if name not in numbers:
                numbers[name] = np.full(size, column.numbers([None])[0], np.int32)
        yield Batch(
            first,
            record.column("_shape").to_numpy(),
            np.arange(first, first + size, dtype=np.int64) + rows.first_row,
            numbers,
            {
                name: texts.null_if_blank(
                    record.column(f"v {name}"), blank, as_written=name in staging.free_texts
                )
                for name in staging.texts
            },
        )
        first += size
    check_records(rows, first)


def _numbers(given: Any, column: Column) -> NDArray[np.int32]:
    encoded = given.dictionary_encode()
    indices, different = encoded.indices, encoded.dictionary
    if column.dates and len(different) > _MANY and _may_have_times(different):
        shorter = _without_times(different).dictionary_encode()
        indices, different = shorter.indices.take(indices), shorter.dictionary
    numbers = np.append(column.numbers_of(different), column.numbers([None]))
    if indices.null_count:
        indices = indices.fill_null(len(different))
    return np.asarray(numbers[indices.to_numpy()], np.int32)


def _may_have_times(days: Any) -> bool:
    import pyarrow.compute as pc

    return int(pc.max(pc.binary_length(days)).as_py()) >= _SHORTEST_TIME


def _without_times(days: Any) -> Any:
    import pyarrow.compute as pc

    for pattern, replacement in _TIMES:
        days = pc.replace_substring_regex(days, pattern=pattern, replacement=replacement)
    return days


def _opened(
    engine: duckdb.DuckDBPyConnection,
    rows: SourceRows,
    places: dict[str, int],
    staging: Staging,
    coded: Sequence[str],
) -> Iterator[Any]:
    """The text of each variable, and `_shape`, as Arrow record batches."""
    names = [*coded, *staging.texts]
    found = {f"v {name}": columns_of(name, places) for name in names}
    if (
        rows.plain
        and rows.plain.query == rows.query
        and all(len(each) == 1 for each in found.values())
    ):
        in_plain = {name: each[0] for name, each in found.items()}
        return rows.plain.batches(in_plain, {f"v {name}" for name in coded})
    opened: Iterator[Any] = engine.sql(_query(rows, places, staging, names)).to_arrow_reader(
        ROWS_AT_ONCE
    )
    return opened


def _query(rows: SourceRows, places: dict[str, int], staging: Staging, names: Sequence[str]) -> str:
    values = [f"{_combined(name, places, staging)} AS {sql.name(f'v {name}')}" for name in names]
    return f"SELECT _shape::TINYINT AS _shape, {', '.join(values)} FROM ({rows.query})"


def _combined(name: str, places: dict[str, int], staging: Staging) -> str:
    """
    The text of a variable: of its one column, of several together, or of the first that has a
    value.
    """
    parts = [f"c{place}" for place in columns_of(name, places)]
    if len(parts) < 2:
        return parts[0] if parts else "NULL::VARCHAR"
    said = [f"CASE WHEN {_is_said(part, staging.mapping.blank)} THEN {part} END" for part in parts]
    if staging.mapping.mapped[name].combine:
        return f"nullif(concat_ws(' ', {', '.join(said)}), '')"
    return f"coalesce({', '.join(said)})"


def _is_said(text: str, blank: Sequence[str]) -> str:
    trimmed = f"trim({text}, {_SPACES})"
    return f"{trimmed} <> '' AND lower({trimmed}) NOT IN {sql.texts(blank)}"


_SPACES = " || ".join(f"chr({ord(space)})" for space in SPACES)
