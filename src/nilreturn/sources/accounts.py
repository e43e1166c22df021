"""
The account of every row of every file: the rows read are the rows kept, rejected, or passed over by
a named rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nilreturn.schema import NOT_RECORDED, WEIGHT, Column, Kind
from nilreturn.sources.rules import RULES, Action

if TYPE_CHECKING:
    from numpy.typing import NDArray


def account(
    given: int, kept: int, broken: Mapping[tuple[str | None, str], int], above: Mapping[str, int]
) -> dict[str, Any]:
    """
    The account of an import's rows, for its manifest.

    `given` rows were below the headers, and a reader passed over the rows of `above`, by rule,
    above them; `kept` are the rows that the extract's records were made of. Raises `AssertionError`
    where the numbers do not agree: rows were then lost, and there must be no extract.
    """
    of_rows = {rule: n for (variable, rule), n in broken.items() if variable is None}
    rejected = sum(n for rule, n in of_rows.items() if RULES[rule].action is Action.ROW_REJECTED)
    over = {rule: n for rule, n in of_rows.items() if RULES[rule].action is Action.PASSED_OVER}
    for rule, rows in above.items():
        over[rule] = over.get(rule, 0) + rows
    whole = given + sum(above.values())
    if whole != kept + rejected + sum(over.values()):
        raise AssertionError(
            f"{whole} rows in, {kept} kept, {rejected} rejected, {sum(over.values())} passed over"
        )
    return {
        "in": whole,
        "kept": kept,
        "rejected": rejected,
        "passed_over": dict(sorted(over.items())),
    }


def checks(broken: Mapping[tuple[str | None, str], int]) -> list[dict[str, Any]]:
    """The rules that were broken, for the manifest."""
    return [
        {"column": variable, "rule": rule, "action": RULES[rule].action.value, "rows": rows}
        for (variable, rule), rows in broken.items()
    ]


def first_and_last_days(folder: Path, columns: tuple[Column, ...]) -> dict[str, Any]:
    """The first and last day of each date column that has one."""
    dates = {}
    for column in columns:
        if column.kind is not Kind.DATE:
            continue
        with pq.ParquetFile(folder / f"{column.table}.parquet") as file:
            groups = [
                pc.min_max(group.column(0)).as_py()
                for group in file.iter_batches(columns=[column.name])
            ]
        days = [day for found in groups for day in (found["min"], found["max"]) if day is not None]
        if days:
            dates[column.variable] = {"first": min(days).isoformat(), "last": max(days).isoformat()}
    return dates


def without_value(folder: Path) -> dict[str, int]:
    """
    By variable, the number of crimes (for published counts: of units) that have no value or "Not
    recorded" in a column of categories, where there are any. "crime.offence" counts those with
    neither code nor class.
    """
    path = folder / "crimes.parquet"
    if not path.exists():
        return {}
    found: Counter[str] = Counter()
    schema = pq.read_schema(path)
    names = [
        field.name
        for field in schema
        if pa.types.is_string(field.type) and field.name not in _NEVER_BLANK
    ]
    with pq.ParquetFile(path, read_dictionary=names) as file:
        for batch in file.iter_batches(
            columns=[*names, *(name for name in schema.names if name == WEIGHT)]
        ):
            blank = {name: _blank(batch.column(name)) for name in names}
            offences = [blank[name] for name in ("offence_code", "offence_class") if name in blank]
            if offences:
                blank["offence"] = np.logical_and.reduce(offences)
            weights = batch.column(WEIGHT).to_numpy() if WEIGHT in batch.schema.names else 1
            found.update(
                {f"crime.{name}": int(np.sum(which * weights)) for name, which in blank.items()}
            )
    return {variable: count for variable, count in sorted(found.items()) if count}


_NEVER_BLANK = ("crime_ref", "narrative")


def _blank(values: Any) -> NDArray[np.bool_]:
    labels = pc.equal(values.dictionary, NOT_RECORDED).to_numpy(zero_copy_only=False)
    is_blank = np.append(np.asarray(labels, np.bool_), True)
    return np.asarray(is_blank[values.indices.fill_null(len(labels)).to_numpy()], np.bool_)


def units(folder: Path, table: str) -> int:
    """How many units the weighted rows of a table stand for."""
    with pq.ParquetFile(folder / f"{table}.parquet") as file:
        return sum(
            int(np.sum(batch.column(0).to_numpy())) for batch in file.iter_batches(columns=[WEIGHT])
        )
