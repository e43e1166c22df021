"""Tables of true counts, which are never printed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nilreturn.tables.model import Coordinates, Counts, Dimension, Population


@dataclass(frozen=True, eq=False)
class RawTable:
    """
    True counts with every margin. A raw table must not be printed.

    `nilreturn.disclosure.protect` makes the table that may be printed.

    Attributes
    ----------
    name : str
        Identifier, unique in the answer.
    title : str
        Heading for readers.
    population : Population
        What is counted.
    dimensions : tuple of Dimension
        The breakdowns. A single figure has none.
    counts : ndarray of int64
        True counts, not negative. One axis for each dimension, in the order of its categories. The
        array is made read-only.
    question : str
        Number of the question that the table answers.

    Raises
    ------
    ValueError
        If the shape of `counts` differs from the dimensions, or a count is negative.

    Examples
    --------
    >>> sex = Dimension.flat("sex", "Sex", ("Female", "Male"))
    >>> table = RawTable("t", "Victims", Population("victims"), (sex,), np.array([9, 4, 5]))
    >>> table.count("Female")
    4
    """

    name: str
    title: str
    population: Population
    dimensions: tuple[Dimension, ...]
    counts: Counts
    question: str = ""

    def __post_init__(self) -> None:
        shape = tuple(len(dimension.categories) for dimension in self.dimensions)
        if self.counts.shape != shape:
            raise ValueError(
                f"table {self.name}: counts have shape {self.counts.shape}, dimensions {shape}"
            )
        if self.counts.size and int(self.counts.min()) < 0:
            raise ValueError(f"table {self.name}: a count is negative")
        self.counts.setflags(write=False)

    @property
    def unit(self) -> str:
        """What is counted."""
        return self.population.unit

    def cells(self) -> Iterator[tuple[Coordinates, int]]:
        """Each cell's labels and count, the grand total first."""
        labels = (dimension.labels for dimension in self.dimensions)
        yield from zip(itertools.product(*labels), self.counts.reshape(-1).tolist(), strict=True)

    def count(self, *labels: str) -> int:
        """The true count of the cell with these labels."""
        index = tuple(
            d.labels.index(label) for d, label in zip(self.dimensions, labels, strict=True)
        )
        return int(self.counts[index])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RawTable):
            return NotImplemented
        mine = (self.name, self.title, self.population, self.dimensions, self.question)
        theirs = (other.name, other.title, other.population, other.dimensions, other.question)
        return mine == theirs and bool(np.array_equal(self.counts, other.counts))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class RawExtreme:
    """
    The least or greatest value of an attribute, such as the age of the youngest victim.

    Attributes
    ----------
    name : str
        Identifier, unique in the answer.
    title : str
        Heading for readers.
    population : Population
        Among whom the value was looked for.
    variable : str
        The attribute, such as "victim.age".
    kind : str
        "minimum" or "maximum".
    value : int or None
        The value that was found, in years for an age; None if no record matches.
    also : tuple of (str, str)
        Further attributes of the same person that the question asked for: variable and value.
    question : str
        Number of the question that it answers.
    """

    name: str
    title: str
    population: Population
    variable: str
    kind: str
    value: int | None
    also: tuple[tuple[str, str], ...] = ()
    question: str = ""
