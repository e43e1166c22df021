"""
Records of a data frame made into sums, with what the rules of sums need to know of the
contributions.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from nilreturn.disclosure.model import Ints
from nilreturn.disclosure.sums.model import RawSums
from nilreturn.disclosure.tabular import Grouped, TableDescription, dimension_of, group, integer
from nilreturn.errors import TableError
from nilreturn.tables import Dimension

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame


def sums_from_data(
    data: IntoDataFrame,
    *,
    by: Sequence[str],
    value: str,
    contributor: str | None = None,
    name: str = "table",
    described: TableDescription | None = None,
) -> RawSums:
    """
    Sums from records, one row each.

    Parameters
    ----------
    data
        A pandas, polars or Arrow table of records.
    by
        The columns to divide by.
    value
        The column to add up: integers from 0, in the smallest unit that is of interest (pence,
        days). A record without a value adds nothing and counts as no contributor.
    contributor
        The column that says who contributes a record's value; without it each record is a
        contributor of its own.
    name, described
        As for tables of counts.

    Raises
    ------
    TableError
        Where a column is not there or a value is negative or not whole.
    """
    described = described or TableDescription(unit=value)
    frame: nw.DataFrame[Any] = nw.from_native(data, eager_only=True)
    for column in (value, contributor):
        if column is not None and column not in frame.columns:
            raise TableError(
                f"table {name}: has no column {column!r}; it has {', '.join(frame.columns)}"
            )
    grouped = group(frame, by, name)
    values, given = _values(frame.get_column(value), f"table {name}", value)
    owners = _owners(frame, contributor)
    dimensions = tuple(
        dimension_of(described, heading, labels)
        for heading, labels in zip(grouped.headings, grouped.labels, strict=True)
    )
    for dimension, labels in zip(dimensions, grouped.labels, strict=True):
        if dimension.total.label in labels or not dimension.additive:
            raise TableError(
                f"table {name}: {dimension.title} holds totals or overlaps; give records without "
                f"totals"
            )
    shape = tuple(len(dimension.categories) for dimension in dimensions)
    arrays = _summed(dimensions, grouped, values[given], owners[given], given, shape)
    return RawSums(name, described.title or name, described.population, dimensions, *arrays)


def _values(column: nw.Series[Any], where: str, heading: str) -> tuple[Ints, Any]:
    listed = column.to_list()
    given = np.array([value is not None and value == value for value in listed], dtype=np.bool_)
    values = np.zeros(len(listed), dtype=np.int64)
    for row in np.flatnonzero(given).tolist():
        values[row] = integer(listed[row], f"{where}, row {row + 1}, column {heading!r}")
    return values, given


def _owners(frame: nw.DataFrame[Any], contributor: str | None) -> Ints:
    if contributor is None:
        return np.arange(len(frame), dtype=np.int64)
    number: dict[object, int] = {}
    # A record that does not say whose it is counts as a contributor of its own.
    listed = frame.get_column(contributor).to_list()
    keys = [
        ("row", row) if who is None or who != who else ("who", who)
        for row, who in enumerate(listed)
    ]
    return np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)


def _summed(
    dimensions: Sequence[Dimension],
    grouped: Grouped,
    values: Ints,
    owners: Ints,
    given: Any,
    shape: tuple[int, ...],
) -> tuple[Ints, Ints, Ints, Ints]:
    """
    Totals, contributors, largest and second largest contribution of every cell, totals included.
    """
    size = int(np.prod(shape))
    totals, contributors, largest, second = (np.zeros(size, dtype=np.int64) for _ in range(4))
    for upward in _ways_up(dimensions, grouped):
        at = [place[grouped.places[given, axis]] for axis, place in enumerate(upward)]
        inside = np.all([place >= 0 for place in at], axis=0)
        cells = np.ravel_multi_index(tuple(place[inside] for place in at), shape)
        order = np.lexsort((owners[inside], cells))
        cell, owner, value = cells[order], owners[inside][order], values[inside][order]
        if not len(cell):
            continue
        first = np.flatnonzero(np.r_[True, (cell[1:] != cell[:-1]) | (owner[1:] != owner[:-1])])
        one, by_owner = cell[first], np.add.reduceat(value, first)
        falling = np.lexsort((-by_owner, one))
        one, by_owner = one[falling], by_owner[falling]
        begins = np.flatnonzero(np.r_[True, one[1:] != one[:-1]])
        number = np.diff(np.r_[begins, len(one)])
        here = one[begins]
        totals[here], contributors[here] = np.add.reduceat(by_owner, begins), number
        largest[here] = by_owner[begins]
        several = number > 1
        second[here[several]] = by_owner[begins[several] + 1]
    return (
        totals.reshape(shape),
        contributors.reshape(shape),
        largest.reshape(shape),
        second.reshape(shape),
    )


def _ways_up(dimensions: Sequence[Dimension], grouped: Grouped) -> Iterator[tuple[Ints, ...]]:
    """
    For each combination of levels, the category of each label of each column, as its number; -1
    where a label has none at that level. Every category is at one level, so that each cell of the
    table is made once.
    """
    levels = [
        _levels(dimension, labels)
        for dimension, labels in zip(dimensions, grouped.labels, strict=True)
    ]
    yield from itertools.product(*levels)


def _levels(dimension: Dimension, labels: Sequence[str]) -> list[Ints]:
    place = {label: number for number, label in enumerate(dimension.labels)}
    parent = {category.label: category.parent for category in dimension.categories}
    paths = []
    for label in labels:
        path: list[int] = []
        above: str | None = label
        while above is not None:
            path.insert(0, place[above])
            above = parent[above]
        paths.append(path)
    deepest = max(len(path) for path in paths) if paths else 1
    return [
        np.array([path[level] if level < len(path) else -1 for path in paths], dtype=np.int64)
        for level in range(deepest)
    ]
