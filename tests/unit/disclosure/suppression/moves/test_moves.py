"""
Where moves come from: boxes, products, pairs of known ones, and the best union of those that are
known.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import sparse

from nilreturn.disclosure.model import NO_UPPER
from nilreturn.disclosure.model.requirement import KNOWS_THE_RULE
from nilreturn.disclosure.solver import WorkBudget
from nilreturn.disclosure.suppression import SuppressionProblem
from nilreturn.disclosure.suppression.moves import (
    FlowProgram,
    Hierarchies,
    MovePool,
    MoveRequirement,
)
from nilreturn.disclosure.suppression.moves.combined_moves import PairMoves
from nilreturn.disclosure.suppression.moves.hypercube_moves import HypercubeMoves
from nilreturn.disclosure.suppression.moves.subtables import Subtables
from nilreturn.disclosure.suppression.moves.tied_cells import tied
from nilreturn.disclosure.suppression.presolve import Block, presolve
from nilreturn.disclosure.suppression.recombination import recombine_moves

CODES = 4  # of each dimension, 0 being the total
COUNT = 20


def cube(dimensions: int, small: tuple[int, ...]) -> SuppressionProblem:
    """A table of 3 codes a dimension and totals: every count is 20 but for one of 2."""
    places = list(itertools.product(range(CODES), repeat=dimensions))
    number = {place: k for k, place in enumerate(places)}
    value = np.zeros(len(places), dtype=np.int64)
    for inner in itertools.product(range(1, CODES), repeat=dimensions):
        for place in itertools.product(*((0, code) for code in inner)):
            value[number[place]] += 2 if inner == small else COUNT
    lines = []
    for axis, place in itertools.product(range(dimensions), places):
        if place[axis] == 0:
            line = np.zeros(len(places), dtype=np.int64)
            line[number[place]] = 1
            for code in range(1, CODES):
                line[number[(*place[:axis], code, *place[axis + 1 :])]] = -1
            lines.append(line)
    n = len(places)
    return SuppressionProblem(
        value=value,
        equations=sparse.csr_matrix(np.array(lines)),
        weight=np.ones(n),
        primary=value == 2,
        publishable=np.zeros(n, dtype=bool),
        unpublished=np.zeros(n, dtype=bool),
        lower=np.ones(n, dtype=np.int64),
        upper=np.full(n, NO_UPPER),
        protect_low=np.ones(n, dtype=np.int64),
        protect_high=np.full(n, 4),
        place=np.array(places),
    )


def of(system: SuppressionProblem) -> tuple[Block, Hierarchies, int]:
    """The one block of a table, where its classes lie, and the class that is small."""
    (block,) = presolve(system, KNOWS_THE_RULE).blocks
    return block, Hierarchies(system), int(np.flatnonzero(block.forced_hidden)[0])


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_product_meets_a_need_with_the_fewest_cells_and_keeps_every_sum(dimensions: int) -> None:
    block, hierarchies, small = of(cube(dimensions, (1,) * dimensions))
    found = HypercubeMoves(block, hierarchies).cheapest(
        MoveRequirement(small, 2), np.ones(block.size)
    )
    assert found is not None
    touched, change = found
    assert len(touched) == 2**dimensions
    assert change[touched == small].tolist() == [2]
    assert not block.unbalanced(touched, change)


def test_a_product_leaves_the_one_person_alone() -> None:
    block, hierarchies, small = of(cube(2, (1, 1)))
    for still in range(block.size):
        found = HypercubeMoves(block, hierarchies).cheapest(
            MoveRequirement(small, 1, still), np.ones(block.size)
        )
        assert found is None or still not in found[0]


def test_a_box_has_a_move_for_every_class_it_is_made_around() -> None:
    block, hierarchies, _ = of(cube(3, (1, 2, 3)))
    grid = Subtables(block, hierarchies)
    for which in range(block.size):
        box = grid.around(which, np.ones(block.size), 1)
        assert len(box) < block.size
        assert FlowProgram(block, WorkBudget(60), box).find(MoveRequirement(which, 1)) is not None


def test_a_class_that_lies_nowhere_has_no_box_and_no_product() -> None:
    system = cube(2, (1, 1))
    block, _, small = of(system)
    nowhere = Hierarchies(SuppressionProblem(**{**vars(system), "place": None}))
    assert not len(Subtables(block, nowhere).around(small, np.ones(block.size), 2))
    assert (
        HypercubeMoves(block, nowhere).cheapest(MoveRequirement(small, 1), np.ones(block.size))
        is None
    )


def test_two_moves_that_lack_one_cell_make_one_that_does_not_touch_it() -> None:
    block, _, small = of(cube(2, (1, 1)))
    at = {
        tuple(divmod(int(members[0]), CODES)): which for which, members in enumerate(block.members)
    }
    moves = MovePool(block, insiders=True)
    for other in (2, 3):  # rectangles of rows 1 and 2, and 2 and 3, that share two corners
        rows = (1, 2) if other == 2 else (2, 3)
        corners = [at[rows[0], 1], at[rows[0], 2], at[rows[1], 1], at[rows[1], 2]]
        moves.add(np.array(corners), np.array([1, -1, -1, 1]))
    hidden = np.zeros(block.size, dtype=bool)
    hidden[[at[1, 1], at[1, 2], at[2, 1], at[3, 1], at[3, 2]]] = True  # (2, 2) is shown
    found = PairMoves(moves, WorkBudget(60)).find(MoveRequirement(small, 1), hidden)
    assert found is not None
    assert sorted(found[0].tolist()) == sorted([at[1, 1], at[1, 2], at[3, 1], at[3, 2]])


def test_known_moves_are_put_together_in_the_cheapest_way() -> None:
    block, _, small = of(cube(2, (1, 1)))
    at = {
        tuple(divmod(int(members[0]), CODES)): which for which, members in enumerate(block.members)
    }
    moves = MovePool(block, insiders=True)
    wide = [at[1, 1], at[1, 2], at[2, 2], at[2, 3], at[3, 1], at[3, 3]]
    moves.add(np.array(wide), np.array([1, -1, 1, -1, -1, 1]))
    moves.add(np.array([at[1, 1], at[1, 3], at[2, 1], at[2, 3]]), np.array([1, -1, -1, 1]))
    hidden = np.zeros(block.size, dtype=bool)
    hidden[wide] = True
    nothing = np.zeros(block.size, dtype=bool)
    found = recombine_moves(moves, hidden, ~nothing, nothing, clock=WorkBudget(60), seconds=5)
    assert sorted(np.flatnonzero(found).tolist()) == sorted([small, at[1, 3], at[2, 1], at[2, 3]])
    assert not moves.unmet(found)


def test_columns_that_two_entries_tie_move_together_or_not_at_all() -> None:
    equations = sparse.csc_matrix(np.array([[1, -1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 0]]))
    group, sign = tied(equations)
    assert group[0] == group[1] == group[2] != group[4]
    assert sign[0] == sign[1] == -sign[2]
    assert group[3] == -1
