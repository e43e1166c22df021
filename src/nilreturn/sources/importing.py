"""From a records system's files to an extract: read, judge, group, write, hash. All rows stay in the engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.errors import FileError, SourceError
from nilreturn.files import folder_beside
from nilreturn.progress import Progress, silent
from nilreturn.schema import Extract, open_extract
from nilreturn.schema.extract import MANIFEST
from nilreturn.sources.judging import codes, sql
from nilreturn.sources.judging.engine import open_engine, run
from nilreturn.sources.judging.staging import CLASS, CODE, Staging
from nilreturn.sources.leftovers import holding, remove_stale
from nilreturn.sources.manifest import manifest
from nilreturn.sources.mapping.columns import known_headers, places
from nilreturn.sources.mapping.model import Mapping
from nilreturn.sources.reading.kinds import check_kind, read
from nilreturn.sources.reading.open_paths import stamp
from nilreturn.sources.reading.rows import Rows, check_records, load_strictly_first
from nilreturn.sources.writing.statements import Writing

if TYPE_CHECKING:
    import duckdb


def import_extract(
    paths: Sequence[Path],
    *,
    mapping: Mapping,
    to: Path,
    as_at: date | datetime,
    progress: Progress = silent,
) -> Extract:
    """
    Import files of one records system, taken at `as_at`, into a new extract at `to`. The same files, mapping and
    as-at time give the same bytes.

    Raises `FileError` for a file that is missing, empty, damaged or too large, or when `to` exists; `SourceError` for
    headers that do not fit the mapping. Then, and when it is killed, nothing is left at `to`.
    """
    for path in paths:
        check_kind(path)
    remove_stale(to)
    try:
        with folder_beside(to) as part, holding(part) as scratch:
            _import(paths, mapping, part, scratch, as_at, progress)
    except FileExistsError:
        raise FileError(f"{to}: exists, and an extract is never changed; choose another folder") from None
    except OSError as error:
        raise FileError(f"{error.filename or to}: cannot be read or written ({error.strerror})") from error
    return open_extract(to)


def _import(
    paths: Sequence[Path], mapping: Mapping, part: Path, scratch: Path, as_at: date | datetime, progress: Progress
) -> None:
    known = known_headers(mapping)
    seen = [stamp(path) for path in paths]
    files = [read(path, known, scratch / f"source-{number}", progress) for number, path in enumerate(paths)]
    _check_distinct(files)
    found = [places(rows.path, rows.headers, mapping, are_sure=rows.headers_are_sure) for rows in files]
    present = tuple(variable for variable in mapping.mapped if any(variable in place for place in found))
    staging = Staging(mapping, present, f"DATE '{_day(as_at).isoformat()}'")
    with open_engine(scratch) as engine:
        _check_formats(engine, mapping)
        left = _stage(engine, staging, files, found, progress)
        writing = Writing(staging, tuple(rows.path.name for rows in files), part)
        for step, statement in writing.statements():
            run(engine, statement, step, progress)
        summary = writing.summary(engine, left)
    for path, before in zip(paths, seen, strict=True):
        if stamp(path) != before:
            raise FileError(f"{path}: changed while it was being read; import it again")
    described = manifest(staging, files, found, as_at, part, summary, writing)
    (part / MANIFEST).write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _check_distinct(files: Sequence[Rows]) -> None:
    seen: dict[str, Path] = {}
    for rows in files:
        other = seen.setdefault(rows.found["sha256"], rows.path)
        if other is not rows.path:
            raise FileError(f"{rows.path}: the same as {other}; give each file once")


def _check_formats(engine: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    import duckdb

    for form in mapping.dates.formats:
        try:
            engine.execute(f"SELECT try_strptime('x', [{sql.text(form)}])").fetchall()
        except duckdb.Error:
            raise SourceError(
                f"the mapping '{mapping.name}', dates.formats: '{form}' is no form of a date; write it like %d/%m/%Y"
            ) from None


def _stage(
    engine: duckdb.DuckDBPyConnection,
    staging: Staging,
    files: list[Rows],
    found: Sequence[dict[str, int]],
    progress: Progress,
) -> int:
    """How many rows the mapping leaves. `files` become what was loaded of them."""
    left = 0
    for number, (rows, place) in enumerate(zip(files, found, strict=True)):
        begin = "INSERT INTO staged" if number else "CREATE TABLE staged AS"

        def load(rows: Rows, number: int = number, place: dict[str, int] = place, begin: str = begin) -> None:
            run(engine, f"{begin} {staging.select(rows, number, place)}", f"Reading {rows.path.name}", progress, rows)

        loaded = load_strictly_first(rows, load)
        files[number] = loaded
        left += _check_records_of(engine, loaded, number, staging.mapping)
    for variable, read_offences in ((CODE, codes.read_codes), (CLASS, codes.read_classes)):
        if variable in staging.present:
            _read_offences(engine, variable, read_offences)
    if CODE in staging.present:
        _fill_classes(engine)
    return left


def _check_records_of(engine: duckdb.DuckDBPyConnection, rows: Rows, file: int, mapping: Mapping) -> int:
    """How many rows the mapping leaves. Every record that the reader counted must have come."""
    ((count,),) = engine.execute(f"SELECT count(*) FROM staged WHERE _file = {file}").fetchall()
    every = count
    if mapping.only:  # the rows of other populations were left where they are
        ((every,),) = engine.execute(f"SELECT count(*) FROM ({rows.query})").fetchall()
    check_records(rows, every)
    if not count:
        chosen = " that the mapping chooses" if every else ""
        raise FileError(f"{rows.path}: there are headers and no rows to import{chosen}; export it again")
    return int(every - count)


def _read_offences(engine: duckdb.DuckDBPyConnection, variable: str, read: Any) -> None:
    """Read each different text once, into a table of its meaning."""
    import pyarrow as pa

    column, table = sql.name(variable), sql.name(f"read {variable}")
    texts = [text for (text,) in engine.execute(f"SELECT DISTINCT {column} FROM staged ORDER BY 1").fetchall() if text]
    found = read(texts)
    meanings = pa.table(
        {
            "text": pa.array([each.text for each in found], pa.string()),
            "value": pa.array([each.value for each in found], pa.string()),
            "fault": pa.array([each.fault for each in found], pa.string()),
        }
    )
    engine.register("meanings", meanings)
    engine.execute(f"CREATE TABLE {table} AS SELECT * FROM meanings")
    engine.unregister("meanings")


def _fill_classes(engine: duckdb.DuckDBPyConnection) -> None:
    import pyarrow as pa

    table = sql.name(f"read {CODE}")
    known = [
        code for (code,) in engine.execute(f"SELECT DISTINCT value FROM {table} WHERE value IS NOT NULL").fetchall()
    ]
    classes = codes.only_classes(known)
    engine.register("classes", pa.table({"code": list(classes), "class": list(classes.values())}, schema=_schema()))
    engine.execute("CREATE TABLE only_classes AS SELECT * FROM classes")
    engine.unregister("classes")


def _schema() -> Any:
    import pyarrow as pa

    return pa.schema([("code", pa.string()), ("class", pa.string())])


def _day(as_at: date | datetime) -> date:
    return as_at.date() if isinstance(as_at, datetime) else as_at
