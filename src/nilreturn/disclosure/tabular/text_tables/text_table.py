"""
A table as text: its headings, its rows, and which columns hold labels, counts and percentages. From
a file that somebody published, or a table of pandas, polars or Arrow; nothing in it is taken for a
count yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from nilreturn.disclosure.tabular.marks import (
    CellMarks,
    as_percentage,
    is_plain_number,
    without_notes,
)
from nilreturn.disclosure.tabular.text_tables.description import TableDescription
from nilreturn.disclosure.tabular.text_tables.regions import holds_figures, is_year
from nilreturn.errors import TableError

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

COUNT_HEADINGS = (
    "count",
    "counts",
    "number",
    "numbers",
    "n",
    "no",
    "no.",
    "frequency",
    "freq",
    "total number",
)
_SHARE_HEADING = re.compile(
    r"%|\bper ?cent\b|\bpercentages?\b|\bpct\b|\bproportions?\b|\bshares?\b", re.IGNORECASE
)
_LABEL_HEADING = re.compile(
    r"(?:[a-z'’]+ )*(?:ages?|bands?|groups?|ranges?|date|day|month|quarter|year|code)(?: of "
    r"[a-z]+)?",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+|[0-9]+")


@dataclass(frozen=True)
class TextTable:
    """
    A table as text: its headings, its rows without those of blanks only, and what is told of its
    meaning. `labels` is the number of leading columns that hold labels, where it is known; `where`
    says for messages where it was read.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    described: TableDescription
    labels: int | None = None
    where: str = ""
    file: str = ""  # the name of the file, beside which lies the one that describes it
    above: tuple[str, ...] = ()  # lines above the table: its title, and what else is said of it
    heading_rows: str = ""  # "row 1", "rows 4 and 5"
    notes: tuple[str, ...] = ()  # lines below the table, which are no part of it
    left_out: tuple[str, ...] = ()  # lines inside the table that are no part of it

    @property
    def described_in(self) -> str:
        """The name of the file that describes the table, or would."""
        return f"{PurePath(self.file or self.name).stem}.yaml"

    @property
    def title(self) -> str:
        return next((line for line in self.above if line), "")

    def column(self, number: int) -> tuple[str, ...]:
        return tuple(row[number] for row in self.rows)

    def percentages(self, marks: CellMarks) -> tuple[int, ...]:
        """
        The columns of percentages: those that are described as such, and those of nothing else.
        """
        told = self.described.percentages
        columns = range(1, len(self.headings))
        return tuple(
            c
            for c in columns
            if self.headings[c] in told
            or _holds_percentages(self.headings[c], self.column(c), marks)
        )

    def without(self, columns: Sequence[int]) -> TextTable:
        """The table without some columns."""
        kept = [column for column in range(len(self.headings)) if column not in columns]
        rows = tuple(tuple(row[column] for column in kept) for row in self.rows)
        return replace(self, headings=tuple(self.headings[column] for column in kept), rows=rows)

    def label_columns(self, marks: CellMarks) -> int:
        """
        How many leading columns hold labels; at least one, and at least up to the last that is
        described.

        The first column that is mostly counts ends them, so that an unknown text further on is a
        mark and no label. But where rows would have one name, further columns tell them apart
        ("12-15" is a label there, not a range), unless they hold plain numbers under another
        heading than "count" for the last.
        """
        if self.labels is not None:
            return self.labels
        last = len(self.headings) - 1
        number = (
            max((c for c in range(last) if self.headings[c] in self.described.columns), default=0)
            + 1
        )
        while number < last and not self._holds_counts(number, marks):
            number += 1
        is_list = self.headings[last].casefold() in COUNT_HEADINGS
        while (
            number < last and self._repeats(number) and (is_list or self._tells_apart(number, last))
        ):
            number += 1
        return number

    def _holds_counts(self, number: int, marks: CellMarks) -> bool:
        """Whether a column holds counts: mostly figures, or under a heading that is a year."""
        heading, texts = self.headings[number], [text for text in self.column(number) if text]
        if is_year(heading):
            return True
        if _LABEL_HEADING.fullmatch(heading) and not any(
            is_plain_number(text) or marks.is_mark(text) for text in texts
        ):
            return False
        return not texts or holds_figures(texts, marks)

    def _tells_apart(self, number: int, last: int) -> bool:
        """
        Whether a column, or one after it, has something else than plain numbers, as columns of
        labels have.
        """
        return any(not all(map(_is_plain, self.column(column))) for column in range(number, last))

    def _repeats(self, labels: int) -> bool:
        return len({row[:labels] for row in self.rows}) < len(self.rows)

    @cached_property
    def shares(self) -> dict[int, tuple[str, ...]]:
        """
        The texts of each column as percentages: fractions of a workbook ("0.571") under a heading
        of percentages.
        """
        return {
            c: _as_shares(self.headings[c], self.column(c)) for c in range(1, len(self.headings))
        }


def sheet_of(
    frame: IntoDataFrame, name: str, count: str, described: TableDescription | None
) -> TextTable:
    """
    The text of a pandas, polars or Arrow table with one row a cell; a missing count is a blank.
    """
    import narwhals as nw

    table = nw.from_native(frame, eager_only=True)
    if count not in table.columns:
        raise TableError(
            f"table {name}: has no column {count!r} of counts; name the one that holds them"
        )
    others = [column for column in table.columns if column != count]
    missing = table.get_column(count).is_null().to_list()
    rows = tuple(
        (
            *(str(row[column]) for column in others),
            "" if absent or str(row[count]) == "nan" else str(row[count]),
        )
        for row, absent in zip(table.iter_rows(named=True), missing, strict=True)
    )
    if not rows:
        raise TableError(f"table {name}: has no rows; give one row a cell")
    return TextTable(name, (*others, count), rows, described or TableDescription())


def is_share_heading(heading: str) -> bool:
    """Whether a heading says that a column holds percentages: "%", "Female %", "Share of total"."""
    return _SHARE_HEADING.search(heading) is not None and "change" not in heading.casefold()


def _holds_percentages(heading: str, texts: Sequence[str], marks: CellMarks) -> bool:
    told = [text for text in texts if text and not marks.is_mark(text)]
    if not told or any(as_percentage(text) is None for text in told):
        return False
    if is_share_heading(heading):
        return True
    return all(without_notes(text).endswith("%") for text in told)


def _as_shares(heading: str, texts: Sequence[str]) -> tuple[str, ...]:
    """
    Fractions from 0 to 1 as percentages, where a heading says that the column holds them and none
    is above 1.
    """
    numbers = [text for text in texts if _DECIMAL.fullmatch(text)]
    told = is_share_heading(heading) and any("." in text for text in numbers)
    if (
        not told
        or any(text.endswith("%") for text in texts)
        or any(Decimal(text) > 1 for text in numbers)
    ):
        return tuple(texts)
    return tuple(_times_100(text) if _DECIMAL.fullmatch(text) else text for text in texts)


def _times_100(text: str) -> str:
    """
    >>> _times_100("0.5714"), _times_100("1")
    ('57.14', '100')
    """
    places = max(0, len(text.partition(".")[2]) - 2)
    return f"{Decimal(text).scaleb(2):.{places}f}"


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def listed_rows(numbers: Iterable[int]) -> str:
    """
    >>> listed_rows([1]), listed_rows([4, 5])
    ('row 1', 'rows 4 and 5')
    """
    told = [str(number) for number in numbers]
    return f"row {told[0]}" if len(told) == 1 else f"rows {' and '.join(told)}"
