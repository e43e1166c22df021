"""
Finds where a table begins: its row of headers among the first rows of a file or sheet, and what is
above it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nilreturn.sources.mapping import Asked, fold
from nilreturn.sources.reading.rows import PassedOver

MOST_ABOVE = 100  # rows within which the headers are looked for
ROWS_SEEN = MOST_ABOVE + 20
FEWEST_KNOWN = 2  # headers that a mapping must know for a row to be taken for headers
_SHARE_KNOWN = 1 / 3  # of a row's texts, for it to be shown as headers
_NO_HEADER = re.compile(r"[\W\d_]+|\d.*|.*\d{4,}.*")  # numbers, days, codes, references

_WORDS = re.compile(r"[^\W_]+")

EMPTY, TITLE, HEADER, SEPARATOR = "empty_row_above", "title_row", "header_row", "separator_line"


@dataclass(frozen=True, slots=True)
class Layout:
    """
    Where a table begins. `above` counts the rows before the first record, including those of the
    headers.
    """

    headers: tuple[str, ...]
    above: int
    # Headers that the mapping knows, each counted once; or rows as wide as the columns that it
    # names
    score: int
    are_sure: bool  # whether the row certainly has headers, so that one may be quoted
    passed_over: tuple[PassedOver, ...]


def find_layout(rows: Sequence[Sequence[str]], known: Collection[str]) -> Layout | None:
    """
    The row with most of the folded headers `known`, alone or together with the row above it (a
    heading over several columns, or a header in two rows).

    Where no row has two, it is the first row that is not empty; None where all are empty.
    """
    best: tuple[int, int, tuple[str, ...], int] | None = None
    for number, row in enumerate(rows[:MOST_ABOVE]):
        for headers, taken in ((tuple(row), 1), (_with_row_above(rows, number, known), 2)):
            score = _known(headers, known)
            if _says_anything(headers) and (best is None or score > best[0]):
                best = (score, number, headers, taken)
    if best is None:
        return None
    score, number, headers, taken = best
    if score < FEWEST_KNOWN:
        number = next(number for number, row in enumerate(rows) if _says_anything(row))
        headers, taken = tuple(rows[number]), 1
    sure = score >= FEWEST_KNOWN and _are_headers(headers, rows[number + 1 :], known)
    return Layout(headers, number + 1, score, sure, _passed_over(rows[: number + 1], taken))


def apply_layout(
    rows: Sequence[Sequence[str]], known: Collection[str], asked: Asked
) -> Layout | None:
    """The layout that the mapping asks for, else the one that is found."""
    first = asked.first_row - 1 if asked.first_row else None
    if not asked.names:
        if first is None:
            return find_layout(rows, known)
        if first >= len(rows) or not _says_anything(rows[first]):
            return None
        headers = tuple(rows[first])
        sure = _known(headers, known) >= FEWEST_KNOWN and _are_headers(
            headers, rows[first + 1 :], known
        )
        return Layout(
            headers, first + 1, _known(headers, known), sure, _passed_over(rows[: first + 1], 1)
        )
    filled = (number for number, row in enumerate(rows) if _says_anything(row))
    above = first if first is not None else next(filled, len(rows))
    score = sum(len(row) == len(asked.names) for row in rows[above:])
    passed_over = _passed_over(rows[:above], 0)
    return (
        Layout(asked.names, above, score, True, passed_over)
        if any(map(_says_anything, rows[above:]))
        else None
    )


def _says_anything(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


def _with_row_above(
    rows: Sequence[Sequence[str]], number: int, known: Collection[str]
) -> tuple[str, ...]:
    """
    The headers that two rows give together: "Victim" over several columns and "Age" below one is
    "Victim Age".
    """
    if number == 0:
        return ()
    width = max(len(rows[number]), len(rows[number - 1]))
    over, headers = "", []
    for above, below in zip(
        _padded(rows[number - 1], width), _padded(rows[number], width), strict=True
    ):
        over = above or over
        both = f"{over} {below}"
        headers.append(both if below and fold(both) in known else below or above)
    return tuple(headers)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _known(headers: Sequence[str], known: Collection[str]) -> int:
    return len({folded for header in headers if (folded := fold(header)) in known})


def _are_headers(
    headers: Sequence[str], below: Sequence[Sequence[str]], known: Collection[str]
) -> bool:
    """
    Whether the row is certainly not a record.

    That is so where it has no number or day that the mapping does not name; a good share of it is
    known; the rows below have no more values than it has; each other header has a value below it
    (where a record follows the headers on their own line, none has); and no column repeats its
    header below (as "No" would be repeated). Besides, two known headers must be names of several
    words, or a known header must have a number or a day below it.
    """
    said = [header for header in headers if header.strip()]
    if any(_NO_HEADER.fullmatch(header.strip()) and fold(header) not in known for header in said):
        return False
    if _known(headers, known) < _SHARE_KNOWN * len(said):
        return False
    if any(cell.strip() for row in below for cell in row[len(headers) :]):
        return False
    names, again, differs = 0, [], False
    for place, header in enumerate(headers):
        if not header.strip():
            continue
        column = [row[place].strip() for row in below if len(row) > place and row[place].strip()]
        again.append(fold(header) in map(fold, column))
        if fold(header) in known:
            names += len(_WORDS.findall(header)) > 1
            differs = differs or any(_NO_HEADER.fullmatch(value) for value in column)
        elif not column:
            return False
    is_repeated = all(again)  # the whole row of headers stands further down once more
    return (names > 1 or differs) and (not any(again) or is_repeated)


def _passed_over(rows: Sequence[Sequence[str]], headers: int) -> tuple[PassedOver, ...]:
    titles = rows[: len(rows) - headers]
    empty = sum(not _says_anything(row) for row in titles)
    counted = ((EMPTY, empty), (TITLE, len(titles) - empty), (HEADER, headers))
    return tuple(PassedOver(rule, count) for rule, count in counted if count)
