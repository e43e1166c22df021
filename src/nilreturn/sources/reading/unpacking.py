"""Unpacks a file compressed with gzip beside the extract that is being made."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from nilreturn.errors import FileError
from nilreturn.progress import Progress

PACKED = ".gz"
_CHUNK = 1 << 20
SMALL = 1 << 30  # bytes unpacked, up to which any share is believed
MOST_UNPACKED = 200  # times the size of the file; text of records unpacks to some 5 to 50 times


def unpack(path: Path, target: Path, progress: Progress) -> None:
    """
    Unpack the file. Raises `FileError` when it is damaged, cut short, or unpacks to more than a
    report can have.
    """
    packed, done = path.stat().st_size, 0
    try:
        with path.open("rb") as file, gzip.open(file) as source, target.open("wb") as unpacked:
            while chunk := source.read(_CHUNK):
                done += len(chunk)
                if done > SMALL and done > MOST_UNPACKED * packed:
                    raise FileError(
                        f"{path}: unpacks to more than {MOST_UNPACKED} times its size; unpack it "
                        f"yourself"
                    )
                unpacked.write(chunk)
                progress(f"Unpacking {path.name}", file.tell(), packed)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise FileError(f"{path}: damaged or cut short; compress it again") from error
