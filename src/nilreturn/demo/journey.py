"""The whole journey of the demonstration: a report imported, a request answered, in one folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from nilreturn.demo import AS_AT, COVERED, MAPPING, build
from nilreturn.errors import FileError
from nilreturn.files import folder_beside
from nilreturn.progress import Progress, silent
from nilreturn.sources import import_extract, mapping_named
from nilreturn.workflow import Answered, Request, answer

ANSWER = "answer-20210999"


def travel(to: Path, *, tell: Callable[[str], None], progress: Progress = silent) -> Answered:
    """
    Build, import and answer into `to`; an earlier demonstration there is replaced, anything else is left alone.

    `tell` is given each step in a sentence. Raises `FileError` when `to` holds something else.
    """
    if to.exists() and not _is_ours(to):
        raise FileError(f"{to}: holds something other than a demonstration; name another folder")
    beside = to.with_name(f".{to.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    with folder_beside(beside) as part:
        made = build(part)
        extract = import_extract(
            [made.extract],
            mapping=mapping_named(MAPPING),
            to=part / "extract",
            as_at=AS_AT,
            covers={"": COVERED},
            progress=progress,
        )
        rows = extract.manifest["rows"]
        tell(f"imported  {rows['kept']:,} rows: {rows['crimes']:,} crimes, {rows['victims']:,} victims")
        request = Request(made.questions, extract.folder, made.policy, made.authority)
        answered = answer(request, part / ANSWER, progress=progress)
    if to.exists():
        shutil.rmtree(to)
    beside.rename(to)
    at = to / ANSWER
    release, internal, published = (
        at / path.name for path in (answered.release, answered.internal, answered.published)
    )
    return Answered(release, internal, published, answered.protection)


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and {path.name for path in folder.iterdir()} >= {
        "connect-report.csv",
        "request.yaml",
        ANSWER,
    }
