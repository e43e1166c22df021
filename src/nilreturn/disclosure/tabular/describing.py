"""
Write the description that accompanies a table printed as CSV.

It gives whoever audits the table or enters it into a register its totals, its hierarchies and what
its categories cover.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from nilreturn.disclosure.model import FIRST_DAY
from nilreturn.disclosure.tabular.text_tables import COLUMNS, TableDescription
from nilreturn.spreadsheets import escape_formula
from nilreturn.tables import Category, Dimension, Extent, SafeTable


def description_of(table: SafeTable) -> str:
    """The description of a table as `csv_of` writes it, as YAML."""
    across = table.dimensions[1].title if len(table.dimensions) == 2 else None
    columns = {
        COLUMNS if d.title == across else escape_formula(d.title): _column(d)
        for d in table.dimensions
    }
    restricted = {variable: _told(extent) for variable, extent in table.population.extents}
    told = {
        "title": table.title,
        "unit": table.population.unit,
        "source": table.population.source,
        "restricted_to": restricted,
        "columns": columns,
    }
    content = {name: value for name, value in told.items() if value}
    TableDescription.model_validate(content)  # what is written here must be read again
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def _column(dimension: Dimension) -> dict[str, Any]:
    total = dimension.total.label
    parents = {
        escape_formula(c.label): escape_formula(c.parent)
        for c in dimension.categories
        if c.parent not in (None, total)
    }
    covers = {
        escape_formula(c.label): _told(e)
        for c in dimension.categories
        if (e := _covers(dimension, c)) is not None
    }
    told = {
        "variable": dimension.variable,
        "total": escape_formula(total),
        "parents": parents,
        "covers": covers,
        "overlapping": not dimension.additive,
    }
    return {name: value for name, value in told.items() if value}


def _covers(dimension: Dimension, category: Category) -> Extent | None:
    """What a category covers, where its label in the CSV does not say it."""
    if (
        category.covers is not None
        or category.parent is None
        or escape_formula(category.label) == category.label
    ):
        return None if category.covers == Extent.of(category.label) else category.covers
    return Extent.of(category.label) if not dimension.children(category.label) else None


def _told(extent: Extent) -> list[Any]:
    ranges = [list(map(_end, ends)) for ends in extent.ranges]
    return (
        ranges[0] if len(ranges) == 1 and not extent.values else [*ranges, *sorted(extent.values)]
    )


def _end(end: int) -> int | date:
    return date.fromordinal(end) if end >= FIRST_DAY else end
