"""What suppression does with cells that are fixed, latent, beyond help, or bound to one another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from nilreturn.disclosure.model import NO_UPPER
from nilreturn.disclosure.model.requirement import KNOWS_THE_RULE, NOT_DERIVABLE
from nilreturn.disclosure.suppression import SuppressionProblem, suppress
from nilreturn.disclosure.suppression.presolve import presolve

LOW, HIGH = 1, 4


def system_of(value: list[int], sums: list[list[int]], **given: list[int]) -> SuppressionProblem:
    """
    Cells with counts 1 to 4 primary and zeros fixed; `fixed`, `latent`: further cells of that kind.
    """
    counts = np.array(value, dtype=np.int64)
    n = len(counts)
    equations = np.zeros((len(sums), n), dtype=np.int64)
    for row, (total, *parts) in enumerate(sums):
        equations[row, total] = 1
        equations[row, parts] = -1
    latent, fixed = np.zeros(n, dtype=bool), counts == 0
    latent[given.get("latent", [])] = True
    fixed[given.get("fixed", [])] = True
    return SuppressionProblem(
        value=counts,
        equations=sparse.csr_matrix(equations),
        weight=np.ones(n),
        primary=(counts >= LOW) & (counts <= HIGH),
        publishable=fixed,
        unpublished=latent,
        lower=np.where(latent | (counts == 0), 0, 1),
        upper=np.full(n, NO_UPPER),
        protect_low=np.full(n, LOW),
        protect_high=np.full(n, HIGH),
    )


def test_nothing_small_hides_nothing() -> None:
    found = suppress(system_of([30, 10, 20], [[0, 1, 2]]), requirement=KNOWS_THE_RULE, seconds=5)
    assert not found.hidden.any()
    assert found.proven
    assert found.gap == 0.0


def test_one_small_part_takes_one_more_cell() -> None:
    found = suppress(
        system_of([33, 3, 10, 20], [[0, 1, 2, 3]]), requirement=KNOWS_THE_RULE, seconds=5
    )
    assert found.hidden.sum() == 2
    assert found.cost == 1
    assert found.proven
    assert (found.low[1], found.high[1]) == (LOW, HIGH)


def test_zeros_stay_printed() -> None:
    found = suppress(
        system_of([13, 3, 10, 0], [[0, 1, 2, 3]]), requirement=KNOWS_THE_RULE, seconds=5
    )
    assert not found.hidden[3]


def test_a_total_of_one_part_stands_and_falls_with_it() -> None:
    system = system_of([3, 3, 0, 40, 37], [[0, 1, 2], [3, 0, 4]])
    assert next(m.tolist() for m in presolve(system, KNOWS_THE_RULE).blocks[0].members) == [0, 1]
    found = suppress(system, requirement=KNOWS_THE_RULE, seconds=5)
    assert found.hidden[[0, 1]].all()
    assert found.cost == 1


def test_a_small_total_of_two_parts_is_narrowed_and_says_why() -> None:
    found = suppress(system_of([2, 1, 1], [[0, 1, 2]]), requirement=KNOWS_THE_RULE, seconds=5)
    assert found.partially_protected.tolist() == [True, False, False]
    assert (found.low[0], found.high[0]) == (2, HIGH)
    assert "at least 2" in found.reasons[0]


def test_what_one_person_learns_whatever_is_hidden_is_excused_and_does_not_expose_the_person() -> (
    None
):
    found = suppress(
        system_of([7, 6, 1], [[0, 1, 2]], fixed=[0]), requirement=KNOWS_THE_RULE, seconds=5
    )
    assert found.hidden.tolist() == [False, True, True]
    assert not found.unprotectable.any()
    assert found.waived == ((2, 1),)


def test_what_is_printed_already_is_refused() -> None:
    found = suppress(
        system_of([13, 3, 10], [[0, 1, 2]], fixed=[0, 2]), requirement=KNOWS_THE_RULE, seconds=5
    )
    assert found.unprotectable.tolist() == [False, True, False]
    assert found.hidden[1]
    assert found.reasons[1]


def test_a_difference_that_is_never_printed_is_protected_and_costs_nothing() -> None:
    # 12 months are 40, 9 of them 38: nobody prints the difference of 2, and it must not follow.
    found = suppress(
        system_of([40, 38, 2], [[0, 1, 2]], latent=[2]), requirement=KNOWS_THE_RULE, seconds=5
    )
    assert found.hidden.tolist() in ([True, False, False], [False, True, False])
    assert found.cost == 1


def test_the_person_in_a_cell_of_one_learns_nothing() -> None:
    value = [13, 1, 12, 31, 11, 20, 42, 20, 22]
    rows = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    columns = [[6, 0, 3], [7, 1, 4], [8, 2, 5]]
    value[6], value[7], value[8] = 44, 12, 32
    with_insiders = suppress(
        system_of(value, rows + columns), requirement=KNOWS_THE_RULE, seconds=5
    )
    without = suppress(system_of(value, rows + columns), requirement=NOT_DERIVABLE, seconds=5)
    assert with_insiders.cost > without.cost


@pytest.mark.parametrize("seconds", [1e-9, 5.0])
def test_time_or_none_the_answer_is_safe(seconds: float) -> None:
    random = np.random.default_rng(5)
    inner = random.integers(1, 30, (6, 6))
    table = np.pad(inner, ((1, 0), (1, 0)))
    table[0, 1:], table[1:, 0], table[0, 0] = inner.sum(0), inner.sum(1), inner.sum()
    cells = np.arange(49).reshape(7, 7)
    system = system_of(table.ravel().tolist(), [*cells.tolist(), *cells.T.tolist()])
    found = suppress(system, requirement=KNOWS_THE_RULE, seconds=seconds)
    assert not (system.equations @ found.table).any()
    changed = np.concatenate([cells for cells, _ in found.moves])
    assert set(changed.tolist()) == set(np.flatnonzero(found.hidden).tolist())
    assert found.bound <= found.cost
