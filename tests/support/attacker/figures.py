"""
What printed figures mean: the parts of each variable that statements tell apart, and each figure as
a box of them.

A category is taken for what it covers, its label where it does not say. Of a variable with several
values at once (the platforms that a record names) a point is the state of every one of them: not
there, or its best form.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nilreturn.disclosure import PublishedTable
from nilreturn.tables import Belonging, Category, Dimension, Extent, Population

NO_LIMIT = 10**9
SOMEWHERE_ELSE = "\0somewhere else"

Point = int | str | tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """
    One statement: the count of the unit's records for which every variable named is at one of these
    points lies in `low..high`. `holds` restricts crimes to those with a victim for whom all of it
    is true. `finest` where the table divides it no further; such figures of one `family` never
    overlap.
    """

    table: str
    labels: tuple[str, ...]
    unit: str
    box: Mapping[str, frozenset[Point]]
    holds: Mapping[str, frozenset[Point]]
    low: int
    high: int
    hidden: bool = False
    finest: bool = False
    family: tuple[str, ...] = ()
    structural: bool = False  # says that there are no such records, whatever is printed


# Points of variables ------------------------------------------------------------------------------


class Points:
    """For each variable, the points that some statement tells apart."""

    def __init__(self, tables: Sequence[PublishedTable]) -> None:
        self.extents: dict[str, list[Extent]] = {}
        self.several: set[str] = set()  # variables with several values at once
        self.forms: dict[str, int] = {}
        self.belongs: set[Belonging] = set()
        for table in tables:
            self._take(table)
        self.keywords = {
            name: sorted({w for e in self.extents[name] for w in (*e.values, *e.none_of)})
            for name in self.several
        }
        self.of = {name: self._points(name) for name in self.extents}

    def _take(self, table: PublishedTable) -> None:
        population = table.population
        for name, extent in (*_plain_extents(population), *population.holds):
            self._add(name, extent)
        belongs = belonging_of(population)
        if belongs is not None:
            self._add(belongs.variable, Extent.of(belongs.value))
        for dimension in table.dimensions:
            if dimension.qualifies:
                forms = len(dimension.categories) - 1
                if self.forms.setdefault(dimension.qualifies, forms) != forms:
                    raise ValueError(f"{dimension.qualifies}: two lists of forms")
                continue
            if not dimension.additive:
                self.several.add(dimension.variable)
            for category in dimension.leaves:
                self._add(dimension.variable, meaning(category))

    def _add(self, name: str, extent: Extent | None) -> None:
        listed = self.extents.setdefault(name, [])
        if extent is not None:
            listed.append(extent)
            if extent.none_of:
                self.several.add(name)

    def _points(self, name: str) -> list[Point]:
        if name in self.several:
            # 0: not there; then the forms, the best first.
            states = range(self.forms.get(name, 1) + 1)
            return list(itertools.product(states, repeat=len(self.keywords[name])))
        cuts = {
            cut for e in self.extents[name] for first, last in e.ranges for cut in (first, last + 1)
        }
        values = {value for e in self.extents[name] for value in e.values}
        found: dict[tuple[bool, ...], Point] = {}
        for point in (*sorted(cuts), *sorted(values), SOMEWHERE_ELSE):
            found.setdefault(tuple(_has(extent, point) for extent in self.extents[name]), point)
        return list(found.values())

    def inside(self, name: str, extent: Extent | None) -> frozenset[Point]:
        if extent is None:
            return frozenset(self.of[name])
        if name not in self.several:
            return frozenset(point for point in self.of[name] if _has(extent, point))
        words = self.keywords[name]
        any_of = [words.index(word) for word in extent.values]
        none_of = [words.index(word) for word in extent.none_of]
        return frozenset(
            p
            for p in self.of[name]
            if (not any_of or any(p[k] for k in any_of)) and not any(p[k] for k in none_of)  # type: ignore[index]
        )

    def in_form(self, name: str, words: Iterable[str], form: int) -> frozenset[Point]:
        """The points at which the best form of any of the words is this one."""
        places = [self.keywords[name].index(word) for word in words]
        return frozenset(
            p for p in self.of[name] if min((p[k] for k in places if p[k]), default=0) == form
        )  # type: ignore[index]


def _has(extent: Extent, point: Point) -> bool:
    if isinstance(point, int):
        return any(first <= point <= last for first, last in extent.ranges)
    return point in extent.values


def belonging_of(population: Population) -> Belonging | None:
    """What is known of victims and their crimes, where either is counted by way of the other."""
    if population.belongs is not None:
        return population.belongs
    return (
        Belonging(population.unit, "crime.", "crime.victim_details", "Recorded")
        if population.holds
        else None
    )


def meaning(category: Category) -> Extent | None:
    """What a category covers; its label where it does not say."""
    if category.covers is None and category.parent is not None:
        return Extent.of(category.label)
    return category.covers


def _plain_extents(population: Population) -> list[tuple[str, Extent]]:
    """The extents, without the name that a restriction by victims has among them."""
    return [(n, e) for n, e in population.extents if not (population.holds and ".has_victim[" in n)]


# Figures ------------------------------------------------------------------------------------------


def figures_of(table: PublishedTable, points: Points) -> list[Figure]:
    population = table.population
    counted = {name: points.inside(name, extent) for name, extent in _plain_extents(population)}
    holds = {name: points.inside(name, extent) for name, extent in population.holds}
    listed = []
    shape = table.low.shape
    for index in itertools.product(*(range(size) for size in shape)):
        chosen = [d.categories[place] for d, place in zip(table.dimensions, index, strict=True)]
        box = dict(counted)
        for dimension, category in zip(table.dimensions, chosen, strict=True):
            name, allowed = _part(table, dimension, category, chosen, points)
            if name:
                box[name] = box.get(name, frozenset(points.of[name])) & allowed
        low, high = int(table.low[index]), int(table.high[index])
        pairs = list(zip(table.dimensions, chosen, strict=True))
        leaf = all(c in d.leaves for d, c in pairs if d.additive)
        family = (table.labels, *(c.label for d, c in pairs if not d.additive))
        labels = tuple(category.label for category in chosen)
        listed.append(
            Figure(
                table.labels, labels, population.unit, box, holds, low, min(high, NO_LIMIT),
                bool(table.hidden[index]), leaf, family,
            )
        )  # fmt: skip
    return [*listed, *_nobody(table, counted, holds, points)]


def _part(
    table: PublishedTable,
    dimension: Dimension,
    category: Category,
    chosen: Sequence[Category],
    points: Points,
) -> tuple[str, frozenset[Point]]:
    """The variable that the category restricts, and its points; no name where it is the total."""
    if dimension.qualifies:
        if category.parent is None:
            return "", frozenset()
        form = dimension.labels.index(category.label)
        return dimension.qualifies, points.in_form(
            dimension.qualifies, _words(table, dimension, chosen), form
        )
    below = [leaf for leaf in dimension.leaves if _is_below(dimension, leaf, category)]
    name = dimension.variable
    if not dimension.additive or not below or category in dimension.leaves:
        extent = meaning(category)
        return (name, points.inside(name, extent)) if extent is not None else ("", frozenset())
    if category.parent is None:
        return "", frozenset()
    return name, frozenset().union(*(points.inside(name, meaning(leaf)) for leaf in below))


def _is_below(dimension: Dimension, leaf: Category, category: Category) -> bool:
    by_label = {each.label: each for each in dimension.categories}
    at: Category | None = leaf
    while at is not None:
        if at == category:
            return True
        at = by_label[at.parent] if at.parent is not None else None
    return False


def _words(
    table: PublishedTable, of_forms: Dimension, chosen: Sequence[Category]
) -> frozenset[str]:
    """The words whose form it is: those of the row, or all that the table is restricted to."""
    for dimension, category in zip(table.dimensions, chosen, strict=True):
        if dimension.variable == of_forms.qualifies and category.parent is not None:
            extent = meaning(category)
            return extent.values if extent else frozenset()
    return next(
        extent.values for name, extent in table.population.extents if name == of_forms.qualifies
    )


def _nobody(
    table: PublishedTable,
    counted: Mapping[str, frozenset[Point]],
    holds: Mapping[str, frozenset[Point]],
    points: Points,
) -> list[Figure]:
    """
    Categories add up to their total: there is nobody in the population who is in none of them.
    """
    listed = []
    for dimension in table.dimensions:
        if dimension.qualifies or not dimension.additive or len(dimension.categories) == 1:
            continue
        name = dimension.variable
        inside = frozenset().union(
            *(points.inside(name, meaning(leaf)) for leaf in dimension.leaves)
        )
        rest = counted.get(name, frozenset(points.of[name])) - inside
        if rest:
            box = {**counted, name: rest}
            listed.append(
                Figure(
                    table.labels,
                    ("nobody", name),
                    table.population.unit,
                    box,
                    holds,
                    0,
                    0,
                    structural=True,
                )
            )
    return listed
