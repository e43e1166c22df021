"""
What is protected is a count of people: which variables describe them, and what that makes of a
small count.
"""

import numpy as np
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.policy.people import DESCRIBE_NOBODY
from nilreturn.tables import Dimension, Extent, Population, RawTable
from tests.support.counts import policy

DETAILS = Dimension.flat("crime.victim_details", "Victim details", ("Recorded", "Not recorded"))
SEX = Dimension.flat("victim.sex", "Sex", ("Female", "Male"))
GROOMING = ("crime.offence", Extent.of("88A 071/17"))
PERSONAL = {
    "described_by": ["victim.*"],
    "not_described_by": ["victim.victim_type"],
    "reason": "a test",
}


def crimes(
    *dimensions: Dimension, counts: object, extents: tuple = (GROOMING,), unit: str = "crimes"
) -> RawTable:
    return RawTable(
        "t", "T", Population(unit, extents), dimensions, np.array(counts, dtype=np.int64)
    )


def small(raw: RawTable, **settings: object) -> list:
    rules = policy(**settings)
    rule = rules.rule(
        raw.name, [d.variable for d in raw.dimensions], [v for v, _ in raw.population.extents]
    )
    return rule.small(raw).tolist()


def test_a_variable_describes_people_unless_the_policy_says_otherwise():
    assert not any(map(policy().describes_people, DESCRIBE_NOBODY))
    assert all(
        map(
            policy().describes_people,
            ("victim.age", "crime.area", "crime.recorded_on", "crime.our_own"),
        )
    )
    named = policy(
        people={
            "not_described_by": ["crime.*_on_system"],
            "reason": "only whether there is a value",
        }
    )
    assert not named.describes_people("crime.marker_on_system")
    assert named.describes_people("crime.victim_details")


def test_a_policy_may_name_the_only_variables_that_make_a_table_one_of_people():
    people = policy(people=PERSONAL).people
    assert people.makes_personal("victim.sex")
    assert not people.makes_personal("victim.victim_type")
    assert not people.makes_personal("crime.area")
    assert not people.describes_nobody("crime.area"), "beside an age it narrows down who that is"


def test_crimes_restricted_by_their_victims_are_described_as_those_are():
    people = policy(people=PERSONAL).people
    assert people.makes_personal("crime.has_victim[victim.sex=Female, victim.victim_type=Person]")
    assert not people.makes_personal("crime.has_victim[victim.victim_type=Organisation]")
    assert not policy().describes_people("crime.has_victim[victim.victim_type=Organisation]")


def test_a_small_count_that_describes_nobody_is_not_small():
    assert small(crimes(DETAILS, counts=[312, 309, 3])) == [False, False, False]


def test_it_is_small_where_the_people_are_few():
    assert small(crimes(DETAILS, counts=[3, 2, 1])) == [True, True, True]


def test_each_cell_of_people_is_looked_at_by_itself():
    raw = crimes(SEX, DETAILS, counts=[[12, 9, 3], [9, 8, 1], [3, 1, 2]], unit="victims")
    assert small(raw) == [[False, False, False], [False, False, False], [True, True, True]]


def test_a_single_figure_is_of_people_by_what_it_is_restricted_to():
    one = crimes(counts=3)
    assert small(one) is True
    assert small(one, people=PERSONAL) is False
    assert (
        small(crimes(counts=3, extents=(("victim.age", Extent.between(0, 11)),)), people=PERSONAL)
        is True
    )


def test_a_table_restricted_to_children_counts_people_whatever_it_is_divided_by():
    children = ("victim.age", Extent.between(0, 17))
    kind = Dimension.flat("crime.area", "Area", ("A", "B"))
    raw = crimes(kind, counts=[9, 7, 2], extents=(children, GROOMING), unit="victims")
    assert small(raw, people=PERSONAL) == [False, False, True]
    assert small(crimes(kind, counts=[9, 7, 2]), people=PERSONAL) == [False, False, False]


def test_what_no_breakdown_of_people_divides_is_nobodys_where_all_variables_are_named():
    raw = crimes(SEX, counts=[4, 3, 1], unit="victims")
    assert small(raw, people=PERSONAL) == [False, True, True]
    area = Dimension.flat("crime.area", "Area", ("A", "B"))
    by_area = crimes(area, SEX, counts=[[14, 8, 6], [11, 6, 5], [3, 2, 1]], unit="victims")
    assert small(by_area, people=PERSONAL) == [[False] * 3, [False] * 3, [False, True, True]]


def test_hidden_zeros_are_hidden_of_people_alone():
    zeros = {"treatment": "hidden", "reason": "a test"}
    assert small(crimes(DETAILS, counts=[9, 9, 0]), zeros=zeros) == [False, False, False]
    assert small(crimes(SEX, counts=[9, 9, 0]), zeros=zeros) == [False, False, True]


def test_the_table_is_printed_and_says_why():
    (table,) = protect([crimes(DETAILS, counts=[312, 309, 3])], policy()).tables
    assert table.hidden == 0
    assert '"Victim details" describes no person' in table.method


def test_a_policy_that_names_no_variable_of_people_is_a_mistake():
    with pytest.raises(ValueError, match="name the variables"):
        policy(people={"reason": "r"})


def test_a_printed_table_that_describes_nobody_has_no_small_counts_where_its_total_is_large():
    rule = policy().rule("t", ["crime.victim_details"])
    assert rule.threshold_of(["crime.victim_details"], 312) == 1
    assert rule.threshold_of(["crime.victim_details"], 3) == 5
    assert policy().rule("t", ["victim.sex"]).threshold_of(["victim.sex"], 312) == 5
    assert policy().rule("t", []).threshold_of([], 312) == 5
