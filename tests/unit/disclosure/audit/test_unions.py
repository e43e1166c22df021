"""
Groups that are several others together, of many releases: a small one that follows is found, though
each of the others keeps its range.
"""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.audit import Handed, Release, audit_release, unions
from nilreturn.disclosure.model import from_raw
from nilreturn.tables import Dimension, RawTable
from tests.support.counts import AGES, ages, one_way, policy, recorded

BANDS = ages("11 and under", "12 to 15", "16 and over")
TWO_VALUES = policy(requirement="two values")
ENDS = (2, 7, 9, *range(10, 17))  # the releases: from the first month to each of these
EACH = (20, 20, 20)  # in a month that nothing is said of
SHOWN, TWO_HIDDEN = (False,) * 4, (False, True, False, True)


def period(first, last):
    """From the first day of one month to the last day of another, as numbers from 1."""
    days = [date(2020 + (3 + month) // 12, (3 + month) % 12 + 1, 1) for month in (first - 1, last)]
    return recorded(days[0], days[1] - timedelta(days=1))


def release(first, last, by_month):
    inner = np.sum([by_month.get(month, EACH) for month in range(first, last + 1)], axis=0)
    return one_way(f"{first} to {last}", period(first, last), BANDS, [inner.sum(), *inner])


def audited(tables, hidden, rules):
    told = [
        from_raw(raw, np.asarray(flags, dtype=bool), floor=1)
        for raw, flags in zip(tables, hidden, strict=True)
    ]
    return audit_release(
        told, Release(tuple(tables), rules, (), (), 60.0), handed=Handed.nothing(), may_hide=True
    )


def around_a_gap(first_two, eight_and_nine):
    """
    Releases of ever more months, and one of months 3 to 7: what 1 to 9 has beyond it are months 1,
    2, 8 and 9.
    """
    by_month = {
        1: (0, 20, 20),
        2: (first_two, 20, 20),
        8: (0, 20, 20),
        9: (eight_and_nine, 20, 20),
    }
    return [*(release(1, last, by_month) for last in ENDS), release(3, 7, by_month)]


def hiding(*ends):
    """Two ages are hidden in the releases up to these months."""
    return [*(TWO_HIDDEN if last in ends else SHOWN for last in ENDS), SHOWN]


@pytest.mark.parametrize(
    ("first_two", "eight_and_nine", "rules"),
    [
        (4, 0, policy()),
        (4, 0, TWO_VALUES),
        (2, 2, TWO_VALUES),
        (2, 1, TWO_VALUES),
        (3, 1, TWO_VALUES),
    ],
)
def test_a_small_union_that_follows_is_found_where_each_part_keeps_its_range(
    first_two, eight_and_nine, rules
):
    """Also one with a part in which there is nobody, which readers do not know."""
    found = audited(around_a_gap(first_two, eight_and_nine), hiding(2, 7), rules)
    assert found.audit.is_safe
    assert not found.is_safe
    (finding,) = found.unions
    assert finding.low == finding.high == first_two + eight_and_nine
    assert "1 to 2: 11 and under" in finding.table
    assert "taken together" in finding.table
    assert "1 to 9" in finding.advice


@pytest.mark.parametrize(("first_two", "eight_and_nine"), [(4, 0), (2, 2)])
def test_a_union_that_does_not_follow_is_let_be(first_two, eight_and_nine):
    assert audited(around_a_gap(first_two, eight_and_nine), hiding(2, 7, 9), TWO_VALUES).is_safe


def test_a_union_that_is_not_small_is_let_be():
    assert audited(around_a_gap(4, 3), hiding(2, 7), TWO_VALUES).is_safe


@pytest.mark.parametrize("is_printed", [True, False])
def test_a_small_union_of_an_area_of_one_release_and_a_month_of_all_areas_is_found(is_printed):
    """
    A release by age and area, and longer ones by age: ages to month 3 less one area to month 2.
    """
    by_age = Dimension.flat("victim.age", "Age", ("11 and under", "12 to 15"), covers=AGES)
    area = Dimension.flat("crime.area", "Area", ("North", "South"))
    inner = np.array([[20, 4], [30, 20]])
    counts = np.block([[inner.sum(), inner.sum(axis=0)], [inner.sum(axis=1)[:, None], inner]])
    by_area = RawTable("1 to 2", "1 to 2", period(1, 2), (by_age, area), counts)
    later = [
        two_ages(1, last, np.array([24, 60 + 10 * last]) + (last > 3) * 10 * last)
        for last in range(3, 13)
    ]
    hidden = np.zeros((3, 3), dtype=bool)
    hidden[1:, [0, 2]] = True
    flags = [[False, not is_printed, not is_printed], *[[False] * 3] * 9]
    found = audited([*later, by_area], [*flags, hidden], NO_INSIDERS)
    assert found.audit.is_safe
    assert found.is_safe != is_printed
    assert all(finding.low == 4 and "1 to 3" in finding.advice for finding in found.unions)
    # In this order the group is laid out.
    first = audited([by_area, *later], [hidden, *flags], NO_INSIDERS)
    assert first.is_safe != is_printed


def test_an_answer_after_which_such_a_union_would_follow_hides_more():
    tables = around_a_gap(4, 0)
    flags = map(np.array, hiding(2, 7))
    before = [
        replace(from_raw(t, own, floor=1), release=t.name)
        for t, own in zip(tables, flags, strict=True)
    ]
    done = protect(tables[-1:], policy(), known=before[:-1])
    assert done.tables[0].hidden > 0


def test_of_too_many_unions_it_is_said_that_not_all_were_looked_at(monkeypatch):
    monkeypatch.setattr(unions, "MOST_TRIED", 1)
    found = audited(around_a_gap(4, 0), hiding(2, 7, 9), TWO_VALUES)
    assert found.audit.is_safe
    assert not found.is_safe


@pytest.mark.parametrize("seed", range(4))
def test_unions_are_found_where_trying_all_of_all_feasible_tables_finds_one(seed):
    """Random counts of two ages, and some of the releases hidden, against plain enumeration."""
    rng = np.random.default_rng(seed)
    outcomes = set()
    for _ in range(12):
        inner = np.full((len(STRETCHES), 2), 7)
        inner[0, 0], inner[2:4, 0] = rng.integers(1, 5), rng.choice([0, 1, 2, 4, 7], 2)
        hidden = range(rng.integers(2, 5))
        is_hidden = [k in hidden for k in range(len(ENDS))]
        shown = [two_ages(1, last, inner[: k + 1].sum(axis=0)) for k, last in enumerate(ENDS)]
        tables = [*shown, two_ages(3, 7, inner[1])]
        found = audited(
            tables, [*([False, flag, flag] for flag in is_hidden), [False] * 3], NO_INSIDERS
        )
        if found.audit.is_safe:
            told = {
                age
                for age in (0, 1)
                if any(small_unions(inner[:, age], inner[:, 1 - age], is_hidden))
            }
            assert found.is_safe == (not told)
            outcomes.add(found.is_safe)
    assert outcomes == {True, False}


NO_INSIDERS = policy(
    requirement="two values", attacker={"knows_rule": True, "may_be_in_cell": False}
)
# What the ends cut, in months.
STRETCHES = tuple(zip((1, *(end + 1 for end in ENDS)), ENDS, strict=False))
# Stretches that one table counts.
OWN = [frozenset(range(k + 1)) for k in range(len(ENDS))] + [frozenset([1])]


def two_ages(first, last, counts):
    bands = ages("11 and under", "12 to 15")
    return one_way(f"{first} to {last}", period(first, last), bands, [sum(counts), *counts])


def small_unions(mine, other, is_hidden):
    """
    Sets of stretches whose count is the same in all feasible tables, and small; none that has
    another in it.
    """
    ends, both = np.cumsum(mine), mine + other
    choices = [range(both[k] + 1) if k != 1 else [mine[1]] for k in range(sum(is_hidden) + 1)]
    parts = [
        np.array((*own, *mine[len(own) :]))
        for own in itertools.product(*choices)
        if sum(own) == ends[len(own) - 1] and 1 <= own[0] < both[0]
    ]
    following = []
    for size in range(1, len(ends) + 1):
        for chosen in map(frozenset, itertools.combinations(range(len(ends)), size)):
            if any(smaller <= chosen for smaller in following):
                continue
            if len({int(part[list(chosen)].sum()) for part in parts}) == 1:
                following.append(chosen)
                if size > 1 and chosen not in OWN and 1 <= mine[list(chosen)].sum() <= 4:
                    yield chosen
