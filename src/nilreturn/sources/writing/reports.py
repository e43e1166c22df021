"""The tables of all reports of an import, and what its manifest states about them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nilreturn.errors import SourceError
from nilreturn.schema import Column
from nilreturn.sources import accounts
from nilreturn.sources.judging import Findings
from nilreturn.sources.writing.making import Making, Written
from nilreturn.sources.writing.rejects import write_rejects


def write_all(
    makings: Sequence[Making], folder: Path, files: Sequence[str], accepted: int
) -> tuple[dict[str, Any], list[Written]]:
    """
    Write every table to `folder`; return what the manifest states about all of them together, and
    the result for each report.

    The first report is that of the crimes, to which records of the others may belong.
    """
    findings = Findings()
    written: list[Written] = []
    for making in makings:
        written.append(making.write(folder, accepted, _references(folder) if written else None))
        _check_filled_once(written)
        findings.take(making.findings)
    rejects = write_rejects(findings, files, folder)
    return {
        "rows": {**_together(written), **dict(_records(written)), "rejects": rejects},
        "checks": accounts.checks(findings.counts()),
        "without_value": accounts.without_value(folder),
        "dates": accounts.first_and_last_days(folder, columns_of(written)),
        "warnings": [warning for each in written for warning in each.warnings],
    }, written


def _check_filled_once(written: Sequence[Written]) -> None:
    for table in written[-1].counts:
        if any(table in each.counts for each in written[:-1]):
            raise SourceError(
                f"{table} are filled by two reports; leave them out of one, or give the files of "
                f"one alone"
            )


def columns_of(written: Sequence[Written]) -> tuple[Column, ...]:
    """The canonical columns of every table."""
    return tuple(dict.fromkeys(column for each in written for column in each.columns))


def _references(folder: Path) -> Any:
    """The references of all crimes."""
    import pyarrow.parquet as pq

    path = folder / "crimes.parquet"
    return (
        pq.read_table(path, columns=["crime_ref"]).column(0).combine_chunks()
        if path.exists()
        else None
    )


def _together(written: Sequence[Written]) -> dict[str, Any]:
    over: Counter[str] = Counter()
    for each in written:
        over.update(each.rows["passed_over"])
    sums = {name: sum(each.rows[name] for each in written) for name in ("in", "kept", "rejected")}
    return {**sums, "passed_over": dict(sorted(over.items()))}


def _records(written: Sequence[Written]) -> Counter[str]:
    records: Counter[str] = Counter()
    for each in written:
        records.update(each.counts)
    return records
