"""Making an extract's tables: the rows of each file are judged and put by, then grouped, checked as a whole and written."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.errors import FileError
from nilreturn.sources.judging import losses, whole
from nilreturn.sources.judging.batches import batches
from nilreturn.sources.judging.columns import RULE_NAMES, Column, column_for, plain_column
from nilreturn.sources.judging.engine import UnevenRowsError
from nilreturn.sources.judging.findings import Findings
from nilreturn.sources.judging.rows import RowJudge
from nilreturn.sources.judging.staging import COUNT, Staging
from nilreturn.sources.judging.values import ValueJudge
from nilreturn.sources.reading.rows import Rows
from nilreturn.sources.rules import RULES, Action
from nilreturn.sources.writing import accounts
from nilreturn.sources.writing.grouping import Groups, group
from nilreturn.sources.writing.spool import Spool
from nilreturn.sources.writing.tables import Tables
from nilreturn.sources.writing.work import Work

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray


class Making(AbstractContextManager["Making"]):
    """`read` each file in turn, then `write`."""

    def __init__(self, staging: Staging, scratch: Path, work: Work) -> None:
        self._staging = staging
        self._work = work
        mapping = staging.mapping
        counts = (COUNT,) if mapping.cells else ()
        self._columns: dict[str, Column] = {
            variable: column_for(variable, mapping, staging.as_at) for variable in (*staging.judged, *counts)
        }
        for header in {**mapping.only, **mapping.leave_out}:
            self._columns[f"only {header}"] = plain_column(header)
        self._findings = Findings()
        self._spool = Spool(scratch, staging, (*staging.judged, *counts))
        self._given = 0
        self._above: dict[str, int] = {}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.finish()

    def read(self, engine: duckdb.DuckDBPyConnection, file: int, rows: Rows, places: dict[str, int]) -> Rows:
        """
        Judge the rows of a file: strictly read, or where that fails as its tolerant reader has them; the rows that were
        taken. Raises `FileError` where none of them is a record.
        """
        seen = {variable: self._columns[variable].seen for variable in self._staging.judged}
        self._spool.begin()
        try:
            given = self._judge(engine, file, rows, places)
        except UnevenRowsError:
            self._spool.discard()
            self._findings.forget(file)
            for variable, counts in seen.items():
                self._columns[variable].seen = counts
            assert rows.otherwise
            return self.read(engine, file, rows.otherwise(), places)
        self._given += given
        for over in rows.passed_over:
            self._above[over.rule] = self._above.get(over.rule, 0) + over.rows
        return rows

    def _judge(self, engine: duckdb.DuckDBPyConnection, file: int, rows: Rows, places: dict[str, int]) -> int:
        """How many rows there were."""
        of_rows = RowJudge(self._staging, self._columns, places, rows, [])
        of_values = ValueJudge(self._staging, self._columns, self._findings, file)
        before, given = self._spool.size, 0
        for batch in batches(engine, rows, places, self._staging, self._columns):
            faults, is_record = of_rows.judge(batch)
            self._findings.add_faults(file, None, np.where(faults == _NOTE, 0, faults).astype(np.uint8), batch.rows)
            values = of_values.judge(batch, is_record)
            self._spool.add(file, batch, values, is_record)
            self._count(batch.numbers, is_record)
            given += len(batch)
            self._work.reading(file, given / rows.records if rows.records else 0.0)
        notes, lost = of_rows.settle()
        self._findings.add(file, None, "note_below", notes)
        self._findings.add(file, None, "required_missing", lost)
        if self._spool.size == before:
            raise FileError(_without_records(rows, self._findings))
        return given

    def _count(self, numbers: dict[str, NDArray[np.int32]], is_record: NDArray[np.bool_]) -> None:
        every = bool(is_record.all())
        for variable in self._staging.judged:
            self._columns[variable].count(numbers[variable] if every else numbers[variable][is_record])

    def write(self, folder: Path, files: Sequence[Rows], accepted: int) -> dict[str, Any]:
        """
        Write crimes, victims and rejects into `folder`; returns what the manifest says of them. Raises `SourceError`
        where statuses have no meaning, dates an order that is not theirs, or more is lost than is `accepted`.
        """
        staging, columns, findings = self._staging, self._columns, self._findings
        self._spool.finish()
        whole.check_statuses(staging, columns)
        whole.check_order_of_dates(staging, columns)
        losses.check_losses(staging, columns, findings.counts(), self._given, accepted)
        groups = self._groups()
        self._list_found(whole.found_by_column(staging, columns))
        tables = self.tables(folder)
        size = max(1, self._spool.size)
        written = tables.write(self._spool, groups, lambda done: self._work.writing(done / size))
        rejects = tables.write_rejects(findings, [rows.path.name for rows in files])
        broken = findings.counts()
        kept = self._spool.size - sum(
            n for (variable, rule), n in broken.items() if variable is None and rule in _AFTER_GROUPING
        )
        counted = {table: accounts.units(folder, table) for table in written} if staging.mapping.cells else written
        return {
            "rows": {**accounts.account(self._given, kept, broken, self._above), **counted, "rejects": rejects},
            "checks": accounts.checks(broken),
            "dates": accounts.first_and_last_days(folder, tables.schema_columns()),
        }

    def _groups(self) -> Groups:
        if self._staging.has_groups:
            return group(self._spool, self._staging, self._columns, self._findings)
        size = self._spool.size
        return Groups(np.ones(size, np.bool_), np.ones(size, np.int32), np.zeros(size, np.bool_))

    def tables(self, folder: Path) -> Tables:
        return Tables(self._staging, self._columns, folder)

    def _list_found(self, found: dict[str, NDArray[np.uint8]]) -> None:
        """List the rows whose texts were found wanting when whole columns were known."""
        if not found:
            return
        for records in self._spool.read():
            files, rows = records.numbers("file"), records.numbers("row")
            for variable, faults in found.items():
                of_rows = faults[records.numbers(variable)]
                if of_rows.any():
                    self._findings.add_faults(int(files[0]), variable, of_rows, rows)


_NOTE = RULE_NAMES.index("note_below")
_AFTER_GROUPING = frozenset(("repeated_crime", "repeated_victim"))


def _without_records(rows: Rows, findings: Findings) -> str:
    over = {rule for (variable, rule) in findings.counts() if variable is None and rule in _CHOSEN}
    chosen = " that the mapping chooses" if over else ""
    return f"{rows.path}: there are headers and no rows to import{chosen}; export it again"


_CHOSEN = frozenset(("other_population", "left_out"))
assert all(RULES[rule].action is Action.PASSED_OVER for rule in _CHOSEN)
