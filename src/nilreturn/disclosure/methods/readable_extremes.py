"""
What a reader can read of the youngest or the oldest off printed tables: its age, or a further
attribute of it.

Each printed figure counts the people of some ages in some population. A figure of 0 rules its ages
out for every population inside its own; one of at least 1 shows somebody for every population
around its own. The youngest is then one of the ages that are not ruled out, up to the highest that
the lowest such figure covers. A hidden count is at least 1 where zeros are printed, so it shows
somebody as well as a printed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nilreturn.disclosure.audit import number_cells
from nilreturn.disclosure.model import PublishedTable, attacker_knowledge
from nilreturn.errors import DisclosureError
from nilreturn.tables import Dimension, Extent, Population, RawExtreme

_AGES = range(151)

Ages = frozenset[int]


@dataclass(frozen=True, slots=True)
class _Figure:
    """
    One figure: the ages of the people it counts, whether all of them have a known age, and its
    range.
    """

    ages: Ages
    is_age_known: bool
    low: int
    high: int


@dataclass
class _Reading:
    """
    What is known of one extreme. `empty` are ages that nobody has, `occupied` sets of ages of which
    somebody has one, with the table that shows it; `empty_with` the ages that nobody with one value
    of an attribute has; `values` the values that each table has for an attribute.
    """

    scope: Ages
    kind: str
    empty: set[int] = field(default_factory=set)
    occupied: list[tuple[Ages, PublishedTable]] = field(default_factory=list)
    empty_with: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    values: list[tuple[str, tuple[str, ...], PublishedTable]] = field(default_factory=list)

    def shown_by(self) -> PublishedTable | None:
        """
        The table that shows the one age it can be, or the one value of an attribute; None where
        none does.
        """
        shown = [(ages - self.empty, table) for ages, table in self.occupied if ages - self.empty]
        if not shown:
            return None
        if self.kind == "minimum":
            last, table = min(
                ((max(ages), table) for ages, table in shown), key=lambda each: each[0]
            )
            possible = {age for age in self.scope - self.empty if age <= last}
        else:
            last, table = max(
                ((min(ages), table) for ages, table in shown), key=lambda each: each[0]
            )
            possible = {age for age in self.scope - self.empty if age >= last}
        if len(possible) == 1:
            return table
        return next(
            (
                shown
                for title, labels, shown in self.values
                if self._is_one(title, labels, possible)
            ),
            None,
        )

    def _is_one(self, title: str, labels: tuple[str, ...], possible: set[int]) -> bool:
        """
        Whether the attribute has one value at these ages, though not at all ages: that is the whole
        group's.
        """
        free = {label: self.empty_with.get((title, label), set()) for label in labels}
        here = [label for label in labels if possible - free[label]]
        anywhere = [label for label in labels if self.scope - self.empty - free[label]]
        return len(here) == 1 < len(anywhere)


def is_structural_zero(extreme: RawExtreme, printed: Sequence[PublishedTable]) -> bool:
    """Whether a printed table has 0 for everybody who could be the extreme."""
    reading = _read(extreme, printed)
    return reading.scope <= reading.empty


def refuse_readable(
    refused: Sequence[RawExtreme],
    published: Sequence[PublishedTable],
    known: Sequence[PublishedTable],
    asked: Mapping[str, str],
) -> None:
    """
    Raise `DisclosureError` where `published` and `known` show what is refused; `asked` has the
    question of each table of this answer by its name.
    """
    if not refused:
        return
    tables = _tightened(published, known)
    details = []
    for extreme in refused:
        table = _read(extreme, tables).shown_by()
        if table is not None:
            now = table.name in asked and not table.release
            number = asked.get(table.name)
            own = f"the table of question {number}" if number else f"table {table.name}"
            where = own if now else f"the earlier table {table.labels}"
            help_ = "ask for wider bands of ages there" if now else "ask for another period"
            details.append(
                f"question {extreme.question}, {extreme.title[:1].lower()}{extreme.title[1:]}: "
                f"{where} shows what is refused; {help_}, or take question {extreme.question} out"
            )
    if details:
        raise DisclosureError(
            "nothing is released: what one question refuses could be read off another's table",
            details=tuple(details),
        )


def _tightened(
    published: Sequence[PublishedTable], known: Sequence[PublishedTable]
) -> tuple[PublishedTable, ...]:
    """The tables with each range as narrow as all of them together make it, sum by sum."""
    knowledge = attacker_knowledge(published, known, number_cells=number_cells)
    low, high = knowledge.bounds.low, knowledge.bounds.high
    tables = [*published, *known]
    return tuple(
        replace(table, low=low[numbers], high=high[numbers])
        for table, numbers in zip(tables, knowledge.cells.of_table, strict=True)
    )


def _read(extreme: RawExtreme, tables: Sequence[PublishedTable]) -> _Reading:
    reading = _Reading(_ages_of(_extent(extreme.population, extreme.variable)), extreme.kind)
    for table in tables:
        wider = _is_within(extreme.population, table.population, extreme.variable)
        narrower = _is_within(table.population, extreme.population, extreme.variable)
        if wider or narrower:
            _read_table(reading, extreme, table, wider=wider, narrower=narrower)
    return reading


def _read_table(
    reading: _Reading, extreme: RawExtreme, table: PublishedTable, *, wider: bool, narrower: bool
) -> None:
    for figure in _figures(table, extreme.variable, {}):
        if wider and figure.high == 0:
            reading.empty |= figure.ages
        if narrower and figure.low >= 1 and figure.is_age_known and figure.ages <= reading.scope:
            reading.occupied.append((figure.ages, table))
    titles = {title for title, _ in extreme.also}
    for axis, dimension in enumerate(table.dimensions):
        if not wider or dimension.title not in titles:
            continue
        leaves = tuple(category.label for category in dimension.leaves)
        reading.values.append((dimension.title, leaves, table))
        for label in leaves:
            free = reading.empty_with.setdefault((dimension.title, label), set())
            for figure in _figures(table, extreme.variable, {axis: dimension.labels.index(label)}):
                if figure.high == 0:
                    free |= figure.ages


def _figures(table: PublishedTable, variable: str, at: Mapping[int, int]) -> Iterator[_Figure]:
    """
    The table's figures by age, at these places of other dimensions and otherwise at the totals.
    """
    restricted = _extent(table.population, variable)
    scope = _ages_of(restricted)
    axis = next(
        (n for n, dimension in enumerate(table.dimensions) if dimension.variable == variable), None
    )
    places = range(1) if axis is None else range(len(table.dimensions[axis].categories))
    for place in places:
        index = tuple(place if n == axis else at.get(n, 0) for n in range(len(table.dimensions)))
        covers = None if axis is None else _covers(table.dimensions[axis], place)
        ages = scope if covers is None else scope & _ages_of(covers)
        is_known = restricted is not None or (covers is not None and not covers.values)
        yield _Figure(ages, is_known, int(table.low[index]), int(table.high[index]))


def _covers(dimension: Dimension, place: int) -> Extent | None:
    """What a category covers; None for the total. One whose meaning is not known covers no age."""
    category = dimension.categories[place]
    return None if category.parent is None else category.covers or Extent()


def _ages_of(extent: Extent | None) -> Ages:
    if extent is None:
        return frozenset(_AGES)
    return frozenset(
        age
        for first, last in extent.ranges
        for age in range(max(first, 0), min(last, _AGES[-1]) + 1)
    )


def _extent(population: Population, variable: str) -> Extent | None:
    return next((extent for name, extent in population.extents if name == variable), None)


def _is_within(one: Population, other: Population, variable: str) -> bool:
    """
    Whether everyone in `one` is in `other`, whatever is asked of `variable` and whichever extract
    was counted.
    """
    mine = dict(one.extents)
    return one.unit == other.unit and all(
        name == variable or (name in mine and _is_part(mine[name], extent))
        for name, extent in other.extents
    )


def _is_part(one: Extent, other: Extent) -> bool:
    return one == other or (not one.none_of and not other.none_of and one.within(other))
