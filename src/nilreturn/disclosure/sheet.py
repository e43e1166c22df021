"""
A table as text: a CSV file, or a table of pandas, polars or Arrow, before anything in it is taken for a count.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nilreturn.disclosure.book import MOST_CELLS
from nilreturn.disclosure.described import Described, read_description
from nilreturn.disclosure.markers import Marks, as_percentage
from nilreturn.errors import FileError, TableError

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

MOST_BYTES = 100_000_000
MOST_TEXTS = 10 * MOST_CELLS  # labels included: one line a cell may have several
COUNT_HEADINGS = ("count", "counts", "number", "n")


@dataclass(frozen=True)
class Sheet:
    """A table as text: its headings, its rows without those of blanks only, and what is told of its meaning."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    described: Described

    def column(self, number: int) -> tuple[str, ...]:
        return tuple(row[number] for row in self.rows)

    def percentages(self, marks: Marks) -> tuple[int, ...]:
        """The columns of percentages: those that are described as such, and those of nothing else."""
        told = self.described.percentages
        columns = range(1, len(self.headings))
        return tuple(c for c in columns if self.headings[c] in told or _holds_percentages(self.column(c), marks))

    def without(self, columns: Sequence[int]) -> Sheet:
        """The table without some columns."""
        kept = [column for column in range(len(self.headings)) if column not in columns]
        rows = tuple(tuple(row[column] for column in kept) for row in self.rows)
        return replace(self, headings=tuple(self.headings[column] for column in kept), rows=rows)

    def label_columns(self, marks: Marks) -> int:
        """
        How many leading columns hold labels: up to the last that is described or holds more than counts and marks; at
        least one. Where rows would have one name, further columns tell them apart ("12-15" is a label there, not a
        range), unless they hold plain numbers under another heading than "count" for the last.
        """
        last = len(self.headings) - 1
        labels = [c for c in range(last) if self.headings[c] in self.described.columns]
        labels += [c for c in range(1, last + 1) if not _holds_counts(self.column(c), marks)]
        number = max(labels, default=0) + 1
        is_list = self.headings[last].casefold() in COUNT_HEADINGS
        while number < last and self._repeats(number) and (is_list or not all(map(_is_plain, self.column(number)))):
            number += 1
        return number

    def _repeats(self, labels: int) -> bool:
        return len({row[:labels] for row in self.rows}) < len(self.rows)


def read_sheet(path: Path) -> Sheet:
    """The text of a CSV file (UTF-8 or Windows-1252; comma, semicolon or tab), with its description if one lies by."""
    text = _text(path)
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    lines, texts = [], 0
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            texts += len(line)
            if texts > MOST_TEXTS:
                raise TableError(f"{path}: has more than {MOST_CELLS:,} cells; protect or audit a part of it at a time")
            lines.append(line)
    except csv.Error as error:
        raise TableError(f"{path}: is not CSV: {error}; save it again as CSV") from None
    return _sheet(path.stem, str(path), lines, read_description(path))


def sheet_of(frame: IntoDataFrame, name: str, count: str, described: Described | None) -> Sheet:
    """The text of a pandas, polars or Arrow table with one row a cell; a missing count is a blank."""
    import narwhals as nw

    table = nw.from_native(frame, eager_only=True)
    if count not in table.columns:
        raise TableError(f"table {name}: has no column {count!r} of counts; name the one that holds them")
    others = [column for column in table.columns if column != count]
    missing = table.get_column(count).is_null().to_list()
    rows = tuple(
        (*(str(row[column]) for column in others), "" if absent or str(row[count]) == "nan" else str(row[count]))
        for row, absent in zip(table.iter_rows(named=True), missing, strict=True)
    )
    if not rows:
        raise TableError(f"table {name}: has no rows; give one row a cell")
    return Sheet(name, (*others, count), rows, described or Described())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileError(f"{path}: is larger than {MOST_BYTES // 1_000_000} MB; a table to print is far smaller")
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such table; name an existing CSV file") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); name a CSV file") from None
    if b"\0" in content or content.startswith(b"PK\x03\x04"):
        raise FileError(f"{path}: is no text in UTF-8 or Windows-1252; save the table as CSV (UTF-8)")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sheet(name: str, where: str, lines: Sequence[Sequence[str]], described: Described) -> Sheet:
    numbered = [
        (number, [c.strip() for c in line]) for number, line in enumerate(lines, 1) if any(map(str.strip, line))
    ]
    if len(numbered) < 2:
        raise TableError(f"{where}: has no rows of counts; the first row holds headings, the rest the table")
    headings = numbered[0][1]
    width = len(headings)
    while width and not headings[width - 1]:
        width -= 1
    for number, line in numbered[1:]:
        if len(line) < width or any(line[width:]):
            raise TableError(
                f"{where}, row {number}: has {len(line)} columns where the headings have {width}; make them agree"
            )
    return Sheet(name, tuple(headings[:width]), tuple(tuple(line[:width]) for _, line in numbered[1:]), described)


def _holds_counts(texts: Iterable[str], marks: Marks) -> bool:
    try:
        return all(marks.read(text) is not None for text in texts)
    except TableError:
        return True  # a negative or fractional number is a count that is wrong, not a label


def _holds_percentages(texts: Sequence[str], marks: Marks) -> bool:
    shares = [text.endswith("%") and as_percentage(text) is not None for text in texts]
    return any(shares) and all(
        share or not text or marks.is_mark(text) for share, text in zip(shares, texts, strict=True)
    )


def _is_plain(text: str) -> bool:
    return text.isdecimal()
