"""
Tables as a reader has them: each cell with its count, hidden, or known to be in a range.

The audit reasons from published tables, and an earlier release constrains a later one through
them. A release passes them to the next as JSON (`published_to_json`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.model.arrays import NO_UPPER, Bools, Ints
from nilreturn.disclosure.model.cells import TableShape
from nilreturn.tables import (
    CellStatus,
    Dimension,
    Population,
    RawTable,
    SafeTable,
)


@dataclass(frozen=True, eq=False)
class PublishedTable:
    """
    A table as a reader has it: for each cell the range of its count.

    Attributes
    ----------
    name : str
        Identifier, unique in its release.
    title : str
        Heading for readers.
    population : Population
        What is counted.
    dimensions : tuple of Dimension
        The breakdowns.
    low, high : ndarray of int64, shape of the dimensions
        Least and greatest possible count. Equal where the count is printed; `high` is `NO_UPPER`
        where nothing bounds it.
    hidden : ndarray of bool, shape of the dimensions
        Whether the count is withheld on purpose, or changed so that it is not given (rounded). A
        cell that is neither printed nor hidden (a margin that was left out) only has a range.
    release : str
        The release that it belongs to, for messages.
    question : str
        Number of the question that it answers, for messages.

    Raises
    ------
    ValueError
        If an array has another shape than the dimensions, or a range is negative or runs backwards.
    """

    name: str
    title: str
    population: Population
    dimensions: tuple[Dimension, ...]
    low: Ints
    high: Ints
    hidden: Bools
    release: str = ""
    question: str = ""

    def __post_init__(self) -> None:
        shape = tuple(len(dimension.categories) for dimension in self.dimensions)
        for array in (self.low, self.high, self.hidden):
            if array.shape != shape:
                raise ValueError(
                    f"table {self.name}: an array has shape {array.shape}, dimensions {shape}"
                )
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
    What a reader of `table` is told. `floor` is the least that they take a hidden count to be;
    `told` the range in which each changed count truly lies.
    """
    cells = [cell for _, cell in table.cells()]
    shape = tuple(len(dimension.categories) for dimension in table.dimensions)
    hidden = np.array([c.value is None for c in cells], dtype=np.bool_).reshape(shape)
    changed = np.array([c.status is CellStatus.CHANGED for c in cells], dtype=np.bool_).reshape(
        shape
    )
    value = np.array([c.value or 0 for c in cells], dtype=np.int64).reshape(shape)
    low, high = np.where(hidden, floor, value), np.where(hidden, NO_UPPER, value)
    if told is not None:
        low, high = np.where(changed, told[0], low), np.where(changed, told[1], high)
        hidden = hidden | (changed & (low < high))
    return PublishedTable(
        table.name,
        table.title,
        table.population,
        table.dimensions,
        low,
        high,
        hidden,
        release,
        table.question,
    )


def printed_zeros(tables: Sequence[TableShape]) -> list[Bools]:
    """
    Which cells of each table readers are told to be 0, in its shape. Those of another source than
    the first table's are left out: records may have changed between the two.
    """
    found = []
    for table in tables:
        shape = tuple(len(dimension.categories) for dimension in table.dimensions)
        zeros = np.zeros(shape, dtype=np.bool_)
        if (
            isinstance(table, PublishedTable)
            and table.population.source == tables[0].population.source
        ):
            zeros |= table.high == 0
        found.append(zeros)
    return found


# JSON ---------------------------------------------------------------------------------------------


def from_raw(table: RawTable, hidden: Bools, *, floor: int, release: str = "") -> PublishedTable:
    """What a reader would be told of `table` with these cells hidden."""
    low = np.where(hidden, floor, table.counts)
    high = np.where(hidden, NO_UPPER, table.counts)
    return PublishedTable(
        table.name,
        table.title,
        table.population,
        table.dimensions,
        low,
        high,
        hidden.copy(),
        release,
        table.question,
    )
