"""
What travels between the floors: a `RawTable` of true counts, and the `SafeTable` that may be printed.

A category says what it *covers* (ages 12 to 15; the days of March 2021; "Female"), so that one cell is
recognised as the same people as another by what it means and not by what it is called. A table's
`Population` says the same of everything in the table. Disclosure control rests on both.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

TOTAL = "Total"
UNKNOWN = "Unknown"

Counts = npt.NDArray[np.int64]
Coordinates = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """
    A part of one variable's line: whole-number ranges, both ends included (ages in years, days as
    `date.toordinal()`), and named values. Ranges are kept sorted, apart and joined where they touch.

    Of a variable that has several values at once (the platforms that a record names) `values` means "any of these",
    and `none_of` what has none of those values.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    values: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        joined: list[tuple[int, int]] = []
        for first, last in sorted(self.ranges):
            if first > last:
                raise ValueError(f"range {first} to {last} runs backwards")
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        object.__setattr__(self, "ranges", tuple(joined))

    @classmethod
    def of(cls, *values: str) -> Extent:
        """The extent of named values."""
        return cls(values=frozenset(values))

    @classmethod
    def without(cls, *values: str) -> Extent:
        """What has none of the named values, of a variable that has several at once."""
        return cls(none_of=frozenset(values))

    @classmethod
    def between(cls, first: int, last: int) -> Extent:
        """The whole numbers from `first` to `last`, both included."""
        return cls(ranges=((first, last),))

    def meets(self, other: Extent) -> bool:
        """Whether the two have anything in common."""
        if self.values & other.values:
            return True
        return any(a <= d and c <= b for a, b in self.ranges for c, d in other.ranges)

    def within(self, other: Extent) -> bool:
        """Whether everything here is also there."""
        return self.values <= other.values and all(
            any(c <= a and b <= d for c, d in other.ranges) for a, b in self.ranges
        )


@dataclass(frozen=True, slots=True)
class Belonging:
    """
    Each thing counted belongs to one of another `unit`, with which it shares all variables that begin with `prefix` (a
    victim's crime: "crime."). Each of that other unit with `value` in `variable` has at least one (a crime whose victim
    details are recorded has at least one victim); others have none.
    """

    unit: str
    prefix: str
    variable: str
    value: str


@dataclass(frozen=True, slots=True)
class Population:
    """
    Who or what is counted: the unit, and the part of each variable that the table is restricted to.
    A variable not named is not restricted.

    `source` names the records themselves (an extract, a publication): counts of two sources never add up exactly.
    `belongs` says what everyone knows of the unit beside another that is counted too. `holds` restricts the other way
    round: each thing counted has at least one thing belonging to it (a victim) of which all of these extents are true;
    the same restriction is among `extents` under a name of its own.
    """

    unit: str
    extents: tuple[tuple[str, Extent], ...] = ()
    source: str = ""
    belongs: Belonging | None = None
    holds: tuple[tuple[str, Extent], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "extents", tuple(sorted(self.extents)))
        object.__setattr__(self, "holds", tuple(sorted(self.holds)))


@dataclass(frozen=True, slots=True)
class Category:
    """
    One category of a dimension. `parent` is the category it adds up into; only the total has none.
    `covers` is None for the total (all of the table's population) and where the meaning is not known; then the label
    is taken as its meaning.
    """

    label: str
    parent: str | None = None
    covers: Extent | None = None


@dataclass(frozen=True)
class Dimension:
    """
    One breakdown: the variable it divides ("victim.age") and its categories in the order they are printed,
    the total first, a parent before its children.

    `additive` is False where categories overlap (a record may name two platforms), so that they add up to nothing.
    `qualifies` names the variable with several values at once that this one describes (how a platform's name is
    written). Its categories below the total are then in order: a value is in the first that is true of it, and several
    values together are in the first that is true of any of them.
    """

    variable: str
    title: str
    categories: tuple[Category, ...]
    additive: bool = True
    qualifies: str = ""

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for category in self.categories:
            if category.label in seen:
                raise ValueError(f"dimension {self.variable}: category {category.label!r} appears twice")
            if category.parent is None and seen:
                raise ValueError(f"dimension {self.variable}: {category.label!r} has no parent")
            if category.parent is not None and category.parent not in seen:
                raise ValueError(f"dimension {self.variable}: {category.label!r} comes before its parent")
            seen.add(category.label)
        if not self.categories:
            raise ValueError(f"dimension {self.variable} has no categories")

    # Worked out once: they are asked for at every cell.
    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(category.label for category in self.categories)

    @property
    def total(self) -> Category:
        return self.categories[0]

    @cached_property
    def leaves(self) -> tuple[Category, ...]:
        """The categories that nothing adds up into."""
        parents = {category.parent for category in self.categories}
        return tuple(category for category in self.categories if category.label not in parents)

    def children(self, label: str) -> tuple[Category, ...]:
        return self._below.get(label, ())

    @cached_property
    def _below(self) -> Mapping[str, tuple[Category, ...]]:
        below: dict[str, list[Category]] = {}
        for category in self.categories:
            if category.parent is not None:
                below.setdefault(category.parent, []).append(category)
        return {label: tuple(found) for label, found in below.items()}

    @classmethod
    def flat(
        cls,
        variable: str,
        title: str,
        labels: tuple[str, ...],
        *,
        covers: Mapping[str, Extent] | None = None,
        total: str = TOTAL,
        additive: bool = True,
        qualifies: str = "",
    ) -> Dimension:
        """A dimension of one level under its total."""
        extents = covers or {}
        below = tuple(Category(label, total, extents.get(label, Extent.of(label))) for label in labels)
        return cls(variable, title, (Category(total), *below), additive, qualifies)


@dataclass(frozen=True, eq=False)
class RawTable:
    """
    True counts, every margin included. `counts` has one axis a dimension, in the order of its categories:
    no dimensions is a single figure. It may not be printed; `nilreturn.disclosure.protect` makes what may.

    `name` is an identifier, unique in the answer; `title` is for readers; `question` numbers the question answered."""

    name: str
    title: str
    population: Population
    dimensions: tuple[Dimension, ...]
    counts: Counts
    question: str = ""

    def __post_init__(self) -> None:
        shape = tuple(len(dimension.categories) for dimension in self.dimensions)
        if self.counts.shape != shape:
            raise ValueError(f"table {self.name}: counts have shape {self.counts.shape}, dimensions {shape}")
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
        index = tuple(d.labels.index(label) for d, label in zip(self.dimensions, labels, strict=True))
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
    The least or greatest value of one person's attribute ("the youngest victim"): `value` is what was found,
    with the further attributes asked for (`also`: the sex of that victim). None where there was nobody.
    """

    name: str
    title: str
    population: Population
    variable: str
    kind: str  # "minimum" or "maximum"
    value: int | None
    also: tuple[tuple[str, str], ...] = ()
    question: str = ""


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
    `value` is None exactly when the cell is hidden or left out; `rule` says which rule hid or changed it. Why a cell is
    hidden is not in its `repr`: it tells which hidden cells are small.
    """

    value: int | None
    status: CellStatus = field(repr=False)
    rule: str = field(default="", repr=False)


_KEY = object()


@dataclass(frozen=True, eq=False)
class SafeTable:
    """
    A table that may be printed. Only `nilreturn.disclosure.protect` makes one: a hidden cell has no value in
    here at all, so nothing downstream can print it.
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
            raise TypeError("a SafeTable is made by nilreturn.disclosure.protect and by nothing else")

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
        return sum(cell.value is None and cell.status is not CellStatus.LEFT_OUT for cell in self._cells.values())


@dataclass(frozen=True, slots=True)
class NotCovered:
    """
    A row or column that was asked for and that no record can tell of, such as a month outside the extract: the
    `label` of a category of `variable` that holds no count. It is printed after the category called `after`.
    """

    variable: str
    label: str
    after: str


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """
    A safe table as its readers have it, and nothing else: `counts` holds None for a hidden cell. Which hidden cells are
    small, which records were counted and which values happen to be among them cannot be reached from here, so that
    nothing written from it depends on them.

    `restricted_to` and what the categories cover are as the question and reference data have them; `changed` is whether
    the method changes counts. `not_covered` are rows and columns without counts, `not_in_use` cells whose offence could
    not be recorded in their days: they hold 0, as every reader is told. Made by `print_table` alone.
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
            raise TypeError("a SafeExtreme is made by nilreturn.disclosure.protect and by nothing else")


def make_safe_table(
    raw: RawTable,
    cells: Mapping[Coordinates, SafeCell],
    *,
    method: str,
    dimensions: tuple[Dimension, ...] | None = None,
) -> SafeTable:
    """For `nilreturn.disclosure.protect` alone; a test holds everyone else to that."""
    return SafeTable(
        raw.name, raw.title, raw.population, dimensions or raw.dimensions, raw.question, method, dict(cells), _KEY
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
    What readers have of a safe table. `restricted_to` and `dimensions` say what it is restricted to and what its
    categories cover as far as that does not depend on records; the categories must be the table's own. `not_in_use` are
    cells that disclosure control was told are known to be 0.
    """
    if [dimension.labels for dimension in dimensions] != [dimension.labels for dimension in safe.dimensions]:
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
    A safe table that was stored; `cells` in the order of `SafeTable.cells`. For `nilreturn.disclosure` alone, which
    checks what it is given against the certificate.
    """
    places = list(itertools.product(*(dimension.labels for dimension in dimensions)))
    return SafeTable(name, title, population, dimensions, question, method, dict(zip(places, cells, strict=True)), _KEY)


def remake_safe_extreme(
    *, name: str, title: str, question: str, value: int | None, also: tuple[tuple[str, str], ...], refusal: str
) -> SafeExtreme:
    """A safe extreme that was stored. For `nilreturn.disclosure` alone."""
    if refusal and (value is not None or also):
        raise ValueError(f"extreme {name}: refused, and has a value")
    return SafeExtreme(name, title, question, value, also, refusal, _KEY)
