"""Random sets of tables counted from random records, for tests of what a reader of them can work out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure import PublishedTable
from nilreturn.disclosure.published import from_raw
from nilreturn.tables import Category, Dimension, Extent, Population, RawTable
from tests.support.record_types import Record, Value, in_category, in_population

# Values that records have, for each variable, and one that none has.
VALUES: dict[str, tuple[Value, ...]] = {
    "victim.sex": ("Female", "Male", "Unknown"),
    "victim.age": (5, 13, 20),
    "crime.recorded_on": (737500, 737531, 737560),
    "crime.area": ("North", "South", "West"),
}
OTHERS: dict[str, Value] = {
    "victim.sex": "Other",
    "victim.age": 90,
    "crime.recorded_on": 738000,
    "crime.area": "Elsewhere",
}


def extent(values: Sequence[Value]) -> Extent:
    """Of numbers what lies nearer to them than to others, of names themselves."""
    ranges = tuple((v - 3, v + 3) for v in values if not isinstance(v, str))
    return Extent(ranges, frozenset(v for v in values if isinstance(v, str)))


@dataclass
class Case:
    """Tables as printed, with the true ones, and the values that record types are made of."""

    raw: list[RawTable]
    printed: list[PublishedTable]
    values: dict[str, list[Value]]


def random_case(seed: int, *, most_records: int = 6, most_tables: int = 4) -> Case:
    """Tables of random records with random restrictions: one for all, several, overlapping; some cells hidden."""
    rng = np.random.default_rng(seed)
    variables = [str(v) for v in rng.permutation(list(VALUES))[: rng.integers(2, 5 if most_records < 7 else 4)]]
    values = {v: list(VALUES[v][: rng.integers(2, 4)]) for v in variables}
    records = [
        {v: values[v][rng.integers(len(values[v]))] for v in variables} for _ in range(rng.integers(2, most_records + 1))
    ]
    common = {v: _some(rng, values[v]) for v in variables if rng.random() < 0.2}
    raw = [_table(rng, f"t{i}", values, records, common) for i in range(rng.integers(2, most_tables + 1))]
    printed = [hide(rng, table) for table in raw]
    return Case(raw, printed, {v: [*values[v], OTHERS[v]] for v in variables})


def _some(rng: np.random.Generator, values: Sequence[Value]) -> list[Value]:
    chosen = [v for v in values if rng.random() < 0.6]
    return chosen or [values[0]]


def _table(
    rng: np.random.Generator,
    name: str,
    values: dict[str, list[Value]],
    records: Sequence[Record],
    common: dict[str, list[Value]],
) -> RawTable:
    inside = dict(common)
    for variable in values:
        if rng.random() < 0.25:
            inside[variable] = _some(rng, inside.get(variable, values[variable]))
    population = Population("victims", tuple((v, extent(found)) for v, found in inside.items()), "an extract")
    divided = [str(v) for v in rng.permutation(list(values))[: rng.integers(0, 3)]]
    counted = [r for r in records if all(r[v] in found for v, found in inside.items())]
    dimensions = tuple(_dimension(rng, v, inside.get(v, values[v]), counted) for v in divided)
    return counted_table(name, population, dimensions, counted)


def counted_table(
    name: str, population: Population, dimensions: tuple[Dimension, ...], records: Sequence[Record]
) -> RawTable:
    counts = np.zeros(tuple(len(d.categories) for d in dimensions), dtype=np.int64)
    for place in np.ndindex(counts.shape):
        counts[place] = sum(all(in_category(d, i, r) for d, i in zip(dimensions, place, strict=True)) for r in records)
    return RawTable(name, name, population, dimensions, counts)


def _dimension(
    rng: np.random.Generator, variable: str, values: Sequence[Value], records: Sequence[Record]
) -> Dimension:
    """A partition of the values in two levels at most; a value that nobody has may be left out."""
    left = [v for v in values if any(r[variable] == v for r in records) or rng.random() < 0.6]
    groups: list[list[Value]] = []
    for value in left:
        if groups and rng.random() < 0.3:
            groups[-1].append(value)
        else:
            groups.append([value])
    categories = [Category("All")]
    for i, group in enumerate(groups):
        categories.append(Category(f"g{i}", "All", extent(group)))
        if len(group) > 1 and rng.random() < 0.3:
            categories += [Category(f"g{i}.{v}", f"g{i}", extent([v])) for v in group]
    return Dimension(variable, variable, tuple(categories))


def hide(rng: np.random.Generator, raw: RawTable, *, floor: int | None = None) -> PublishedTable:
    """Some cells hidden, never the whole."""
    hidden = np.asarray(rng.random(raw.counts.shape) < rng.choice([0.3, 0.6, 0.9])) & (raw.counts > 0)
    hidden = np.array(hidden)
    hidden[(0,) * hidden.ndim] = False
    return from_raw(raw, hidden, floor=int(rng.integers(0, 2)) if floor is None else floor)


def agrees(table: RawTable, record: Record) -> bool:
    """Whether a table's population has a record."""
    return in_population(from_raw(table, np.zeros(table.counts.shape, dtype=np.bool_), floor=0), record)
