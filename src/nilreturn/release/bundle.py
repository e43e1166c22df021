"""
Writes a release: every file of an answer and a manifest, in a folder that appears complete or not
at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from nilreturn.errors import ReleaseError, did_you_mean
from nilreturn.extras import is_installed, require
from nilreturn.files import atomic_folder
from nilreturn.release.answer import Answer, check
from nilreturn.release.csv import write_csv
from nilreturn.release.letter import write_docx, write_html, write_pdf
from nilreturn.release.manifest import manifest
from nilreturn.release.scan import scan
from nilreturn.release.workbook import range_name, write_ods, write_xlsx

MANIFEST = "manifest.json"


def _one_file(
    kind: str, suffix: str, write: Callable[[Answer, Path], None]
) -> Callable[[Answer, Path], None]:
    def write_to(answer: Answer, folder: Path) -> None:
        write(answer, folder / f"{file_stem(answer)}-{kind}.{suffix}")

    return write_to


def _write_csvs(answer: Answer, folder: Path) -> None:
    for number, table in enumerate(answer.tables, start=1):
        write_csv(
            table, folder / f"{file_stem(answer)}-{range_name(number, table).replace('_', '-')}.csv"
        )


# Each writes its files of an answer into a folder.
FORMATS: dict[str, Callable[[Answer, Path], None]] = {
    "xlsx": _one_file("tables", "xlsx", write_xlsx),
    "ods": _one_file("tables", "ods", write_ods),
    "csv": _write_csvs,
    "docx": _one_file("letter", "docx", write_docx),
    "pdf": _one_file("letter", "pdf", write_pdf),
    "html": _one_file("letter", "html", write_html),
}
_EXTRA = {"pdf": "pdf"}  # the extra that a format needs


def release(answer: Answer, folder: Path, *, formats: Iterable[str] = tuple(FORMATS)) -> Path:
    """
    Write the release of an answer to a new folder.

    Every file is scanned for hidden content before the folder gets its name. The same answer and
    formats give the same bytes.

    Parameters
    ----------
    answer
        The answer to release.
    folder
        The folder to create; it must not exist.
    formats
        Names of `FORMATS`; at least one of them has tables.

    Returns
    -------
    Path
        The manifest of the release.

    Raises
    ------
    ReleaseError
        When the answer or the formats cannot be released, when the folder exists, or when a file
        has hidden content.
    ExtraError
        When a format needs an extra that is not installed.
    """
    chosen = chosen_formats(formats)
    check(answer)
    try:
        with atomic_folder(folder) as part:
            for name in chosen:
                FORMATS[name](answer, part)
            scan(answer, part)
            _write_manifest(answer, part)
    except FileExistsError as error:
        raise ReleaseError(
            f"{folder}: already there; a release is never changed, so name another folder"
        ) from error
    return folder / MANIFEST


def file_stem(answer: Answer) -> str:
    """
    How the names of the answer's files begin: its reference, in characters that every file system
    accepts.
    """
    reference = re.sub("[^a-z0-9]+", "-", answer.reference.lower()).strip("-")
    return f"foi-{reference.removeprefix('foi-')}"[:60].rstrip("-")


def writable_formats() -> tuple[str, ...]:
    """
    The formats that can be written with the extras that are installed.

    Returns
    -------
    tuple of str
        Names of `FORMATS`, in its order.
    """
    return tuple(name for name in FORMATS if name not in _EXTRA or is_installed(_EXTRA[name]))


def chosen_formats(formats: Iterable[str]) -> tuple[str, ...]:
    """
    Check the names of formats and put them in order.

    Parameters
    ----------
    formats
        Names of `FORMATS`, in any order.

    Returns
    -------
    tuple of str
        The names once each, in the order of `FORMATS`.

    Raises
    ------
    ReleaseError
        When a name is unknown, or when no format for the tables is among them.
    ExtraError
        When a format needs an extra that is not installed.

    Examples
    --------
    >>> chosen_formats(["html", "csv"])
    ('csv', 'html')
    """
    wanted = set(formats)
    for name in sorted(wanted - set(FORMATS)):
        near = did_you_mean(name, list(FORMATS))
        raise ReleaseError(f"format {name!r} is unknown; there are {', '.join(FORMATS)}{near}")
    if not wanted & {"xlsx", "ods", "csv"}:
        raise ReleaseError(
            "no format for the tables is chosen; the letter refers to them: add xlsx, ods or csv"
        )
    for name in sorted(wanted & set(_EXTRA)):
        require(_EXTRA[name])
    return tuple(name for name in FORMATS if name in wanted)


def _write_manifest(answer: Answer, folder: Path) -> None:
    text = json.dumps(manifest(answer, folder), indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8", newline="\n")
