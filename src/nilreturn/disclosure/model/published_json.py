"""Published tables written as JSON and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nilreturn.disclosure.model.arrays import NO_UPPER
from nilreturn.disclosure.model.published import PublishedTable
from nilreturn.errors import TableError
from nilreturn.tables import (
    dimension_from_json,
    dimension_to_json,
    population_from_json,
    population_to_json,
    text_of,
)

FORMAT = "nilreturn published table 1"


def published_to_json(table: PublishedTable, *, release: str | None = None) -> dict[str, Any]:
    """
    A published table as plain JSON.

    Parameters
    ----------
    table : PublishedTable
        The table.
    release : str, optional
        The release that it belongs to, in place of the table's own.

    Returns
    -------
    dict
        The JSON object. In `cells`, a printed cell is its count and any other cell is an object
        with its range.
    """
    cells: list[object] = []
    flat = zip(
        table.low.reshape(-1).tolist(),
        table.high.reshape(-1).tolist(),
        table.hidden.reshape(-1),
        strict=True,
    )
    for low, high, hidden in flat:
        most = None if high == NO_UPPER else high
        cells.append(
            low if low == high and not hidden else {"from": low, "to": most, "hidden": bool(hidden)}
        )
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
    Read the object that `published_to_json` wrote.

    Parameters
    ----------
    content : mapping
        The JSON object.

    Returns
    -------
    PublishedTable
        The table.

    Raises
    ------
    TableError
        If the object has another form.
    """
    try:
        if content["format"] != FORMAT:
            raise TableError(
                f"a published table has format {content['format']!r}; this version reads {FORMAT!r}"
            )
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
            f"a published table is not as nilreturn writes it ({type(error).__name__}); take the "
            f"file from its release"
        ) from None


def _cell_from_json(cell: object) -> tuple[int, int, bool]:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell, cell, False
    if isinstance(cell, dict):
        most = cell["to"]
        return int(cell["from"]), NO_UPPER if most is None else int(most), bool(cell["hidden"])
    raise ValueError("a cell is neither a count nor a range")
