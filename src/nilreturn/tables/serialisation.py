"""
Write tables as plain JSON and read them back: what they count, what their categories cover, and
their cells.

True counts and the decision on each cell are not for release. Callers store them in a folder that
only its owner can read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np

from nilreturn.errors import TableError
from nilreturn.tables.model import Belonging, Category, Dimension, Extent, Population
from nilreturn.tables.raw import RawExtreme, RawTable
from nilreturn.tables.safe import (
    CellStatus,
    SafeCell,
    SafeExtreme,
    SafeTable,
    remake_safe_extreme,
    remake_safe_table,
)

Made = TypeVar("Made")


def raw_table_to_json(table: RawTable) -> dict[str, Any]:
    """
    A table of true counts as plain JSON.

    Parameters
    ----------
    table : RawTable
        The table.

    Returns
    -------
    dict
        The JSON object. `counts` has one number for each cell, in the order of `RawTable.cells`.
    """
    return {**_head(table), "counts": table.counts.reshape(-1).tolist()}


def raw_table_from_json(content: Mapping[str, Any]) -> RawTable:
    """
    Read the object that `raw_table_to_json` wrote.

    Parameters
    ----------
    content : mapping
        The JSON object.

    Returns
    -------
    RawTable
        The table.

    Raises
    ------
    TableError
        If the object has another form.
    """
    return _read(_raw_table, content)


def raw_extreme_to_json(extreme: RawExtreme) -> dict[str, Any]:
    """
    A true extreme as plain JSON, with the further attributes of the same person.

    Parameters
    ----------
    extreme : RawExtreme
        The extreme.

    Returns
    -------
    dict
        The JSON object.
    """
    return {
        "name": extreme.name,
        "title": extreme.title,
        "question": extreme.question,
        "population": population_to_json(extreme.population),
        "variable": extreme.variable,
        "kind": extreme.kind,
        "value": extreme.value,
        "also": [list(pair) for pair in extreme.also],
    }


def raw_extreme_from_json(content: Mapping[str, Any]) -> RawExtreme:
    """
    Read the object that `raw_extreme_to_json` wrote.

    Parameters
    ----------
    content : mapping
        The JSON object.

    Returns
    -------
    RawExtreme
        The extreme.

    Raises
    ------
    TableError
        If the object has another form.
    """
    return _read(_raw_extreme, content)


def safe_table_to_json(table: SafeTable) -> dict[str, Any]:
    """
    A safe table as plain JSON, with the decision on each cell.

    The decisions disclose which cells are small, so the object is not for release.

    Parameters
    ----------
    table : SafeTable
        The table.

    Returns
    -------
    dict
        The JSON object. `cells` has for each cell its printed count (null if hidden), its status,
        and the position of its rule in `rules`.
    """
    cells = [cell for _, cell in table.cells()]
    rules = list(dict.fromkeys(cell.rule for cell in cells))
    return {
        **_head(table),
        "method": table.method,
        "rules": rules,
        "cells": [[cell.value, cell.status.value, rules.index(cell.rule)] for cell in cells],
    }


def safe_table_from_json(content: Mapping[str, Any]) -> SafeTable:
    """
    Read the object that `safe_table_to_json` wrote.

    Only `nilreturn.disclosure` may call this: it checks that the table is safe.

    Parameters
    ----------
    content : mapping
        The JSON object.

    Returns
    -------
    SafeTable
        The table.

    Raises
    ------
    TableError
        If the object has another form.
    """
    return _read(_safe_table, content)


def safe_extreme_to_json(extreme: SafeExtreme) -> dict[str, Any]:
    """
    A safe extreme as plain JSON.

    Parameters
    ----------
    extreme : SafeExtreme
        The extreme, with a value or refused.

    Returns
    -------
    dict
        The JSON object.
    """
    return {
        "name": extreme.name,
        "title": extreme.title,
        "question": extreme.question,
        "value": extreme.value,
        "also": [list(pair) for pair in extreme.also],
        "refusal": extreme.refusal,
    }


def safe_extreme_from_json(content: Mapping[str, Any]) -> SafeExtreme:
    """
    Read the object that `safe_extreme_to_json` wrote.

    Parameters
    ----------
    content : mapping
        The JSON object.

    Returns
    -------
    SafeExtreme
        The extreme.

    Raises
    ------
    TableError
        If the object has another form.
    """
    return _read(_safe_extreme, content)


def population_to_json(population: Population) -> dict[str, Any]:
    """
    A population as plain JSON. Empty parts are left out.

    Parameters
    ----------
    population : Population
        What is counted.

    Returns
    -------
    dict
        The JSON object.
    """
    belongs = {} if population.belongs is None else {"belongs": asdict(population.belongs)}
    return {
        "unit": population.unit,
        "source": population.source,
        "restricted_to": _extents_to_json(population.extents),
        **({"holds": _extents_to_json(population.holds)} if population.holds else {}),
        **belongs,
    }


def population_from_json(content: Mapping[str, Any]) -> Population:
    """
    Read the object that `population_to_json` wrote.

    Parameters
    ----------
    content : mapping
        The JSON object.

    Returns
    -------
    Population
        What is counted.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        If the object has another form.
    """
    extents, holds = (
        _extents_from_json(content.get(key, {})) for key in ("restricted_to", "holds")
    )
    return Population(
        text_of(content["unit"]), extents, text_of(content["source"]), _belongs(content), holds
    )


def dimension_to_json(dimension: Dimension) -> dict[str, Any]:
    """
    A dimension as plain JSON, with what each category covers.

    Parameters
    ----------
    dimension : Dimension
        The breakdown.

    Returns
    -------
    dict
        The JSON object.
    """
    return {
        "variable": dimension.variable,
        "title": dimension.title,
        "additive": dimension.additive,
        **({"qualifies": dimension.qualifies} if dimension.qualifies else {}),
        "categories": [
            {
                "label": c.label,
                "parent": c.parent,
                "covers": None if c.covers is None else _extent_to_json(c.covers),
            }
            for c in dimension.categories
        ],
    }


def dimension_from_json(content: Mapping[str, Any]) -> Dimension:
    """
    Read the object that `dimension_to_json` wrote.

    Parameters
    ----------
    content : mapping
        The JSON object.

    Returns
    -------
    Dimension
        The breakdown.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        If the object has another form.
    """
    categories = tuple(
        Category(
            text_of(c["label"]),
            None if c["parent"] is None else text_of(c["parent"]),
            None if c["covers"] is None else _extent_from_json(c["covers"]),
        )
        for c in content["categories"]
    )
    variable, title = text_of(content["variable"]), text_of(content["title"])
    return Dimension(
        variable, title, categories, bool(content["additive"]), str(content.get("qualifies", ""))
    )


def text_of(value: object) -> str:
    """
    Check that a value is text.

    Parameters
    ----------
    value : object
        Any value from JSON.

    Returns
    -------
    str
        The value.

    Raises
    ------
    ValueError
        If it is not text.
    """
    if not isinstance(value, str):
        raise ValueError("a name is not text")
    return value


# Parts --------------------------------------------------------------------------------------------


def _head(table: RawTable | SafeTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "question": table.question,
        "population": population_to_json(table.population),
        "dimensions": [dimension_to_json(dimension) for dimension in table.dimensions],
    }


def _read(make: Callable[[Mapping[str, Any]], Made], content: Mapping[str, Any]) -> Made:
    try:
        return make(content)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError) as error:
        raise TableError(
            f"a stored table is not as nilreturn writes it ({type(error).__name__}); prepare the "
            f"answer again"
        ) from None


def _raw_table(content: Mapping[str, Any]) -> RawTable:
    dimensions = tuple(map(dimension_from_json, content["dimensions"]))
    counts = np.array([_count(count) for count in content["counts"]], dtype=np.int64)
    return RawTable(
        name=text_of(content["name"]),
        title=text_of(content["title"]),
        population=population_from_json(content["population"]),
        dimensions=dimensions,
        counts=counts.reshape(tuple(len(dimension.categories) for dimension in dimensions)),
        question=text_of(content["question"]),
    )


def _raw_extreme(content: Mapping[str, Any]) -> RawExtreme:
    return RawExtreme(
        name=text_of(content["name"]),
        title=text_of(content["title"]),
        population=population_from_json(content["population"]),
        variable=text_of(content["variable"]),
        kind=text_of(content["kind"]),
        value=None if content["value"] is None else _count(content["value"]),
        also=_pairs(content["also"]),
        question=text_of(content["question"]),
    )


def _safe_table(content: Mapping[str, Any]) -> SafeTable:
    rules = [text_of(rule) for rule in content["rules"]]
    cells = [
        SafeCell(None if value is None else _count(value), CellStatus(status), rules[_count(rule)])
        for value, status, rule in content["cells"]
    ]
    return remake_safe_table(
        name=text_of(content["name"]),
        title=text_of(content["title"]),
        population=population_from_json(content["population"]),
        dimensions=tuple(map(dimension_from_json, content["dimensions"])),
        question=text_of(content["question"]),
        method=text_of(content["method"]),
        cells=cells,
    )


def _safe_extreme(content: Mapping[str, Any]) -> SafeExtreme:
    return remake_safe_extreme(
        name=text_of(content["name"]),
        title=text_of(content["title"]),
        question=text_of(content["question"]),
        value=None if content["value"] is None else _count(content["value"]),
        also=_pairs(content["also"]),
        refusal=text_of(content["refusal"]),
    )


def _pairs(content: Any) -> tuple[tuple[str, str], ...]:
    return tuple((text_of(name), text_of(value)) for name, value in content)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("a count is not an integer")
    return value


def _extents_to_json(extents: tuple[tuple[str, Extent], ...]) -> dict[str, Any]:
    return {variable: _extent_to_json(extent) for variable, extent in extents}


def _extents_from_json(content: Mapping[str, Any]) -> tuple[tuple[str, Extent], ...]:
    return tuple((variable, _extent_from_json(extent)) for variable, extent in content.items())


def _belongs(population: Mapping[str, Any]) -> Belonging | None:
    belongs = population.get("belongs")
    if belongs is None:
        return None
    return Belonging(**{str(key): str(value) for key, value in belongs.items()})


def _extent_to_json(extent: Extent) -> dict[str, Any]:
    content: dict[str, Any] = {
        "ranges": [list(r) for r in extent.ranges],
        "values": sorted(extent.values),
    }
    return {**content, "none_of": sorted(extent.none_of)} if extent.none_of else content


def _extent_from_json(content: Mapping[str, Any]) -> Extent:
    ranges = tuple((int(first), int(last)) for first, last in content["ranges"])
    named = (
        frozenset(str(value) for value in content.get(key, ())) for key in ("values", "none_of")
    )
    return Extent(ranges, *named)
