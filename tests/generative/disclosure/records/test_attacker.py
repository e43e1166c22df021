"""
The attacker itself: two ways of searching agree, what it holds possible are records, and it forgets
no records.
"""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import PublishedTable
from tests.support.asked_at_random import KINDS, draw
from tests.support.attacker.enumeration import Enumerating, TooManyTablesError
from tests.support.attacker.figures import Points
from tests.support.attacker.layout import lay_out
from tests.support.attacker.realised import records
from tests.support.attacker.search import Searching
from tests.support.attacker.verdicts import NO_CEILING
from tests.support.examples import examples

SMALL = 4
MOST_RECORDS = 500
MOST = 6  # records of a type that nothing printed bounds


def printed(raw, random, *, share=0.5):
    """Some cells hidden at random; zeros are printed."""
    hide = np.array([random.random() < share for _ in range(raw.counts.size)]).reshape(
        raw.counts.shape
    )
    hide &= raw.counts > 0
    low, high = np.where(hide, 1, raw.counts), np.where(hide, NO_CEILING, raw.counts)
    return PublishedTable(raw.name, raw.title, raw.population, raw.dimensions, low, high, hide)


def targets(system):
    return [
        group
        for figure, group in zip(system.figures, system.members, strict=True)
        if not figure.structural and figure.low < figure.high
    ]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_integer_programmes_and_counting_through_every_table_agree(kind):
    compared = 0
    for seed in range(8):
        random = Random(f"{kind}{seed}")
        tables = draw(random, kind=kind, most=12, least=4).tables(0)
        system = lay_out([printed(raw, random, share=0.4) for raw in tables])
        try:
            counting = Enumerating(system, most=MOST)
        except TooManyTablesError:
            continue
        searching = Searching(system, most=MOST)
        for group in random.sample(targets(system), min(6, len(targets(system)))):
            compared += 1
            values = counting.values(group)
            assert searching.values(group, range(SMALL)) == values & set(range(SMALL))
            assert searching.range(group) == (min(values), max(values))
            assert searching.is_fixed(group) == (len(values) == 1)
    assert compared


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_table_that_it_holds_possible_is_one_of_records(kind):
    """
    Records are made from a feasible table and counted again: what is printed comes out, cell by
    cell.
    """
    for seed in range(12):
        random = Random(f"{kind}{seed}")
        asked = draw(random, kind=kind)
        raw = asked.tables(0)
        shown = [printed(table, random) for table in raw]
        system, points = lay_out(shown), Points(shown)
        searching = Searching(system)
        for group in targets(system)[:6]:
            searching.values(group, range(1, SMALL))
        for solution in (table for table in searching.shown if table.sum() < MOST_RECORDS):
            again = asked.counted_again(0, records(system, solution, points))
            for table, counted, members in zip(shown, again, _members(system, shown), strict=True):
                assert [d.labels for d in table.dimensions] == [
                    d.labels for d in counted.dimensions
                ]
                assert ((counted.counts >= table.low) & (counted.counts <= table.high)).all()
                sums = [int(solution[list(group)].sum()) for group in members]
                assert counted.counts.reshape(-1).tolist() == sums


def _members(system, tables):
    """For each table the record types of each of its cells, in order."""
    listed = [
        (f, g) for f, g in zip(system.figures, system.members, strict=True) if not f.structural
    ]
    found = []
    for table in tables:
        found.append([group for _, group in listed[: table.low.size]])
        listed = listed[table.low.size :]
    return found


@given(st.integers(0, 2**32), st.sampled_from(sorted(KINDS)))
@settings(deadline=None, max_examples=examples(40))
def test_no_records_that_give_the_printed_figures_are_forgotten(seed, kind):
    """Of other sets of records, those that would print the same are not told from the true one."""
    random = Random(seed)
    asked = draw(random, kind=kind, most=12)
    shown = [printed(table, random, share=0.9) for table in asked.tables(0)]
    searching = Searching(lay_out(shown))
    others = [_changed(random, asked.crimes) for _ in range(20)]
    for other in (asked.crimes, *others):
        again = asked.counted_again(0, other)
        same = zip(shown, again, strict=True)
        if not all(((b.counts >= a.low) & (b.counts <= a.high)).all() for a, b in same):
            continue
        for table, counted, members in zip(
            shown, again, _members(searching.system, shown), strict=True
        ):
            for group, count, hidden in zip(
                members, counted.counts.flat, table.hidden.flat, strict=True
            ):
                if hidden:
                    assert searching.values(group, [int(count)]) == {int(count)}


def _changed(random, listed):
    """The same records but for one or two, which are as others are."""
    changed = list(listed)
    for place in random.sample(range(len(changed)), random.choice((1, 1, 2))):
        other, third = random.choice(listed), random.choice(listed)
        changed[place] = replace(
            other, victims=third.victims, day=random.choice((other.day, third.day))
        )
    return changed
