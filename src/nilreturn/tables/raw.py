"""True counts, which never leave the force."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nilreturn.tables.model import Coordinates, Counts, Dimension, Population


@dataclass(frozen=True, eq=False)
class RawTable:
    """
    True counts, every margin included. `counts` has one axis a dimension, in the order of its
    categories: no dimensions is a single figure. It may not be printed;
    `nilreturn.disclosure.protect` makes what may.

    `name` is an identifier, unique in the answer; `title` is for readers; `question` numbers the
    question answered."""

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
        return self.population.unit

    def cells(self) -> Iterator[tuple[Coordinates, int]]:
        """Each cell's labels and count, the grand total first."""
        labels = (dimension.labels for dimension in self.dimensions)
        yield from zip(itertools.product(*labels), self.counts.reshape(-1).tolist(), strict=True)

    def count(self, *labels: str) -> int:
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
    The least or greatest value of one person's attribute ("the youngest victim"): `value` is what
    was found, with the further attributes asked for (`also`: the sex of that victim). None where
    there was nobody.
    """

    name: str
    title: str
    population: Population
    variable: str
    kind: str  # "minimum" or "maximum"
    value: int | None
    also: tuple[tuple[str, str], ...] = ()
    question: str = ""
