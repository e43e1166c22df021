"""Checks that a path is a file that can be read here, before anything waits for it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nilreturn.errors import FileError

_KINDS = (
    (stat.S_ISDIR, "is a folder; name the files in it"),
    (
        stat.S_ISFIFO,
        "is a pipe, which can be read only once; save what comes from it as a file first",
    ),
    (stat.S_ISCHR, "is a device, not a file; save what comes from it as a file first"),
    (stat.S_ISBLK, "is a device, not a file; save what comes from it as a file first"),
    (stat.S_ISSOCK, "is a socket, not a file; save what comes from it as a file first"),
)
_SIGNS = (  # how other kinds of file begin
    (b"PK\x03\x04", "a workbook or another zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"%PDF", "a PDF"),
)


def check_is_file(path: Path) -> None:
    """
    Check that `path` is a file, or a link to one. Raises `FileError`. A pipe or device is refused:
    it might never end, and could not be read again to see whether it has changed.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise FileError(f"{path}: no such file") from None
    except OSError as error:  # a loop of links, a name too long, a folder that may not be entered
        raise FileError(f"{path}: cannot be read ({error.strerror})") from error
    for is_kind, why in _KINDS:
        if is_kind(mode):
            raise FileError(f"{path}: {why}")
    if not os.access(path, os.R_OK):
        raise FileError(f"{path}: you have no permission to read it; ask its owner")


def check_is_text(content: Path, path: Path) -> None:
    """
    Raise `FileError`, naming `path`, where `content` begins like a file of another kind than the
    name says.
    """
    with content.open("rb") as file:
        head = file.read(8)
    for sign, kind in _SIGNS:
        if head.startswith(sign):
            raise FileError(
                f"{path}: is not text but {kind}; give it the ending of its kind, or export it "
                f"again"
            )


def stamp(path: Path) -> tuple[int, int]:
    """The size and time of a file's last change, to see whether it changed while it was read."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns
