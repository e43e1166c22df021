"""
A table of pandas, polars or Arrow as true counts: records to be counted, a long table with one row
a cell, or a crosstab. Combinations that are absent are zeros, and totals are worked out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from nilreturn.disclosure.model import MOST_CELLS, Ints
from nilreturn.disclosure.tabular.text_tables import COLUMNS, TableDescription
from nilreturn.errors import TableError
from nilreturn.tables import UNKNOWN, Dimension, RawTable

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

MOST_COUNT = 2**53  # beyond, a number of a data frame may have been rounded already

Labels = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Grouped:
    """
    Rows of a data frame by cell. `places` (rows, columns) holds the number of each row's label in
    each of `labels`, which are in the order they are printed.
    """

    headings: Labels
    labels: tuple[Labels, ...]
    places: Ints

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(of_column) for of_column in self.labels)

    def summed(self, values: Ints | None = None) -> Ints:
        """
        The sum of the rows' `values` in each cell, or the number of rows; 0 where there is no row.
        """
        found = np.zeros(self.shape, dtype=np.int64)
        np.add.at(found, tuple(self.places.T), 1 if values is None else values)
        return found


def is_frame(data: object) -> bool:
    """Whether `data` is a table of pandas, polars or Arrow that is in memory."""
    return isinstance(nw.from_native(data, eager_only=True, pass_through=True), nw.DataFrame)


def raw_from_data(
    data: IntoDataFrame,
    *,
    by: Sequence[str] | None = None,
    count: str | None = None,
    name: str = "table",
    described: TableDescription | None = None,
) -> RawTable:
    """
    True counts from a data frame.

    Parameters
    ----------
    data
        Records, where `by` is given without `count`: one row each. A long table, where `count`
        names its column of counts, or there is one called "count": one row a cell. Else a crosstab:
        labels in the index or in the leading columns that are not numbers, counts in all others.
    by
        The columns to divide by, in the order they are printed; for a long table all but `count`.
    count
        The column of counts.
    name
        What the table is called, in messages and in the register of releases.
    described
        What the table means: unit, restrictions, variables, hierarchies.

    Raises
    ------
    TableError
        Where the columns are not there, a count is missing, negative or not whole, or a cell
        appears twice.
    """
    described = described or TableDescription()
    frame = _with_index(data)
    if by is not None and count is None:
        grouped = group(frame, by, name)
        return _raw(name, described, grouped, grouped.summed())
    if count is None and "count" in frame.columns:
        count = "count"
    if count is not None:
        return _of_long(frame, by, count, name, described)
    return _of_crosstab(data, frame, name, described)


def group(frame: nw.DataFrame[Any], by: Sequence[str], name: str) -> Grouped:
    """The rows of a frame by the labels of the columns `by`. A missing label is "Unknown"."""
    missing = [column for column in by if column not in frame.columns]
    if missing or not by:
        there = ", ".join(map(str, frame.columns))
        raise TableError(
            f"table {name}: has no column {missing[0]!r}; it has {there}"
            if missing
            else NOTHING_TO_DO
        )
    if len(set(by)) < len(by):
        raise TableError(f"table {name}: is divided twice by one column; name each column once")
    columns = [_labelled(frame.get_column(column)) for column in by]
    labels = tuple(labels for labels, _ in columns)
    if math.prod(len(of_column) for of_column in labels) > MOST_CELLS:
        raise TableError(
            f"table {name}: its categories make more than {MOST_CELLS:,} cells; divide by fewer "
            f"columns at once"
        )
    places = (
        np.stack([places for _, places in columns], axis=1)
        if len(frame)
        else np.zeros((0, len(by)), np.int64)
    )
    return Grouped(tuple(map(str, by)), labels, places)


def dimension_of(described: TableDescription, heading: str, labels: Labels) -> Dimension:
    """
    The dimension of a column; a category above others that has no row of its own is added to
    `labels`.
    """
    column = described.columns.get(heading)
    above = dict.fromkeys(column.parents.values()) if column else ()
    absent = (
        [label for label in above if label not in labels and label != column.total]
        if column
        else []
    )
    return described.dimension(heading, (*labels, *absent))


NOTHING_TO_DO = "the table has nothing to divide by; name at least one column (by=[…])"


def _with_index(data: IntoDataFrame) -> nw.DataFrame[Any]:
    """
    The frame with its index as columns, where it has one that was named or holds text (pandas).
    """
    import sys

    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        if isinstance(data.columns, pandas.MultiIndex):
            data = (
                data.stack(list(range(data.columns.nlevels)), future_stack=True)
                .rename("count")
                .reset_index()
            )
        elif not isinstance(data.index, pandas.RangeIndex):
            names = [n if n is not None else "" for n in data.index.names]
            data = data.rename_axis(index=names, columns=None).reset_index()
    return nw.from_native(data, eager_only=True)


def _labelled(column: nw.Series[Any]) -> tuple[Labels, Ints]:
    """
    The labels of a column as they are printed, and the number of each row's. The categories of a
    categorical column keep their order and are there without a row; other values come in their own
    order, numbers as numbers.
    """
    known = _categories(column)
    values = column.to_list()
    texts = [_text(value) for value in values]
    if known is None:
        distinct = {
            text: value for text, value in zip(texts, values, strict=True) if text != UNKNOWN
        }
        known = sorted(distinct, key=lambda text: _order(distinct[text], text))
    labels = (
        *(label for label in known if label != UNKNOWN),
        *((UNKNOWN,) if UNKNOWN in {*texts, *known} else ()),
    )
    number = {label: place for place, label in enumerate(labels)}
    return labels, np.array([number[text] for text in texts], dtype=np.int64)


def _categories(column: nw.Series[Any]) -> list[str] | None:
    """The labels that a categorical column may have, in its order; None of another column."""
    if isinstance(column.dtype, nw.Enum):
        return [_text(value) for value in column.dtype.categories]
    # Of pandas; those of polars and Arrow are only a way to store text.
    if column.dtype == nw.Categorical:
        known = getattr(getattr(column.to_native(), "cat", None), "categories", None)
        return None if known is None else [_text(value) for value in known]
    return None


def _text(value: object) -> str:
    missing = (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or str(value) in ("NaT", "<NA>")
    )
    if missing or (isinstance(value, str) and not value.strip()):
        return UNKNOWN
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    )


def _order(value: object, text: str) -> tuple[int, float, str]:
    if isinstance(value, bool | np.bool_) or not isinstance(
        value, int | float | np.integer | np.floating
    ):
        return 1, 0.0, text
    return 0, float(value), text


def _of_long(
    frame: nw.DataFrame[Any],
    by: Sequence[str] | None,
    count: str,
    name: str,
    described: TableDescription,
) -> RawTable:
    if count not in frame.columns:
        raise TableError(
            f"table {name}: has no column {count!r} of counts; name the one that holds them"
        )
    by = [column for column in frame.columns if column != count] if by is None else by
    grouped = group(frame, by, name)
    counts = _counts(frame.get_column(count), name, [count] * len(frame))
    times = grouped.summed()
    if (times > 1).any():
        place = np.unravel_index(int(np.argmax(times)), grouped.shape)
        where = " / ".join(
            labels[int(at)] for labels, at in zip(grouped.labels, place, strict=True)
        )
        raise TableError(
            f"table {name}: {where} appears twice; add the two up, or divide by every column that "
            f"tells them apart"
        )
    return _raw(name, described, grouped, grouped.summed(counts), given=times > 0)


def _of_crosstab(
    data: IntoDataFrame, frame: nw.DataFrame[Any], name: str, described: TableDescription
) -> RawTable:
    across_of = getattr(getattr(data, "columns", None), "name", None)
    numeric = [column for column in frame.columns if frame.get_column(column).dtype.is_numeric()]
    index = [column for column in frame.columns if column not in _columns_of(data)]
    counted = [column for column in numeric if column not in index]
    down = [column for column in frame.columns if column not in counted]
    if not down or not counted or list(frame.columns) != [*down, *counted]:
        raise TableError(
            f"table {name}: is neither records (by=[…]), nor one row a cell (count=…), nor a "
            "crosstab with labels in its index or leading columns and counts in all others"
        )
    grouped = group(frame, down, name)
    if len(counted) == 1 and not across_of:
        return _of_long(frame, down, counted[0], name, described)
    across = tuple(_text(column) for column in counted)
    if len(set(across)) < len(across):
        raise TableError(f"table {name}: two columns of counts have one heading; rename one")
    headings = (*grouped.headings, str(across_of or COLUMNS))
    rows = np.repeat(grouped.places, len(across), axis=0)
    places = np.column_stack([rows, np.tile(np.arange(len(across)), len(frame))])
    whole = Grouped(headings, (*grouped.labels, across), places)
    if (whole.summed() > 1).any():
        raise TableError(
            f"table {name}: a label of its rows appears twice; add the two rows up or rename one"
        )
    columns = [
        _counts(frame.get_column(column).fill_null(0), name, [column] * len(frame), nan=0)
        for column in counted
    ]
    return _raw(
        name,
        described,
        whole,
        whole.summed(np.stack(columns, axis=1).reshape(-1)),
        given=whole.summed() > 0,
    )


def _columns_of(data: Any) -> set[Any]:
    return set(getattr(data, "columns", ())) or set(nw.from_native(data, eager_only=True).columns)


def _counts(
    column: nw.Series[Any], name: str, headings: Sequence[str], *, nan: int | None = None
) -> Ints:
    found = np.zeros(len(headings), dtype=np.int64)
    for row, (value, heading) in enumerate(zip(column.to_list(), headings, strict=True), 1):
        if nan is not None and isinstance(value, float) and math.isnan(value):
            value = nan
        found[row - 1] = integer(value, f"table {name}, row {row}, column {heading!r}")
    return found


def integer(value: Any, where: str) -> int:
    """The count in a cell of a frame. The count itself is not in the message."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        raise TableError(f"{where}: there is no count; a count of none is written 0") from None
    if number != value or not 0 <= number <= MOST_COUNT:
        raise TableError(f"{where}: is negative, not whole or too large for a count; correct it")
    return number


def _raw(
    name: str, described: TableDescription, grouped: Grouped, counts: Ints, *, given: Any = None
) -> RawTable:
    """The table with its totals; those that are `given` must agree with what is under them."""
    dimensions = tuple(
        dimension_of(described, heading, labels)
        for heading, labels in zip(grouped.headings, grouped.labels, strict=True)
    )
    values, present = counts, np.ones(counts.shape, dtype=np.bool_) if given is None else given
    for axis, (dimension, labels) in enumerate(zip(dimensions, grouped.labels, strict=True)):
        values, present = _along(axis, dimension, labels, values, present, name)
    return RawTable(name, described.title or name, described.population, dimensions, values)


def _along(
    axis: int, dimension: Dimension, labels: Labels, values: Ints, present: Any, name: str
) -> tuple[Ints, Any]:
    """
    The counts with every category of a dimension along `axis`, in its order; totals that are absent
    are summed.
    """
    at: Mapping[str, int] = {label: place for place, label in enumerate(labels)}
    lines: dict[str, Ints] = {}
    known: dict[str, Any] = {}
    for label in reversed(dimension.labels):
        below = [part.label for part in dimension.children(label)]
        own = np.take(values, at[label], axis=axis) if label in at else None
        own_known = np.take(present, at[label], axis=axis) if label in at else None
        if not below or not dimension.additive:
            if own is None and not below:
                raise TableError(
                    f"table {name}: has no row with a value of {dimension.title}; check what was "
                    f"chosen"
                )
            if own is None:
                raise TableError(
                    f"table {name}: {dimension.title} overlaps, so that the total {label!r} cannot "
                    "be worked out; give it"
                )
            lines[label], known[label] = own, own_known
            continue
        total = np.sum([lines[part] for part in below], axis=0)
        some = np.any([known[part] for part in below], axis=0)
        if own is not None and bool((own_known & (own != total)).any()):
            raise TableError(
                f"table {name}: {dimension.title}: {label!r} is not the sum of what is under it; "
                "correct the table, or leave totals out to have them worked out"
            )
        lines[label], known[label] = total, some
    order = dimension.labels
    return np.stack([lines[label] for label in order], axis=axis), np.stack(
        [known[label] for label in order], axis=axis
    )
