"""Small tables of counts with their margins, and policies, for tests of disclosure control."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from nilreturn.disclosure import Policy, PublishedTable
from nilreturn.disclosure.model import from_raw
from nilreturn.tables import Dimension, Extent, Population, RawTable

MOST_TRIED = 2_000_000
VICTIMS = Population("victims", (), "an extract")
AGES = {
    "11 and under": Extent.between(0, 11),
    "12 to 15": Extent.between(12, 15),
    "16 and over": Extent.between(16, 150),
}


def policy(**settings: Any) -> Policy:
    """Counts below five are hidden, zeros printed; other settings as given."""
    told = {
        "name": "Test policy",
        "version": "1",
        "threshold": {"value": 5, "reason": "a test"},
        "zeros": {"treatment": "printed", "reason": "a test"},
    }
    return Policy.model_validate(told | settings)


def between(first: date, last: date) -> Extent:
    return Extent.between(first.toordinal(), last.toordinal())


def recorded(
    first: date, last: date, *, unit: str = "victims", source: str = "an extract"
) -> Population:
    """Everyone in what was recorded from one day to another."""
    return Population(unit, (("crime.recorded_on", between(first, last)),), source)


def ages(*labels: str, covers: dict[str, Extent] | None = None) -> Dimension:
    return Dimension.flat("victim.age", "Age", labels, covers=covers or AGES)


def dimension(variable: str, size: int) -> Dimension:
    return Dimension.flat(variable, variable.upper(), tuple(f"{variable}{i}" for i in range(size)))


def table(
    inner: Any, *, name: str = "t", population: Population = VICTIMS, variables: str = "abcd"
) -> RawTable:
    """
    A table with these innermost counts, flat dimensions named after `variables`, and all margins.
    """
    inner = np.asarray(inner, dtype=np.int64)
    counts = inner
    for axis in range(inner.ndim):
        counts = np.concatenate((counts.sum(axis=axis, keepdims=True), counts), axis=axis)
    dimensions = tuple(dimension(variables[axis], size) for axis, size in enumerate(inner.shape))
    return RawTable(name, name, population, dimensions, counts)


def one_way(
    name: str, population: Population, dimension: Dimension, counts: Sequence[int]
) -> RawTable:
    return RawTable(name, name, population, (dimension,), np.array(counts, dtype=np.int64))


def figure(name: str, population: Population, count: int) -> RawTable:
    """A total given in prose."""
    return RawTable(name, name, population, (), np.array(count, dtype=np.int64))


def printed(raw: RawTable, hidden: Any, *, floor: int = 1) -> PublishedTable:
    return from_raw(raw, np.asarray(hidden, dtype=np.bool_), floor=floor)


def every_world(told: PublishedTable) -> Any:
    """
    All whole-number tables that agree with a printed two-dimensional one whose grand total is
    shown, as an array of tables. Plain search: the innermost hidden counts take every value up to
    what the grand total leaves. Raises `ValueError` for more than `MOST_TRIED` of them, which would
    take gigabytes.
    """
    rows, columns = (size - 1 for size in told.low.shape)
    low = told.low[1:, 1:].reshape(-1)
    left = int(told.high[0, 0]) - int(low.sum())
    high = np.minimum(told.high[1:, 1:].reshape(-1), low + left)
    if np.prod(high - low + 1.0) > MOST_TRIED:
        raise ValueError("too many tables to try each")
    ranges = [range(a, b + 1) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    inner = np.array(list(itertools.product(*ranges)), dtype=np.int64).reshape(-1, rows, columns)
    full = np.concatenate((inner.sum(axis=1, keepdims=True), inner), axis=1)
    full = np.concatenate((full.sum(axis=2, keepdims=True), full), axis=2)
    agrees = ((full >= told.low) & (full <= told.high)).all(axis=(1, 2))
    return full[agrees]
