"""What a killed import leaves beside its target: found by the lock that only a living import holds, and removed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nilreturn.locks import lock as take

SCRATCH = "scratch"
_LOCK = "lock"
_AN_HOUR = 3600


@contextmanager
def holding(part: Path) -> Iterator[Path]:
    """A scratch folder in `part`, locked while in use and removed on leaving."""
    scratch = part / SCRATCH
    scratch.mkdir()
    with (scratch / _LOCK).open("w") as lock:
        take(lock.fileno())
        try:
            yield scratch
        finally:
            lock.close()  # Windows removes no open file
            shutil.rmtree(scratch)


def remove_stale(target: Path) -> None:
    """Remove the unfinished folders of imports into `target` that were killed; those still running keep theirs."""
    if not target.parent.is_dir():
        return
    for part in sorted(target.parent.iterdir()):
        is_ours = part.name.startswith(f".{target.name}.") and part.name.endswith(".part") and part.is_dir()
        if is_ours and _is_abandoned(part):
            shutil.rmtree(part, ignore_errors=True)


def _is_abandoned(part: Path) -> bool:
    try:
        with (part / SCRATCH / _LOCK).open("r+") as lock:
            return take(lock.fileno())
    except FileNotFoundError:
        # Killed before it took the lock or after it gave it back; give a living one time to do either.
        return time.time() - part.stat().st_mtime > _AN_HOUR
    except OSError:
        return False
