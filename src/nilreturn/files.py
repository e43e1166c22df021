"""Writing so that nothing is half written, and naming bytes by their hash."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def canonical_json(content: object) -> bytes:
    """
    JSON of which equal contents have equal bytes: keys sorted, no spaces.

    >>> canonical_json({"b": 1, "a": [True, "x"]})
    b'{"a":[true,"x"],"b":1}'
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(content: bytes) -> str:
    """The SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def written_beside(final: Path) -> Iterator[Path]:
    """
    A path beside `final` to write a file to; on leaving it is synced and renamed to `final`.
    After an error or a crash `final` is what it was before.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=final.parent, prefix=f".{final.name}.", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())  # mkstemp makes files private; these are for their folder's readers
        _sync(part)
        part.replace(final)
        _sync(final.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def folder_beside(final: Path) -> Iterator[Path]:
    """
    An empty folder beside `final` to fill; on leaving, every file in it is synced and it is renamed to `final`.

    Raises `FileExistsError` at once when `final` exists: what is written this way is immutable.
    """
    if final.exists():
        raise FileExistsError(final)
    final.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=final.parent, prefix=f".{final.name}.", suffix=".part"))
    try:
        yield part
        for path in sorted(part.rglob("*")):
            _sync(path)
        _sync(part)
        part.chmod(0o777 & ~_umask())
        part.rename(final)
        _sync(final.parent)
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(part)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
