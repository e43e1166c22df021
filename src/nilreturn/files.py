"""Atomic file and folder writes, lock files, and SHA-256 of files."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nilreturn.locks import FOLDERS_CAN_BE_LOCKED, NO_LINK, lock, sync

_SECONDS_BETWEEN_TRIES = 0.05
_YOUNG = 60  # seconds: a new folder may not have its lock yet


def canonical_json(content: object) -> bytes:
    """
    JSON in which equal contents have equal bytes: keys are sorted and there are no spaces.

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


def hashes_below(
    folder: Path, *, skip: Callable[[str], bool] = lambda name: False
) -> dict[str, str]:
    """
    The SHA-256 of each file below `folder`, by its path there, except those to `skip`. A link, or
    what is neither a file nor a folder, has "", which is no file's hash.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if skip(name):
            continue
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            found[name] = ""
        elif path.is_file():
            found[name] = sha256(path)
    return found


def engine_path(path: Path) -> str:
    """
    The path for DuckDB to read: absolute, so that no part of it is a scheme like "s3:", and without
    patterns.

    Give it to a reader with `hive_partitioning = false`, so that a folder "year=2024" does not add
    a column.

    >>> engine_path(Path("/a[1]*/crimes.parquet"))
    '/a[[]1][*]/crimes.parquet'
    """
    return re.sub(r"([*?\[])", r"[\1]", str(path.absolute()))


@contextmanager
def locked(path: Path, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """
    Lock the file at `path`, which is created if it is missing and is not removed.

    While another process has it locked, this one waits and calls `waiting` repeatedly. The system
    releases the lock when the process ends, however it ends.
    """
    handle = _opened(path)
    try:
        while not lock(handle):
            waiting()
            time.sleep(_SECONDS_BETWEEN_TRIES)
        yield
    finally:
        os.close(handle)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o666)
    except PermissionError:  # another person's lock file: reading it is enough to lock it
        return os.open(path, os.O_RDONLY | NO_LINK)


@contextmanager
def atomic_file(final: Path) -> Iterator[Path]:
    """
    A path beside `final` to write a file to. At the end the file is synced and renamed to `final`;
    after an error or a crash `final` is unchanged.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    part = _unused(final)
    # What is made is made within the try, so that Ctrl-C right after leaves nothing.
    try:
        mode = _closed(part, _new_file)
        yield part
        part.chmod(mode)
        sync(part)
        part.replace(final)
        sync(final.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def atomic_folder(final: Path, *, private: bool = False) -> Iterator[Path]:
    """
    An empty folder beside `final` to fill. At the end every file in it is synced and it is renamed
    to `final`. A `private` folder stays readable by its owner only.

    Raises `FileExistsError` at once when `final` exists, since what is written in this way is never
    changed. A killed run leaves its folder beside `final`, unlocked; `remove_abandoned` removes it.
    """
    if final.exists():
        raise FileExistsError(final)
    final.parent.mkdir(parents=True, exist_ok=True)
    part = _unused(final)
    handle: int | None = None
    try:
        mode = _closed(part, Path.mkdir)
        handle = _held(part)
        yield part
        for path in sorted(part.rglob("*")):
            sync(path)
        sync(part)
        if not private:
            part.chmod(mode)
        part.rename(final)
        sync(final.parent)
    finally:
        if handle is not None:
            os.close(handle)
        with suppress(FileNotFoundError):
            shutil.rmtree(part)
        if not FOLDERS_CAN_BE_LOCKED:
            _lock_beside(part).unlink(missing_ok=True)


def _unused(final: Path) -> Path:
    """A name beside `final` that nothing has."""
    while True:
        part = final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")
        if not os.path.lexists(part):
            return part


def _closed(part: Path, make: Callable[[Path], None]) -> int:
    """
    Make a file or folder that is private while it is filled; its mode as the umask allows it.
    Reading the umask itself would set it for all threads of the process.
    """
    make(part)
    mode = stat.S_IMODE(part.stat().st_mode)
    part.chmod(mode & 0o700)
    return mode


def _new_file(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK, 0o666))


def _held(part: Path) -> int:
    """
    A handle that locks a folder while it is written, which distinguishes the folder of a running
    process from that of a killed one.
    """
    if FOLDERS_CAN_BE_LOCKED:
        handle = os.open(part, os.O_RDONLY)
        with suppress(OSError):  # some network drives have no locks for folders
            lock(handle)
    else:
        handle = os.open(_lock_beside(part), os.O_RDWR | os.O_CREAT)
        lock(handle)
    return handle


def _lock_beside(part: Path) -> Path:
    return part.with_name(f"{part.name}.lock")


def remove_abandoned(final: Path) -> None:
    """
    Remove the folders that killed runs of `atomic_folder(final)` left, but not those of running
    ones.
    """
    if not final.parent.is_dir():
        return
    for part in sorted(final.parent.iterdir()):
        if part.name.startswith(f".{final.name}.") and part.name.endswith(".part"):
            remove_part(part)


def remove_part(part: Path) -> bool:
    """
    Remove a folder that `atomic_folder` made, unless its process is running; return whether it is
    gone.
    """
    locked_at = part if FOLDERS_CAN_BE_LOCKED else _lock_beside(part)
    try:
        if not part.is_dir() or part.is_symlink():
            return not os.path.lexists(part)
        flags = (
            os.O_RDONLY | os.O_DIRECTORY | NO_LINK
            if FOLDERS_CAN_BE_LOCKED
            else os.O_RDWR | os.O_CREAT
        )
        handle = os.open(locked_at, flags)
    except FileNotFoundError:
        return True
    except OSError:  # not a folder, or one that may not be opened
        return False
    try:
        young = not any(part.iterdir()) and time.time() - part.stat().st_mtime < _YOUNG
        if young or not lock(handle):
            return False
        shutil.rmtree(part)
    except OSError:  # locks are not supported, or another person's folder
        return False
    finally:
        os.close(handle)
    if not FOLDERS_CAN_BE_LOCKED:
        locked_at.unlink(missing_ok=True)
    return True
