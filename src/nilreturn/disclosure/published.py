"""
Tables as a reader has them: each cell with its count, hidden, or known to lie in a range.

A published table is knowledge: what the audit reasons from, and what an earlier release adds to a later one. It is
also what one release hands to the next, as JSON (`published_to_json`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from nilreturn.disclosure.markers import as_percentage
from nilreturn.disclosure.model import Shaped
from nilreturn.disclosure.system import NO_CEILING, Bools, Ints
from nilreturn.errors import TableError
from nilreturn.table_json import (
    dimension_from_json,
    dimension_to_json,
    population_from_json,
    population_to_json,
    text_of,
)
from nilreturn.tables import CellStatus, Dimension, Population, RawTable, SafeTable

FORMAT = "nilreturn published table 1"


@dataclass(frozen=True, eq=False)
class PublishedTable:
    """
    What a reader is told of each cell: its count lies in `low..high`, both included (equal where the count is
    printed; `NO_CEILING` where nothing bounds it), and whether it is `hidden` on purpose: withheld, or changed so that
    its count is not told (rounded). One that is neither printed nor hidden (a margin left out) has a range alone.

    `release` names the release for messages. All three arrays have the shape of the dimensions.
    """

    name: str
    title: str
    population: Population
    dimensions: tuple[Dimension, ...]
    low: Ints
    high: Ints
    hidden: Bools
    release: str = ""
    question: str = ""  # the number of the question that it answers, for messages

    def __post_init__(self) -> None:
        shape = tuple(len(dimension.categories) for dimension in self.dimensions)
        for array in (self.low, self.high, self.hidden):
            if array.shape != shape:
                raise ValueError(f"table {self.name}: an array has shape {array.shape}, dimensions {shape}")
            array.setflags(write=False)
        if self.low.size and (int(self.low.min()) < 0 or bool((self.low > self.high).any())):
            raise ValueError(f"table {self.name}: a range is negative or runs backwards")

    @property
    def labels(self) -> str:
        """How messages name the table."""
        return f"{self.release}: {self.name}" if self.release else self.name


def as_published(
    table: SafeTable, *, floor: int | Ints, told: tuple[Ints, Ints] | None = None, release: str = ""
) -> PublishedTable:
    """
    What a reader of `table` is told. `floor` is the least that they take a hidden count to be; `told` the range in
    which each changed count truly lies.
    """
    cells = [cell for _, cell in table.cells()]
    shape = tuple(len(dimension.categories) for dimension in table.dimensions)
    hidden = np.array([c.value is None for c in cells], dtype=np.bool_).reshape(shape)
    changed = np.array([c.status is CellStatus.CHANGED for c in cells], dtype=np.bool_).reshape(shape)
    value = np.array([c.value or 0 for c in cells], dtype=np.int64).reshape(shape)
    low, high = np.where(hidden, floor, value), np.where(hidden, NO_CEILING, value)
    if told is not None:
        low, high = np.where(changed, told[0], low), np.where(changed, told[1], high)
        hidden = hidden | (changed & (low < high))
    return PublishedTable(
        table.name, table.title, table.population, table.dimensions, low, high, hidden, release, table.question
    )


def printed_zeros(tables: Sequence[Shaped]) -> list[Bools]:
    """
    Which cells of each table readers are told to be 0, in its shape. Those of another source than the first table's are
    left out: records may have changed between the two.
    """
    found = []
    for table in tables:
        shape = tuple(len(dimension.categories) for dimension in table.dimensions)
        zeros = np.zeros(shape, dtype=np.bool_)
        if isinstance(table, PublishedTable) and table.population.source == tables[0].population.source:
            zeros |= table.high == 0
        found.append(zeros)
    return found


def a_total(name: str, population: Population, count: int, *, title: str = "", release: str = "") -> PublishedTable:
    """A figure given in prose: one count without a breakdown."""
    return _single(name, title, population, count, count, release)


def a_share(
    name: str, population: Population, percent: str, of: int, *, title: str = "", release: str = ""
) -> PublishedTable:
    """
    What a printed percentage tells of the count behind it, given the printed count that it is a share `of`.

    >>> share = a_share("s", Population("victims"), "33.3", 12)
    >>> int(share.low[()]), int(share.high[()])
    (4, 4)
    """
    ends = as_percentage(percent)
    told = share_of(ends, of, of) if ends else None
    if told is None:
        raise TableError(f"{name}: no whole number is {percent}% of {of}; check the percentage and the total")
    return _single(name, title, population, *told, release)


def share_of(ends: tuple[Decimal, Decimal], least: int, most: int) -> tuple[int, int] | None:
    """
    The least and the greatest whole number that is such a share of a total from `least` to `most`; None if none is.

    >>> share_of((Decimal("4.75"), Decimal("4.85")), 63, 63)
    (3, 3)
    """
    low = (least * ends[0] / 100).to_integral_value(rounding="ROUND_CEILING")
    high = (most * ends[1] / 100).to_integral_value(rounding="ROUND_FLOOR")
    if low > high:
        return None
    return int(low), NO_CEILING if most >= NO_CEILING else min(most, int(high))


def _single(name: str, title: str, population: Population, low: int, high: int, release: str) -> PublishedTable:
    return PublishedTable(
        name,
        title or name,
        population,
        (),
        np.array(low, dtype=np.int64),
        np.array(high, dtype=np.int64),
        np.array(low != high),
        release,
    )


# JSON ------------------------------------------------------------------------------------------------------------


def published_to_json(table: PublishedTable, *, release: str | None = None) -> dict[str, Any]:
    """
    A published table as plain JSON: a printed cell is its count, any other an object with its range. `release` names
    the release it goes out with.
    """
    cells: list[object] = []
    flat = zip(table.low.reshape(-1).tolist(), table.high.reshape(-1).tolist(), table.hidden.reshape(-1), strict=True)
    for low, high, hidden in flat:
        most = None if high == NO_CEILING else high
        cells.append(low if low == high and not hidden else {"from": low, "to": most, "hidden": bool(hidden)})
    return {
        "format": FORMAT,
        "name": table.name,
        "title": table.title,
        "release": table.release if release is None else release,
        "population": population_to_json(table.population),
        "dimensions": [dimension_to_json(dimension) for dimension in table.dimensions],
        "cells": cells,
    }


def published_from_json(content: Mapping[str, Any]) -> PublishedTable:
    """
    The table that `published_to_json` wrote. Raises `TableError` when it is of another form.
    """
    try:
        if content["format"] != FORMAT:
            raise TableError(f"a published table has format {content['format']!r}; this version reads {FORMAT!r}")
        dimensions = tuple(dimension_from_json(dimension) for dimension in content["dimensions"])
        shape = tuple(len(dimension.categories) for dimension in dimensions)
        cells = [_cell_from_json(cell) for cell in content["cells"]]
        return PublishedTable(
            text_of(content["name"]),
            text_of(content["title"]),
            population_from_json(content["population"]),
            dimensions,
            np.array([low for low, _, _ in cells], dtype=np.int64).reshape(shape),
            np.array([high for _, high, _ in cells], dtype=np.int64).reshape(shape),
            np.array([hidden for _, _, hidden in cells], dtype=np.bool_).reshape(shape),
            text_of(content["release"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise TableError(
            f"a published table is not as nilreturn writes it ({type(error).__name__}); take the file from its release"
        ) from None


def _cell_from_json(cell: object) -> tuple[int, int, bool]:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell, cell, False
    if isinstance(cell, dict):
        most = cell["to"]
        return int(cell["from"]), NO_CEILING if most is None else int(most), bool(cell["hidden"])
    raise ValueError("a cell is neither a count nor a range")


def from_raw(table: RawTable, hidden: Bools, *, floor: int, release: str = "") -> PublishedTable:
    """What a reader would be told of `table` with these cells hidden."""
    low = np.where(hidden, floor, table.counts)
    high = np.where(hidden, NO_CEILING, table.counts)
    return PublishedTable(
        table.name, table.title, table.population, table.dimensions, low, high, hidden.copy(), release, table.question
    )
