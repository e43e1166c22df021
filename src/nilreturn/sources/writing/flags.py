"""
Flags that may have several values for one crime: each value that a cell names becomes a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.sources import text_bytes
from nilreturn.sources.judging import NOTHING, Column, Staging
from nilreturn.sources.mapping import Flag
from nilreturn.sources.parsing import one_line
from nilreturn.sources.writing.parquet import ParquetFile, labelled
from nilreturn.sources.writing.records import first_of_equals, numbered, references
from nilreturn.sources.writing.spool import Records, Spool

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAMES = ("crime_ref", "flag_no", "flag", "value", "source_file", "source_row")


@dataclass(frozen=True, slots=True)
class _Raised:
    """
    A flag of a record: `record` counts over all files; `flag` and `value` are places in lists of
    words.
    """

    record: NDArray[np.int64]
    flag: NDArray[np.int32]
    value: NDArray[np.int32]


def write_flags(
    spool: Spool,
    staging: Staging,
    columns: Mapping[str, Column],
    folder: Path,
    is_kept: NDArray[np.bool_],
    crimes: NDArray[np.uint64],
) -> int:
    """
    Write flags.parquet; return the number of flags.

    `crimes` has, by record, the hash of its crime's reference. Equal flags on several rows of one
    crime are one flag.
    """
    words: dict[str, int] = {}
    raised = _all_raised(spool, staging, columns, is_kept, words)
    parts = (crimes[raised.record], raised.flag.astype(np.uint64), raised.value.astype(np.uint64))
    hashes = text_bytes.mixed(parts, len(raised.record))
    chosen = first_of_equals(hashes, np.ones(len(hashes), np.bool_))
    raised = _Raised(raised.record[chosen], raised.flag[chosen], raised.value[chosen])
    order = np.argsort(raised.record, kind="stable")
    raised = _Raised(raised.record[order], raised.flag[order], raised.value[order])
    numbers = numbered(crimes[raised.record], np.ones(len(order), np.bool_))
    return _write(spool, staging, folder, raised, numbers, list(words))


def _all_raised(
    spool: Spool,
    staging: Staging,
    columns: Mapping[str, Column],
    is_kept: NDArray[np.bool_],
    words: dict[str, int],
) -> _Raised:
    flags = staging.mapping.flags
    names = list(dict.fromkeys(flag.flag for flag in flags))
    found: list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]] = []
    for records in spool.read():
        kept = np.flatnonzero(is_kept[records.first : records.first + len(records)])
        for number, flag in enumerate(flags, 1):
            variable = f"flag {number}"
            if variable not in staging.present:
                continue
            column = columns[variable]
            sizes, starts, values = _values_by_label(column, flag, staging, words)
            labels = column.values[records.numbers(variable)[kept]]
            at = np.flatnonzero(labels != NOTHING)
            counts = sizes[labels[at]]
            of = np.repeat(at, counts)
            within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
            which = np.full(len(of), names.index(flag.flag), np.int32)
            found.append((kept[of] + records.first, which, values[starts[labels[of]] + within]))
    if not found:
        return _Raised(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))
    record, which, value = (np.concatenate(each) for each in zip(*found, strict=True))
    return _Raised(record, which, value)


def _values_by_label(
    column: Column, flag: Flag, staging: Staging, words: dict[str, int]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """
    By label of the column: the number of values that it names, and where they begin in a list of
    all.
    """
    named = [values_named(label, flag, staging.mapping.blank) for label in column.labels]
    sizes = np.array([len(values) for values in named], np.int32)
    flat = [words.setdefault(value, len(words)) for values in named for value in values]
    return sizes, (np.cumsum(sizes) - sizes).astype(np.int32), np.array(flat, np.int32)


def values_named(text: str, flag: Flag, blank: list[str]) -> tuple[str, ...]:
    """The different values that the text of a cell names, in order."""
    if flag.value is not None:
        return (flag.value,) if text == "Yes" else ()
    parts = text.split(flag.separator) if flag.separator else [text]
    meant = {word.lower(): value for word, value in flag.values.items()}
    values = [one_line(part) for part in parts]
    return tuple(
        dict.fromkeys(meant.get(v.lower(), v) for v in values if v and v.lower() not in blank)
    )


def _write(
    spool: Spool,
    staging: Staging,
    folder: Path,
    raised: _Raised,
    numbers: NDArray[np.int32],
    words: list[str],
) -> int:
    import pyarrow as pa

    kind = pa.dictionary(pa.int32(), pa.string())
    types = (pa.string(), pa.int32(), kind, kind, pa.int16(), pa.int64())
    schema = pa.schema(list(zip(_NAMES, types, strict=True)))
    flags = list(dict.fromkeys(flag.flag for flag in staging.mapping.flags))
    with ParquetFile(folder / "flags.parquet", schema, ("crime_ref", "source_row")) as file:
        for records in spool.read():
            begin, end = np.searchsorted(
                raised.record, (records.first, records.first + len(records))
            )
            if begin == end:
                continue
            at = pa.array(raised.record[begin:end] - records.first)
            columns = [
                references(records, staging.reference).take(at),
                pa.array(numbers[begin:end]),
                labelled(raised.flag[begin:end], flags, kind),
                labelled(raised.value[begin:end], words, kind),
                _places(records, "file").take(at).cast(pa.int16()),
                _places(records, "row").take(at),
            ]
            file.add(pa.record_batch(columns, schema=schema))
    return file.rows


def _places(records: Records, name: str) -> Any:
    import pyarrow as pa

    return pa.array(records.numbers(name))
