"""
Making a delimited file clean UTF-8 that the engine can read, and saying what was found.

The file is read once, in chunks: to hash it, to find its encoding, and to count its lines, so that after reading the
rows every line can be accounted for. A file that is clean already is read where it lies.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nilreturn.progress import Progress

CHUNK = 8 << 20
_SAMPLE = 1 << 16
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SINGLE_BYTE = ["cp1252", "cp850", "mac_roman"]


@dataclass(frozen=True, slots=True)
class Clean:
    """A UTF-8 file without byte-order mark or NULs, its lines ending in line feeds, and what was found on the way."""

    path: Path
    sha256: str  # of the file as it was given
    size: int
    encoding: str
    lines: int  # that are not empty
    undecodable: int  # characters put in place of bytes that are no text in the encoding
    nuls: int  # removed


def clean(path: Path, scratch: Path, progress: Progress) -> Clean:
    """`path` itself when it is clean, else a clean copy at `scratch`."""
    look = _Look()
    total = path.stat().st_size
    for chunk in _chunks(path):
        look.at(chunk)
        progress(f"Checking {path.name}", look.size, total)
    look.end()
    mark = next((encoding for mark, encoding in _MARKS if look.head.startswith(mark)), None)
    encoding = mark or look.encoding()
    if look.is_clean and not mark and encoding == "utf-8":
        return Clean(path, look.digest.hexdigest(), look.size, encoding, look.lines.filled, 0, 0)
    copied = _copy(path, scratch, encoding, progress, total)
    return Clean(scratch, look.digest.hexdigest(), look.size, encoding, *copied)


def _copy(path: Path, scratch: Path, encoding: str, progress: Progress, total: int) -> tuple[int, int, int]:
    """Lines that are not empty, characters replaced, NULs removed."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=True)
    lines, undecodable, nuls, done = _Lines(), 0, 0, 0
    with scratch.open("wb") as copy:
        for chunk in _chunks(path, then_end=True):
            is_first = done == 0
            done += len(chunk)
            progress(f"Converting {path.name} from {encoding}", done, total)
            decoded = decoder.decode(chunk, final=not chunk)
            undecodable += decoded.count(_REPLACEMENT)
            nuls += decoded.count("\0")
            decoded = decoded.replace("\0", "")
            written = (decoded.removeprefix("\ufeff") if is_first else decoded).encode("utf-8", "replace")
            lines.add(written)
            copy.write(written)
    lines.end()
    return lines.filled, undecodable, nuls


def _chunks(path: Path, *, then_end: bool = False) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
    if then_end:
        yield b""


class _Lines:
    """Counts the lines that are not empty, chunk by chunk."""

    def __init__(self) -> None:
        self.filled = 0
        self._unfinished = b""

    def add(self, chunk: bytes) -> None:
        joined = self._unfinished + chunk
        codes = np.frombuffer(joined, dtype=np.uint8)
        ends = np.flatnonzero(codes == ord("\n"))
        lengths = np.diff(ends, prepend=-1) - 1
        empty = (lengths == 0) | ((lengths == 1) & (codes[ends - 1] == ord("\r")))
        self.filled += int(len(ends) - empty.sum())
        rest = joined[int(ends[-1]) + 1 :] if len(ends) else joined
        # Of a long unfinished line no more is needed than that it is not empty.
        self._unfinished = rest if len(rest) < 2 else b"--"

    def end(self) -> None:
        self.filled += self._unfinished not in (b"", b"\r")


@dataclass
class _Look:
    """What one pass over the bytes tells."""

    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    lines: _Lines = field(default_factory=_Lines)
    head: bytes = b""
    size: int = 0
    sample: bytes = b""  # lines that are not ASCII
    is_utf8: bool = True
    nuls: int = 0
    nuls_at_even: int = 0
    has_lone_return: bool = False
    _decoder: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("strict"))
    _last: bytes = b""

    def at(self, chunk: bytes) -> None:
        self.head = self.head or chunk[:4]
        self.digest.update(chunk)
        self.lines.add(chunk)
        if found := chunk.count(b"\0"):
            self.nuls += found
            self.nuls_at_even += chunk[self.size % 2 :: 2].count(b"\0")
        joined = self._last + chunk
        whole, self._last = (joined[:-1], b"\r") if joined.endswith(b"\r") else (joined, b"")
        self.has_lone_return = self.has_lone_return or whole.count(b"\r") != whole.count(b"\r\n")
        self.size += len(chunk)
        if not chunk.isascii() and len(self.sample) < _SAMPLE:
            self.sample += b"\n".join(re.findall(rb"[^\n]{0,200}[\x80-\xff][^\n]{0,200}", chunk))[:_SAMPLE]
        self._check(chunk)

    def end(self) -> None:
        self.lines.end()
        self.has_lone_return = self.has_lone_return or self._last == b"\r"
        self._check(b"", final=True)

    def _check(self, chunk: bytes, *, final: bool = False) -> None:
        if self.is_utf8:
            try:
                self._decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self.is_utf8 = False

    @property
    def is_clean(self) -> bool:
        return self.is_utf8 and not self.nuls and not self.has_lone_return

    def encoding(self) -> str:
        """Without a byte-order mark: UTF-16 is half NULs where it is English; what is not UTF-8 is guessed."""
        if self.nuls > self.size * 0.2:
            return "utf-16-be" if self.nuls_at_even > self.nuls / 2 else "utf-16-le"
        if self.is_utf8:
            return "utf-8"
        decoded = self.sample.decode("utf-8", "replace")
        broken = decoded.count(_REPLACEMENT)
        if sum(not letter.isascii() for letter in decoded) > 2 * broken:
            return "utf-8"  # mostly good UTF-8 with some broken bytes in it
        from charset_normalizer import from_bytes

        best = from_bytes(self.sample, cp_isolation=_SINGLE_BYTE).best()
        return best.encoding if best else _SINGLE_BYTE[0]
