"""
Records and questions drawn at random, each set of one kind, with few values so that questions meet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from nilreturn.tables import RawTable
from tests.support.asked import FLAGS, OLDEST, SEXES, Asked, Crime, Victim, victim_details

AREAS = ("North", "South", "West")
MORE_AREAS = (*AREAS, *(f"Ward {k}" for k in range(1, 10)))
WORDS = ("WhatsApp", "Kik", "Tinder")
DAYS = tuple(date(2021, month, day) for month in (1, 2, 3) for day in (5, 20))
CUTS = tuple(
    date(2021, month, day)
    for month, day in ((1, 1), (1, 15), (2, 1), (2, 15), (3, 1), (3, 15), (4, 1))
)
ALL_DAYS = (date(2021, 1, 1), date(2021, 3, 31))
TWO_MONTHS = (date(2021, 1, 1), date(2021, 2, 28))
BANDS = (
    ((0, 11), (12, 15), (16, OLDEST)),
    ((0, 9), (10, 15), (16, OLDEST)),
    ((0, 15), (16, OLDEST)),
    ((0, 13), (14, OLDEST)),
)


@dataclass(frozen=True)
class Set:
    """Records, and the questions of each release on them."""

    kind: str
    crimes: tuple[Crime, ...]
    releases: tuple[tuple[Asked, ...], ...]
    with_details: bool = False  # whether the table of victim details is among the tables

    def tables(self, release: int) -> list[RawTable]:
        """The true tables of a release."""
        return self.counted_again(release, self.crimes)

    def counted_again(self, release: int, crimes: Sequence[Crime]) -> list[RawTable]:
        """The same tables, with the same rows and columns, of other records."""
        listed = []
        for asked in self.releases[release]:
            listed += asked.tables(crimes, extract=self.crimes)
            if self.with_details and asked.unit == "victims":
                listed.append(victim_details(asked, crimes))
        return listed


def crimes(random: Random, number: int, *, areas: Sequence[str] = AREAS) -> tuple[Crime, ...]:
    """Records of which some combinations are rare."""
    shares = [random.choice((1, 1, 3, 8)) for _ in range(9 + len(areas))]
    listed = []
    for _ in range(number):
        words = tuple((w, random.random() < 0.6) for w in WORDS if random.random() < 0.4)
        many = random.choices((0, 1, 2, 3), (2, 12, 3, 1))[0]
        victims = tuple(
            Victim(_age(random, shares), random.choices(SEXES, shares[1:3])[0]) for _ in range(many)
        )
        day = random.choices(DAYS, shares[3:9])[0]
        listed.append(
            Crime(
                day,
                random.choices(areas, shares[9:])[0],
                random.choices(FLAGS, (6, 5, 1))[0],
                victims,
                words,
            )
        )
    return tuple(listed)


def _age(random: Random, shares: list[int]) -> int | None:
    return random.choices((8, 11, 13, 15, 17, None), (*shares[:5], 0.3))[0]


def _number(listed: list[Asked]) -> tuple[Asked, ...]:
    return tuple(replace(asked, number=str(k)) for k, asked in enumerate(listed, 1))


def period(random: Random) -> tuple[date, date]:
    first, end = sorted(random.sample(range(len(CUTS)), 2))
    return CUTS[first], date.fromordinal(CUTS[end].toordinal() - 1)


def _circle(random: Random) -> list[Asked]:
    base = Asked("victims", TWO_MONTHS, bands=BANDS[random.randrange(3)])
    pairs = random.choice(
        (
            (("age", "sex"), ("sex", "month"), ("age", "month")),
            (("area", "sex"), ("sex", "age"), ("area", "age")),
        )
    )
    return [replace(base, by=by) for by in pairs]


def _periods(random: Random) -> list[Asked]:
    by = random.choice(((), (), ("area",)))
    return [Asked("crimes", period(random), by=by) for _ in range(random.choice((2, 3, 3)))]


def _two_filters(random: Random) -> list[Asked]:
    everyone = Asked("victims", ALL_DAYS, by=random.choice(((), ("sex",), ("area",))))
    some = Asked(
        "victims",
        ALL_DAYS,
        sexes=("Female",),
        ages=random.choice(((12, 15), (0, 11))),
        areas=random.choice(((), ("North",))),
    )
    return [everyone, some, *([replace(some, sexes=())] if random.random() < 0.3 else [])]


def _some_areas(random: Random) -> list[Asked]:
    two = random.sample(AREAS, 2)
    base = Asked("victims", TWO_MONTHS, bands=BANDS[random.randrange(3)])
    some = replace(base, areas=tuple(sorted(two)))
    return [
        replace(some, by=("area", "sex")),
        replace(some, by=("area", "age")),
        replace(base, by=("sex", "age")),
    ]


def _bands(random: Random) -> list[Asked]:
    first, second = random.sample(BANDS, 2)
    by = random.choice((("age",), ("age", "sex")))
    return [
        Asked("victims", ALL_DAYS, by=by, bands=first),
        Asked("victims", ALL_DAYS, by=("age",), bands=second),
    ]


def _units(random: Random) -> list[Asked]:
    by = random.choice(((), ("area",), ("month",)))
    own = random.choice((("sex",), ("area",), ("area", "sex")))
    return [Asked("crimes", TWO_MONTHS, by=by), Asked("victims", TWO_MONTHS, by=own)]


def _holds(random: Random) -> list[Asked]:
    by = random.choice(((), ("area",)))
    with_one = Asked(
        "crimes", ALL_DAYS, sexes=random.choice(((), ("Female",))), ages=(0, 11), by=by
    )
    return [Asked("crimes", ALL_DAYS, by=by), with_one, Asked("victims", ALL_DAYS, by=("sex",))]


def _words(random: Random) -> list[Asked]:
    return [Asked("records", ALL_DAYS, keywords=WORDS[: random.choice((1, 2, 3))])]


def _two_lists(random: Random) -> list[Asked]:
    lists = random.choice((((0, 1), (0, 1, 2)), ((0,), (0, 1)), ((0, 1), (1, 2)), ((0,), (1,))))
    return [
        Asked("records", ALL_DAYS, keywords=tuple(WORDS[k] for k in listed)) for listed in lists
    ]


def _anything(random: Random) -> list[Asked]:
    listed = []
    for _ in range(random.choice((2, 3))):
        unit = random.choice(("crimes", "victims"))
        names = ["area", "month", "online", *(["sex", "age"] if unit == "victims" else [])]
        by = tuple(random.sample(names, random.choice((0, 1, 1, 2))))
        listed.append(
            Asked(
                unit,
                random.choice((ALL_DAYS, TWO_MONTHS, period(random))),
                areas=tuple(sorted(random.sample(AREAS, 2))) if random.random() < 0.25 else (),
                online=("Yes",) if random.random() < 0.15 else (),
                sexes=("Female",) if unit == "victims" and random.random() < 0.2 else (),
                by=by,
                bands=random.choice(BANDS) if "age" in by else (),
            )
        )
    return listed


KINDS: dict[str, Callable[[Random], list[Asked]]] = {
    "circle": _circle,
    "periods": _periods,
    "two filters": _two_filters,
    "some areas": _some_areas,
    "bands": _bands,
    "units": _units,
    "holds": _holds,
    "words": _words,
    "two lists": _two_lists,
    "anything": _anything,
}


def draw(
    random: Random,
    *,
    kind: str = "",
    releases: int = 1,
    least: int = 10,
    most: int = 45,
    areas: Sequence[str] = AREAS,
) -> Set:
    """
    A set of records with the questions of one or more releases; of any kind where none is named.
    """
    kind = kind or random.choice(tuple(KINDS))
    listed = _number(KINDS[kind](random))
    parts = [listed]
    if releases > 1:
        parts = [listed[k::releases] for k in range(releases)]
    records = crimes(random, random.randint(min(least, most), most), areas=areas)
    return Set(kind, records, tuple(part for part in parts if part), random.random() < 0.2)


def draw_large(random: Random) -> Set:
    """
    A set of some hundreds of cells: tables of two and three breakdowns, of many records in many
    areas.
    """
    kind = random.choice(("circle", "some areas", "bands", "units", "anything", "three at once"))
    if kind != "three at once":
        return draw(random, kind=kind, least=100, most=1500, areas=MORE_AREAS)
    by = random.choice(
        (("area", "age", "sex"), ("area", "month", "sex"), ("age", "month", "sex", "online"))
    )
    asked = Asked("victims", ALL_DAYS, by=by, bands=random.choice(BANDS) if "age" in by else ())
    other = Asked("victims", TWO_MONTHS, by=by[:1], bands=asked.bands if by[0] == "age" else ())
    listed = _number([asked, *([other] if random.random() < 0.5 else [])])
    return Set(
        kind,
        crimes(random, random.randint(200, 1500), areas=MORE_AREAS[: random.choice((6, 12))]),
        (listed,),
    )
