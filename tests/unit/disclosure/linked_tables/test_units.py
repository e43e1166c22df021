"""
Crimes and victims printed side by side: everybody knows that a crime with victim details has a
victim.
"""

import numpy as np

from nilreturn.disclosure.linked_tables import build_cells
from nilreturn.tables import Belonging, Dimension, Extent, Population, RawTable
from tests.support.counts import figure, one_way
from tests.unit.disclosure.linked_tables.test_value_rows import solution

BELONGS = Belonging("crimes", "crime.", "crime.victim_details", "Recorded")
AREAS = Dimension.flat("crime.area", "Area", ("N", "S"))
DETAILS = Dimension.flat("crime.victim_details", "Victim details", ("Recorded", "Not recorded"))
CRIMES, VICTIMS = Population("crimes", ()), Population("victims", (), "", BELONGS)


def test_there_are_no_fewer_victims_than_crimes_with_details():
    tables = [one_way("d", CRIMES, DETAILS, [20, 16, 4]), figure("v", VICTIMS, 18)]
    assert solution(tables, {(1, ())}, (1, (), 1)) == 16


def test_nor_in_any_part_of_the_crimes():
    by_both = RawTable(
        "c", "c", CRIMES, (AREAS, DETAILS), np.array([[20, 16, 4], [12, 9, 3], [8, 7, 1]])
    )
    by_area = one_way("v", VICTIMS, AREAS, [18, 9, 9])
    assert solution([by_both, by_area], {(1, (1,)), (1, (2,))}, (1, (1,), 1)) == 9
    assert solution([by_both, by_area], {(1, (1,)), (1, (2,))}, (1, (1,), -1)) == -11


def test_what_no_victims_table_divides_is_not_bound_by_area():
    by_both = RawTable(
        "c", "c", CRIMES, (AREAS, DETAILS), np.array([[20, 16, 4], [12, 9, 3], [8, 7, 1]])
    )
    cells = build_cells([by_both, figure("v", VICTIMS, 18)])
    victims_beyond, *_ = (set(row.tolist()) for row in cells.implied)
    # Victims beyond one in each crime, and what says that they imply one.
    assert cells.unpublished.sum() == 2
    assert len(cells.implied) == 1
    assert victims_beyond >= set(np.flatnonzero(cells.unpublished).tolist())


def test_crimes_with_a_child_are_no_more_than_the_children():
    child = (("victim.age", Extent.between(0, 15)),)
    held = ("crime.has_victim[victim.age=0-15]", Extent.of("Yes"))
    crimes = Population("crimes", (held,), "", None, child)
    ages = Dimension.flat(
        "victim.age",
        "Age",
        ("0-15", "16+"),
        covers={"0-15": Extent.between(0, 15), "16+": Extent.between(16, 150)},
    )
    tables = [figure("c", crimes, 5), one_way("v", VICTIMS, ages, [20, 7, 13])]
    assert solution(tables, {(0, ())}, (0, (), -1)) == -7
    assert solution(tables, {(1, (1,)), (1, (2,))}, (1, (1,), 1)) == 5


def test_of_crimes_with_and_without_details_only_no_crimes_tell_that_there_are_no_victims():
    cells = build_cells([figure("c", CRIMES, 20), figure("v", VICTIMS, 18)])
    assert cells.equations.shape[0] == 0
    assert cells.implied[:, :2].tolist() == [[int(cells.of_table[1]), int(cells.of_table[0])]]


def test_units_that_say_nothing_of_each_other_share_nothing():
    cells = build_cells([figure("c", CRIMES, 20), figure("r", Population("reports", ()), 18)])
    assert cells.size == 2
    assert cells.equations.shape[0] == 0


def test_it_is_said_at_the_finest_places_where_victims_are_counted():
    flags = Dimension.flat("crime.online_flag", "Online", ("Yes", "No"))
    by_both = RawTable(
        "c", "c", CRIMES, (AREAS, DETAILS), np.array([[20, 16, 4], [12, 9, 3], [8, 7, 1]])
    )
    tables = [
        by_both,
        one_way("v", VICTIMS, AREAS, [18, 9, 9]),
        one_way("w", VICTIMS, flags, [18, 10, 8]),
    ]
    assert len(build_cells(tables).implied) == 2 * 2
