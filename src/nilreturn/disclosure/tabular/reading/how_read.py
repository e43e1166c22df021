"""How published tables were read, in a few lines that their reader can check against the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nilreturn.disclosure.model import value_range_words as range_words
from nilreturn.disclosure.tabular.marks import in_order, short
from nilreturn.disclosure.tabular.reading.printed import ReadTable
from nilreturn.disclosure.tabular.reading.published_set import PublishedSet
from nilreturn.disclosure.tabular.text_tables import COLUMNS, UPPER
from nilreturn.tables import Dimension
from nilreturn.wording import counted, listed

MOST_LABELS = 4
MOST_LINES = 6


def as_text(found: PublishedSet) -> str:
    """The reading in words, a block a table."""
    lines = ["How the tables were read:"]
    for each, share in zip(found.read, found.percentages, strict=True):
        lines.append(f"  {each.table.name}: {_what(each)}")
        lines += [f"    {line}" for line in (*_lines(each), *share.words)]
    lines += [f"  Taken apart: {words}" for words in found.apart]
    lines += [f"  Left out: {words}" for words in found.left_out]
    return "\n".join(lines) + "\n\n"


def as_data(found: PublishedSet) -> list[dict[str, Any]]:
    """The reading for programs."""
    return [
        {
            "table": each.table.name,
            "where": each.sheet.where,
            "title": each.table.title,
            "unit": each.table.population.unit,
            "label_columns": list(each.labels),
            "headings": each.sheet.heading_rows,
            "variables": [d.variable for d in each.table.dimensions],
            "totals": list(each.totals),
            "marks": dict(each.marks),
            "rounding": each.rounding,
            "percentages": list(share.words),
            "left_out": [*each.sheet.left_out, *each.sheet.notes],
        }
        for each, share in zip(found.read, found.percentages, strict=True)
    ]


def _what(each: ReadTable) -> str:
    where = f" ({each.sheet.where})" if each.sheet.where else ""
    by = listed(_dimension_words(d) for d in each.table.dimensions)
    restricted = [f"{v} {_extent_words(e)}" for v, e in each.table.population.extents]
    only = f"; only {'; '.join(short(words, 80) for words in restricted)}" if restricted else ""
    return f"counts of {each.table.population.unit} by {by}{where}{only}"


def _dimension_words(dimension: Dimension) -> str:
    if dimension.title not in (COLUMNS, UPPER, ""):
        return dimension.title
    labels = [short(category.label, 30) for category in dimension.categories[1:]]
    more = f" and {len(labels) - MOST_LABELS} more" if len(labels) > MOST_LABELS else ""
    return f"columns ({', '.join(labels[:MOST_LABELS])}{more})"


def _extent_words(extent: Any) -> str:
    ranges = [range_words(first, last) for first, last in extent.ranges]
    return ", ".join(
        [*ranges, *sorted(extent.values), *(f"none of {v}" for v in sorted(extent.none_of))]
    )


def _lines(each: ReadTable) -> Iterator[str]:
    heads = f"headings in {each.sheet.heading_rows}; " if each.sheet.heading_rows else ""
    totals = listed(dict.fromkeys(each.totals)) if each.totals else "none printed"
    labels = [label or "(no heading)" for label in each.labels if label not in (COLUMNS, UPPER)]
    yield f"labels: {listed(labels)}; {heads}totals: {totals}"
    if each.marks:
        yield f"marks: {'; '.join(in_order(each.marks))}"
    if each.rounding:
        yield f"figures: {each.rounding}"
    if each.hint:
        yield f"note: {each.hint}"
    lines = [*each.sheet.left_out, *each.sheet.notes]
    if lines:
        told = [repr(short(line)) for line in lines[:MOST_LINES]]
        more = (
            f" and {counted(len(lines) - MOST_LINES, 'more line')}"
            if len(lines) > MOST_LINES
            else ""
        )
        yield f"left out: {'; '.join(told)}{more}"
