"""
Writes tables beside crimes and victims from records that were judged: one row for each record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.schema import Column as SchemaColumn
from nilreturn.schema import Kind, Table, singular
from nilreturn.sources import text_bytes
from nilreturn.sources.judging import NOTHING, Column, Staging, as_array
from nilreturn.sources.writing.parquet import ParquetFile, labelled
from nilreturn.sources.writing.spool import Records, Spool

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANY_LABELS = 10_000  # more than these are not written with every row group


@dataclass(frozen=True, slots=True)
class RecordTable:
    """
    Writes one table. `reference` is the variable with the reference of a record (or of its crime);
    None where the source has none and a record is named by file and row.
    """

    table: Table
    staging: Staging
    columns: Mapping[str, Column]
    reference: str | None

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the table that the source fills, without the reference."""
        row = f"{singular(self.table.name)}."
        return tuple(v for v in self.staging.present if v.startswith(row) and v != self.reference)

    @property
    def schema_columns(self) -> tuple[SchemaColumn, ...]:
        """The canonical columns that are written."""
        filled = {*self.variables, *self.staging.mapping.constants}
        always = {self.table.reference, self.table.number, "source_file", "source_row"}
        return tuple(c for c in self.table.columns if c.variable in filled or c.name in always)

    def have_any(self, records: Records) -> NDArray[np.bool_]:
        """Which records have a value in a column of the table."""
        found = np.zeros(len(records), np.bool_)
        for variable in self.variables:
            if variable in self.columns:
                found |= self.columns[variable].said[records.numbers(variable)]
            else:
                found |= np.asarray(
                    records.texts(variable).is_valid().to_numpy(zero_copy_only=False), np.bool_
                )
        return found

    def hashes(self, records: Records) -> NDArray[np.uint64]:
        """One hash of all values of a record in the table, including its reference."""
        parts: list[NDArray[np.uint64]] = []
        if self.reference:
            parts.append(text_bytes.hashes(records.texts(self.reference)))
        for variable in self.variables:
            if variable in self.columns:
                parts.append(
                    self.columns[variable].values[records.numbers(variable)].astype(np.uint64)
                )
            else:
                parts.append(text_bytes.hashes(records.texts(variable)))
        return text_bytes.mixed(parts, len(records))

    def write(
        self, spool: Spool, folder: Path, is_kept: NDArray[np.bool_], numbers: NDArray[np.int32]
    ) -> int:
        """Write the records that are kept, numbered within their crime; return their number."""
        import pyarrow as pa

        schema = self._schema()
        with ParquetFile(folder / f"{self.table.name}.parquet", schema, self._plain) as file:
            for records in spool.read():
                chosen = is_kept[records.first : records.first + len(records)]
                if not chosen.any():
                    continue
                of_batch = numbers[records.first : records.first + len(records)]
                arrays = [
                    self._array(name, variable, field.type, records, of_batch)
                    for (name, variable), field in zip(self._names(), schema, strict=True)
                ]
                mask = pa.array(chosen)
                file.add(pa.record_batch([array.filter(mask) for array in arrays], schema=schema))
        return file.rows

    @property
    def _plain(self) -> tuple[str, ...]:
        """The columns in which nearly every value differs."""
        kinds = (Kind.REFERENCE, Kind.TEXT)
        return tuple(
            c.name for c in self.schema_columns if c.kind in kinds and c.name != "source_file"
        )

    def _names(self) -> Iterator[tuple[str, str]]:
        for column in self.schema_columns:
            yield column.name, column.variable
        for variable in self.variables:
            if variable in self.staging.mapping.own:
                yield variable.partition(".")[2], variable

    def _schema(self) -> Any:
        import pyarrow as pa

        return pa.schema([(name, self._type(name, variable)) for name, variable in self._names()])

    def _type(self, name: str, variable: str) -> Any:
        import pyarrow as pa

        if name in (self.table.number, "source_file", "source_row"):
            return {"source_file": pa.int16(), "source_row": pa.int64()}.get(name, pa.int32())
        return arrow_type(self.staging.mapping.column(variable).kind)

    def _array(
        self, name: str, variable: str, kind: Any, records: Records, numbers: NDArray[np.int32]
    ) -> Any:
        import pyarrow as pa

        if name == self.table.number:
            return pa.array(numbers)
        if name in ("source_file", "source_row"):
            return pa.array(records.numbers(name.removeprefix("source_"))).cast(kind)
        if name == self.table.reference:
            return references(records, self.reference)
        if name == "person_key":
            return person_keys(records.texts(variable), self.staging)
        if variable not in self.staging.present:
            return labelled(
                np.zeros(len(records), np.int32), [self.staging.mapping.constants[variable]], kind
            )
        if variable not in self.columns:
            return records.texts(variable)
        return value_array(self.columns[variable], records.numbers(variable), kind)


def person_keys(given: Any, staging: Staging) -> Any:
    """The keyed hash of each reference of a person, null where there is no reference."""
    import pyarrow as pa

    encoded = given.dictionary_encode()
    hashed = pa.array(staging.keyed(encoded.dictionary.to_pylist()), pa.string())
    return pa.DictionaryArray.from_arrays(encoded.indices, hashed).cast(pa.string())


def arrow_type(kind: Kind) -> Any:
    """How the values of a column of this kind are kept."""
    import pyarrow as pa

    of_kind = {
        Kind.REFERENCE: pa.string(),
        Kind.TEXT: pa.string(),
        Kind.DATE: pa.date32(),
        Kind.NUMBER: pa.int32(),
        Kind.AMOUNT: pa.decimal128(14, 2),
        Kind.TIME: pa.time32("s"),
    }
    return of_kind.get(kind, pa.dictionary(pa.int32(), pa.string()))


def value_array(column: Column, numbers: NDArray[np.int32], kind: Any) -> Any:
    """The values of the texts of these numbers as an Arrow array of the kind."""
    import pyarrow as pa

    return _by_text(column, kind).take(pa.array(numbers))


def _by_text(column: Column, kind: Any) -> Any:
    """The value of each text of the column."""
    import pyarrow as pa

    values = column.values
    if column.is_labelled:
        is_kept = pa.types.is_dictionary(kind) or pa.types.is_string(kind)
        texts_of = labelled(values, column.labels, kind if is_kept else pa.string())
        return texts_of if is_kept else texts_of.cast(kind)
    if pa.types.is_time32(kind):
        return pa.array(
            np.where(values == NOTHING, 0, values * 60), pa.int32(), mask=values == NOTHING
        ).view(kind)
    return as_array(values, kind)


def references(records: Records, reference: str | None) -> Any:
    """The references of records; file and row where there is no reference."""
    import pyarrow as pa
    import pyarrow.compute as pc

    given = records.texts(reference) if reference else None
    if given is not None and not given.null_count:
        return given
    files = pa.array(records.numbers("file").astype(np.int32) + 1).cast(pa.string())
    placed = pc.binary_join_element_wise(
        files, pa.array(records.numbers("row")).cast(pa.string()), "-"
    )
    return placed if given is None else pc.coalesce(given, placed)


def numbered(hashes: NDArray[np.uint64], is_kept: NDArray[np.bool_]) -> NDArray[np.int32]:
    """
    1, 2, … within each hash, of those that are kept and in their order.

    >>> numbered(np.array([7, 7, 9, 7], np.uint64), np.array([True, False, True, True])).tolist()
    [1, 0, 1, 2]
    """
    numbers = np.zeros(len(hashes), np.int32)
    at = np.flatnonzero(is_kept)
    order = np.argsort(hashes[at], kind="stable")
    begins = np.ones(len(order), np.bool_)
    begins[1:] = hashes[at][order][1:] != hashes[at][order][:-1]
    starts = np.flatnonzero(begins)
    run = np.cumsum(begins) - 1
    numbers[at[order]] = np.arange(len(order)) - starts[run] + 1
    return numbers


def first_of_equals(hashes: NDArray[np.uint64], is_kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    The first record of each hash, of those that are kept.

    >>> first_of_equals(np.array([7, 7, 9, 7], np.uint64),
    ...                 np.array([False, True, True, True])).tolist()
    [False, True, True, False]
    """
    found = np.zeros(len(hashes), np.bool_)
    at = np.flatnonzero(is_kept)
    found[at[np.unique(hashes[at], return_index=True)[1]]] = True
    return found
