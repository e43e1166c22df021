"""
Read the folder of a register. Each file that the index lists is read once; anything else in the
folder is reported by name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nilreturn.disclosure.register.index import INDEX, JOURNAL, LOCK, Entry
from nilreturn.files import sha256_of
from nilreturn.locks import NO_LINK

MOST_BYTES = 100_000_000

_RESTORE = "restore it from a backup"  # what the index lists is never deleted
_NOT_LISTED = (
    "is not in the index, so it is not known whether readers have it; enter it with 'nilreturn "
    "register add', or move it out of the register"
)


def shown(path: Path | str) -> str:
    """A path for a message: one line, whatever its name is made of."""
    text = str(path)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def read_file(path: Path) -> bytes:
    """
    The bytes of a regular file. Raises `ValueError`, which says what it is instead: missing, a
    link, a folder, a pipe, empty, too large, or closed to us. Never waits for anything.
    """
    if wrong := _kind(path):
        raise ValueError(wrong)
    try:
        # Not blocking: what was a file a moment ago may be a pipe by now.
        handle = os.open(path, os.O_RDONLY | NO_LINK | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise ValueError("is missing") from None
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from None
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("is not a file")
        if status.st_size > MOST_BYTES:
            raise ValueError(f"is larger than {MOST_BYTES:,} bytes, which no file of a register is")
        content = file.read(MOST_BYTES + 1)
    if not content:
        raise ValueError("is empty")
    return content


def _kind(path: Path) -> str:
    """What is wrong with the kind of thing at `path`; nothing when it is a file or gone."""
    mode = _mode(path)
    if stat.S_ISLNK(mode):
        return "is a link and not the file itself"
    if stat.S_ISDIR(mode):
        return "is a folder and not a file"
    return "" if not mode or stat.S_ISREG(mode) else "is neither a file nor a folder"


def problems_in(folder: Path, entries: Sequence[Entry]) -> Iterator[str]:
    """
    Whatever is in the folder beside the index, the lock and the entries' own folders, and which is
    missing.
    """
    known = {entry.name for entry in entries}
    for name in _listed(folder):
        path = folder / name
        wrong = _kind(path)
        if name == LOCK:
            if wrong or path.lstat().st_size:
                yield (
                    f"{shown(path)}: {wrong or 'is not empty, as the lock of a register is'}; "
                    f"remove it"
                )
        elif name == JOURNAL and not wrong:
            yield (
                f"{shown(path)}: a run was stopped while it entered a release, and what it left "
                f"cannot be settled; run 'nilreturn register verify {shown(folder)}' as somebody "
                "who may write there, or restore the register from a backup"
            )
        elif name not in known and name != INDEX:
            yield f"{shown(path)}: {_unlisted(path)}"
    for entry in entries:
        yield from _problems_of(folder / entry.name, entry)


def _unlisted(path: Path) -> str:
    """What is said of something that the index does not list."""
    mode = _mode(path)
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        return f"{_kind(path) or 'is gone'}, and the index does not list it; remove it"
    if path.name.endswith(".part"):
        return (
            "is half written, and the index does not list it; remove it once no other program "
            "writes it"
        )
    return _NOT_LISTED


def _problems_of(place: Path, entry: Entry) -> Iterator[str]:
    """What is wrong with an entry's folder itself; its files are read by `files_of`."""
    mode = _mode(place)
    if not stat.S_ISDIR(mode):
        wrong = (
            ("is a file and not a folder" if stat.S_ISREG(mode) else _kind(place))
            if mode
            else "is missing"
        )
        yield f"{shown(place)}: {wrong}; {_RESTORE}"
        return
    try:
        names = _listed(place)
    except OSError as error:
        yield f"{shown(place)}: cannot be read ({error.strerror}); see who may read it"
        return
    for name in names:
        if name not in entry.files:
            yield f"{shown(place / name)}: {_unlisted(place / name)}"


def files_of(folder: Path, entry: Entry) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """The files of an entry as the index has them, and what is wrong with the others."""
    found: dict[str, bytes] = {}
    problems = []
    if not stat.S_ISDIR(_mode(folder / entry.name)):
        return found, ()  # `problems_in` says so
    for name, sha in entry.files.items():
        path = folder / entry.name / name
        try:
            content = read_file(path)
        except ValueError as error:
            problems.append(f"{shown(path)}: {error}; {_RESTORE}")
            continue
        if sha256_of(content) == sha:
            found[name] = content
        else:
            problems.append(f"{shown(path)}: was changed since it was entered; {_RESTORE}")
    return found, tuple(problems)


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _listed(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))
