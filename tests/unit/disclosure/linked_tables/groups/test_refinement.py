"""
Groups that printed figures tell apart, however many figures it takes, and what a refusal says of
them.
"""

from datetime import date

import numpy as np
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.linked_tables import build_cells
from nilreturn.errors import TableError
from nilreturn.tables import Dimension, Extent, Population, RawTable
from tests.support.counts import figure, one_way, policy, recorded, table


def crimes(first, last):
    return recorded(first, last, unit="crimes")


MONTHS = {
    "July to March": crimes(date(2020, 7, 1), date(2021, 3, 31)),
    "July to December": crimes(date(2020, 7, 1), date(2020, 12, 31)),
    "December to May": crimes(date(2020, 12, 1), date(2021, 5, 31)),
    "January to May": crimes(date(2021, 1, 1), date(2021, 5, 31)),
}


def groups(tables):
    cells = build_cells(tables)
    return {cells.words(cell) for cell in np.flatnonzero(cells.difference)}


def shown(done):
    return [cell.value for safe in done.tables for _, cell in safe.cells()]


def test_a_third_period_that_overlaps_changes_nothing():
    two = [figure("a", MONTHS["July to March"], 15), figure("b", MONTHS["July to December"], 12)]
    three = [*two, figure("c", MONTHS["January to May"], 32)]
    between = "crimes that no table prints (crime.recorded_on: 1 January 2021 to 31 March 2021)"
    assert between in groups(two)
    assert between in groups(three)
    for tables in (two, three):
        assert None in shown(protect(tables, policy()))[:2]


def test_a_group_that_takes_three_figures_is_found():
    """All of A to C less A and B is C; what B and C have beside C is B."""
    a_b, b_c, all_three = (
        Population("things", (("kind", Extent.of(*kinds)),))
        for kinds in (("A", "B"), ("B", "C"), ("A", "B", "C"))
    )
    told = groups([figure("x", a_b, 9), figure("y", b_c, 9), figure("z", all_three, 15)])
    assert {f"things that no table prints (kind: {kind})" for kind in "ABC"} <= told


def test_two_filters_at_once_are_compared_with_one():
    everyone = Population("victims", ())
    girls = Population(
        "victims", (("victim.age", Extent.between(12, 15)), ("victim.sex", Extent.of("Female")))
    )
    tables = [figure("all", everyone, 28), figure("girls", girls, 26)]
    assert len(groups(tables)) == 1
    assert shown(protect(tables, policy())).count(None) == 1


def test_a_group_told_apart_by_what_describes_nobody_is_not_protected():
    tables = [figure("a", MONTHS["July to March"], 15), figure("b", MONTHS["July to December"], 12)]
    assert None in shown(protect(tables, policy()))
    nobody = policy(people={"not_described_by": ["crime.recorded_on"], "reason": "a test"})
    assert None not in shown(protect(tables, nobody))


def test_nested_bands_tell_nothing_that_the_finer_table_does_not():
    fine = Dimension.flat("area", "Area", ("N", "S", "E"))
    coarse = Dimension.flat(
        "area", "Area", ("N and S", "E"), covers={"N and S": Extent.of("N", "S")}
    )
    place = Population("victims", ())
    assert (
        groups([one_way("f", place, fine, [9, 3, 3, 3]), one_way("c", place, coarse, [9, 6, 3])])
        == set()
    )


def test_advice_names_the_questions_that_clash_and_what_would_help():
    first = RawTable("q1", "q1", MONTHS["July to March"], (), np.array(15), question="1")
    second = RawTable("q2", "q2", MONTHS["July to December"], (), np.array(12), question="2")
    cells = build_cells([first, second])
    (group,) = np.flatnonzero(cells.difference)
    assert cells.advice(group) == (
        "question 1 and question 2: crimes (crime.recorded_on: 1 July 2020 to 31 March 2021) less "
        "crimes (crime.recorded_on: 1 July 2020 to 31 December 2020) leaves a small count of "
        "crimes (crime.recorded_on: 1 January 2021 to 31 March 2021); give one of them, or use the "
        "same categories of crime.recorded_on in both"
    )


def test_more_than_can_be_laid_out_is_refused_with_the_tables_and_what_to_do():
    tables = [
        table(np.zeros(shape, dtype=np.int64), name=name, variables=variables)
        for name, variables, shape in (
            ("x", "ab", (70, 70)),
            ("y", "bc", (70, 70)),
            ("z", "ca", (70, 70)),
        )
    ]
    with pytest.raises(TableError, match=r"tables x, y, z: .* use the same categories"):
        build_cells(tables)


def test_a_month_far_in_the_past_costs_no_more_than_its_cells():
    months = [date(1924 + m // 12, 1 + m % 12, 1) for m in range(1200)]
    covers = {f"{d:%Y-%m}": Extent.between(d.toordinal(), d.toordinal() + 27) for d in months}
    by_month = Dimension.flat("crime.recorded_on", "Month", tuple(covers), covers=covers)
    everyone = Population("crimes", ())
    cells = build_cells([one_way("m", everyone, by_month, [0] * 1201), figure("t", everyone, 0)])
    assert cells.size == 1201
    assert cells.equations.shape[0] == 1
