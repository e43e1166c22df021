"""Writes the tables of an extract from records that were judged and grouped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.schema import CRIMES, VICTIMS, WEIGHT, Kind, singular
from nilreturn.schema import Column as SchemaColumn
from nilreturn.sources.judging import (
    AGE,
    BASES,
    BASIS,
    CLASS,
    CODE,
    NARRATIVE,
    NOTHING,
    Column,
    Staging,
    as_array,
)
from nilreturn.sources.mapping import COUNT
from nilreturn.sources.writing.grouping import Groups
from nilreturn.sources.writing.parquet import ParquetFile, labelled
from nilreturn.sources.writing.records import (
    MANY_LABELS,
    arrow_type,
    person_keys,
    references,
    value_array,
)
from nilreturn.sources.writing.spool import Records, Spool

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tables:
    """Writes crimes and victims to `folder`."""

    staging: Staging
    columns: Mapping[str, Column]
    folder: Path

    def schema_columns(self) -> tuple[SchemaColumn, ...]:
        """The canonical columns that are written."""
        present = {*self.staging.present, *self.staging.mapping.constants}
        always = {"crime.crime_ref", "crime.status", "crime.source_file", "crime.source_row"}
        always |= {
            "victim.crime_ref",
            "victim.victim_no",
            "victim.source_file",
            "victim.source_row",
        }
        if present & {CODE, CLASS}:
            always |= {CODE, CLASS}
        if self.staging.knows_age:
            always |= {AGE, BASIS}
        return tuple(
            column for column in (*CRIMES, *VICTIMS) if column.variable in present | always
        )

    def write(self, spool: Spool, groups: Groups, done: Callable[[int], None]) -> dict[str, int]:
        """
        Write both tables; return the rows of each. `done` is called with the number of records
        written so far.
        """
        with (
            ParquetFile(
                self.folder / "crimes.parquet", self._schema("crimes"), self._plain
            ) as crimes,
            ParquetFile(
                self.folder / "victims.parquet", self._schema("victims"), self._plain
            ) as victims,
        ):
            for records in spool.read():
                of_batch = slice(records.first, records.first + len(records))
                built: dict[str, Any] = {}
                is_victim = records.numbers("has_victim") & ~groups.is_repeated_victim[of_batch]
                numbers = groups.victim_numbers[of_batch]
                crimes.add(
                    self._batch("crimes", records, groups.is_first[of_batch], numbers, built)
                )
                victims.add(self._batch("victims", records, is_victim, numbers, built))
                done(records.first + len(records))
        return {"crimes": crimes.rows, "victims": victims.rows}

    @property
    def _plain(self) -> tuple[str, ...]:
        return ("crime_ref", NARRATIVE.partition(".")[2], "source_row")

    def _names(self, table: str) -> list[tuple[str, str]]:
        """The name of each column of the table, with its variable."""
        names = [
            (column.name, column.variable)
            for column in self.schema_columns()
            if column.table == table
        ]
        own = self.staging.mapping.own
        names += [
            (variable.partition(".")[2], variable)
            for variable in self.staging.present
            if variable in own and variable.startswith(f"{singular(table)}.")
        ]
        return [*names, (WEIGHT, COUNT)] if self.staging.mapping.cells else names

    def _schema(self, table: str) -> Any:
        import pyarrow as pa

        return pa.schema([(name, self._type(variable)) for name, variable in self._names(table)])

    def _type(self, variable: str) -> Any:
        import pyarrow as pa

        name = variable.partition(".")[2]
        simple = {
            "source_file": pa.int16(),
            "source_row": pa.int64(),
            "victim_no": pa.int32(),
            "crime_ref": pa.string(),
        }
        if variable == COUNT:
            return pa.int64()
        if variable == NARRATIVE or name in simple:
            return simple.get(name, pa.string())
        if name == "person_key":
            return pa.string()
        if variable in self.columns:
            kind = self.staging.mapping.column(variable).kind
            if kind in (Kind.DATE, Kind.NUMBER, Kind.TIME):
                return arrow_type(kind)
        if variable == AGE:
            return pa.int32()
        labels = self.columns[variable].labels if variable in self.columns else None
        return (
            pa.string()
            if labels and len(labels) > MANY_LABELS
            else pa.dictionary(pa.int32(), pa.string())
        )

    def _batch(
        self,
        table: str,
        records: Records,
        chosen: NDArray[np.bool_],
        victim_numbers: NDArray[np.int32],
        built: dict[str, Any],
    ) -> Any:
        import pyarrow as pa

        every = bool(chosen.all())
        mask = None if every else pa.array(chosen)
        arrays, schema = [], self._schema(table)
        for (name, variable), field in zip(self._names(table), schema, strict=True):
            key = name if name in ("crime_ref", "source_file", "source_row") else variable
            if key not in built:
                built[key] = self._array(name, variable, field.type, records, victim_numbers)
            arrays.append(built[key] if mask is None else built[key].filter(mask))
        return pa.record_batch(arrays, schema=schema)

    def _array(
        self,
        name: str,
        variable: str,
        kind: Any,
        records: Records,
        victim_numbers: NDArray[np.int32],
    ) -> Any:
        """The values of a column for all records of the batch."""
        import pyarrow as pa

        if name == "crime_ref":
            return references(records, self.staging.reference)
        if name in ("source_file", "source_row"):
            return records.data.column(name.removeprefix("source_"))
        if name == "victim_no":
            return pa.array(victim_numbers)
        if name == "person_key":
            return person_keys(records.texts(variable), self.staging)
        if variable == NARRATIVE and variable in self.staging.present:
            return records.texts(variable)
        if variable == AGE:
            return as_array(records.numbers("age"), pa.int32())
        if variable == BASIS:
            return labelled(records.numbers("basis").astype(np.int32), BASES, kind)
        if variable == CLASS:
            return self._classes(records).cast(kind)
        if variable == CODE and variable not in {
            *self.staging.present,
            *self.staging.mapping.constants,
        }:
            return pa.nulls(len(records), kind)
        if variable == COUNT:
            return pa.array(self.columns[COUNT].values[records.numbers(COUNT)], pa.int64())
        if variable not in self.columns:
            constant = self.staging.mapping.constants.get(variable, "Recorded")
            return labelled(np.zeros(len(records), np.int32), [constant], kind)
        return value_array(self.columns[variable], records.numbers(variable), kind)

    def _classes(self, records: Records) -> Any:
        """
        The classes that the source gives, else those of codes that have only one class or that
        stand in place of a code.
        """
        import pyarrow as pa

        labels: list[str] = []
        values = np.full(len(records), NOTHING, np.int32)
        if CLASS in self.columns:
            given = self.columns[CLASS]
            labels = list(given.labels)
            values = given.values[records.numbers(CLASS)]
        if CODE in self.columns:
            code = self.columns[CODE]
            places = {label: place for place, label in enumerate(labels)}
            labels += [
                name for name in dict.fromkeys(code.classes_of_texts) if name and name not in places
            ]
            places = {label: place for place, label in enumerate(labels)}
            filled = np.array(
                [places.get(name, NOTHING) for name in code.classes_of_texts] or [NOTHING], np.int32
            )
            values = np.where(values == NOTHING, filled[records.numbers(CODE)], values)
        return labelled(values, labels, pa.dictionary(pa.int32(), pa.string()))
