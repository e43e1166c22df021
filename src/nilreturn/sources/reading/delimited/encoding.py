"""
Finds the encoding of a delimited file, and makes clean UTF-8 of it that the engine can read.

The file is read once, in chunks, to hash it and to find its encoding. A file that is clean already
is read in place. Otherwise a clean copy is made, and each line whose bytes were in another encoding
is listed.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHUNK = 1 << 18  # bytes; larger arrays do not fit the cache
MOST_TOLD = 20  # lines listed by number
_SAMPLE = 1 << 16
_BESIDE = 200
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SINGLE_BYTE = ["cp1252", "cp850", "mac_roman"]
_BESIDE_UTF8 = "cp1252"  # of lines pasted into a file of UTF-8 that are not UTF-8


def encoding_of(head: bytes) -> str | None:
    """
    The encoding, by the byte-order mark or by the places of NULs: in English text half of the bytes
    of UTF-16 are NUL.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = max(even, odd)
    if most > len(head) * 0.2 and min(even, odd) < most * 0.1:
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


@dataclass
class Look:
    """What one pass over the bytes shows."""

    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    size: int = 0
    sample: bytes = b""  # some of the lines that are not ASCII
    is_utf8: bool = True
    has_nul: bool = False
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("strict")
    )
    _is_whole: bool = True  # the chunks so far ended with a whole character

    def at(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self._at(chunk)

    def _at(self, chunk: bytes) -> None:
        self.digest.update(chunk)
        self.size += len(chunk)
        self.has_nul = self.has_nul or b"\0" in chunk
        if chunk.isascii() and self._is_whole:
            return
        if len(self.sample) < _SAMPLE:
            self.sample += b"\n".join(_around_letters(chunk))[:_SAMPLE]
        self._check(chunk)

    def end(self) -> None:
        self._check(b"", final=True)

    def _check(self, chunk: bytes, *, final: bool = False) -> None:
        if self.is_utf8:
            try:
                self._decoder.decode(chunk, final)
                self._is_whole = not self._decoder.getstate()[0]
            except UnicodeDecodeError:
                self.is_utf8 = False

    def encoding(self) -> str:
        """
        UTF-8, also where some lines are not, or the most likely single-byte encoding of the sample.
        """
        if self.is_utf8:
            return "utf-8"
        good = bad = 0
        for line in self.sample.splitlines():
            decoded = line.decode("utf-8", "replace")
            bad += decoded.count(_REPLACEMENT)
            good += sum(not letter.isascii() for letter in decoded) - decoded.count(_REPLACEMENT)
        if good and good >= bad:
            return "utf-8"
        from charset_normalizer import from_bytes

        best = from_bytes(self.sample, cp_isolation=_SINGLE_BYTE).best()
        return best.encoding if best else _SINGLE_BYTE[0]


def _around_letters(chunk: bytes) -> Iterator[bytes]:
    """Parts of lines with a byte that is not ASCII, and `_BESIDE` bytes on either side of it."""
    at = size = 0
    while size < _SAMPLE and (found := _NOT_ASCII.search(chunk, at)):
        first = found.start()
        begin = max(at, first - _BESIDE, chunk.rfind(b"\n", max(0, first - _BESIDE), first) + 1)
        line = chunk[begin : first + 2 * _BESIDE + 1].split(b"\n", 1)[0]
        last = max(place for place, byte in enumerate(line[: _BESIDE + 1]) if byte >= 0x80)
        part = line[: last + _BESIDE + 1]
        yield part
        at, size = begin + len(part), size + len(part)


@dataclass
class Copy:
    """What had to be changed for a clean copy."""

    lines: int = 0
    nuls: int = 0  # removed
    replaced: int = 0  # characters put in place of bytes that are no text in the encoding
    replaced_on: list[int] = field(default_factory=list)  # lines
    of_another: int = 0  # lines
    of_another_on: list[int] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = {"characters_replaced": self.replaced, "nuls_removed": self.nuls}
        if self.replaced:
            found["characters_replaced_on_lines"] = self.replaced_on
        if self.of_another:
            found["lines_in_another_encoding"] = {
                "encoding": _BESIDE_UTF8,
                "lines": self.of_another,
                "first": self.of_another_on,
            }
        return found


def copy_clean(
    path: Path, scratch: Path, encoding: str, progress: Callable[[int, int], None]
) -> Copy:
    """Write UTF-8 to `scratch`, without a mark or NULs, its lines ending in line feeds."""
    copy, done, total = Copy(), 0, path.stat().st_size
    with scratch.open("wb") as target:
        for text in _decoded(path, encoding, copy):
            written = text.encode("utf-8", "replace")
            target.write(written)
            done += len(written)
            progress(min(done, total), total)
    return copy


def _decoded(path: Path, encoding: str, copy: Copy) -> Iterator[str]:
    """Whole lines, cleaned."""
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    is_first, rest = True, ""
    for decoded in (
        _lines_of_utf8(path, copy) if encoding == "utf-8" else _by_decoder(path, encoding)
    ):
        copy.nuls += decoded.count("\0")
        text = rest + newlines.decode(decoded.replace("\0", ""))
        if is_first and text:
            text, is_first = text.removeprefix("\ufeff"), False
        end = text.rfind("\n") + 1
        rest = text[end:]
        yield _counted(text[:end], encoding, copy)
    yield _counted(rest + newlines.decode("", final=True), encoding, copy)


def _counted(text: str, encoding: str, copy: Copy) -> str:
    if encoding != "utf-8" and _REPLACEMENT in text:
        for number, line in enumerate(text.split("\n"), start=copy.lines + 1):
            if found := line.count(_REPLACEMENT):
                copy.replaced += found
                _tell(copy.replaced_on, number)
    copy.lines += text.count("\n")
    return text


def _by_decoder(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chunks_of(path):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _lines_of_utf8(path: Path, copy: Copy) -> Iterator[str]:
    """
    The lines in UTF-8. A line that is not UTF-8 is read as Windows-1252; where it is partly UTF-8,
    its invalid bytes are replaced.
    """
    lines, rest = 0, b""
    for chunk in itertools.chain(chunks_of(path), [b""]):
        ending = b"\n" if b"\n" in chunk else b"\r"
        end = chunk.rfind(ending) + 1
        block, rest = (rest + chunk[:end], chunk[end:]) if end or not chunk else (b"", rest + chunk)
        try:
            yield block.decode()
        except UnicodeDecodeError:
            pieces = block.split(ending)
            read = (
                _line(piece, lines + number, copy) for number, piece in enumerate(pieces, start=1)
            )
            yield ending.decode().join(read)
        lines += block.count(ending)


def _line(line: bytes, number: int, copy: Copy) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace")
    broken = text.count(_REPLACEMENT)
    if sum(not letter.isascii() for letter in text) == broken:
        try:
            pasted = line.decode(_BESIDE_UTF8)
        except UnicodeDecodeError:
            pass
        else:
            copy.of_another += 1
            _tell(copy.of_another_on, number)
            return pasted
    copy.replaced += broken
    _tell(copy.replaced_on, number)
    return text


def _tell(lines: list[int], number: int) -> None:
    if len(lines) < MOST_TOLD and number not in lines[-1:]:
        lines.append(number)
