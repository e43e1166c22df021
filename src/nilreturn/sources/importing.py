"""From a records system's files to an extract: read, judge, group, write, hash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path

from nilreturn.errors import FileError, SourceError
from nilreturn.periods import Period
from nilreturn.progress import Progress, no_progress
from nilreturn.schema import Extract, open_extract
from nilreturn.sources.coverage import covered_days
from nilreturn.sources.headers import columns_of, known_headers, places, take_apart, without_unknown
from nilreturn.sources.judging import Staging, open_engine
from nilreturn.sources.leftovers import making_extract
from nilreturn.sources.manifest import manifest, write_manifest
from nilreturn.sources.mapping import SourceMapping
from nilreturn.sources.reading import SourceRows, check_kind, read, stamp
from nilreturn.sources.writing import Making, Work, write_all
from nilreturn.sources.writing import columns_of as columns_written


def import_extract(
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
    Import files of one records system into a new extract.

    The same files, mapping and as-at time give the same bytes. After an error, or when the import
    is killed, there is nothing at `to`.

    Parameters
    ----------
    paths
        The files, each once.
    mapping
        How their columns become canonical columns.
    to
        The folder to create; it must not exist.
    as_at
        When the files were taken from the records system.
    covers
        The days that the files cover, by date column. "" is the column that they were selected by:
        the day of recording, where there is one. Days that are not given are proposed from the
        records.
    accept_rejects
        The number of losses that the user accepts. It matters where more than 1% of the rows, or of
        a column's dates or offences, would be lost.
    key
        The force's secret key. References of people are kept only as hashes under it.
    ignore_unknown
        Leave out columns whose headers the mapping does not name, and list them in the manifest.
    progress
        Called with the work done so far.

    Returns
    -------
    Extract
        The new extract.

    Raises
    ------
    FileError
        When a file is missing, empty, damaged or too large, or when `to` exists.
    SourceError
        When the headers do not fit the mapping, more is lost than is accepted, or a key is needed.
    UsageError
        When the days in `covers` are not possible.
    """
    for path in paths:
        check_kind(path)
    with making_extract(to) as (part, scratch), _unchanged(paths):
        _import(
            paths,
            mapping,
            part,
            scratch,
            as_at,
            covers or {},
            accept_rejects,
            key,
            ignore_unknown,
            progress,
        )
    return open_extract(to)


def _import(
    paths: Sequence[Path],
    mapping: SourceMapping,
    part: Path,
    scratch: Path,
    as_at: date | datetime,
    covers: dict[str, Period],
    accepted: int,
    key: bytes | None,
    ignore_unknown: bool,
    progress: Progress,
) -> None:
    known = known_headers(mapping)
    files = [
        rows
        for number, path in enumerate(paths)
        for rows in read(path, known, scratch / f"source-{number}", progress, mapping.asked)
    ]
    _check_distinct(files)
    if ignore_unknown:
        files = [without_unknown(rows, mapping) for rows in files]
    work = Work([rows.found["bytes"] for rows in files], progress)
    stagings: list[Staging] = []
    found: dict[int, dict[str, int]] = {}
    with open_engine(scratch) as engine, ExitStack() as stack:
        makings: list[Making] = []
        for report, numbers in take_apart(files, mapping).items():
            of_report = mapping.of_report(report) if report else mapping
            found |= {number: _places(files[number], of_report) for number in numbers}
            staging = _staging(of_report, [found[number] for number in numbers], _day(as_at), key)
            making = stack.enter_context(Making(staging, _folder(scratch, len(makings)), work))
            for number in numbers:
                files[number] = making.read(engine, number, files[number], found[number])
            makings.append(making)
            stagings.append(staging)
        summary, written = write_all(makings, part, [rows.name for rows in files], accepted)
        grains = {
            variable: grain for staging in stagings for variable, grain in staging.grains.items()
        }
        summary["coverage"] = covered_days(
            engine, part, columns_written(written), grains, _day(as_at), covers
        )
    described = manifest(
        stagings,
        written,
        files,
        [found[number] for number in range(len(files))],
        as_at,
        part,
        summary,
    )
    write_manifest(described, part)


@contextmanager
def _unchanged(paths: Sequence[Path]) -> Iterator[None]:
    """
    Raise `FileError` where a file has changed meanwhile, which may be why its rows could not be
    read.
    """
    seen = [stamp(path) for path in paths]

    def check() -> None:
        for path, before in zip(paths, seen, strict=True):
            if stamp(path) != before:
                raise FileError(f"{path}: changed while it was being read; import it again")

    try:
        yield
    except Exception:
        check()
        raise
    check()


def _places(rows: SourceRows, mapping: SourceMapping) -> dict[str, int]:
    return places(rows.path, rows.headers, mapping, are_sure=rows.headers_are_sure)


def _staging(
    mapping: SourceMapping, found: Sequence[dict[str, int]], as_at: date, key: bytes | None
) -> Staging:
    present = tuple(
        variable
        for variable in mapping.mapped
        if any(columns_of(variable, place) for place in found)
    )
    staging = Staging(mapping, present, as_at, key)
    if staging.needs_key and key is None:
        raise SourceError(
            "the files have references of people, which are kept only as hashes under the force's "
            "key; give it with --key, or make one with 'nilreturn key new FILE'"
        )
    return staging


def _folder(scratch: Path, number: int) -> Path:
    folder = scratch / f"report-{number}"
    folder.mkdir()
    return folder


def _check_distinct(files: Sequence[SourceRows]) -> None:
    seen: dict[str, Path] = {}
    for rows in files:
        other = seen.setdefault(rows.found["sha256"], rows.path)
        if other is not rows.path:
            raise FileError(f"{rows.path}: the same as {other}; give each file once")


def _day(as_at: date | datetime) -> date:
    return as_at.date() if isinstance(as_at, datetime) else as_at
