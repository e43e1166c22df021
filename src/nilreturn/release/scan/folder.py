"""
Checks finished files before they get their names: any content that was not intended prevents the
release.

Police forces have disclosed their raw records in hidden sheets, pivot caches and data models of the
workbooks they sent. Every part of a file must therefore be one that this software writes, and every
text and figure read back must be in the answer.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from nilreturn.errors import ReleaseError
from nilreturn.release.answer import Answer
from nilreturn.release.layout import long
from nilreturn.release.plain import neutral
from nilreturn.release.scan.letters import scan_docx, scan_html, scan_pdf
from nilreturn.release.scan.workbooks import scan_ods, scan_xlsx


def scan(answer: Answer, folder: Path) -> None:
    """
    Raise `ReleaseError` when a file in `folder` contains anything beyond `answer`. Each finding is
    a detail that names the file and the place and quotes nothing found there.
    """
    findings = [
        f"{path.name}: {finding}"
        for path in sorted(folder.iterdir())
        for finding in _findings(answer, path)
    ]
    if findings:
        raise ReleaseError(
            "not released: a finished file holds what it should not", details=tuple(findings)
        )


def _findings(answer: Answer, path: Path) -> Iterator[str]:
    look = _SCANS.get(path.suffix)
    if look is None or not path.is_file():
        yield "is not a file that a release has"
        return
    yield from look(answer, path)


def _scan_csv(answer: Answer, path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = [tuple(row) for row in csv.reader(file)]
    if found not in [_csv_rows(answer, number) for number in range(len(answer.tables))]:
        yield "is not one of the answer's tables"


def _csv_rows(answer: Answer, number: int) -> list[tuple[str, ...]]:
    grid = long(answer.tables[number])
    return [tuple(neutral(str(value)) for value in row) for row in (grid.headers, *grid.rows)]


_SCANS: dict[str, Callable[[Answer, Path], Iterator[str]]] = {
    ".xlsx": scan_xlsx,
    ".ods": scan_ods,
    ".csv": _scan_csv,
    ".docx": scan_docx,
    ".pdf": scan_pdf,
    ".html": scan_html,
}
