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
from nilreturn.sources.reading import columnar, delimited, workbook
from nilreturn.sources.reading.rows import Rows
from nilreturn.sources.writing.statements import Writing

if TYPE_CHECKING:
    import duckdb

READERS = {
    ".csv": delimited.read,
    ".tsv": delimited.read,
    ".txt": delimited.read,
    ".xlsx": workbook.read,
    ".xlsm": workbook.read,
    ".parquet": columnar.read,
}


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
        _check_is_file(path)
    remove_stale(to)
    try:
        with folder_beside(to) as part, holding(part) as scratch:
            _import(paths, mapping, part, scratch, as_at, progress)
    except FileExistsError:
        raise FileError(f"{to}: exists, and an extract is never changed; choose another folder") from None
    except OSError as error:
        raise FileError(f"{error.filename or to}: cannot be read or written ({error.strerror})") from error
    return open_extract(to)


def _check_is_file(path: Path) -> None:
    if path.is_dir():
        raise FileError(f"{path}: is a folder; name the files in it")
    if not path.exists():
        raise FileError(f"{path}: no such file")
    if path.suffix.lower() not in READERS:
        raise FileError(f"{path}: not a kind of file that can be imported; export it as CSV, XLSX or Parquet")


def _import(
    paths: Sequence[Path], mapping: Mapping, part: Path, scratch: Path, as_at: date | datetime, progress: Progress
) -> None:
    known = known_headers(mapping)
    seen = [_stamp(path) for path in paths]
    files = [
        READERS[path.suffix.lower()](path, known, scratch / f"source-{number}", progress)
        for number, path in enumerate(paths)
    ]
    _check_distinct(files)
    found = [places(rows.path, rows.headers, mapping) for rows in files]
    present = tuple(variable for variable in mapping.mapped if any(variable in place for place in found))
    staging = Staging(mapping, present, f"DATE '{_day(as_at).isoformat()}'")
    with open_engine(scratch) as engine:
        _check_formats(engine, mapping)
        left = _stage(engine, staging, files, found, progress)
        writing = Writing(staging, tuple(rows.path.name for rows in files), part)
        for step, statement in writing.statements():
            run(engine, statement, step, progress)
        summary = writing.summary(engine, left)
    for path, stamp in zip(paths, seen, strict=True):
        if _stamp(path) != stamp:
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


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _stage(
    engine: duckdb.DuckDBPyConnection,
    staging: Staging,
    files: Sequence[Rows],
    found: Sequence[dict[str, int]],
    progress: Progress,
) -> int:
    """How many rows the mapping leaves."""
    left = 0
    for number, (rows, place) in enumerate(zip(files, found, strict=True)):
        select = staging.select(rows, number, place)
        begin = "INSERT INTO staged" if number else "CREATE TABLE staged AS"
        run(engine, f"{begin} {select}", f"Reading {rows.path.name}", progress, rows.path)
        left += _check_lines(engine, rows, number, staging.mapping)
    for variable, read in ((CODE, codes.read_codes), (CLASS, codes.read_classes)):
        if variable in staging.present:
            _read_offences(engine, variable, read)
    if CODE in staging.present:
        _fill_classes(engine)
    return left


def _check_lines(engine: duckdb.DuckDBPyConnection, rows: Rows, file: int, mapping: Mapping) -> int:
    """How many rows the mapping leaves. Every line belongs to a row; where not, a quotation mark has swallowed some."""
    staged = f"SELECT count(*), coalesce(sum(_lines), 0) FROM staged WHERE _file = {file}"
    count, lines = engine.execute(staged).fetchall()[0]
    left = 0
    if mapping.only:  # the rows of other populations were left where they are, and their lines must be found too
        every, lines = engine.execute(f"SELECT count(*), sum(_lines) FROM ({rows.query})").fetchall()[0]
        left = every - count
    if not count:
        chosen = " that the mapping chooses" if left else ""
        raise FileError(f"{rows.path}: there are headers and no rows to import{chosen}; export it again")
    if rows.lines is not None and lines < rows.lines:
        raise FileError(
            f"{rows.path}: {rows.lines - lines:,} lines belong to no row; look for a quotation mark that is never "
            "closed, and export it again"
        )
    return int(left)


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
