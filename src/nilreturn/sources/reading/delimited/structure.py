"""
How a delimited file is built, found in one pass over its bytes: the number of records, and whether
every quotation mark opens or closes a value as the standard requires (RFC 4180).

Each chunk is examined as an array, without Python for each row.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import Any

import numpy as np

LONGEST_LINE = 64 << 20
_LINE, _RETURN, _QUOTE = 10, 13, 34
_FEWEST_VALUES = 2  # with one value on each line, every line is a record


@dataclass
class Structure:
    """
    Give the bytes to `add`, then call `end`. The encoding must be one in which the delimiter,
    quotation marks and line ends are single bytes that have no other meaning.
    """

    delimiter: int
    width: int  # values of a record
    records: int = 0  # lines outside quotation marks that are not empty
    ends: int = 0  # of lines outside quotation marks
    ends_with_return: int = 0
    has_lone_return: bool = False
    has_stray_quote: bool = False  # one that neither opens nor closes a value, or is never closed
    may_have_swallowed: bool = False  # a value runs over a line that has as many values as a record
    longest: int = 0  # bytes of a line
    _has_begun: bool = False
    _is_inside: bool = False
    _may_stand: Any = None  # by byte: whether it may be next to a quotation mark
    _rest: bytes = b""

    def __post_init__(self) -> None:
        self._may_stand = np.zeros(256, np.bool_)
        self._may_stand[[self.delimiter, _LINE, _QUOTE]] = True

    @property
    def is_strict(self) -> bool:
        """Whether the engine's strict reader can read the file."""
        return not (self.has_stray_quote or self.may_have_swallowed)

    @property
    def has_one_line_end(self) -> bool:
        return not self.has_lone_return and self.ends_with_return in (0, self.ends)

    def add(self, chunk: bytes) -> None:
        if not self._has_begun:
            chunk, self._has_begun = chunk.removeprefix(BOM_UTF8), True
        end = chunk.rfind(b"\n") + 1
        if not end:
            self.has_lone_return |= b"\r" in chunk[:-1]
            self._rest = b"" if self.has_lone_return else self._rest + chunk
            self.longest = max(self.longest, len(self._rest))
            return
        self._add_lines(self._rest + chunk[:end])
        self._rest = chunk[end:]

    def end(self) -> None:
        if self._rest:
            self._add_lines(self._rest + (b"\r\n" if self.ends_with_return else b"\n"))
            self._rest = b""
        self.has_stray_quote |= self._is_inside

    def _add_lines(self, block: bytes) -> None:
        """Add bytes from the beginning of a line to just after a line feed."""
        codes = np.frombuffer(block, np.uint8)
        feeds = codes == _LINE
        returns = b"\r" in block
        if returns:
            is_return = codes == _RETURN
            self.has_lone_return |= bool(np.count_nonzero(is_return[:-1] & ~feeds[1:]))
        if self._is_inside or b'"' in block:
            self._add_quoted(codes, feeds)
            return
        ends = int(np.count_nonzero(feeds))
        empty = int(np.count_nonzero(feeds[1:] & feeds[:-1])) + int(feeds[0])
        if returns:
            self.ends_with_return += int(np.count_nonzero(is_return[:-1] & feeds[1:]))
            empty += int(np.count_nonzero(feeds[:-2] & is_return[1:-1] & feeds[2:]))
            empty += block.startswith(b"\r\n")
        self.ends += ends
        self.records += ends - empty

    def _add_quoted(self, codes: Any, feeds: Any) -> None:
        quotes, lines = np.flatnonzero(codes == _QUOTE), np.flatnonzero(feeds)
        # A line feed is assumed before the first byte, as there is one at the block's end.
        before = codes[lines - 1]
        empty, has_return = before == _LINE, before == _RETURN
        ends_inside = (np.searchsorted(quotes, lines) + self._is_inside) & 1 == 1
        outside = ~ends_inside
        self.ends += int(np.count_nonzero(outside))
        if has_return.any():
            self.ends_with_return += int(np.count_nonzero(outside & has_return))
            empty |= has_return & (codes[lines - 2] == _LINE)
        # A line that ends outside quotation marks is empty only where it also began outside.
        self.records += int(np.count_nonzero(outside & ~empty))
        self.has_stray_quote |= self._has_stray(codes, quotes)
        if ends_inside.any() or self._is_inside:
            begins_inside = np.concatenate(([self._is_inside], ends_inside[:-1]))
            self.may_have_swallowed |= self._has_record_inside(codes, lines, begins_inside)
        self._is_inside = bool((self._is_inside + len(quotes)) % 2)

    def _has_stray(self, codes: Any, quotes: Any) -> bool:
        """
        Whether a quotation mark is out of place. Opening marks stand after, and closing marks
        before, a delimiter, a line's end or another mark.
        """
        opening, closing = quotes[int(self._is_inside) :: 2], quotes[1 - int(self._is_inside) :: 2]
        if not self._may_stand[codes[opening - 1]].all():
            return True
        after = codes[closing + 1]  # the block ends with a line feed, so there is one
        closes = self._may_stand[after]
        if closes.all():
            return False
        ends_line = (after == _RETURN) & (codes[np.minimum(closing + 2, len(codes) - 1)] == _LINE)
        return not (closes | ends_line).all()

    def _has_record_inside(self, codes: Any, lines: Any, begins_inside: Any) -> bool:
        if self.width < _FEWEST_VALUES:
            return False
        delimiters = np.flatnonzero(codes == self.delimiter)
        values = np.diff(np.searchsorted(delimiters, lines), prepend=0) + 1
        return bool((begins_inside & (values == self.width)).any())
