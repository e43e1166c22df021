"""
Tables that may be printed. Only disclosure control makes them, and they hold no value of a hidden
cell.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nilreturn.tables.model import Coordinates, Dimension, Extent, Population
from nilreturn.tables.raw import RawExtreme, RawTable


class CellStatus(enum.Enum):
    """
    Why a cell is printed as it is.

    Attributes
    ----------
    SAFE
        The true count is printed.
    PRIMARY
        Hidden because of its own count.
    SECONDARY
        Hidden because it would disclose another hidden cell.
    CHANGED
        Printed, but rounded or perturbed.
    LEFT_OUT
        Not part of the printed table, such as a total of a table without totals.
    """

    SAFE = "safe"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    CHANGED = "changed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class SafeCell:
    """
    One cell of a safe table.

    The status and the rule are not in its `repr`: they disclose which hidden cells are small.

    Attributes
    ----------
    value : int or None
        The printed count; None exactly if the cell is hidden or left out.
    status : CellStatus
        Why the cell is printed as it is.
    rule : str
        The rule that hid or changed the cell, or "".
    """

    value: int | None
    status: CellStatus = field(repr=False)
    rule: str = field(default="", repr=False)


_KEY = object()


@dataclass(frozen=True, eq=False)
class SafeTable:
    """
    A table that may be printed.

    Only `nilreturn.disclosure.protect` makes one. A hidden cell has no value in it, so no later
    step can print the value.

    Attributes
    ----------
    name : str
        Identifier, unique in the answer.
    title : str
        Heading for readers.
    population : Population
        What is counted.
    dimensions : tuple of Dimension
        The breakdowns, as they are printed.
    question : str
        Number of the question that the table answers.
    method : str
        How the table was made safe, in a sentence for readers.

    Raises
    ------
    TypeError
        If anything else makes one.
    """

    name: str
    title: str
    population: Population
    dimensions: tuple[Dimension, ...]
    question: str
    method: str
    _cells: Mapping[Coordinates, SafeCell] = field(repr=False)
    _key: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self._key is not _KEY:
            raise TypeError(
                "a SafeTable is made by nilreturn.disclosure.protect and by nothing else"
            )

    @property
    def unit(self) -> str:
        """What is counted."""
        return self.population.unit

    def cell(self, *labels: str) -> SafeCell:
        """The cell with these labels."""
        return self._cells[labels]

    def cells(self) -> Iterator[tuple[Coordinates, SafeCell]]:
        """
        The labels and the cell of each place, the grand total first; left-out cells are included.
        """
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
    A row or column that was asked for and that the records do not cover.

    An example is a month outside the extract. It is printed without counts.

    Attributes
    ----------
    variable : str
        The variable of the dimension.
    label : str
        The heading of the row or column.
    after : str
        The label of the category after which it is printed.
    """

    variable: str
    label: str
    after: str


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """
    A safe table reduced to what its readers see.

    It does not say which hidden cells are small, which records were counted or which values occur
    in them, so nothing that is written from it can depend on these. Only `print_table` makes one.

    Attributes
    ----------
    name : str
        Identifier, unique in the answer.
    title : str
        Heading for readers.
    unit : str
        What is counted.
    question : str
        Number of the question that the table answers.
    method : str
        How the table was made safe, in a sentence for readers.
    dimensions : tuple of Dimension
        The breakdowns; what a category covers comes from the question and from reference data.
    restricted_to : tuple of (str, Extent)
        The restrictions, from the question and from reference data.
    changed : bool
        Whether the method changes counts.
    counts : mapping of tuple of str to int or None
        The printed count of each cell by its labels; None if it is hidden.
    not_covered : tuple of NotCovered
        Rows and columns without counts.
    not_in_use : frozenset of tuple of str
        Cells whose offence could not be recorded on the days of the table. They hold 0, and the
        printed table says so.

    Raises
    ------
    TypeError
        If anything but `print_table` makes one.
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
        """The printed count of the cell with these labels; None if it is hidden."""
        return self.counts[labels]

    def cells(self) -> Iterator[tuple[Coordinates, int | None]]:
        """The labels of each cell and its printed count, the grand total first."""
        yield from self.counts.items()

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(count is None for count in self.counts.values())


@dataclass(frozen=True, slots=True)
class SafeExtreme:
    """
    An extreme that may be printed, or a refusal with its reason.

    Attributes
    ----------
    name : str
        Identifier, unique in the answer.
    title : str
        Heading for readers.
    question : str
        Number of the question that it answers.
    value : int or None
        The value; None if it was refused or no record matches.
    also : tuple of (str, str)
        Further attributes of the same person: variable and value.
    refusal : str
        Why the value is not printed; "" if it may be.

    Raises
    ------
    TypeError
        If anything but `nilreturn.disclosure.protect` makes one.
    """

    name: str
    title: str
    question: str
    value: int | None
    also: tuple[tuple[str, str], ...]
    refusal: str
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
    """
    Make a safe table. Only `nilreturn.disclosure.protect` may call this; a test checks it.

    Parameters
    ----------
    raw : RawTable
        The true counts.
    cells : mapping of tuple of str to SafeCell
        What is printed of each cell, by its labels.
    method : str
        How the table was made safe, in a sentence for readers.
    dimensions : tuple of Dimension, optional
        The breakdowns as printed, if they differ from those of `raw`.

    Returns
    -------
    SafeTable
        The table that may be printed.
    """
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
    Reduce a safe table to what its readers see.

    Parameters
    ----------
    safe : SafeTable
        The table.
    restricted_to : tuple of (str, Extent)
        The restrictions, as far as they do not depend on records.
    dimensions : tuple of Dimension
        The breakdowns, with what their categories cover as far as that does not depend on records.
        They must have the labels of the table's own.
    not_covered : tuple of NotCovered
        Rows and columns to print without counts.
    not_in_use : frozenset of tuple of str
        Cells that every reader knows to be 0. Disclosure control must have been given the same.

    Returns
    -------
    PrintedTable
        The table as it is printed.

    Raises
    ------
    ValueError
        If `dimensions` have other labels than the table.
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
    """
    Make a safe extreme. Only `nilreturn.disclosure.protect` may call this.

    Parameters
    ----------
    raw : RawExtreme
        The true extreme.
    refusal : str
        Why the value may not be printed; "" if it may be.

    Returns
    -------
    SafeExtreme
        The extreme; without a value if it is refused.
    """
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
    Make a stored safe table again; `cells` are in the order of `SafeTable.cells`. Only
    `nilreturn.disclosure` may call this: it checks the table against the certificate.
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
    """Make a stored safe extreme again. Only `nilreturn.disclosure` may call this."""
    if refusal and (value is not None or also):
        raise ValueError(f"extreme {name}: refused, and has a value")
    return SafeExtreme(name, title, question, value, also, refusal, _KEY)
