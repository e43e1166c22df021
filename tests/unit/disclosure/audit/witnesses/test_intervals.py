"""The exact range of a cell, against every feasible table of a small block."""

import itertools

import numpy as np
import pytest
from scipy import sparse

from nilreturn.disclosure.audit.witnesses import AttackerProblem, Witness
from nilreturn.disclosure.model import NO_UPPER, Block
from nilreturn.disclosure.solver import WorkBudget

# Four cells, two by two, of which the rows add up to 5 and 4 and the columns to 3 and 6.
SUMS = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]])
WORLD = np.array([2, 3, 1, 3])
BLOCK = Block(
    np.arange(4),
    np.arange(4),
    sparse.csr_matrix(SUMS),
    SUMS @ WORLD,
    np.ones(4, dtype=np.int64),
    np.full(4, 9, dtype=np.int64),
)
WORLDS = [
    world
    for world in itertools.product(range(1, 10), repeat=4)
    if BLOCK.is_feasible(np.array(world))
]


@pytest.mark.parametrize("cell", range(4))
@pytest.mark.parametrize("highest", [False, True])
def test_an_end_is_the_furthest_of_all_worlds_and_is_reached(cell, highest):
    proof = Witness(BLOCK, WORLD)
    end, rows = AttackerProblem(BLOCK, proof).interval_bound(
        cell, highest=highest, clock=WorkBudget(60)
    )
    assert end == (max if highest else min)(world[cell] for world in WORLDS)
    assert end == (proof.most if highest else proof.least)[cell]
    # Told outright, or proven by sums.
    assert len(rows) or end in (BLOCK.low[cell], BLOCK.high[cell])


@pytest.mark.parametrize("cell", range(4))
def test_a_value_is_exceeded_exactly_where_a_world_does(cell):
    ranges = AttackerProblem(BLOCK, Witness(BLOCK, WORLD))
    for value in range(1, 8):
        assert ranges.can_exceed(cell, value, clock=WorkBudget(60)) == any(
            world[cell] >= value for world in WORLDS
        )


def test_a_cell_that_nothing_bounds_has_no_end():
    free = Block(
        np.arange(2),
        np.arange(1),
        sparse.csr_matrix(np.array([[1, -1]])),
        np.zeros(1, dtype=np.int64),
        np.ones(2, dtype=np.int64),
        np.full(2, NO_UPPER),
    )
    ranges = AttackerProblem(free, Witness(free, np.array([3, 3])))
    assert ranges.interval_bound(0, highest=True, clock=WorkBudget(60))[0] is None
    assert ranges.interval_bound(0, highest=False, clock=WorkBudget(60))[0] == 1
