"""
The cheapest choice that can be put together from moves that are known already.

Every search leaves moves behind, most of them unused. An integer programme takes the best union of
them: hide what a taken move touches, and let some taken move meet each need. It sees at once what a
search from need to need sees one by one. What it leaves open (a pair that nobody has asked about
yet) is met afterwards, as for any other choice.
"""

from __future__ import annotations

from itertools import chain

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Bools, Floats
from nilreturn.disclosure.solver import (
    WorkBudget,
    integer_program_with_least_cost,
    limit_integer_run,
)
from nilreturn.disclosure.suppression.moves import MovePool, MoveRequirement
from nilreturn.disclosure.suppression.presolve import optimality_tolerance

Row = tuple[float, list[int], list[int]]  # the least of: these columns, less those

# Seconds for the first programme of a model, for each pair of its columns and rows: it is not cut
# short
A_ROOT = 2e-8
MOST_BUNDLES = 20  # ways looked at to meet one need: those that hide the least again


def recombine_moves(
    moves: MovePool,
    hidden: Bools,
    part: Bools,
    excluded: Bools,
    *,
    clock: WorkBudget,
    seconds: float,
) -> Bools | None:
    """
    `hidden` (safe) with its classes in `part` chosen again from moves that are known and touch no
    `excluded` class: the best found in `seconds` of work. None where that is too much to ask in so
    many.
    """
    model = _Model(moves, hidden, hidden & (moves.block.forced_hidden | ~part), excluded)
    clock.charge_steps(model.looked_at + moves.taken_steps())
    if not model.rows:
        return model.kept
    if A_ROOT * (model.size + len(model.rows)) ** 2 > seconds:
        return None
    highs = integer_program_with_least_cost(
        *model.matrix(), model.cost(), np.ones(model.size), whole=True
    )
    limit_integer_run(highs, seconds)
    highs.setOptionValue("mip_abs_gap", optimality_tolerance(moves.block.weight[model.open])[0])
    highs.setOptionValue("mip_rel_gap", 0.0)
    start = highspy.HighsSolution()
    start.col_value = model.start
    highs.setSolution(start)
    highs.run()
    clock.charge_integer_run(highs)
    if highs.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
        return hidden
    return model.chosen(np.asarray(highs.getSolution().col_value))


class _Model:
    """
    Columns: the open classes (1: hidden), then the bundles (1: all of it is hidden). A bundle is
    the open classes that some move touches. Rows: each need that the classes `kept` leave unmet has
    a bundle; a bundle has its classes.
    """

    def __init__(self, moves: MovePool, hidden: Bools, kept: Bools, banned: Bools) -> None:
        self.kept, self._weight = kept, moves.block.weight
        needs = moves.unmet(kept, with_pairs=True)
        self.looked_at = 0  # entries of moves
        bundles = [self._bundles(moves, need, hidden, banned) for need in needs]
        self.open = np.array(
            sorted(set(chain.from_iterable(chain.from_iterable(bundles)))), dtype=np.int64
        )
        of_class = {(which,): column for column, which in enumerate(self.open.tolist())}
        several = sorted({bundle for found in bundles for bundle in found if len(bundle) > 1})
        of_bundle = {bundle: len(self.open) + k for k, bundle in enumerate(several)}
        self.size = len(self.open) + len(several)
        self.start = np.array(
            [all(hidden[i] for i in bundle) for bundle in (*of_class, *of_bundle)], dtype=float
        )
        column = of_class | of_bundle
        self.rows: list[Row] = [
            (1.0, [column[bundle] for bundle in found], []) for found in bundles
        ]
        for bundle, own in of_bundle.items():
            self.rows += [(0.0, [of_class[which,]], [own]) for which in bundle]

    def _bundles(
        self, moves: MovePool, need: MoveRequirement, hidden: Bools, excluded: Bools
    ) -> list[tuple[int, ...]]:
        """
        What must be hidden beside `kept` to meet a need, by one known move or another, the least
        again first.
        """
        found: dict[tuple[int, ...], None] = {}
        for k in moves.ways(need, hidden):
            parts = moves.parts(k)
            self.looked_at += len(parts)
            bundle = tuple(i for i in parts if not self.kept[i])
            if not any(excluded[i] for i in bundle):
                found.setdefault(bundle)
            if len(found) == MOST_BUNDLES:
                break
        return list(found)

    def cost(self) -> Floats:
        return np.concatenate([self._weight[self.open], np.zeros(self.size - len(self.open))])

    def matrix(self) -> tuple[sparse.csc_matrix, Floats]:
        """The rows, and the least that each must come to."""
        lengths = [len(plus) + len(minus) for _, plus, minus in self.rows]
        columns = np.fromiter(
            chain.from_iterable((*plus, *minus) for _, plus, minus in self.rows), dtype=np.int64
        )
        signs = chain.from_iterable(
            (*[1.0] * len(plus), *[-1.0] * len(minus)) for _, plus, minus in self.rows
        )
        rows = np.repeat(np.arange(len(lengths)), lengths)
        matrix = sparse.csc_matrix(
            (np.fromiter(signs, dtype=float), (rows, columns)), (len(lengths), self.size)
        )
        return matrix, np.array([least for least, _, _ in self.rows])

    def chosen(self, values: Floats) -> Bools:
        hidden = self.kept.copy()
        hidden[self.open[values[: len(self.open)] > 0.5]] = True
        return hidden
