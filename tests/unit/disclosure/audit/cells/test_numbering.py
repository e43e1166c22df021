"""
The audit's own cells: the same people have one number, and what tables tell together becomes sums.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from nilreturn.disclosure import Verdict, audit
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.errors import TableError
from nilreturn.tables import Belonging, Category, Dimension, Extent, Population, RawTable
from tests.support.counts import VICTIMS, ages, figure, one_way, printed, recorded, table

YEAR = recorded(date(2020, 4, 1), date(2021, 3, 31))
NINE_MONTHS = recorded(date(2020, 7, 1), date(2021, 3, 31))
BANDS = ages("11 and under", "12 to 15", "16 and over", "Unknown")


def fits(tables):
    """The equations hold for the true counts, the latent cells left out."""
    cells = number_cells(tables)
    value = np.zeros(cells.size, dtype=np.int64)
    for raw, numbers in zip(tables, cells.of_table, strict=True):
        value[numbers.reshape(-1)] = raw.counts.reshape(-1)
    rows = np.flatnonzero(abs(cells.equations) @ cells.unpublished.astype(np.int64) == 0)
    assert not (cells.equations[rows] @ value).any()
    return cells


def ranges(tables):
    """What a reader can work out of each hidden cell, by table and labels."""
    return {(f.table, f.labels): (f.low, f.high) for f in audit(tables).findings}


CRIMES = recorded(date(2020, 4, 1), date(2021, 3, 31), unit="crimes")


def keywords(*labels, total="Any of these"):
    rows = tuple(Category(label, total, Extent.of(label)) for label in labels)
    return Dimension("crime.mentions", "Keyword", (Category(total), *rows), additive=False)


def naming(*labels):
    return replace(CRIMES, extents=(*CRIMES.extents, ("crime.mentions", Extent.of(*labels))))


def test_overlapping_categories_are_each_below_their_total_and_do_not_add_up():
    dimension = keywords("A", "B", "None of these", total="Records")
    raw = one_way("m", CRIMES, dimension, [9, 4, 5, 3])
    cells = number_cells([raw])
    total, a, b, _ = cells.of_table[0].tolist()
    rows = [set(columns) for columns in cells.equations.tolil().rows]
    assert not any({total, a, b} <= row for row in rows)
    # Six name any of the two, so that the one hidden is at least what the other leaves, and at most
    # all of them.
    assert ranges([printed(raw, [False, False, True, False])]) == {("m", ("B",)): (2, 6)}


def test_any_of_a_list_is_at_least_each_and_at_most_their_sum():
    raw = one_way("m", naming("A", "B"), keywords("A", "B"), [5, 3, 4])
    assert ranges([printed(raw, [False, False, True])]) == {("m", ("B",)): (2, 5)}
    assert ranges([printed(raw, [True, False, False])]) == {("m", ("Any of these",)): (4, 7)}


def test_records_that_name_a_keyword_as_written_are_among_those_that_name_it():
    form = Dimension.flat(
        "crime.mention_form", "Form", ("As written", "Otherwise"), qualifies="crime.mentions"
    )
    counts = np.array([[5, 4, 1], [4, 3, 1], [3, 2, 1]])
    raw = RawTable("m", "m", naming("A", "B"), (keywords("A", "B"), form), counts)
    hidden = np.array([[False, False, False], [False, True, True], [True, True, True]])
    found = ranges([printed(raw, hidden, floor=0)])
    # Of five records four have their best form as written: at most so many name A so, and at most
    # all five name B.
    assert found["m", ("A", "As written")] == (0, 4)
    assert found["m", ("B", "Total")] == (1, 5)
    assert found["m", ("B", "As written")] == (0, 4)


def test_none_of_these_of_two_lists_are_two_things():
    def searched(name, *labels, counts):
        covers = {"Any of these": Extent.of(*labels), "None of these": Extent.without(*labels)}
        return one_way(
            name,
            CRIMES,
            Dimension.flat("crime.mentions", "M", tuple(covers), covers=covers),
            counts,
        )

    first, second = (
        searched("x", "A", "B", counts=[20, 7, 13]),
        searched("y", "B", "C", counts=[20, 9, 11]),
    )
    shown = np.zeros(3, dtype=bool)
    assert not audit([printed(first, shown), printed(second, shown)]).complaints
    assert (
        number_cells([first, second]).of_table[0][2] != number_cells([first, second]).of_table[1][2]
    )
    hides = printed(second, [False, True, True], floor=0)
    assert ranges([printed(first, shown), hides])["y", ("Any of these",)] == (0, 20)


def test_who_names_another_keyword_of_a_list_than_one_is_told_by_subtraction():
    cells = number_cells([one_way("m", naming("A", "B"), keywords("A", "B"), [5, 3, 4])])
    told = {cells.words(cell) for cell in np.flatnonzero(cells.difference)}
    assert "crimes that no table prints (in m: Any of these and not in m: A)" in told
    assert "crimes that no table prints (in m: Any of these and not in m: B)" in told


def test_a_list_within_another_tells_who_is_only_in_the_other():
    def searched(name, *labels, counts):
        covers = {"Any of these": Extent.of(*labels), "None of these": Extent.without(*labels)}
        return one_way(
            name,
            CRIMES,
            Dimension.flat("crime.mentions", "M", tuple(covers), covers=covers),
            counts,
        )

    cells = number_cells(
        [
            searched("x", "A", "B", counts=[20, 7, 13]),
            searched("y", "A", "B", "C", counts=[20, 9, 11]),
        ]
    )
    (group,) = np.flatnonzero(cells.difference)
    assert "y" in cells.advice(group)
    assert "x" in cells.advice(group)
    assert cells.apart(group) == ("crime.mentions",)


def test_in_a_circle_a_reader_knows_more_than_each_sum_says():
    """Of two people one is a0/b0 and one a1/b1, and likewise b0/c0 and b1/c1: so c0 is a0."""
    two = np.array([[1, 0], [0, 1]])
    tables = [table(two, name="x", variables="ab"), table(two, name="y", variables="bc")]
    third = table(two, name="z", variables="ca")
    hidden = np.zeros((3, 3), dtype=bool)
    hidden[1:, 1:] = True
    told = [printed(t, np.zeros((3, 3), dtype=bool)) for t in tables]
    found = audit([*told, printed(third, hidden, floor=0)])
    assert {f.verdict for f in found.findings} == {Verdict.EXPOSED}


# From the level of records ------------------------------------------------------------------------


def test_a_period_common_to_all_tables_of_a_circle_leaves_it_a_circle():
    two = np.array([[1, 0], [0, 1]])
    tables = [
        table(two, name=n, variables=v, population=YEAR)
        for n, v in (("x", "ab"), ("y", "bc"), ("z", "ca"))
    ]
    cells = number_cells(tables)
    assert cells.unpublished.sum() == 8
    hidden = np.zeros((3, 3), dtype=bool)
    hidden[1:, 1:] = True
    told = [printed(t, np.zeros((3, 3), dtype=bool)) for t in tables[:2]]
    assert {f.verdict for f in audit([*told, printed(tables[2], hidden, floor=0)]).findings} == {
        Verdict.EXPOSED
    }


def test_a_circle_in_which_one_table_has_fewer_areas_tells_nothing_false():
    """
    Area by sex and area by age for two areas of three, age by sex for all: counted from the same
    eleven people.
    """
    records = (
        [("n", "f", 0)] * 2
        + [("n", "m", 1)]
        + [("s", "f", 1)] * 3
        + [("s", "m", 0)] * 2
        + [("w", "f", 0)] * 3
    )
    area = {a: Extent.of(a) for a in "ns"}
    some = Population("victims", (("area", Extent.of("n", "s")),), "an extract")
    sexes, ages_ = ("f", "m"), (0, 1)
    covers = {"young": Extent.between(0, 0), "old": Extent.between(1, 1)}

    def counted(name, population, dimensions, keep):
        counts = np.zeros([len(d.categories) for d in dimensions], dtype=np.int64)
        for record in filter(keep, records):
            places = [1 + d for d in (record_place(record, d) for d in dimensions)]
            for at in np.ndindex(2, 2):
                counts[tuple(p if a else 0 for p, a in zip(places, at, strict=True))] += 1
        return RawTable(name, name, population, tuple(dimensions), counts)

    def record_place(record, dimension):
        values = {"area": list("ns"), "sex": list(sexes), "age": list(ages_)}
        return values[dimension.variable].index(
            record[("area", "sex", "age").index(dimension.variable)]
        )

    by_area = Dimension.flat("area", "Area", tuple(area), covers=area)
    by_sex, by_age = (
        Dimension.flat("sex", "Sex", sexes),
        Dimension.flat("age", "Age", tuple(covers), covers=covers),
    )
    raw = [
        counted("x", some, [by_area, by_sex], lambda r: r[0] != "w"),
        counted("y", some, [by_area, by_age], lambda r: r[0] != "w"),
        counted("z", VICTIMS, [by_age, by_sex], lambda r: True),
    ]
    found = audit([printed(t, np.zeros(t.counts.shape, dtype=bool)) for t in raw])
    assert not found.complaints


def test_two_filters_at_once_are_compared():
    girls = Population(
        "victims",
        (("victim.age", Extent.between(12, 15)), ("victim.sex", Extent.of("F"))),
        "an extract",
    )
    cells = number_cells([figure("girls", girls, 39), figure("all", VICTIMS, 40)])
    (group,) = np.flatnonzero(cells.difference)
    assert cells.words(group) == "victims that no table prints (in all and not in girls)"
    assert cells.apart(group) == ("victim.age", "victim.sex")
    assert cells.advice(group).startswith("all, less girls, tells victims that no table prints")


def test_a_third_overlapping_period_switches_nothing_off():
    periods = {
        "july to march": (date(2020, 7, 1), date(2021, 3, 31)),
        "july to september": (date(2020, 7, 1), date(2020, 9, 30)),
        "january to may": (date(2021, 1, 1), date(2021, 5, 31)),
    }
    cells = number_cells([figure(name, recorded(*ends), 9) for name, ends in periods.items()])
    told = [cells.words(cell) for cell in np.flatnonzero(cells.difference)]
    assert told == [
        "victims that no table prints (crime.recorded_on: 1 October 2020 to 31 March 2021)"
    ]


def test_months_from_1924_are_bounded_by_the_figures_printed():
    firsts = [date(year, month, 1) for year in range(1924, 2022) for month in range(1, 13)]
    lasts = [after - timedelta(days=1) for after in [*firsts[1:], date(2022, 1, 1)]]
    covers = {
        f"{a:%B %Y}": Extent.between(a.toordinal(), b.toordinal())
        for a, b in zip(firsts, lasts, strict=True)
    }
    months = Dimension.flat("crime.recorded_on", "Month", tuple(covers), covers=covers)
    raw = one_way("months", recorded(firsts[0], lasts[-1]), months, [0] * (len(firsts) + 1))
    cells = number_cells([raw, figure("until june", recorded(firsts[0], date(2021, 6, 15)), 0)])
    assert cells.size < 3 * len(firsts)


def test_hundreds_of_thousands_of_joint_cells_are_refused_with_the_tables():
    big = [Dimension.flat(v, v, tuple(f"{v}{i}" for i in range(90))) for v in "abc"]
    zeros = np.zeros((91, 91), dtype=np.int64)
    pairs = [(big[0], big[1]), (big[1], big[2]), (big[2], big[0])]
    tables = [RawTable(f"t{i}", "t", VICTIMS, pair, zeros) for i, pair in enumerate(pairs)]
    with pytest.raises(TableError, match="t0, t1, t2"):
        number_cells(tables)


def test_a_circle_of_two_hundred_thousand_joint_cells_is_laid_out():
    dimensions = [
        Dimension.flat(v, v, tuple(f"{v}{i}" for i in range(n)))
        for v, n in (("a", 50), ("b", 50), ("c", 80))
    ]
    pairs = [(0, 1), (1, 2), (2, 0)]
    tables = [
        RawTable(
            f"t{i}",
            "t",
            VICTIMS,
            (dimensions[i], dimensions[j]),
            np.zeros(
                (len(dimensions[i].categories), len(dimensions[j].categories)), dtype=np.int64
            ),
        )
        for i, j in pairs
    ]
    assert number_cells(tables).unpublished.sum() == 200_000


# Units --------------------------------------------------------------------------------------------

DETAILS = Dimension.flat("crime.victim_details", "Details", ("Recorded", "Not recorded"))
BELONGS = Belonging("crimes", "crime.", "crime.victim_details", "Recorded")
OF_CRIMES = replace(YEAR, belongs=BELONGS)


def test_victims_are_no_fewer_than_crimes_with_details():
    crimes = one_way("c", CRIMES, DETAILS, [12, 9, 3])
    victims = figure("v", OF_CRIMES, 10)
    hides = printed(crimes, [False, True, True], floor=0)
    assert ranges([hides, printed(victims, False)])["c", ("Recorded",)] == (1, 10)
    hides = printed(victims, True, floor=0)
    assert ranges([printed(crimes, [False] * 3), hides]) == {("v", ()): (9, None)}


def test_crimes_with_a_victim_are_no_more_than_such_victims():
    young = (("victim.age", Extent.between(0, 11)),)
    having = (*CRIMES.extents, ("crime.has_victim[victim.age=0-11]", Extent.of("Yes")))
    crimes = figure("c", replace(CRIMES, extents=having, holds=young), 4)
    victims = one_way("v", OF_CRIMES, BANDS, [20, 5, 6, 7, 2])
    hides = printed(crimes, True, floor=0)
    assert ranges([hides, printed(victims, [False] * 5)]) == {("c", ()): (1, 5)}


def test_a_crime_may_have_a_victim_of_either_of_two_kinds():
    """
    Conditions that exclude one another for a victim do not for a crime: three crimes have both, of
    three victims.
    """

    def crimes(name, first, last):
        holds = (("victim.age", Extent.between(first, last)),)
        having = (
            *CRIMES.extents,
            (f"crime.has_victim[victim.age={first}-{last}]", Extent.of("Yes")),
        )
        return figure(name, replace(CRIMES, extents=having, holds=holds), 3)

    victims = one_way("v", OF_CRIMES, BANDS, [6, 3, 3, 0, 0])
    tables = [
        crimes("c", 0, 11),
        crimes("d", 12, 15),
        victims,
        one_way("e", CRIMES, DETAILS, [3, 3, 0]),
    ]
    assert not audit([printed(t, np.zeros(t.counts.shape, dtype=bool)) for t in tables]).complaints


def test_two_extracts_may_list_other_values():
    """The later extract has somebody of unknown sex, the earlier one had no such category."""
    before = replace(YEAR, source="an earlier extract")
    old = one_way("old", before, Dimension.flat("victim.sex", "Sex", ("F", "M")), [9, 5, 4])
    new = one_way(
        "new", YEAR, Dimension.flat("victim.sex", "Sex", ("F", "M", "Unknown")), [10, 5, 4, 1]
    )
    shown = [printed(t, np.zeros(t.counts.shape, dtype=bool)) for t in (new, old)]
    assert not audit(shown[:1], known=shown[1:]).complaints
