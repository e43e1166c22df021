"""
A reader who runs the program on every table that prints the same: what the choice of hidden cells
tells them.
"""

from random import Random

import numpy as np
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.methods import build_problem
from nilreturn.disclosure.methods.rerun import (
    LARGEST,
    MOST_TABLES,
    chosen,
    hidden_cells,
    same_in_print,
)
from nilreturn.disclosure.model import from_raw
from nilreturn.disclosure.suppression import suppress
from tests.support.attacker.pattern import what_the_pattern_tells
from tests.support.attacker.trial import policy_of
from tests.support.counts import MOST_TRIED, every_world, table

# Hiding the four counts at the top right is safe and costs least. Were any of them 1, the person in
# it would learn the others, and more would be hidden; so that each 2 could only be a 2.
TELLING = [[0, 2, 3], [0, 2, 5], [5, 0, 7]]


@pytest.fixture
def policy(tmp_path):
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    return policy_of(3, key_file=str(key), seconds=0.2)


def plainly(problem, policy):
    """The choice without a look at what it tells."""
    return suppress(
        problem.system, requirement=policy.withstand, seconds=policy.seconds, seed=b"any"
    )


def shown_by(problem, policy):
    return problem.in_table(0, plainly(problem, policy).hidden)


def test_a_choice_that_gives_a_small_count_away_is_not_taken(policy):
    raw = table(TELLING)
    problem = build_problem([raw], policy, ())
    plain = shown_by(problem, policy)
    alike = [
        full
        for full in every_world(from_raw(raw, plain, floor=1))
        if np.array_equal(plain, shown_by(build_problem([table(full[1:, 1:])], policy, ()), policy))
    ]
    assert plain.sum() == 4
    assert [full.tolist() for full in alike] == [raw.counts.tolist()]
    (printed,) = protect([raw], policy).published
    assert printed.hidden.sum() > 4
    told = what_the_pattern_tells(raw, printed, [policy], 3)
    assert told is None or told.exact == 0


def test_the_bound_is_that_of_any_safe_choice_and_what_hides_more_is_not_called_the_least(policy):
    problem = build_problem([table(TELLING)], policy, ())
    found = chosen([table(TELLING)], policy, (), problem)
    assert found.bound <= plainly(problem, policy).cost < found.cost
    assert not found.proven
    assert 0 < found.gap < 1


def test_only_cells_of_one_person_are_named_as_giving_another_away(policy):
    for raw in random_tables(8):
        problem = build_problem([raw], policy, ())
        small = problem.system.primary & ~problem.system.publishable
        found = suppress(problem.system, requirement=policy.withstand, seconds=0.2, by_itself=small)
        assert all(problem.system.value[one] == 1 for one, _ in found.waived)


def random_tables(number):
    for seed in range(number):
        random = Random(seed)
        yield table([[random.choice((0, 1, 2, 3, 4, 6)) for _ in range(3)] for _ in range(3)])


def test_the_tables_that_print_the_same_are_those_of_plain_search(policy):
    compared = 0
    for raw in random_tables(12):
        problem = build_problem([raw], policy, ())
        hidden = hidden_cells(problem, plainly(problem, policy))
        found = same_in_print(problem.system, hidden)
        if found is None or problem.in_table(0, hidden)[0, 0]:
            continue
        printed = from_raw(raw, problem.in_table(0, hidden), floor=1)
        if (raw.counts[0, 0] ** float(hidden.sum())) > MOST_TRIED:
            continue
        plain = every_world(printed)
        cells = problem.truth.cells.of_table[0]
        assert {value[cells].tobytes() for value in found} == {
            np.asarray(full).tobytes() for full in plain
        }
        assert len(found) == len(plain) <= MOST_TABLES
        compared += 1
    assert compared


def test_a_table_that_is_too_large_for_all_to_be_tried_keeps_its_choice(policy):
    size = int(LARGEST**0.5) + 1
    inner = np.full((size, size), 7)
    inner[:2, :2] = [[2, 3], [2, 5]]
    raw = table(inner)
    problem = build_problem([raw], policy, ())
    assert problem.system.size > LARGEST
    found = chosen([raw], policy, (), problem)
    assert found.proven == (found.cost <= found.bound)
