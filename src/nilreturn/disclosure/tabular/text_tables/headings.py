"""
Rows of headings made one. Two rows that cross ("Male" over "Under 18" and "18 and over") become one
line a cell, with a column for each of the two; a number with its percentage ("2023" over "Number"
and "%") become columns side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

from nilreturn.disclosure.tabular.marks import CellMarks
from nilreturn.disclosure.tabular.text_tables.description import COLUMNS, UPPER, is_total
from nilreturn.disclosure.tabular.text_tables.regions import Region, holds_figures, is_year
from nilreturn.disclosure.tabular.text_tables.text_table import COUNT_HEADINGS, is_share_heading
from nilreturn.tables import TOTAL

Rows = tuple[tuple[str, ...], ...]


def flat(region: Region, marks: CellMarks) -> tuple[tuple[str, ...], Rows, int | None]:
    """
    The headings, the rows, and how many leading columns hold labels where that is known from the
    headings.
    """
    rows = tuple(texts for _, texts in region.rows)
    if len(region.headings) == 1:
        return region.headings[0][1], rows, None
    upper, lower = (list(texts) for _, texts in region.headings)
    labels = _label_columns(upper, lower, rows, marks)
    names = tuple(low or high for high, low in zip(upper[:labels], lower[:labels], strict=True))
    pairs = _pairs(upper[labels:], lower[labels:])
    if len({low for _, low in pairs}) == len(pairs):
        # Each of the lower headings stands once: the upper ones only say what they are.
        return (*names, *(low for _, low in pairs)), rows, labels
    if _are_measures([low for _, low in pairs]):
        return (*names, *(_measure(high, low) for high, low in pairs)), rows, labels
    long = tuple(
        (*row[:labels], *_crossed(high, low), text)
        for row in rows
        for (high, low), text in zip(pairs, row[labels:], strict=True)
    )
    return (*names, UPPER, COLUMNS, "count"), long, labels + 2


def _label_columns(upper: Sequence[str], lower: Sequence[str], rows: Rows, marks: CellMarks) -> int:
    """
    The leading columns without figures, and at least the first; a heading over two rows is one of
    them.
    """
    number = 1
    while number < len(lower) - 1:
        texts = [row[number] for row in rows]
        alone = upper[number] in ("", lower[number]) and not is_year(lower[number])
        if not alone or holds_figures(texts, marks):
            break
        number += 1
    return number


def _pairs(upper: list[str], lower: list[str]) -> list[tuple[str, str]]:
    """
    The upper and the lower heading of each column of figures; an upper one left blank is the one to
    its left.
    """
    filled: list[str] = []
    for high, low in zip(upper, lower, strict=True):
        before = filled[-1] if filled else ""
        # A total at the right stands under no group, unless the groups have totals of their own.
        own_total = is_total(low) and low not in [
            b for a, b in zip(filled, lower, strict=False) if a != before
        ]
        alone = not high and own_total and len(set(filled) - {""}) > 1
        filled.append(high if high or not low or alone else before)
    return [(high, low) for high, low in zip(filled, lower, strict=True)]


def _are_measures(lower: Sequence[str]) -> bool:
    """
    Whether the lower headings say how the upper ones are counted: as a number and as a percentage.
    """
    kinds = set(lower) - {""}
    shares = {kind for kind in kinds if is_share_heading(kind)}
    return bool(shares) and len(kinds - shares) <= 1


def _measure(high: str, low: str) -> str:
    if not low or low.casefold() in COUNT_HEADINGS or not is_share_heading(low):
        return high or low
    return f"{high} %" if high else low


def _crossed(high: str, low: str) -> tuple[str, str]:
    """The categories of both: what has no heading of one kind is a total of it."""
    if not high or high == low:
        return (TOTAL, TOTAL) if is_total(low or high) else (low or high, TOTAL)
    return (TOTAL if is_total(high) else high), (TOTAL if is_total(low) or not low else low)
