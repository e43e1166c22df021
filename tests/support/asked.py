"""
Small sets of records and questions on them: as the program's own questions, and counted here in
plain loops.

The tabulation is this module's own. A test holds it to the tables of the reference engine, so that
hundreds of sets can be counted without an extract.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from nilreturn.periods import Period
from nilreturn.questions import (
    AgeBand,
    ByAge,
    ByColumn,
    ByDate,
    CategoryFilter,
    DateFilter,
    Filters,
    Grain,
    Question,
)
from nilreturn.tables import Belonging, Category, Dimension, Extent, Population, RawTable
from nilreturn.wording import MONTHS

OLDEST = 150
BELONGING = Belonging("crimes", "crime.", "crime.victim_details", "Recorded")
UNKNOWN = "Unknown"
FLAGS = ("Yes", "No", "Not recorded")
SEXES = ("Female", "Male")
RECORDED = ("crime.status", Extent.of("Recorded"))


@dataclass(frozen=True)
class Victim:
    age: int | None
    sex: str


@dataclass(frozen=True)
class Crime:
    """`names` has each keyword that the text names, and whether anywhere as it is written."""

    day: date
    area: str
    online: str = "No"
    victims: tuple[Victim, ...] = ()
    names: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Asked:
    """
    A question. `ages` are ranges of years, both ends included; `by` names breakdowns: area, online,
    sex, month, age (the bands are `bands`). With `keywords` records are counted.
    """

    unit: str
    period: tuple[date, date]
    areas: tuple[str, ...] = ()
    online: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    by: tuple[str, ...] = ()
    bands: tuple[tuple[int, int], ...] = ()
    keywords: tuple[str, ...] = ()
    number: str = "1"

    def question(self) -> Question:
        """The question as the program has it."""
        one_of = (("area", self.areas), ("online_flag", self.online), ("sex", self.sexes))
        filters = Filters(
            dates=DateFilter("recorded_on", Period(*self.period)),
            ages=_band(self.ages) if self.ages else None,
            one_of=tuple(CategoryFilter(name, values) for name, values in one_of if values),
        )
        return Question(
            self.number,
            "How many?",
            self.unit,
            filters,
            tuple(map(self._breakdown, self.by)),
            mentions=self.keywords,
        )

    def _breakdown(self, name: str) -> ByAge | ByColumn | ByDate:
        if name == "age":
            return ByAge(tuple(map(_band, self.bands)))
        if name == "month":
            return ByDate((Grain.MONTH,), "recorded_on")
        return ByColumn(("online_flag" if name == "online" else name,))

    def tables(
        self, crimes: Sequence[Crime], source: str = "", *, extract: Sequence[Crime] | None = None
    ) -> list[RawTable]:
        """
        The question counted: the tables that the engines give, without those nobody asked for. The
        areas that there are come from `extract`, the crimes themselves where it is not given.
        """
        if self.keywords:
            return self._mentions(crimes, source)
        dimensions = [
            self._dimension(name, crimes if extract is None else extract) for name in self.by
        ]
        counts = np.zeros(tuple(len(d.categories) for d in dimensions), dtype=np.int64)
        for thing in self._things(crimes):
            places = [
                (0, self._at(d, name, thing)) for d, name in zip(dimensions, self.by, strict=True)
            ]
            for index in itertools.product(*places):
                counts[index] += 1
        return [
            RawTable(
                self._name(),
                self._name(),
                self.population(source),
                tuple(dimensions),
                counts,
                self.number,
            )
        ]

    def _name(self, *rest: str) -> str:
        return "_".join([f"q{self.number}", *rest])

    def population(self, source: str = "") -> Population:
        days = (
            "crime.recorded_on",
            Extent.between(self.period[0].toordinal(), self.period[1].toordinal()),
        )
        extents = [RECORDED, days]
        extents += [("crime.area", Extent.of(*self.areas))] if self.areas else []
        extents += [("crime.online_flag", Extent.of(*self.online))] if self.online else []
        of_victims = [("victim.sex", Extent.of(*self.sexes))] if self.sexes else []
        of_victims += [("victim.age", Extent.between(*self.ages))] if self.ages else []
        if self.unit == "victims":
            return Population("victims", (*extents, *of_victims), source, BELONGING)
        if of_victims:
            words = [f"victim.age={self.ages[0]}-{self.ages[1]}"] if self.ages else []
            words += [f"victim.sex={'|'.join(sorted(self.sexes))}"] if self.sexes else []
            extents.append((f"crime.has_victim[{', '.join(words)}]", Extent.of("Yes")))
        return Population("crimes", tuple(extents), source, holds=tuple(of_victims))

    def counts_crime(self, crime: Crime) -> bool:
        """Whether the crime is among those asked about, whatever its victims."""
        first, last = self.period
        in_area = not self.areas or crime.area in self.areas
        return (
            first <= crime.day <= last
            and in_area
            and (not self.online or crime.online in self.online)
        )

    def counts_victim(self, victim: Victim) -> bool:
        known = self.ages is None or (
            victim.age is not None and self.ages[0] <= victim.age <= self.ages[1]
        )
        return known and (not self.sexes or victim.sex in self.sexes)

    def _things(self, crimes: Sequence[Crime]) -> list[tuple[Crime, Victim | None]]:
        listed: list[tuple[Crime, Victim | None]] = []
        for crime in filter(self.counts_crime, crimes):
            found = [victim for victim in crime.victims if self.counts_victim(victim)]
            if self.unit == "victims":
                listed += [(crime, victim) for victim in found]
            elif found or not (self.ages or self.sexes):
                listed.append((crime, None))
        return listed

    def _at(self, dimension: Dimension, name: str, thing: tuple[Crime, Victim | None]) -> int:
        """The place of the thing's category in the dimension."""
        crime, victim = thing
        if name == "month":
            day = crime.day.toordinal()
            place = next(
                k for k, c in enumerate(dimension.categories) if c.covers and _in(c.covers, day)
            )
        elif name == "age":
            assert victim is not None
            age = victim.age
            found = [
                k
                for k, c in enumerate(dimension.categories)
                if c.covers and age is not None and _in(c.covers, age)
            ]
            place = found[0] if found else dimension.labels.index(UNKNOWN)
        else:
            value = victim.sex if name == "sex" and victim else getattr(crime, name, "")
            place = dimension.labels.index(value)
        return place

    def _dimension(self, name: str, crimes: Sequence[Crime]) -> Dimension:
        if name == "month":
            return Dimension("crime.recorded_on", name, (Category("Total"), *_months(*self.period)))
        if name == "age":
            bands = [_band(band) for band in self.bands]
            listed = [(band.label, band.ages) for band in bands]
            return _flat(
                "victim.age", listed if self.ages else [*listed, (UNKNOWN, Extent.of(UNKNOWN))]
            )
        known, unknown, asked = {
            "area": ((), UNKNOWN, self.areas),
            "online": (FLAGS, "Not recorded", self.online),
            "sex": ((*SEXES, UNKNOWN), UNKNOWN, self.sexes),
        }[name]
        there = {"area": {c.area for c in crimes}}.get(name, set())
        values = set(asked) if asked else {*there, *known, unknown}
        order = asked or known
        ranked = sorted(
            values, key=lambda v: (v == unknown, order.index(v) if v in order else len(order), v)
        )
        variable = {"area": "crime.area", "online": "crime.online_flag", "sex": "victim.sex"}[name]
        return _flat(variable, [(value, Extent.of(value)) for value in ranked])

    def _mentions(self, crimes: Sequence[Crime], source: str) -> list[RawTable]:
        counted = [crime for crime, _ in self._things(crimes)]
        forms = ("As written", "Only in another spelling")

        def row(names: Callable[[Crime], list[bool]]) -> list[int]:
            found = [any(written) for crime in counted if (written := names(crime))]
            return [len(found), found.count(True), found.count(False)]

        rows = [
            row(lambda crime: [written for word, written in crime.names if word in self.keywords])
        ]
        rows += [
            row(lambda crime, k=k: [w for word, w in crime.names if word == k])
            for k in self.keywords
        ]  # type: ignore[misc]
        union = Extent.of(*self.keywords)
        words = tuple(Category(k, "Any of these", Extent.of(k)) for k in self.keywords)
        by_word = Dimension(
            "crime.mentions", "w", (Category("Any of these"), *words), additive=False
        )
        by_form = Dimension.flat(
            "crime.mention_form",
            "f",
            forms,
            total="Written in any form",
            qualifies="crime.mentions",
        )
        population = self.population(source)
        naming = replace(population, extents=(*population.extents, ("crime.mentions", union)))
        covers = {"Any of these": union, "None of these": Extent.without(*self.keywords)}
        searched = Dimension.flat(
            "crime.mentions", "w", tuple(covers), covers=covers, total="Records searched"
        )
        some = rows[0][0]
        split = np.array([len(counted), some, len(counted) - some], dtype=np.int64)
        return [
            RawTable(
                self._name(),
                "m",
                naming,
                (by_word, by_form),
                np.array(rows, dtype=np.int64),
                self.number,
            ),
            RawTable(self._name("searched"), "s", population, (searched,), split, self.number),
        ]


def victim_details(asked: Asked, crimes: Sequence[Crime], source: str = "") -> RawTable:
    """The table beside a question about victims: how many of its crimes have victim details."""
    counted = [crime for crime in crimes if asked.counts_crime(crime)]
    some = sum(bool(crime.victims) for crime in counted)
    population = replace(asked, unit="crimes", sexes=(), ages=None).population(source)
    dimension = _flat(
        "crime.victim_details",
        [(label, Extent.of(label)) for label in ("Recorded", "Not recorded")],
    )
    counts = np.array([len(counted), some, len(counted) - some], dtype=np.int64)
    return RawTable(
        f"q{asked.number}_victim_details", "v", population, (dimension,), counts, asked.number
    )


def label_of(ages: tuple[int, int]) -> str:
    """How a requester writes the band of ages."""
    first, last = ages
    if last == OLDEST:
        return f"{first} and over"
    if first == 0:
        return f"{last} and under"
    return str(first) if first == last else f"{first}-{last}"


def _band(ages: tuple[int, int]) -> AgeBand:
    return AgeBand(label_of(ages), Extent.between(*ages))


def _flat(variable: str, listed: Sequence[tuple[str, Extent]]) -> Dimension:
    return Dimension.flat(
        variable, variable, tuple(label for label, _ in listed), covers=dict(listed)
    )


def _in(extent: Extent, number: int) -> bool:
    return any(first <= number <= last for first, last in extent.ranges)


def _months(first: date, last: date) -> list[Category]:
    listed, at = [], first.replace(day=1)
    while at <= last:
        following = (at + timedelta(days=31)).replace(day=1)
        whole = Period(at, following - timedelta(days=1))
        inside = whole.intersect(Period(first, last))
        label = f"{MONTHS[at.month - 1]} {at.year}"
        label = label if inside == whole else f"{label} ({inside})"
        listed.append(
            Category(label, "Total", Extent.between(at.toordinal(), whole.last_on.toordinal()))
        )
        at = following
    return listed
