"""
There are no victims where there is no crime, nor victims of whom something is true where no crime
holds one.
"""

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from nilreturn.disclosure import Verdict, audit, protect, verify
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.tables import Belonging, Dimension, Extent, RawTable
from tests.support.counts import ages, between, figure, one_way, policy, printed, recorded

BELONGS = Belonging("crimes", "crime.", "crime.victim_details", "Recorded")
HALF_YEAR = date(2021, 1, 1), date(2021, 6, 30)
CRIMES, VICTIMS = (
    recorded(*HALF_YEAR, unit="crimes"),
    replace(recorded(*HALF_YEAR), belongs=BELONGS),
)
WITH_DETAILS = replace(
    CRIMES, extents=(*CRIMES.extents, ("crime.victim_details", Extent.of("Recorded")))
)
STARTS = [*(date(2021, month, 1) for month in range(1, 8))]
AREAS = Dimension.flat("crime.area", "Area", ("North", "South"))
BANDS = ages("11 and under", "12 to 15", "16 and over", "Unknown")


def by_periods(*starts):
    spans = [
        between(first, date.fromordinal(after.toordinal() - 1))
        for first, after in itertools.pairwise(starts)
    ]
    covers = {f"from {first:%B}": span for first, span in zip(starts, spans, strict=False)}
    return Dimension.flat("crime.recorded_on", "Recorded", tuple(covers), covers=covers)


MONTHS, QUARTERS = by_periods(*STARTS), by_periods(STARTS[0], STARTS[3], STARTS[6])


def findings(*tables, **settings):
    return {(f.table, f.labels): f for f in audit(tables, **settings).findings}


@pytest.mark.parametrize("population", [CRIMES, WITH_DETAILS])
def test_victims_in_each_of_three_months_are_of_three_crimes(population):
    crimes = printed(one_way("c", population, QUARTERS, [6, 3, 3]), [False, True, True])
    victims = printed(one_way("v", VICTIMS, MONTHS, [36, 6, 6, 6, 6, 6, 6]), [False] * 7)
    found = findings(crimes, victims)
    for quarter in QUARTERS.labels[1:]:
        finding = found["c", (quarter,)]
        assert (finding.low, finding.high, finding.verdict) == (3, 3, Verdict.EXPOSED)


@pytest.mark.parametrize("population", [CRIMES, WITH_DETAILS])
def test_no_victim_is_where_no_crime_is(population):
    crimes = printed(one_way("c", population, AREAS, [5, 5, 0]), [False] * 3)
    victims = printed(one_way("v", VICTIMS, AREAS, [7, 7, 0]), [False, True, True], floor=0)
    assert {f.high for f in findings(crimes, victims).values()} == {7, 0}


def test_two_margins_of_crimes_leave_no_other_margin_of_victims():
    """
    A crime in each of two months, and one in each of two areas: so all victims of a month are in
    one area.
    """
    quarters = printed(one_way("q", WITH_DETAILS, QUARTERS, [2, 1, 1]), [False] * 3)
    areas = printed(one_way("a", WITH_DETAILS, AREAS, [2, 1, 1]), [False] * 3)
    of_quarters = printed(one_way("vq", VICTIMS, QUARTERS, [10, 7, 3]), [False] * 3)
    of_areas = printed(one_way("va", VICTIMS, AREAS, [10, 3, 7]), [False, True, True])
    found = findings(quarters, areas, of_quarters, of_areas, threshold=3)
    assert {(f.low, f.high) for f in found.values() if f.table == "va"} == {(3, 7)}
    known = findings(quarters, areas, of_quarters, of_areas, threshold=8)
    assert known["va", ("North",)].verdict is Verdict.NARROWED


def test_young_victims_in_each_area_are_of_a_crime_that_holds_one():
    young = (("victim.age", Extent.between(0, 11)),)
    having = ("crime.has_victim[victim.age=0-11]", Extent.of("Yes"))
    holding = replace(CRIMES, extents=(*CRIMES.extents, having), holds=young)
    counts = np.array([[40, 10, 10, 15, 5], [20, 5, 5, 8, 2], [20, 5, 5, 7, 3]])
    victims = printed(RawTable("v", "v", VICTIMS, (AREAS, BANDS), counts), np.zeros((3, 5)))
    found = findings(
        printed(one_way("c", holding, AREAS, [2, 1, 1]), [False, True, True], floor=0), victims
    )
    assert {(f.low, f.high) for f in found.values()} == {(1, 1)}


def test_nothing_bounds_the_victims_of_a_crime():
    victims = printed(figure("v", VICTIMS, 40), True)
    (found,) = audit([printed(figure("c", WITH_DETAILS, 2), False), victims]).findings
    assert (found.low, found.high, found.exact, found.verdict) == (2, None, False, Verdict.SAFE)


def test_the_total_is_hidden_where_it_would_give_both_quarters_away():
    """
    Each quarter has three crimes at least, whatever is hidden: with a total of six, both have
    three.
    """
    tables = [
        one_way("c", WITH_DETAILS, QUARTERS, [6, 3, 3]),
        one_way("v", VICTIMS, MONTHS, [36, 6, 6, 6, 6, 6, 6]),
    ]
    protection = protect(tables, policy())
    crimes = protection.published[0]
    assert crimes.hidden.all()
    assert not [f for f in audit(protection.published).findings if f.verdict is Verdict.EXPOSED]
    assert verify(protection.published, protection.certificate) == ()


def test_one_unit_alone_implies_nothing():
    crimes = number_cells(
        [
            one_way("c", WITH_DETAILS, QUARTERS, [6, 3, 3]),
            one_way("m", CRIMES, MONTHS, [7, *[1] * 6]),
        ]
    )
    victims = number_cells([one_way("v", VICTIMS, MONTHS, [36, 6, 6, 6, 6, 6, 6])])
    assert not len(crimes.implied)
    assert not len(victims.implied)
