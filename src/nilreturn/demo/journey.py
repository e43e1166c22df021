"""The whole demonstration: a report imported and a request answered, in one folder."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from nilreturn.demo.building import AS_AT, COVERED, MAPPING, build
from nilreturn.errors import FileError
from nilreturn.extras import require
from nilreturn.files import atomic_folder, hashes_below
from nilreturn.progress import Progress, no_progress
from nilreturn.schema import INDEX
from nilreturn.sources import import_extract, mapping_named
from nilreturn.wording import counted, of_unit
from nilreturn.workflow import Answered, AnswerFiles, answer

ANSWER = "answer-20210999"
LIST = "files.sha256"  # what a demonstration wrote: its files and their hashes


def run_demo(
    to: Path, *, tell: Callable[[str], None], progress: Progress = no_progress
) -> Answered:
    """
    Build, import and answer into `to`, replacing an earlier demonstration there; any other content
    is left as it is. `tell` is called with each step in a sentence.

    Raises `FileError` when `to` has other content, and `ExtraError` without the extra 'text'.
    """
    require("text")  # the request asks which words a text holds
    _check_is_ours(to)
    beside = _free_name(to, "new")
    with atomic_folder(beside) as part:
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
        records = ", ".join(of_unit(rows[table], table) for table in ("crimes", "victims"))
        tell(f"imported  {counted(rows['kept'], 'row')}: {records}")
        request = AnswerFiles(made.questions, extract.folder, made.policy, made.authority)
        answered = answer(request, part / ANSWER, progress=progress)
        _write_list(part)
    if to.exists():
        _check_is_ours(to)  # somebody may have put a file there meanwhile
        old = _free_name(to, "old")
        to.rename(old)
        beside.rename(to)
        shutil.rmtree(old)
    else:
        beside.rename(to)
    at = to / ANSWER
    release, internal, published = (
        at / path.name for path in (answered.release, answered.internal, answered.published)
    )
    return Answered(release, internal, published, answered.protection)


def _check_is_ours(folder: Path) -> None:
    """
    Check that everything in the folder is as a demonstration wrote it, so that no file of the
    user's is lost when it is replaced.
    """
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not (folder / LIST).is_file():
        raise FileError(
            f"{folder}: holds something other than a demonstration; name another folder"
        )
    strangers = _hashes(folder).items() ^ _listed(folder / LIST).items()
    if strangers:
        names = sorted({name for name, _ in strangers})
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        raise FileError(
            f"{folder}: {names[0]}{more} is not as the demonstration wrote it; name another "
            "folder, or move what is yours"
        )


def _write_list(folder: Path) -> None:
    lines = [f"{digest}  {name}\n" for name, digest in sorted(_hashes(folder).items())]
    (folder / LIST).write_text("".join(lines), encoding="utf-8")


def _listed(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _hashes(folder: Path) -> dict[str, str]:
    """
    The hash of each file of a demonstration, except the list itself and the text index, which is a
    cache.
    """
    return hashes_below(
        folder, skip=lambda name: name == LIST or name.startswith(f"extract/{INDEX}")
    )


def _free_name(folder: Path, word: str) -> Path:
    return folder.with_name(f".{folder.name}.{word}-{secrets.token_hex(4)}")
