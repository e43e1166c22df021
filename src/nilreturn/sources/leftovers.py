"""
The folder in which an extract is made, and the removal of what a killed import leaves: its lock
shows that it was killed.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nilreturn.errors import FileError
from nilreturn.files import atomic_folder
from nilreturn.locks import lock as take

SCRATCH = "scratch"
_LOCK = "lock"
_AN_HOUR = 3600


@contextmanager
def locked_scratch(part: Path) -> Iterator[Path]:
    """A scratch folder in `part`, locked while in use and removed at the end."""
    scratch = part / SCRATCH
    scratch.mkdir()
    with (scratch / _LOCK).open("w") as lock:
        take(lock.fileno())
        try:
            yield scratch
        finally:
            lock.close()  # Windows does not remove an open file
            shutil.rmtree(scratch)


def remove_stale(target: Path) -> None:
    """
    Remove the unfinished folders of killed imports into `target`. Imports that are still running
    keep theirs.
    """
    if not target.parent.is_dir():
        return
    for part in sorted(target.parent.iterdir()):
        is_ours = (
            part.name.startswith(f".{target.name}.")
            and part.name.endswith(".part")
            and part.is_dir()
        )
        if is_ours and _is_abandoned(part):
            shutil.rmtree(part, ignore_errors=True)


def _is_abandoned(part: Path) -> bool:
    try:
        with (part / SCRATCH / _LOCK).open("r+") as lock:
            return take(lock.fileno())
    except FileNotFoundError:
        # Killed before it took the lock or after it released it. A running import gets time for
        # either.
        return time.time() - part.stat().st_mtime > _AN_HOUR
    except OSError:
        return False


@contextmanager
def making_extract(to: Path) -> Iterator[tuple[Path, Path]]:
    """
    The folder that becomes the extract at `to`, complete or not at all, and a folder for working
    files.

    Raises `FileError` where `to` exists, and where the machine cannot read or write.
    """
    remove_stale(to)
    try:
        with atomic_folder(to) as part, locked_scratch(part) as scratch:
            yield part, scratch
    except FileExistsError:
        raise FileError(
            f"{to}: exists, and an extract is never changed; choose another folder"
        ) from None
    except OSError as error:
        raise FileError(
            f"{error.filename or to}: cannot be read or written ({error.strerror})"
        ) from error
