"""
What differs between systems: locks that end with their process, and making sure that bytes are on
the disk.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag, and makes no links unasked
FOLDERS_CAN_BE_LOCKED = sys.platform != "win32"
# What some network drives say of folders.
_NOT_SYNCED = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)


def lock(handle: int) -> bool:
    """
    Take the lock of an open file, or where the system has it of a folder; False where another
    process has it.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # as POSIX and Windows say it
        return False
    return True


def sync(path: Path) -> None:
    """
    Return when the file's bytes, or the folder's list of names, are on the disk, where the system
    can tell.
    """
    is_folder = path.is_dir()
    if is_folder and sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if not is_folder or error.errno not in _NOT_SYNCED:
            raise
    finally:
        os.close(handle)
