"""Hidden cells change places along their lines, and leave fewer needs unmet at the same cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from nilreturn.disclosure.model import NO_UPPER, Bools
from nilreturn.disclosure.model.requirement import KNOWS_THE_RULE
from nilreturn.disclosure.solver import WorkBudget
from nilreturn.disclosure.suppression import SuppressionProblem, suppress
from nilreturn.disclosure.suppression.capacity_cuts import Cut
from nilreturn.disclosure.suppression.exchange import Exchange
from nilreturn.disclosure.suppression.moves import Hierarchies
from nilreturn.disclosure.suppression.pattern import PatternSearch
from nilreturn.disclosure.suppression.presolve import Block, presolve
from nilreturn.disclosure.suppression.propagation_cuts import PropagationCuts

WIDE = 8
DEEP = {(0, 0): 4, (1, 1): 2, (2, 2): 4, (3, 3): 2}  # a 4 needs more room than a 2 has


def flat(small: dict[tuple[int, int], int], wide: int = WIDE) -> SuppressionProblem:
    """
    A table of rows and columns with totals, whose counts are 30 but for the `small` ones; totals
    come last.
    """
    inner = np.full((wide, wide), 30, dtype=np.int64)
    for place, count in small.items():
        inner[place] = count
    value = np.pad(inner, (0, 1))
    value[:-1, -1] = inner.sum(axis=1)
    value[-1] = value[:-1].sum(axis=0)
    number = np.arange(value.size).reshape(value.shape)
    lines = [*number, *number.T]
    matrix = np.zeros((len(lines), value.size), dtype=np.int64)
    for row, line in enumerate(lines):
        matrix[row, line[:-1]], matrix[row, line[-1]] = -1, 1
    n = value.size
    counts = value.ravel()
    return SuppressionProblem(
        value=counts,
        equations=sparse.csr_matrix(matrix),
        weight=np.ones(n),
        primary=counts < 5,
        publishable=np.zeros(n, dtype=bool),
        unpublished=np.zeros(n, dtype=bool),
        lower=np.ones(n, dtype=np.int64),
        upper=np.full(n, NO_UPPER),
        protect_low=np.ones(n, dtype=np.int64),
        protect_high=np.full(n, 4),
        place=np.argwhere(value >= 0),
    )


def chosen(block: Block, system: SuppressionProblem, places: list[tuple[int, int]]) -> Bools:
    """The choice that hides the cells at these places, and what must be hidden."""
    hidden = block.forced_hidden.copy()
    assert system.place is not None
    for which, members in enumerate(block.members):
        hidden[which] |= any(tuple(system.place[cell]) in places for cell in members)
    return hidden


def exchange(
    system: SuppressionProblem, *, seed: bytes = b""
) -> tuple[Block, PatternSearch, PropagationCuts, Exchange]:
    (block,) = presolve(system, KNOWS_THE_RULE).blocks
    choice = PatternSearch(block, KNOWS_THE_RULE, WorkBudget(60), Hierarchies(system), seed)
    rows = PropagationCuts(block, insiders=True, clock=choice.clock)
    return block, choice, rows, Exchange(choice, rows)


@pytest.mark.parametrize("seed", [b"", b"one", b"two"])
def test_pairs_cells_that_have_room_for_each_other(seed: bytes) -> None:
    system = flat(DEEP)
    block, choice, rows, changes = exchange(system, seed=seed)
    wrong = chosen(block, system, [(0, 1), (1, 0), (2, 3), (3, 2)])  # a 4 with a 2, twice
    assert rows.unmet(wrong, set())
    right, before, left = changes.better(wrong, [], float("inf"))
    assert before > left == len(rows.unmet(right, set())) == 0
    assert choice.cost(right) == choice.cost(wrong)
    assert (right >= block.forced_hidden).all()


def test_a_known_cut_counts_like_an_unmet_need() -> None:
    system = flat(DEEP)
    block, _, rows, changes = exchange(system)
    good = chosen(block, system, [(0, 2), (2, 0), (1, 3), (3, 1)])  # a 4 with a 4, a 2 with a 2
    assert not rows.unmet(good, set())
    inside, outside = np.flatnonzero(good & ~block.forced_hidden), np.flatnonzero(~good)
    kept, violated = (Cut(which, np.ones(len(which)), ()) for which in (inside, outside))
    assert changes.better(good, [kept], float("inf"))[1:] == (0, 0)
    _, before, left = changes.better(good, [kept, violated], float("inf"))
    assert before == left == 1  # any one exchange breaks more than it mends


def test_what_weighs_more_is_not_taken_instead() -> None:
    system = flat(DEEP)
    assert system.place is not None
    crossed = [(0, 1), (1, 0), (2, 3), (3, 2)]
    weight = np.array([1.0 if tuple(place) in crossed else 2.0 for place in system.place])
    system = replace(system, weight=weight)
    block, choice, _, changes = exchange(system)
    wrong = chosen(block, system, crossed)
    other, before, left = changes.better(wrong, [], float("inf"))
    assert left == before
    assert np.array_equal(other, wrong)
    assert choice.cost(other) == 4.0


def test_scattered_small_counts_are_proven_best() -> None:
    random = np.random.default_rng(5)
    places = random.choice(40 * 40, 44, replace=False)
    small = {(int(k) // 40, int(k) % 40): int(random.integers(1, 5)) for k in places}
    found = suppress(flat(small, 40), requirement=KNOWS_THE_RULE, seconds=30)
    assert found.proven
    assert found.gap < 0.02
