"""
What travels between the floors: a `RawTable` of true counts, and the `SafeTable` that may be
printed.

A category says what it *covers* (ages 12 to 15; the days of March 2021; "Female"), so that one cell
is recognised as the same people as another by what it means and not by what it is called. A table's
`Population` says the same of everything in the table. Disclosure control rests on both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    `date.toordinal()`), and named values. Ranges are kept sorted, apart and joined where they
    touch.

    Of a variable that has several values at once (the platforms that a record names) `values` means
    "any of these", and `none_of` what has none of those values.
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
    Each thing counted belongs to one of another `unit`, with which it shares all variables that
    begin with `prefix` (a victim's crime: "crime."). Each of that other unit with `value` in
    `variable` has at least one (a crime whose victim details are recorded has at least one victim);
    others have none.
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

    `source` names the records themselves (an extract, a publication): counts of two sources never
    add up exactly. `belongs` says what everyone knows of the unit beside another that is counted
    too. `holds` restricts the other way round: each thing counted has at least one thing belonging
    to it (a victim) of which all of these extents are true; the same restriction is among `extents`
    under a name of its own.
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
    `covers` is None for the total (all of the table's population) and where the meaning is not
    known; then the label is taken as its meaning.
    """

    label: str
    parent: str | None = None
    covers: Extent | None = None


@dataclass(frozen=True)
class Dimension:
    """
    One breakdown: the variable it divides ("victim.age") and its categories in the order they are
    printed, the total first, a parent before its children.

    `additive` is False where categories overlap (a record may name two platforms), so that they add
    up to nothing. `qualifies` names the variable with several values at once that this one
    describes (how a platform's name is written). Its categories below the total are then in order:
    a value is in the first that is true of it, and several values together are in the first that is
    true of any of them.
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
        below = tuple(
            Category(label, total, extents.get(label, Extent.of(label))) for label in labels
        )
        return cls(variable, title, (Category(total), *below), additive, qualifies)
