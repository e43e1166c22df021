"""
Locks that end with their process, and writing bytes to the disk: what differs between operating
systems.
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

NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # Windows does not have the flag
FOLDERS_CAN_BE_LOCKED = sys.platform != "win32"
# Errors of some network drives for folders.
_NOT_SYNCED = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)


def lock(handle: int) -> bool:
    """
    Lock an open file (or a folder, where the system can); False where another process has it
    locked.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # on POSIX and on Windows
        return False
    return True


def sync(path: Path) -> None:
    """
    Wait until the file's bytes, or the folder's list of names, are on the disk, where the system
    supports it.
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
