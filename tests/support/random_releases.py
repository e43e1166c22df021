"""
Random sets of tables counted from random records, for tests of what a reader of them can work out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure import PublishedTable
from nilreturn.disclosure.model import from_raw
from nilreturn.tables import Belonging, Category, Dimension, Extent, Population, RawTable
from tests.support.record_types import Record, Value, in_category, in_population

# Values that records have, for each variable, and one that none has.
VALUES: dict[str, tuple[Value, ...]] = {
    "victim.sex": ("Female", "Male", "Unknown"),
    "victim.age": (5, 13, 20),
    "crime.recorded_on": (737500, 737531, 737560),
    "crime.area": ("North", "South", "West"),
}
OTHERS: dict[str, Value] = {
    "victim.sex": "Other",
    "victim.age": 90,
    "crime.recorded_on": 738000,
    "crime.area": "Elsewhere",
}


def extent(values: Sequence[Value]) -> Extent:
    """Of numbers what lies nearer to them than to others, of names themselves."""
    ranges = tuple((v - 3, v + 3) for v in values if not isinstance(v, str))
    return Extent(ranges, frozenset(v for v in values if isinstance(v, str)))


@dataclass
class Case:
    """Tables as printed, with the true ones, and the values that record types are made of."""

    raw: list[RawTable]
    printed: list[PublishedTable]
    values: dict[str, list[Value]]


def random_case(seed: int, *, most_records: int = 6, most_tables: int = 4) -> Case:
    """
    Tables of random records with random restrictions: one for all, several, overlapping; some cells
    hidden.
    """
    rng = np.random.default_rng(seed)
    variables = [
        str(v)
        for v in rng.permutation(list(VALUES))[: rng.integers(2, 5 if most_records < 7 else 4)]
    ]
    values = {v: list(VALUES[v][: rng.integers(2, 4)]) for v in variables}
    records = [
        {v: values[v][rng.integers(len(values[v]))] for v in variables}
        for _ in range(rng.integers(2, most_records + 1))
    ]
    common = {v: _some(rng, values[v]) for v in variables if rng.random() < 0.2}
    raw = [
        _table(rng, f"t{i}", values, records, common)
        for i in range(rng.integers(2, most_tables + 1))
    ]
    printed = [hide(rng, table) for table in raw]
    return Case(raw, printed, {v: [*values[v], OTHERS[v]] for v in variables})


def _some(rng: np.random.Generator, values: Sequence[Value]) -> list[Value]:
    chosen = [v for v in values if rng.random() < 0.6]
    return chosen or [values[0]]


def _table(
    rng: np.random.Generator,
    name: str,
    values: dict[str, list[Value]],
    records: Sequence[Record],
    common: dict[str, list[Value]],
) -> RawTable:
    inside = dict(common)
    for variable in values:
        if rng.random() < 0.25:
            inside[variable] = _some(rng, inside.get(variable, values[variable]))
    population = Population(
        "victims", tuple((v, extent(found)) for v, found in inside.items()), "an extract"
    )
    divided = [str(v) for v in rng.permutation(list(values))[: rng.integers(0, 3)]]
    counted = [r for r in records if all(r[v] in found for v, found in inside.items())]
    dimensions = tuple(_dimension(rng, v, inside.get(v, values[v]), counted) for v in divided)
    return counted_table(name, population, dimensions, counted)


def counted_table(
    name: str, population: Population, dimensions: tuple[Dimension, ...], records: Sequence[Record]
) -> RawTable:
    counts = np.zeros(tuple(len(d.categories) for d in dimensions), dtype=np.int64)
    for place in np.ndindex(counts.shape):
        counts[place] = sum(
            all(in_category(d, i, r) for d, i in zip(dimensions, place, strict=True))
            for r in records
        )
    return RawTable(name, name, population, dimensions, counts)


def _dimension(
    rng: np.random.Generator, variable: str, values: Sequence[Value], records: Sequence[Record]
) -> Dimension:
    """A partition of the values in two levels at most; a value that nobody has may be left out."""
    left = [v for v in values if any(r[variable] == v for r in records) or rng.random() < 0.6]
    groups: list[list[Value]] = []
    for value in left:
        if groups and rng.random() < 0.3:
            groups[-1].append(value)
        else:
            groups.append([value])
    categories = [Category("All")]
    for i, group in enumerate(groups):
        label = f"{variable} {i}"
        categories.append(Category(label, "All", extent(group)))
        if len(group) > 1 and rng.random() < 0.3:
            categories += [Category(f"{label}: {v}", label, extent([v])) for v in group]
    return Dimension(variable, variable, tuple(categories))


def hide(rng: np.random.Generator, raw: RawTable, *, floor: int | None = None) -> PublishedTable:
    """Some cells hidden, never the whole."""
    hidden = np.asarray(rng.random(raw.counts.shape) < rng.choice([0.3, 0.6, 0.9])) & (
        raw.counts > 0
    )
    hidden = np.array(hidden)
    hidden[(0,) * hidden.ndim] = False
    return from_raw(raw, hidden, floor=int(rng.integers(0, 2)) if floor is None else floor)


def agrees(table: RawTable, record: Record) -> bool:
    """Whether a table's population has a record."""
    return in_population(
        from_raw(table, np.zeros(table.counts.shape, dtype=np.bool_), floor=0), record
    )


# Crimes and their victims -------------------------------------------------------------------------

DETAILS = "crime.victim_details"
BELONGS = Belonging("crimes", "crime.", DETAILS, "Recorded")


def random_units(seed: int) -> Case:
    """
    Tables of crimes and of their victims: by whether details are recorded, by crime, by victim.
    """
    rng = np.random.default_rng(seed)
    values = {
        v: list(VALUES[v][:2])
        for v in ("crime.area", "crime.recorded_on", "victim.sex")[: rng.integers(2, 4)]
    }
    values = (
        values
        if "victim.sex" in values
        else values | {"victim.sex": list(VALUES["victim.sex"][:2])}
    )
    crimes: list[dict[str, Value]] = []
    victims: list[dict[str, Value]] = []
    holding: list[list[Record]] = []
    for _ in range(rng.integers(2, 5)):
        crime: dict[str, Value] = {
            v: values[v][rng.integers(2)] for v in values if v.startswith("crime.")
        }
        crime[DETAILS] = "Recorded" if rng.random() < 0.7 else "Not recorded"
        number = int(rng.integers(1, 3)) if crime[DETAILS] == "Recorded" else 0
        own = [
            {**crime, "victim.sex": values["victim.sex"][rng.integers(2)]} for _ in range(number)
        ]
        crimes.append(crime)
        victims += own
        holding.append(own)
    condition = extent([values["victim.sex"][0]]) if rng.random() < 0.4 else None
    raw = []
    for i in range(rng.integers(2, 5)):
        raw.append(_unit_table(rng, f"t{i}", values, crimes, victims, holding, condition))
    others = {v: [*values[v], OTHERS[v]] for v in values}
    return Case(raw, [hide(rng, table) for table in raw], others)


def _unit_table(
    rng: np.random.Generator,
    name: str,
    values: dict[str, list[Value]],
    crimes: Sequence[Record],
    victims: Sequence[Record],
    holding: Sequence[Sequence[Record]],
    condition: Extent | None,
) -> RawTable:
    unit = "crimes" if rng.random() < 0.5 else "victims"
    of_unit = [v for v in values if unit == "victims" or v.startswith("crime.")]
    inside = {v: _some(rng, values[v]) for v in of_unit if rng.random() < 0.25}
    extents = [(v, extent(found)) for v, found in inside.items()]
    records: Sequence[Record] = crimes if unit == "crimes" else victims
    divisible = {v: values[v] for v in of_unit}
    holds: tuple[tuple[str, Extent], ...] = ()
    if unit == "crimes":
        divisible[DETAILS] = ["Recorded", "Not recorded"]
        if condition is not None and rng.random() < 0.5:
            holds = (("victim.sex", condition),)
            extents.append(("crime.has_victim[victim.sex]", Extent.of("Yes")))
            records = [
                crime
                for crime, own in zip(crimes, holding, strict=True)
                if any(v["victim.sex"] in condition.values for v in own)
            ]
    records = [r for r in records if all(r[v] in found for v, found in inside.items())]
    divided = [str(v) for v in rng.permutation(list(divisible))[: rng.integers(0, 3)]]
    dimensions = tuple(_dimension(rng, v, inside.get(v, divisible[v]), records) for v in divided)
    population = Population(
        unit, tuple(extents), "an extract", BELONGS if unit == "victims" else None, holds
    )
    return counted_table(name, population, dimensions, records)


# Records that name keywords -----------------------------------------------------------------------

KEYWORDS = ("A", "B", "C")
FORMS = ("As written", "Only in another spelling")


def random_mentions(seed: int) -> Case:
    """
    Tables of which keywords records name, from one or two lists, in any form or by form, by a
    further variable.
    """
    rng = np.random.default_rng(seed)
    by_form = bool(rng.random() < 0.6)
    area = list(VALUES["crime.area"][: rng.integers(1, 3)])
    kinds = (0, 1, 2) if by_form else (0, 1)
    records: list[dict[str, Value]] = [
        {
            "crime.area": area[rng.integers(len(area))],
            **{k: int(rng.choice(kinds)) for k in KEYWORDS},
        }
        for _ in range(rng.integers(2, 5))
    ]
    lists = [KEYWORDS[:2], KEYWORDS[1:], KEYWORDS][: rng.integers(1, 4)]
    raw = []
    for i in range(rng.integers(1, 4)):
        listed = lists[rng.integers(len(lists))]
        raw.append(_mentions_table(rng, f"t{i}", listed, area, records, by_form=by_form))
    values: dict[str, list[Value]] = {
        "crime.area": list(area),
        **{k: list(kinds) for k in KEYWORDS},
    }
    return Case(raw, [hide(rng, table) for table in raw], values)


def _mentions_table(
    rng: np.random.Generator,
    name: str,
    listed: Sequence[str],
    area: Sequence[Value],
    records: Sequence[Record],
    *,
    by_form: bool,
) -> RawTable:
    union = Extent.of(*listed)
    extents: list[tuple[str, Extent]] = []
    if len(area) > 1 and rng.random() < 0.3:
        extents.append(("crime.area", extent(area[:1])))
    dimensions: list[Dimension] = []
    if rng.random() < 0.6:
        extents.append(("crime.mentions", union))
        rows = tuple(Category(k, "Any of these", Extent.of(k)) for k in listed)
        dimensions.append(
            Dimension(
                "crime.mentions", "Keyword", (Category("Any of these"), *rows), additive=False
            )
        )
        if by_form:
            dimensions.append(
                Dimension.flat(
                    "crime.mention_form",
                    "Form",
                    FORMS,
                    total="Any form",
                    qualifies="crime.mentions",
                )
            )
    else:
        covers = {"Any of these": union, "None of these": Extent.without(*listed)}
        dimensions.append(
            Dimension.flat("crime.mentions", "Keywords", tuple(covers), covers=covers)
        )
    if len(area) > 1 and rng.random() < 0.6 and not any(v == "crime.area" for v, _ in extents):
        dimensions.append(
            Dimension.flat(
                "crime.area",
                "Area",
                tuple(map(str, area)),
                covers={str(a): extent([a]) for a in area},
            )
        )
    table = RawTable(
        name,
        name,
        Population("crimes", tuple(extents), "an extract"),
        tuple(dimensions),
        np.zeros([len(d.categories) for d in dimensions], dtype=np.int64),
    )
    counts = np.zeros(table.counts.shape, dtype=np.int64)
    for place in np.ndindex(counts.shape):
        counts[place] = sum(counts_mentions(table, place, record) for record in records)
    return RawTable(name, name, table.population, table.dimensions, counts)


def counts_mentions(
    table: RawTable | PublishedTable, place: tuple[int, ...], record: Record
) -> bool:
    """
    Whether a cell counts a record, whose form of each keyword is 0 (not named), 1 (as written) or
    2.
    """
    within = dict(table.population.extents)
    if "crime.area" in within and record["crime.area"] not in within["crime.area"].values:
        return False
    meaning = within.get("crime.mentions")
    form = 0
    for dimension, i in zip(table.dimensions, place, strict=True):
        category = dimension.categories[i]
        if dimension.variable == "crime.mentions" and category.covers is not None:
            meaning = category.covers
        elif dimension.variable == "crime.mention_form":
            form = i
        elif dimension.variable == "crime.area" and i and record["crime.area"] != category.label:
            return False
    if meaning is None:
        return form == 0
    named = [int(record[k]) for k in (meaning.values or meaning.none_of) if record[k]]
    if meaning.none_of:
        return not named and form == 0
    return bool(named) and (form == 0 or min(named) == form)
