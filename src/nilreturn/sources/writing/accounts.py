"""Every row of every file accounted for: rows in are rows kept, rejected, or passed over by a named rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nilreturn.schema import Column, Kind
from nilreturn.sources.rules import RULES, Action


def account(
    given: int, kept: int, broken: Mapping[tuple[str | None, str], int], above: Mapping[str, int]
) -> dict[str, Any]:
    """
    The rows of an import for its manifest. `given` rows were below the headers and `above` them those that a reader
    passed over, by rule; `kept` are those that an extract's records were made of.

    Raises `AssertionError` where they do not agree: then rows were lost, and there must be no extract.
    """
    of_rows = {rule: n for (variable, rule), n in broken.items() if variable is None}
    rejected = sum(n for rule, n in of_rows.items() if RULES[rule].action is Action.ROW_REJECTED)
    over = {rule: n for rule, n in of_rows.items() if RULES[rule].action is Action.PASSED_OVER}
    for rule, rows in above.items():
        over[rule] = over.get(rule, 0) + rows
    whole = given + sum(above.values())
    if whole != kept + rejected + sum(over.values()):
        raise AssertionError(f"{whole} rows in, {kept} kept, {rejected} rejected, {sum(over.values())} passed over")
    return {"in": whole, "kept": kept, "rejected": rejected, "passed_over": dict(sorted(over.items()))}


def checks(broken: Mapping[tuple[str | None, str], int]) -> list[dict[str, Any]]:
    """The rules broken, for the manifest."""
    return [
        {"column": variable, "rule": rule, "action": RULES[rule].action.value, "rows": rows}
        for (variable, rule), rows in broken.items()
    ]


def first_and_last_days(folder: Path, columns: tuple[Column, ...]) -> dict[str, Any]:
    """Of each column of dates that has any."""
    dates = {}
    for column in columns:
        if column.kind is not Kind.DATE:
            continue
        with pq.ParquetFile(folder / f"{column.table}.parquet") as file:
            groups = [pc.min_max(group.column(0)).as_py() for group in file.iter_batches(columns=[column.name])]
        days = [day for found in groups for day in (found["min"], found["max"]) if day is not None]
        if days:
            dates[column.variable] = {"first": min(days).isoformat(), "last": max(days).isoformat()}
    return dates


def units(folder: Path, table: str) -> int:
    """How many units the weighted rows of a table stand for."""
    with pq.ParquetFile(folder / f"{table}.parquet") as file:
        return sum(int(np.sum(batch.column(0).to_numpy())) for batch in file.iter_batches(columns=["weight"]))
