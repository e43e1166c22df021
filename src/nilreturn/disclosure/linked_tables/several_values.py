"""
Variables with several values at once: the platforms that a record names.

Values that stand in exactly the same lists form a class. In each record a class is absent, or in
the first form that is true of any of its values (without forms: present). The joint states of all
classes are the atoms of the variable, so that "any of these" and "none of these" of every list are
sets of atoms, as exact as bands of age are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from nilreturn.errors import TableError
from nilreturn.tables import Category, Dimension, Extent

NONE_OF_THESE = "None of these"  # of overlapping categories: those in none of the others
MOST_STATES = 5_000  # joint states of all classes


@dataclass(frozen=True, eq=False)
class Several:
    """
    The classes of a variable's values, the `forms` that a value may have in order, and names given
    to masks.
    """

    classes: tuple[frozenset[str], ...]
    forms: tuple[str, ...]
    form_variable: str = ""  # the variable that says in which form a value is given
    names: dict[int, str] = field(default_factory=dict)

    @property
    def states(self) -> int:
        """How many joint states the classes have."""
        return int(self.choices ** len(self.classes))

    @property
    def choices(self) -> int:
        """How many states one class has: absent, or one of the forms."""
        return 1 + max(1, len(self.forms))

    def class_of(self, value: str) -> frozenset[str]:
        """The class that a value is in."""
        return next(group for group in self.classes if value in group)

    def any_of(self, values: Iterable[str]) -> int:
        """The states in which some class that has one of the values is there."""
        wanted = frozenset(values)
        return self._named(self._mask(wanted, None), f"any of {self._listed(wanted)}")

    def none_of(self, values: Iterable[str]) -> int:
        """The states in which no class that has one of the values is there."""
        wanted = frozenset(values)
        mask = (1 << self.states) - 1 & ~self._mask(wanted, None)
        return self._named(mask, f"none of {self._listed(wanted)}")

    def written(self, values: Iterable[str], form: int) -> int:
        """The states in which the first form true of any of the values is number `form`."""
        wanted = frozenset(values)
        return self._named(
            self._mask(wanted, form + 1), f"any of {self._listed(wanted)}, {self.forms[form]}"
        )

    def _mask(self, wanted: frozenset[str], best: int | None) -> int:
        chosen = [number for number, group in enumerate(self.classes) if group & wanted]
        found = 0
        for state in range(self.states):
            there = [
                digit
                for number in chosen
                if (digit := state // self.choices**number % self.choices)
            ]
            if there and best in (None, min(there)):
                found |= 1 << state
        return found

    def _listed(self, wanted: frozenset[str]) -> str:
        return ", ".join(
            sorted(value for group in self.classes if group & wanted for value in group)
        )

    def _named(self, mask: int, name: str) -> int:
        self.names.setdefault(mask, name)
        return mask


def several(
    variable: str,
    tables: Sequence[str],
    lists: Iterable[frozenset[str]],
    forms: tuple[str, ...],
    form_variable: str = "",
) -> Several:
    """
    The classes that some lists of values make. Raises `TableError`, naming the tables, where the
    states are too many.
    """
    distinct = sorted({tuple(sorted(of_one)) for of_one in lists if of_one})
    groups: dict[tuple[bool, ...], set[str]] = {}
    for value in sorted(set(itertools.chain.from_iterable(distinct))):
        groups.setdefault(tuple(value in of_one for of_one in distinct), set()).add(value)
    found = Several(tuple(frozenset(group) for group in groups.values()), forms, form_variable)
    if len(found.classes) > 30 or found.states > MOST_STATES:
        raise TableError(
            f"tables {', '.join(tables)}: their lists of {variable} overlap in too many ways to be "
            f"compared ({len(found.classes)} kinds of values); use the same list in all of them"
        )
    return found


def with_lists(dimension: Dimension) -> Dimension:
    """The dimension with the list of its "None of these" said, where only the label says it."""
    own = Extent.of(NONE_OF_THESE)
    others = frozenset(
        value
        for category in dimension.categories[1:]
        if category.label != NONE_OF_THESE
        for value in (category.covers or Extent.of(category.label)).values
    )

    def said(category: Category) -> Category:
        if (
            category.parent is None
            or category.label != NONE_OF_THESE
            or category.covers not in (None, own)
        ):
            return category
        return replace(category, covers=Extent(none_of=others))

    return (
        dimension
        if dimension.additive
        else replace(dimension, categories=tuple(map(said, dimension.categories)))
    )


def values_of(extents: Iterable[Extent]) -> frozenset[str]:
    """All values that extents name."""
    return frozenset(value for extent in extents for value in extent.values | extent.none_of)
