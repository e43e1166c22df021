"""
Columns of percentages: of which counts each is, and within what they add up to 100; as described,
or as they fit.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nilreturn.disclosure.model import Ints
from nilreturn.disclosure.tabular.figures import share_of
from nilreturn.disclosure.tabular.marks import CellMarks, as_percentage
from nilreturn.disclosure.tabular.reading.counts import at
from nilreturn.disclosure.tabular.text_tables import COLUMNS, Percentage, TextTable
from nilreturn.errors import TableError
from nilreturn.tables import Dimension
from nilreturn.wording import listed

Index = tuple[int, ...]
Ends = tuple[Decimal, Decimal]
_SHARE_WORDS = re.compile(
    r"%|\bper ?cent(?:age)?s?\b|\bpct\b|\bproportions?\b|\bshares?\b|[()]|\bof\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Share:
    """
    One printed percentage: the cell it is of, the cell it is a share of, and what it can be, in
    percent.
    """

    count: Index
    base: Index
    ends: Ends
    words: str
    heading: str


@dataclass(frozen=True, slots=True)
class ShareColumn:
    """The percentages of one column, and in words of what they are shares."""

    shares: tuple[Share, ...]
    words: str


def shares_in(
    sheet: TextTable, dimensions: Sequence[Dimension], low: Ints, high: Ints, marks: CellMarks
) -> tuple[ShareColumn, ...]:
    """
    The percentages of each column. Where one is not described, the printed counts tell of what they
    are shares: its own, or those that tell of all other columns.

    Raises `TableError` where that must be told and is not.
    """
    columns = sheet.percentages(marks)
    untold = [column for column in columns if _told(sheet, column, dimensions) is None]
    fitting = {
        column: list(_fitting(sheet, column, dimensions, low, high, marks)) for column in untold
    }
    proven = {fit.of.within for fits in fitting.values() for fit in fits if fit.proofs}
    found = []
    for column in columns:
        told = _told(sheet, column, dimensions)
        if told is None:
            alone = len(dimensions) == 1 and len(columns) == 1
            told = _one_of(fitting[column], proven) or (Percentage() if alone else None)
        if told is None:
            heading = sheet.headings[column]
            raise TableError(
                f"table {sheet.name}: {heading!r} holds percentages; say of what in "
                f"{sheet.described_in} (percentages: "
                f"{{{heading!r}: {{counts: …, within: […]}}}})"
            )
        shares = tuple(_read(sheet, column, dimensions, told, marks))
        of = told.counts or "the counts"
        within = f"within {listed(told.within)}" if told.within else "of the total of all"
        found.append(
            ShareColumn(shares, f"{sheet.headings[column]}: percentages of {of}, {within}")
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Fit:
    """
    A reading of a column under which all percentages fit the counts; `proofs` are those of printed
    counts alone.
    """

    of: Percentage
    bases: tuple[Index, ...]
    proofs: int


def _one_of(fits: Sequence[_Fit], proven: set[tuple[str, ...]]) -> Percentage | None:
    """
    The one reading that counts prove, in this column or else in the others; None where there is not
    just one.
    """
    by_own = [fit for fit in fits if fit.proofs]
    chosen = by_own or [fit for fit in fits if proven == {fit.of.within}]
    alike = len({fit.bases for fit in chosen}) == 1 and len({fit.of.counts for fit in chosen}) == 1
    return chosen[0].of if alike else None


def _read(
    sheet: TextTable,
    column: int,
    dimensions: Sequence[Dimension],
    told: Percentage,
    marks: CellMarks,
) -> Iterator[Share]:
    labels = [place for place, d in enumerate(dimensions) if d.title != COLUMNS]
    number = (
        len(dimensions) if COLUMNS not in [d.title for d in dimensions] else len(dimensions) - 1
    )
    index = [{label: i for i, label in enumerate(d.labels)} for d in dimensions]
    for row, text in zip(sheet.rows, sheet.shares[column], strict=True):
        if not text or marks.is_mark(text):
            continue
        ends = as_percentage(text)
        words = at(row[: len(labels)])
        if ends is None:
            raise TableError(f"table {sheet.name}: {words}: {text!r} is no percentage")
        names = [*row[:number], *([told.counts] if number < len(dimensions) else [])]
        place = tuple(where[name] for where, name in zip(index, names, strict=True))
        base = tuple(
            i if d.title in told.within else 0 for i, d in zip(place, dimensions, strict=True)
        )
        yield Share(place, base, ends, words, sheet.headings[column])


def _told(sheet: TextTable, column: int, dimensions: Sequence[Dimension]) -> Percentage | None:
    """
    What the description says; None where it says nothing. Raises `TableError` where it names what
    is not there.
    """
    heading = sheet.headings[column]
    told = sheet.described.percentages.get(heading)
    if told is None:
        return None
    titles = [d.title for d in dimensions]
    wrong = [name for name in told.within if name not in titles]
    if wrong:
        raise TableError(
            f"table {sheet.name}: {heading!r} is within {wrong[0]!r}; name any of "
            f"{', '.join(titles)}"
        )
    if COLUMNS in titles and told.counts not in dimensions[-1].labels:
        columns = ", ".join(dimensions[-1].labels)
        raise TableError(
            f"table {sheet.name}: {heading!r} does not say of which counts it is; name one of "
            f"{columns}"
        )
    return told


def _fitting(
    sheet: TextTable,
    column: int,
    dimensions: Sequence[Dimension],
    low: Ints,
    high: Ints,
    marks: CellMarks,
) -> Iterator[_Fit]:
    """The readings under which all percentages of a column fit the counts."""
    for candidate in _candidates(sheet, column, dimensions):
        shares = list(_read(sheet, column, dimensions, candidate, marks))
        proofs = _proofs(shares, low, high)
        if proofs is not None and any(share.base != share.count for share in shares):
            yield _Fit(candidate, tuple(share.base for share in shares), proofs)


def _candidates(
    sheet: TextTable, column: int, dimensions: Sequence[Dimension]
) -> Iterator[Percentage]:
    """
    What a column of percentages may be of: the counts that its heading names, else those to its
    left.
    """
    titles = [d.title for d in dimensions]
    counts = [""]
    if COLUMNS in titles:
        labels = dimensions[-1].labels
        name = " ".join(_SHARE_WORDS.sub(" ", sheet.headings[column]).split()).casefold()
        counts = [label for label in labels if label.casefold() == name]
        if not counts:
            left = [h for h in reversed(sheet.headings[:column]) if h in labels]
            counts = left[:1] or list(labels)
    for label in counts:
        for size in range(len(titles)):
            for within in itertools.combinations(titles, size):
                yield Percentage(counts=label, within=within)


def _proofs(shares: Sequence[Share], low: Ints, high: Ints) -> int | None:
    """
    How many percentages are of a printed count and a printed total; None where one does not fit.
    """
    proofs = 0
    for share in shares:
        found = share_of(share.ends, int(low[share.base]), int(high[share.base]))
        if found is None or max(found[0], int(low[share.count])) > min(
            found[1], int(high[share.count])
        ):
            return None
        is_printed = low[share.base] == high[share.base] and low[share.count] == high[share.count]
        proofs += bool(is_printed and share.base != share.count)
    return proofs
