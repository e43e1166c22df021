"""
The parts of a table: what it counts, its dimensions and their categories.

A category says what it *covers* (ages 12 to 15; the days of March 2021; "Female"). Two cells are
the same people if they cover the same values, whatever their labels are. A table's `Population`
says what the whole table covers. Disclosure control relies on both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

# The usual label of the first category of a dimension, which holds all the others.
TOTAL = "Total"
# The label of the category for records that do not give the variable.
UNKNOWN = "Unknown"

Counts = npt.NDArray[np.int64]
# The labels of a cell, one for each dimension of its table.
Coordinates = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """
    Part of the values of one variable.

    Numbers are given as ranges of integers with both ends included: ages in years, days as
    `date.toordinal()`. Other values are given by name. Ranges are sorted, and merged where they
    touch. For a variable with several values at once (the platforms that a record names), `values`
    means "any of these".

    Attributes
    ----------
    ranges : tuple of (int, int)
        First and last number of each range.
    values : frozenset of str
        Named values.
    none_of : frozenset of str
        For a variable with several values at once: the values that a record must not have.

    Raises
    ------
    ValueError
        If the first number of a range is greater than its last.

    Examples
    --------
    >>> Extent(((12, 15), (16, 17))).ranges
    ((12, 17),)
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
        """
        The records that have none of the named values, of a variable with several values at once.
        """
        return cls(none_of=frozenset(values))

    @classmethod
    def between(cls, first: int, last: int) -> Extent:
        """The integers from `first` to `last`, both included."""
        return cls(ranges=((first, last),))

    def meets(self, other: Extent) -> bool:
        """Whether the two have a value in common."""
        if self.values & other.values:
            return True
        return any(a <= d and c <= b for a, b in self.ranges for c, d in other.ranges)

    def within(self, other: Extent) -> bool:
        """Whether every value here is also in `other`."""
        return self.values <= other.values and all(
            any(c <= a and b <= d for c, d in other.ranges) for a, b in self.ranges
        )


@dataclass(frozen=True, slots=True)
class Belonging:
    """
    How one unit belongs to another, such as each victim to a crime.

    Each record of the first unit belongs to one record of the other, and shares with it all
    variables whose names begin with `prefix`. A record of the other unit has at least one belonging
    to it exactly if it has `value` in `variable`: a crime has at least one victim if its victim
    details are recorded, and none otherwise.

    Attributes
    ----------
    unit : str
        The other unit, such as "crimes".
    prefix : str
        The beginning of the names of the shared variables, such as "crime.".
    variable : str
        The variable of the other unit that says whether any record belongs to it.
    value : str
        The value of `variable` that says so.
    """

    unit: str
    prefix: str
    variable: str
    value: str


@dataclass(frozen=True, slots=True)
class Population:
    """
    What a table counts: the unit and the restrictions.

    Attributes
    ----------
    unit : str
        What is counted, such as "victims".
    extents : tuple of (str, Extent)
        The part of each variable that the table is restricted to. A variable that is not named is
        not restricted.
    source : str
        The records: an extract or a publication. Counts of two sources are never added together.
    belongs : Belonging or None
        How the unit belongs to another unit that is counted too. Every reader knows this.
    holds : tuple of (str, Extent)
        Restrictions on what belongs to the unit: each record counted has at least one record
        belonging to it (a victim) for which all of them are true. The same restriction is in
        `extents` under a name of its own.
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
    One category of a dimension.

    Attributes
    ----------
    label : str
        The heading that is printed.
    parent : str or None
        The label of the category that this one is part of; None for the total.
    covers : Extent or None
        The values of the variable in this category. None for the total, and where the meaning is
        not known; the label is then the meaning.
    """

    label: str
    parent: str | None = None
    covers: Extent | None = None


@dataclass(frozen=True)
class Dimension:
    """
    One breakdown of a table.

    Attributes
    ----------
    variable : str
        The variable that is divided, such as "victim.age".
    title : str
        The heading that is printed.
    categories : tuple of Category
        In printed order: the total first, a parent before its children.
    additive : bool
        False if categories overlap (a record may name two platforms), so that they do not add up to
        the total.
    qualifies : str
        The variable with several values at once that this one describes (how a platform's name is
        written), or "". A value is then in the first category that is true of it, and a record with
        several values in the first category that is true of any of them.

    Raises
    ------
    ValueError
        If there is no category, a label appears twice, or a category comes before its parent.

    Examples
    --------
    >>> Dimension.flat("sex", "Sex", ("Female", "Male")).labels
    ('Total', 'Female', 'Male')
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
                raise ValueError(
                    f"dimension {self.variable}: category {category.label!r} appears twice"
                )
            if category.parent is None and seen:
                raise ValueError(f"dimension {self.variable}: {category.label!r} has no parent")
            if category.parent is not None and category.parent not in seen:
                raise ValueError(
                    f"dimension {self.variable}: {category.label!r} comes before its parent"
                )
            seen.add(category.label)
        if not self.categories:
            raise ValueError(f"dimension {self.variable} has no categories")

    # Cached: every cell asks for the labels.
    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels of the categories, in printed order."""
        return tuple(category.label for category in self.categories)

    @property
    def total(self) -> Category:
        """The first category."""
        return self.categories[0]

    @cached_property
    def leaves(self) -> tuple[Category, ...]:
        """The categories without children."""
        parents = {category.parent for category in self.categories}
        return tuple(category for category in self.categories if category.label not in parents)

    def children(self, label: str) -> tuple[Category, ...]:
        """The categories directly below the one with this label, in printed order."""
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
        """
        A dimension with one level below its total.

        A label covers `covers[label]`, or else the value that it names.
        """
        extents = covers or {}
        below = tuple(
            Category(label, total, extents.get(label, Extent.of(label))) for label in labels
        )
        return cls(variable, title, (Category(total), *below), additive, qualifies)
