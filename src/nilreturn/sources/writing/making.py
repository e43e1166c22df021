"""
Makes an extract's tables: rows are judged and kept on disk, file by file, then grouped, checked and
written.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.errors import FileError, SourceError, UnevenRowsError
from nilreturn.schema import FLAGS, TABLES, Sensitivity
from nilreturn.schema import Column as SchemaColumn
from nilreturn.sources import accounts, text_bytes
from nilreturn.sources.judging import (
    COUNTED_ONLY,
    EXAMPLE,
    RULE_NAMES,
    Column,
    Findings,
    RowJudge,
    Staging,
    ValueJudge,
    batches,
    check_losses,
    check_order_of_dates,
    check_statuses,
    column_for,
    columns_of_numbers,
    found_by_column,
    plain_column,
    sensitivities,
)
from nilreturn.sources.mapping import COUNT
from nilreturn.sources.reading import SourceRows
from nilreturn.sources.rules import RULES, Action
from nilreturn.sources.writing.flags import write_flags
from nilreturn.sources.writing.grouping import Groups, group
from nilreturn.sources.writing.records import RecordTable, first_of_equals, numbered
from nilreturn.sources.writing.spool import Spool
from nilreturn.sources.writing.tables import Tables
from nilreturn.sources.writing.work import Work
from nilreturn.wording import counted

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Written:
    """
    The result for the rows of one report: the account of its `rows`, the records of each table, the
    columns written, the sensitivity of each column of the source's own, and what the user should
    know.
    """

    rows: dict[str, Any]
    counts: dict[str, int]
    columns: tuple[SchemaColumn, ...]
    own: dict[str, Sensitivity]
    warnings: tuple[str, ...]


class Making(AbstractContextManager["Making"]):
    """
    The tables that the files of one report fill. Call `read` for each file in turn, then `write`.
    """

    def __init__(self, staging: Staging, scratch: Path, work: Work) -> None:
        self._staging = staging
        self._work = work
        mapping = staging.mapping
        counts = (COUNT,) if mapping.cells else ()
        self._columns: dict[str, Column] = {
            variable: column_for(variable, mapping, staging.as_at)
            for variable in (*staging.judged, *counts)
        }
        for header in {**mapping.only, **mapping.leave_out}:
            self._columns[f"only {header}"] = plain_column(header)
        self.findings = Findings()
        self._spool = Spool(scratch, staging, (*staging.judged, *counts))
        # Columns of days whose values are numbers, which the mapping does not say.
        self._numbered: list[str] = []
        self._given = 0
        self._above: dict[str, int] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spool.finish()

    def read(
        self, engine: duckdb.DuckDBPyConnection, file: int, rows: SourceRows, places: dict[str, int]
    ) -> SourceRows:
        """
        Judge the rows of a file, read strictly, or where that fails by its tolerant reader; return
        the rows that were taken. Raises `FileError` where none of them is a record.
        """
        seen = {variable: self._columns[variable].seen for variable in self._staging.judged}
        self._spool.begin()
        try:
            given = self._judge(engine, file, rows, places)
        except UnevenRowsError:
            if not rows.otherwise:
                raise
            self._spool.discard()
            self.findings.forget(file)
            for variable, counts in seen.items():
                self._columns[variable].seen = counts
            return self.read(engine, file, rows.otherwise(), places)
        self._given += given
        for over in rows.passed_over:
            self._above[over.rule] = self._above.get(over.rule, 0) + over.rows
        return rows

    def _judge(
        self, engine: duckdb.DuckDBPyConnection, file: int, rows: SourceRows, places: dict[str, int]
    ) -> int:
        """Judge the rows; return their number."""
        for variable in columns_of_numbers(engine, rows, places, self._staging):
            dates = self._columns[variable].dates
            if dates and not dates.reads_numbers:
                dates.reads_numbers = True
                self._numbered.append(variable)
        of_rows = RowJudge(self._staging, self._columns, places, rows, [])
        of_values = ValueJudge(self._staging, self._columns, self.findings, file)
        before, given = self._spool.size, 0
        for batch in batches(engine, rows, places, self._staging, self._columns):
            faults, is_record = of_rows.judge(batch)
            self.findings.add_faults(
                file, None, np.where(faults == _NOTE, 0, faults).astype(np.uint8), batch.rows
            )
            values = of_values.judge(batch, is_record)
            self._spool.add(file, batch, values, is_record)
            self._count(batch.numbers, is_record)
            given += len(batch)
            self._work.reading(file, given / rows.records if rows.records else 0.0)
        notes, lost = of_rows.settle()
        self.findings.add(file, None, "note_below", notes)
        self.findings.add(file, None, "required_missing", lost)
        if self._spool.size == before:
            raise _without_records(rows, given, self.findings.counts(file))
        return given

    def _count(self, numbers: dict[str, NDArray[np.int32]], is_record: NDArray[np.bool_]) -> None:
        every = bool(is_record.all())
        for variable in self._staging.judged:
            self._columns[variable].count(
                numbers[variable] if every else numbers[variable][is_record]
            )

    def write(self, folder: Path, accepted: int, crimes: Any = None) -> Written:
        """
        Write the tables that the rows fill to `folder`.

        `crimes` has the references of all crimes (Arrow), for rows that belong to crimes. Raises
        `SourceError` where statuses have no meaning, dates are read in the wrong order, or more is
        lost than is `accepted`.
        """
        staging, columns, findings = self._staging, self._columns, self.findings
        self._spool.finish()
        check_statuses(staging, columns)
        check_order_of_dates(staging, columns)
        check_losses(staging, columns, findings.counts(), self._given, accepted)
        own, warnings = sensitivities(staging, columns)
        self._list_found(found_by_column(staging, columns))
        if staging.mapping.table.name == "crimes":
            counts, schema = self._write_crimes(folder)
        else:
            counts, schema = self._write_records(folder, crimes)
        broken = findings.counts()
        after = sum(
            n
            for (variable, rule), n in broken.items()
            if variable is None and rule in _AFTER_GROUPING
        )
        account = accounts.account(self._given, self._spool.size - after, broken, self._above)
        numbered = tuple(
            f"the values of '{each}' are numbers, read as days: {EXAMPLE}"
            for each in self._numbered
        )
        return Written(account, counts, schema, own, (*warnings, *numbered))

    def _write_crimes(self, folder: Path) -> tuple[dict[str, int], tuple[SchemaColumn, ...]]:
        staging = self._staging
        groups = self._groups()
        tables = Tables(staging, self._columns, folder)
        size = max(1, self._spool.size)
        counts = tables.write(self._spool, groups, lambda done: self._work.writing(done / size))
        if staging.mapping.cells:
            counts = {table: accounts.units(folder, table) for table in counts}
        schema = tables.schema_columns()
        is_kept = groups.is_first if staging.mapping.row == "crime" else ~groups.is_replaced
        crimes = self._hashes()
        for table in TABLES.values():
            records = RecordTable(table, staging, self._columns, staging.reference)
            if table.of and table.name != "victims" and records.variables:
                counts[table.name] = self._write_parts(records, folder, is_kept, crimes)
                schema += records.schema_columns
        if any(variable.startswith("flag ") for variable in staging.present):
            counts["flags"] = write_flags(
                self._spool, staging, self._columns, folder, is_kept, crimes
            )
            schema += FLAGS.columns
        return counts, schema

    def _write_parts(
        self,
        records: RecordTable,
        folder: Path,
        is_kept: NDArray[np.bool_],
        crimes: NDArray[np.uint64],
    ) -> int:
        """
        Write what rows of crimes state for another table. Equal statements on several rows of one
        crime are one record.
        """
        said, hashes = [], []
        for batch in self._spool.read():
            said.append(records.have_any(batch))
            hashes.append(records.hashes(batch))
        if not said:
            return 0
        alike = text_bytes.mixed([crimes, np.concatenate(hashes)], len(crimes))
        chosen = first_of_equals(alike, np.concatenate(said) & is_kept)
        return records.write(self._spool, folder, chosen, numbered(crimes, chosen))

    def _write_records(
        self, folder: Path, crimes: Any
    ) -> tuple[dict[str, int], tuple[SchemaColumn, ...]]:
        staging = self._staging
        table = staging.mapping.table
        records = RecordTable(table, staging, self._columns, staging.reference)
        size = self._spool.size
        hashes = self._hashes()
        if table.of:
            is_kept = self._belonging(crimes)
            rule = "no_such_crime"
        else:
            is_kept = first_of_equals(hashes, np.ones(size, np.bool_))
            rule = "repeated_record"
        for batch in self._spool.read():
            lost = ~is_kept[batch.first : batch.first + len(batch)]
            for file in np.unique(batch.numbers("file")[lost]):
                of_file = lost & (batch.numbers("file") == file)
                self.findings.add(int(file), None, rule, batch.numbers("row")[of_file])
        counts = {
            table.name: records.write(self._spool, folder, is_kept, numbered(hashes, is_kept))
        }
        return counts, records.schema_columns

    def _hashes(self) -> NDArray[np.uint64]:
        """By record, a hash of its reference; a hash of its own where it has no reference."""
        parts = self._spool.references
        return np.concatenate(parts) if parts else np.arange(self._spool.size, dtype=np.uint64)

    def _belonging(self, crimes: Any) -> NDArray[np.bool_]:
        """Which records belong to a crime of the extract."""
        import pyarrow.compute as pc

        reference = self._staging.reference
        found = [
            pc.is_in(batch.texts(str(reference)), value_set=crimes) for batch in self._spool.read()
        ]
        return np.concatenate(
            [np.asarray(each.to_numpy(zero_copy_only=False), np.bool_) for each in found]
        )

    def _groups(self) -> Groups:
        if self._staging.has_groups:
            return group(self._spool, self._staging, self._columns, self.findings)
        return Groups.of_single_records(self._spool.size)

    def _list_found(self, found: dict[str, NDArray[np.uint8]]) -> None:
        """List the rows whose texts broke a rule that only whole columns show."""
        if not found:
            return
        for records in self._spool.read():
            files, rows = records.numbers("file"), records.numbers("row")
            for variable, faults in found.items():
                of_rows = faults[records.numbers(variable)]
                if of_rows.any():
                    self.findings.add_faults(int(files[0]), variable, of_rows, rows)


_NOTE = RULE_NAMES.index("note_below")
_AFTER_GROUPING = frozenset(
    (
        "repeated_crime",
        "repeated_victim",
        "repeated_record",
        "no_such_crime",
        "replaced",
        "replaced_differing",
    )
)


def _without_records(
    rows: SourceRows, given: int, broken: Mapping[tuple[str | None, str], int]
) -> Exception:
    """Why a file has nothing to import."""
    of_rows = {rule: n for (variable, rule), n in broken.items() if variable is None}
    rejected = [
        f"{n:,} × {RULES[rule].description}" for rule, n in of_rows.items() if rule not in _OVER
    ]
    if rejected:
        none = (
            "its only row is not a record"
            if given == 1
            else f"none of its {counted(given, 'row')} is a record"
        )
        return SourceError(f"{rows.path}: {none}", details=tuple(rejected))
    chosen = " that the mapping chooses" if of_rows.keys() & COUNTED_ONLY else ""
    return FileError(
        f"{rows.path}: there are headers and no rows to import{chosen}; export it again"
    )


_OVER = frozenset(rule.name for rule in RULES.values() if rule.action is Action.PASSED_OVER)
