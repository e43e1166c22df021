"""
Tables that may be printed: made by disclosure control alone, and without the values of hidden
cells.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nilreturn.tables.model import Coordinates, Dimension, Extent, Population
from nilreturn.tables.raw import RawExtreme, RawTable


class CellStatus(enum.Enum):
    """Why a cell is printed as it is."""

    SAFE = "safe"  # the true count
    PRIMARY = "primary"  # hidden: the rule names it
    SECONDARY = "secondary"  # hidden: it would give another away
    CHANGED = "changed"  # printed, but rounded or perturbed
    LEFT_OUT = "left out"  # not part of what is printed: a total of a table without totals


@dataclass(frozen=True, slots=True)
class SafeCell:
    """
    `value` is None exactly when the cell is hidden or left out; `rule` says which rule hid or
    changed it. Why a cell is hidden is not in its `repr`: it tells which hidden cells are small.
    """

    value: int | None
    status: CellStatus = field(repr=False)
    rule: str = field(default="", repr=False)


_KEY = object()


@dataclass(frozen=True, eq=False)
class SafeTable:
    """
    A table that may be printed. Only `nilreturn.disclosure.protect` makes one: a hidden cell has no
    value in here at all, so nothing downstream can print it.
    """

    name: str
    title: str
    population: Population
    dimensions: tuple[Dimension, ...]
    question: str
    method: str  # how it was made safe, in words a reader understands
    _cells: Mapping[Coordinates, SafeCell] = field(repr=False)
    _key: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self._key is not _KEY:
            raise TypeError(
                "a SafeTable is made by nilreturn.disclosure.protect and by nothing else"
            )

    @property
    def unit(self) -> str:
        return self.population.unit

    def cell(self, *labels: str) -> SafeCell:
        return self._cells[labels]

    def cells(self) -> Iterator[tuple[Coordinates, SafeCell]]:
        """Each cell's labels and the cell, the grand total first; those left out are among them."""
        yield from self._cells.items()

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(
            cell.value is None and cell.status is not CellStatus.LEFT_OUT
            for cell in self._cells.values()
        )


@dataclass(frozen=True, slots=True)
class NotCovered:
    """
    A row or column that was asked for and that no record can tell of, such as a month outside the
    extract: the `label` of a category of `variable` that holds no count. It is printed after the
    category called `after`.
    """

    variable: str
    label: str
    after: str


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """
    A safe table as its readers have it, and nothing else: `counts` holds None for a hidden cell.
    Which hidden cells are small, which records were counted and which values happen to be among
    them cannot be reached from here, so that nothing written from it depends on them.

    `restricted_to` and what the categories cover are as the question and reference data have them;
    `changed` is whether the method changes counts. `not_covered` are rows and columns without
    counts, `not_in_use` cells whose offence could not be recorded in their days: they hold 0, as
    every reader is told. Made by `print_table` alone.
    """

    name: str
    title: str
    unit: str
    question: str
    method: str
    dimensions: tuple[Dimension, ...]
    restricted_to: tuple[tuple[str, Extent], ...]
    changed: bool
    counts: Mapping[Coordinates, int | None]
    not_covered: tuple[NotCovered, ...] = ()
    not_in_use: frozenset[Coordinates] = frozenset()
    _key: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self._key is not _KEY:
            raise TypeError("a PrintedTable is made by print_table and by nothing else")

    def count(self, *labels: str) -> int | None:
        """The count printed in a cell; None where it is hidden."""
        return self.counts[labels]

    def cells(self) -> Iterator[tuple[Coordinates, int | None]]:
        """Each cell's labels and what is printed, the grand total first."""
        yield from self.counts.items()

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(count is None for count in self.counts.values())


@dataclass(frozen=True, slots=True)
class SafeExtreme:
    """An extreme as it may be printed: with its value, or refused with the reason."""

    name: str
    title: str
    question: str
    value: int | None
    also: tuple[tuple[str, str], ...]
    refusal: str  # empty when the value may be printed
    _key: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self._key is not _KEY:
            raise TypeError(
                "a SafeExtreme is made by nilreturn.disclosure.protect and by nothing else"
            )


def make_safe_table(
    raw: RawTable,
    cells: Mapping[Coordinates, SafeCell],
    *,
    method: str,
    dimensions: tuple[Dimension, ...] | None = None,
) -> SafeTable:
    """For `nilreturn.disclosure.protect` alone; a test holds everyone else to that."""
    return SafeTable(
        raw.name,
        raw.title,
        raw.population,
        dimensions or raw.dimensions,
        raw.question,
        method,
        dict(cells),
        _KEY,
    )


def print_table(
    safe: SafeTable,
    *,
    restricted_to: tuple[tuple[str, Extent], ...],
    dimensions: tuple[Dimension, ...],
    not_covered: tuple[NotCovered, ...] = (),
    not_in_use: frozenset[Coordinates] = frozenset(),
) -> PrintedTable:
    """
    What readers have of a safe table. `restricted_to` and `dimensions` say what it is restricted to
    and what its categories cover as far as that does not depend on records; the categories must be
    the table's own. `not_in_use` are cells that disclosure control was told are known to be 0.
    """
    if [dimension.labels for dimension in dimensions] != [
        dimension.labels for dimension in safe.dimensions
    ]:
        raise ValueError(f"table {safe.name}: other categories than its own")
    return PrintedTable(
        safe.name,
        safe.title,
        safe.unit,
        safe.question,
        safe.method,
        dimensions,
        tuple(sorted(restricted_to)),
        any(cell.status is CellStatus.CHANGED for _, cell in safe.cells()),
        {labels: 0 if labels in not_in_use else cell.value for labels, cell in safe.cells()},
        not_covered,
        frozenset(labels for labels, _ in safe.cells() if labels in not_in_use),
        _KEY,
    )


def make_safe_extreme(raw: RawExtreme, *, refusal: str) -> SafeExtreme:
    """For `nilreturn.disclosure.protect` alone. A refused extreme carries no value."""
    if refusal:
        return SafeExtreme(raw.name, raw.title, raw.question, None, (), refusal, _KEY)
    return SafeExtreme(raw.name, raw.title, raw.question, raw.value, raw.also, "", _KEY)


def remake_safe_table(
    *,
    name: str,
    title: str,
    population: Population,
    dimensions: tuple[Dimension, ...],
    question: str,
    method: str,
    cells: Sequence[SafeCell],
) -> SafeTable:
    """
    A safe table that was stored; `cells` in the order of `SafeTable.cells`. For
    `nilreturn.disclosure` alone, which checks what it is given against the certificate.
    """
    places = list(itertools.product(*(dimension.labels for dimension in dimensions)))
    return SafeTable(
        name,
        title,
        population,
        dimensions,
        question,
        method,
        dict(zip(places, cells, strict=True)),
        _KEY,
    )


def remake_safe_extreme(
    *,
    name: str,
    title: str,
    question: str,
    value: int | None,
    also: tuple[tuple[str, str], ...],
    refusal: str,
) -> SafeExtreme:
    """A safe extreme that was stored. For `nilreturn.disclosure` alone."""
    if refusal and (value is not None or also):
        raise ValueError(f"extreme {name}: refused, and has a value")
    return SafeExtreme(name, title, question, value, also, refusal, _KEY)
