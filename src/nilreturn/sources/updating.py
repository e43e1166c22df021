"""
Makes a new extract from an old one and new files of the same system.

The crimes in the new files are taken from them, and all others from the old extract, which stays as
it is.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn import sql
from nilreturn.errors import FileError, SourceError, UsageError
from nilreturn.periods import Period
from nilreturn.progress import Progress, no_progress
from nilreturn.schema import Extract, open_extract
from nilreturn.sources import accounts
from nilreturn.sources.coverage import covered_days
from nilreturn.sources.importing import import_extract
from nilreturn.sources.judging import open_engine
from nilreturn.sources.leftovers import making_extract
from nilreturn.sources.manifest import files_of, write_manifest
from nilreturn.sources.mapping import SourceMapping
from nilreturn.sources.merging import Merging, damaged

if TYPE_CHECKING:
    import duckdb

_SUMMED = ("in", "kept", "rejected", "rejects")


def update_extract(
    old: Extract,
    paths: Sequence[Path],
    *,
    mapping: SourceMapping,
    to: Path,
    as_at: date | datetime,
    covers: dict[str, Period] | None = None,
    accept_rejects: int = 0,
    key: bytes | None = None,
    ignore_unknown: bool = False,
    progress: Progress = no_progress,
) -> Extract:
    """
    Update an extract from new files, as a new extract.

    Its records are those that an import of all files, those of `old` first, would give with the
    same mapping. Its manifest states how many crimes changed. After an error there is nothing at
    `to`.

    Parameters
    ----------
    old
        The extract to update; it stays as it is.
    paths
        The new files, each once.
    mapping
        The mapping of the old extract, which must have keep = "last".
    to
        The folder to create; it must not exist.
    as_at
        When the new files were taken: not before the old extract.
    covers
        The days that old and new records together cover, by date column (see `import_extract`).
        Days that are not given are proposed from the records.
    accept_rejects
        The number of losses in the new files that the user accepts.
    key
        The force's secret key. References of people are kept only as hashes under it.
    ignore_unknown
        Leave out columns whose headers the mapping does not name.
    progress
        Called with the work done so far.

    Returns
    -------
    Extract
        The new extract.

    Raises
    ------
    ExtractError
        When the old extract is damaged.
    SourceError
        When the two cannot be put together, or as `import_extract` raises it.
    FileError
        As `import_extract` raises it.
    UsageError
        When the days in `covers` or `as_at` are not possible.
    """
    _check(old, mapping, as_at)
    with making_extract(to) as (part, scratch):
        new = import_extract(
            paths,
            mapping=mapping,
            to=scratch / "new",
            as_at=as_at,
            accept_rejects=accept_rejects,
            key=key,
            ignore_unknown=ignore_unknown,
            progress=progress,
        )
        _check_fit(old, new)
        with open_engine(scratch) as engine:
            described = _write(engine, old, new, mapping, part, covers or {}, progress)
        write_manifest(described, part)
    return open_extract(to)


def _check(old: Extract, mapping: SourceMapping, as_at: date | datetime) -> None:
    again = "import all files again"
    if mapping.keep != "last":
        raise SourceError(
            f"the mapping '{mapping.name}' keeps the first of several rows of a crime; an update "
            f'needs keep = "last"'
        )
    if mapping.reports:
        raise SourceError(
            f"the mapping '{mapping.name}' has further reports, which an update cannot take; "
            f"{again}"
        )
    if mapping.reference:
        raise SourceError(f"the mapping '{mapping.name}' numbers rows without a reference; {again}")
    if old.manifest["mapping"]["sha256"] != mapping.sha256:
        raise SourceError(
            f"{old.folder}: was imported with another mapping or another state of it; {again}"
        )
    if old.as_at > date.fromisoformat(as_at.isoformat()[:10]):
        raise UsageError(
            f"--as-at: the extract {old.folder} is as at {old.as_at}, later than that; name the "
            f"later day"
        )


def _check_fit(old: Extract, new: Extract) -> None:
    """Check that the tables have the same columns and that no file is taken twice."""
    before = {source["sha256"]: source["name"] for source in old.manifest["sources"]}
    for source in new.manifest["sources"]:
        if name := before.get(source["sha256"]):
            raise FileError(f"{source['name']}: the extract {old.folder} has it already, as {name}")
    columns = [
        {(column.table, column.name) for column in extract.every_column} for extract in (old, new)
    ]
    if differing := sorted(columns[0] ^ columns[1]):
        listed = ", ".join(f"{table}.{name}" for table, name in differing)
        raise SourceError(
            f"{old.folder}: the new files have other columns than the extract ({listed}); import "
            f"all files again"
        )


def _write(
    engine: duckdb.DuckDBPyConnection,
    old: Extract,
    new: Extract,
    mapping: SourceMapping,
    part: Path,
    covers: dict[str, Period],
    progress: Progress,
) -> dict[str, Any]:
    """Write the tables to `part`; return the manifest."""
    import duckdb

    try:
        merging = Merging(engine, old, new, mapping.keep_by)
        changes = merging.changes()
        tables = [path.stem for path in sorted(new.folder.glob("*.parquet"))]
        for number, table in enumerate(tables):
            progress("Writing the new extract", number, len(tables))
            merging.write(table, part)
        counts = {table: _count(engine, part / f"{table}.parquet") for table in tables}
        columns = merging.canonical_columns
        grains = {name: mapped.precision for name, mapped in mapping.mapped.items()}
        coverage = covered_days(engine, part, columns, grains, new.as_at, covers)
    except duckdb.Error:
        raise damaged(old) from None
    return {
        **new.manifest,
        "sources": [*old.manifest["sources"], *new.manifest["sources"]],
        "rows": _rows(old.manifest["rows"], new.manifest["rows"], counts),
        "checks": _checks(old.manifest["checks"], new.manifest["checks"]),
        "without_value": accounts.without_value(part),
        "dates": accounts.first_and_last_days(part, columns),
        "coverage": coverage,
        "updated_from": {"extract": old.hash, "as_at": old.manifest["as_at"]},
        "changes": changes,
        "files": files_of(part),
    }


def _rows(
    old: Dictionary[str, Any], new: Dictionary[str, Any], counts: Dictionary[str, int]
) -> dict[str, Any]:
    """The account of all files' rows, and the records of the new extract."""
    over = {
        rule: old["passed_over"].get(rule, 0) + new["passed_over"].get(rule, 0)
        for rule in sorted({**old["passed_over"], **new["passed_over"]})
    }
    return {
        **new,
        **{name: old[name] + new[name] for name in _SUMMED},
        "passed_over": over,
        **{table: number for table, number in counts.items() if table != "rejects"},
    }


def _checks(
    old: Sequence[Dictionary[str, Any]], new: Sequence[Dictionary[str, Any]]
) -> list[dict[str, Any]]:
    summed: dict[tuple[str, str], dict[str, Any]] = {}
    for check in (*old, *new):
        place = (check["column"] or "", check["rule"])
        before = summed.get(place, {}).get("rows", 0)
        summed[place] = {**check, "rows": before + check["rows"]}
    return [summed[place] for place in sorted(summed)]


def _count(engine: duckdb.DuckDBPyConnection, path: Path) -> int:
    row = engine.execute(f"SELECT count(*) FROM read_parquet({sql.text(str(path))})").fetchone()
    return int(row[0]) if row else 0
