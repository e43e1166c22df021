"""
What a column of a file looks like: how full it is, how many different texts it has, and what they
are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from nilreturn.offences import without_words
from nilreturn.sources.draft.columns.dates import Form, form_of

if TYPE_CHECKING:
    import duckdb

SAMPLED = 50_000  # rows that kinds are judged by
TEXTS = 2_000  # different texts of a column that are judged, the most frequent first
_BLANK = {"", "null", "(null)", "none", "n/a", "#n/a", "na", "nil", "-", ".", "(blank)"}
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WHOLE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?")
_DAY_NUMBER = re.compile(r"[234]\d{4}(?:\.\d+)?")
_CODE = re.compile(r"0{0,2}\d{1,3} ?[/.\\-] ?\d{1,2}[A-Z]?\b.*", re.IGNORECASE | re.DOTALL)
_BARE_CODE = re.compile(r"\d{3}/?\d\d[A-Z]?")
_CLASS = re.compile(r"0{0,2}\d{1,3}[A-Z]?\b.*|\d{1,2}[./]\d{1,2}\b.*", re.DOTALL)
_CANCEL = re.compile(r"C[1-5]\b.*", re.IGNORECASE | re.DOTALL)
_FORCE = re.compile(r"police|constabulary|sheriff|gendarmerie", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?", re.IGNORECASE)
_POINT = re.compile(r"-?\d{1,3}\.\d{3,}")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)


@dataclass(frozen=True)
class ColumnLook:
    """
    One column of a file.

    `texts` counts the sampled rows of each text, the most frequent first. Where there are more than
    `TEXTS`, the others are missing from it, and `distinct` still counts them. Only `closed` decides
    what of this may be printed.
    """

    place: int
    header: str
    rows: int
    distinct: int
    texts: Mapping[str, int] = field(repr=False)

    @cached_property
    def filled(self) -> int:
        """The number of rows with a value, of those that were judged."""
        return sum(self.texts.values())

    @property
    def is_empty(self) -> bool:
        return not self.texts

    def share(self, pattern: re.Pattern[str]) -> float:
        """The share of the values that match a pattern completely."""
        return self._share(lambda text: pattern.fullmatch(text.strip()) is not None)

    def share_of(self, words: frozenset[str]) -> float:
        """The share of the values that are one of `words`, in any case."""
        return self._share(lambda text: text.strip().casefold() in words)

    def _share(self, fits) -> float:  # type: ignore[no-untyped-def]
        return (
            sum(rows for text, rows in self.texts.items() if fits(text)) / self.filled
            if self.filled
            else 0.0
        )

    @cached_property
    def forms(self) -> Mapping[Form, int]:
        """The ways in which dates are written in the column, with the number of rows of each."""
        found: Counter[Form] = Counter()
        for text, rows in self.texts.items():
            if form := form_of(text):
                found[form] += rows
        return found

    @cached_property
    def dates(self) -> float:
        """
        The share of values that are dates, to the day or coarser. A year without more does not
        count.
        """
        dated = sum(rows for form, rows in self.forms.items() if form.precision != "calendar_year")
        return dated / self.filled if self.filled else 0.0

    @cached_property
    def years(self) -> float:
        """The share of values that are only a year."""
        alone = sum(rows for form, rows in self.forms.items() if form.precision == "calendar_year")
        return alone / self.filled if self.filled else 0.0

    @cached_property
    def day_numbers(self) -> float:
        """The share of values that may be days as spreadsheets count them: 44287."""
        return self.share(_DAY_NUMBER)

    @cached_property
    def times(self) -> float:
        """The share of values that are a time of day."""
        return self.share(_TIME)

    @cached_property
    def whole_numbers(self) -> float:
        return self.share(_WHOLE)

    @cached_property
    def numbers(self) -> float:
        return self.share(_NUMBER)

    @cached_property
    def codes(self) -> float:
        """The share of values that are written as offence codes: 71/17, 071/17, 07117."""
        return max(
            self.slashed,
            self._share(lambda text: _BARE_CODE.fullmatch(without_words(text)) is not None),
        )

    @cached_property
    def classes(self) -> float:
        """The share of values that are written as offence classes: 88A, 104, 4.10."""
        return self.share(_CLASS)

    @cached_property
    def slashed(self) -> float:
        """The share of values with the slash of a code, which distinguishes a code from a class."""
        return self._share(lambda text: _CODE.fullmatch(without_words(text)) is not None)

    @cached_property
    def cancel_codes(self) -> float:
        return self.share(_CANCEL)

    @cached_property
    def forces(self) -> float:
        return self._share(lambda text: _FORCE.search(text) is not None)

    @cached_property
    def points(self) -> float:
        """The share of values that are coordinates."""
        return self.share(_POINT)

    @cached_property
    def postcodes(self) -> float:
        return self.share(_POSTCODE)

    @cached_property
    def words(self) -> float:
        """The mean number of words in a value."""
        if not self.filled:
            return 0.0
        return sum(len(text.split()) * rows for text, rows in self.texts.items()) / self.filled

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.texts), default=0)

    @cached_property
    def repeats(self) -> float:
        """The mean number of rows for each different text: 1 where every row has its own."""
        return self.rows_with_value / self.distinct if self.distinct else 0.0

    @property
    def rows_with_value(self) -> int:
        return self.filled if self.distinct <= len(self.texts) else self.rows


def look_at(
    engine: duckdb.DuckDBPyConnection, headers: tuple[str, ...], table: str
) -> tuple[ColumnLook, ...]:
    """The columns `c0`, `c1`, … of the sampled rows in `table`."""
    counted = engine.execute(f"SELECT count(*) FROM {table}").fetchone()
    rows = counted[0] if counted else 0
    found = []
    for place, header in enumerate(headers):
        text = f"trim(c{place}, ' ' || chr(9) || chr(10) || chr(13) || chr(160))"
        blank = ", ".join(f"'{word}'" for word in sorted(_BLANK))
        filled = (
            f"SELECT {text} AS text FROM {table} WHERE c{place} IS NOT NULL AND lower({text}) NOT "
            f"IN ({blank})"
        )
        distinct = engine.execute(f"SELECT count(DISTINCT text) FROM ({filled})").fetchone()
        texts = engine.execute(
            f"SELECT text, count(*) FROM ({filled}) GROUP BY text ORDER BY count(*) DESC, text "
            f"LIMIT {TEXTS}"
        ).fetchall()
        found.append(ColumnLook(place, header, rows, distinct[0] if distinct else 0, dict(texts)))
    return tuple(found)
