"""
A variable with several values at once: the platforms that a record names, and in which form it
names each.

Keywords that stand in exactly the same lists form a class, and a class is absent from a record or
present in its best form. The joint states of all classes are the pieces of the variable: what a
list counts is a set of them. A keyword of a class of several is a *member*: it has no pieces of its
own, and is tied to its class by inequalities.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nilreturn.disclosure.audit.categories.parts import mask_of
from nilreturn.disclosure.model import Ints, TableShape
from nilreturn.errors import TableError
from nilreturn.tables import Category, Dimension, Extent

MOST_STATES = 4096  # of all classes together
NONE_OF_THESE = "None of these"  # of overlapping categories: what is in none of those beside it


@dataclass(frozen=True)
class Member:
    """A keyword of a class of several: `forms` are those counted, from the best, 1."""

    keyword: str
    group: int
    forms: tuple[int, ...]


@dataclass(frozen=True)
class Several:
    """
    The variable over a set of tables. `forms` are the labels of the ways a name is written, the
    best first; none where no table tells.
    """

    variable: str
    classes: tuple[tuple[str, ...], ...]
    forms: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.states)

    @property
    def everything(self) -> int:
        return (1 << self.size) - 1

    @property
    def named(self) -> int:
        return 0

    @property
    def all_forms(self) -> tuple[int, ...]:
        return tuple(range(1, max(1, len(self.forms)) + 1))

    @cached_property
    def states(self) -> Ints:
        """(states, classes) 0 where the class is absent, else the number of its best form."""
        digits = itertools.product(range(len(self.all_forms) + 1), repeat=len(self.classes))
        return np.array(list(digits), dtype=np.int64).reshape(-1, len(self.classes))

    @cached_property
    def class_of(self) -> dict[str, int]:
        return {keyword: number for number, group in enumerate(self.classes) for keyword in group}

    def any_of(self, keywords: Iterable[str], forms: Sequence[int]) -> int:
        """The states in which the best form of any of the keywords' classes is one of `forms`."""
        columns = sorted({self.class_of[keyword] for keyword in keywords})
        states = self.states[:, columns]
        best = np.where(states > 0, states, len(self.all_forms) + 1).min(
            axis=1, initial=len(self.all_forms) + 1
        )
        return mask_of(np.flatnonzero(np.isin(best, forms)))

    def none_of(self, keywords: Iterable[str]) -> int:
        return self.everything & ~self.any_of(keywords, self.all_forms)

    def group(self, number: int, forms: Sequence[int]) -> int:
        """The states in which a class is present in one of the forms."""
        return mask_of(np.flatnonzero(np.isin(self.states[:, number], forms)))

    def words(self, mask: int) -> str:
        """A set of states for a reader of messages."""
        names = [keyword for group in self.classes for keyword in group]
        if mask == self.any_of(names, self.all_forms):
            return f"any of {', '.join(names)}"
        for number, group in enumerate(self.classes):
            if mask == self.group(number, self.all_forms):
                return f"any of {', '.join(group)}" if len(group) > 1 else group[0]
        return "some of those that name any" if not mask & self.none_of(names) else "some"


def is_several(variable: str, shapes: Sequence[TableShape]) -> bool:
    """Whether something can have several values of a variable at once."""
    for shape in shapes:
        if any(v == variable and extent.none_of for v, extent in shape.population.extents):
            return True
        for dimension in shape.dimensions:
            if dimension.qualifies == variable:
                return True
            named = (c.covers is not None and c.covers.none_of for c in dimension.categories)
            if dimension.variable == variable and (not dimension.additive or any(named)):
                return True
    return False


def meaning_of(category: Category, dimension: Dimension) -> Extent | None:
    """
    What a category covers of a variable with several values; None for everything in its population.
    """
    if category.parent is None and category.covers is None:
        return None
    covers = category.covers or Extent.of(category.label)
    if not dimension.additive and category.label == NONE_OF_THESE and not covers.none_of:
        beside = (
            meaning_of(c, dimension)
            for c in dimension.children(category.parent or "")
            if c is not category
        )
        return Extent.without(
            *(value for extent in beside if extent is not None for value in extent.values)
        )
    return covers


def several_of(variable: str, shapes: Sequence[TableShape]) -> Several:
    """The variable over a set of tables. Raises `TableError` where its states are too many."""
    lists: set[frozenset[str]] = set()
    keywords: set[str] = set()
    forms: dict[tuple[str, ...], str] = {}
    for shape in shapes:
        for extent, is_single in _extents(variable, shape):
            _refuse_other(variable, shape, extent)
            named = extent.none_of or extent.values
            keywords |= named
            if not is_single:
                lists.add(named)
        for dimension in shape.dimensions:
            if dimension.qualifies == variable:
                forms.setdefault(tuple(c.label for c in dimension.categories[1:]), shape.name)
    if len(forms) > 1:
        raise TableError(
            f"tables {' and '.join(sorted(forms.values()))}: do not divide {variable} by the same "
            "forms; use the same in both"
        )
    ordered = sorted(lists, key=sorted)
    classes: dict[tuple[bool, ...], list[str]] = {}
    for keyword in sorted(keywords):
        classes.setdefault(tuple(keyword in named for named in ordered), []).append(keyword)
    found = Several(variable, tuple(map(tuple, classes.values())), next(iter(forms), ()))
    if (len(found.all_forms) + 1) ** len(classes) > MOST_STATES:
        names = ", ".join(s.name for s in shapes if any(True for _ in _extents(variable, s)))
        raise TableError(
            f"tables {names}: their lists of {variable} overlap in {len(classes)} different ways, "
            "more than can be checked; ask for the same list in each"
        )
    return found


def _extents(variable: str, shape: TableShape) -> Iterable[tuple[Extent, bool]]:
    """
    What a table names of the variable, and whether as one value among others that may overlap it.
    """
    yield from ((extent, False) for v, extent in shape.population.extents if v == variable)
    for dimension in shape.dimensions:
        if dimension.variable == variable:
            meanings = (meaning_of(category, dimension) for category in dimension.categories)
            yield from (
                (m, not dimension.additive and len(m.values) == 1)
                for m in meanings
                if m is not None
            )


def _refuse_other(variable: str, shape: TableShape, extent: Extent) -> None:
    if extent.ranges or (extent.values and extent.none_of):
        raise TableError(
            f"table {shape.name}: {variable} has several values at once, and something in it is a "
            "range, or has some values and lacks others; name the values"
        )
