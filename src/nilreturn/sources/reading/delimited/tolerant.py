"""
Reads a delimited file that does not follow the standard, so that a quotation mark out of place
affects only its own row.

A quotation mark opens a value only where another closes it before a delimiter or the line's end;
otherwise it is an ordinary character. It is one too where it closes only after lines which are
records by themselves: it was never closed, and those rows are kept.
"""

from __future__ import annotations

import mmap
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

LONGEST_VALUE = 4 << 20  # bytes
MOST_TOLD = 20
_TOLD_EVERY = 10_000
_ENDS = (b"\n", b"\r")
_FEW = 4  # values, below which prose with commas in it may pass for a record
_BODY = re.compile(rb'[^"]*+(?:""[^"]*+)*+')

Content = bytes | mmap.mmap


@dataclass(slots=True)
class Strays:
    """
    Where quotation marks were read as ordinary characters: the number of rows, and the lines of the
    first.
    """

    rows: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        self.rows += 1
        if len(self.lines) < MOST_TOLD:
            self.lines.append(line)


class Reader:
    """
    Reads UTF-8 whose lines all end in line feeds, or all in returns and line feeds. `width` is the
    number of values of a record; where it is 0 (not known yet), a value may run over any lines.
    """

    def __init__(self, content: Content, delimiter: str, width: int = 0) -> None:
        mark = re.escape(delimiter.encode())
        self._content = content
        self._delimiter = delimiter.encode()
        self._width = width
        space = rb"[ ]" if delimiter == "\t" else rb"[ \t]"
        self._opening = re.compile(space + rb'*+"')
        self._closing = re.compile(rb'"' + space + rb"*+(?=" + mark + rb"|\r?\n|\Z)")
        self._next = re.compile(mark + rb"|\r?\n")
        # A line as the standard has it, at a go: most are, also where some are not.
        value = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^"' + mark + rb"]*+)"
        self._standard = re.compile(value + b"(?:" + mark + value + b")*+")
        self._value = re.compile(b"(?:^|" + mark + b")(" + value + b")")
        self.strays = Strays()

    def records(
        self, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> Iterator[list[bytes]]:
        """The values of each row in turn; none for an empty line."""
        content, delimiter = self._content, self._delimiter
        place, line, size = len(BOM_UTF8) if content[:3] == BOM_UTF8 else 0, 1, len(content)
        while place < size:
            end = content.find(b"\n", place)
            end = size if end < 0 else end
            written = content[place:end].removesuffix(b"\r")
            if b'"' not in written:
                yield written.split(delimiter) if written else []
                lines = 1
            elif self._standard.fullmatch(written):
                yield [
                    value[1:-1].replace(b'""', b'"') if value[:1] == b'"' else value
                    for value in self._value.findall(written)
                ]
                lines = 1
            else:
                values, end, lines = self._quoted(place, end, line)
                yield values
            place, line = end + 1, line + lines
            if line % _TOLD_EVERY == 0:
                progress(place, size)

    def _quoted(self, place: int, end: int, line: int) -> tuple[list[bytes], int, int]:
        """The values of the row at `place`, where it ends, and the number of its lines."""
        values, after, stray = self._values(place, len(self._content))
        lines = 1
        if after > end:
            if self._swallows(place, after):
                line_end = end - self._content[end - 1 : end].count(b"\r")
                values, _, _ = self._values(place, line_end)
                after, stray = end, True
            else:
                lines += self._content[place:after].count(b"\n")
        if stray:
            self.strays.add(line)
        return values, after, lines

    def _values(self, place: int, limit: int) -> tuple[list[bytes], int, bool]:
        """
        The values from `place` to the end of the row, which is at `limit` at most; and whether a
        mark is an ordinary character.
        """
        values, stray = [], False
        while True:
            quoted = self._quoted_value(place, limit)
            if quoted:
                value, after = quoted
            else:
                found = self._next.search(self._content, place, limit)
                after = found.start() if found else limit
                value = self._content[place:after]
                stray = stray or b'"' in value
            values.append(value)
            if after >= limit or self._content[after : after + 1] in _ENDS:
                return (
                    values,
                    self._content.find(b"\n", after, limit) if after < limit else limit,
                    stray,
                )
            place = after + 1

    def _quoted_value(self, place: int, limit: int) -> tuple[bytes, int] | None:
        """
        The value in quotation marks at `place` and where it ends, if the marks close as they
        should.
        """
        opened = self._opening.match(self._content, place, limit)
        if not opened:
            return None
        body = _BODY.match(self._content, opened.end(), min(limit, opened.end() + LONGEST_VALUE))
        if not body:
            return None
        closed = self._closing.match(self._content, body.end(), limit)
        return (body[0].replace(b'""', b'"'), closed.end()) if closed else None

    def _swallows(self, place: int, after: int) -> bool:
        """Whether the lines of a row that runs over several make more sense as a record each."""
        if self._width < 2:
            return False
        first, *later = self._content[place:after].splitlines()
        records = [line for line in (first, *later) if self._is_record(line)]
        if not records or records[0] is not first or 2 * (len(records) - 1) < len(later):
            return False
        if self._width >= _FEW:
            return True
        shapes = [_shape(line[: line.find(self._delimiter)]) for line in records]
        return b"9" in shapes[0] and len(set(shapes)) == 1

    def _is_record(self, line: bytes) -> bool:
        values, _, _ = Reader(line, self._delimiter.decode())._values(0, len(line))
        return len(values) == self._width


def _shape(value: bytes) -> bytes:
    """The shape of a reference: letters as a, digits as 9, repeated ones once."""
    lettered = re.sub(rb"[A-Za-z\x80-\xff]+", b"a", value)
    return re.sub(rb"[0-9]+", b"9", lettered)
