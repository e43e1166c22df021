"""
Which sums to hide besides the sensitive ones.

For each sensitive sum and each direction the cheapest change that moves it far enough and leaves
all totals as they are is a linear programme; what it changes is hidden (Fischetti and
Salazar-González, 2001, call the family of these the attacker's problem; taking one programme after
another is the classical heuristic). Afterwards each hidden sum that is not sensitive is printed
again where all intervals stay wide enough. Deterministic: no work is timed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Bools, Floats, Ints
from nilreturn.disclosure.solver import balanced

CHEAP = 1e-4  # the price of changing what is hidden already: enough to keep changes small
TOUCHED = 1e-6  # of a unit: a change below is the solver's rounding


@dataclass(frozen=True, eq=False)
class SumsProblem:
    """
    Cells under `equations @ x == 0`; of each cell its sum, what hiding it costs, whether it is
    sensitive, whether it must be printed (a true zero, a figure that went out before), and the
    interval that must stay possible. `singletons` are cells with one contributor, who knows them.
    """

    value: Ints
    equations: sparse.csr_matrix
    weight: Floats
    sensitive: Bools
    printed: Bools
    low: Ints
    high: Ints
    singletons: Bools


def choose(problem: SumsProblem) -> Bools:
    """The cells to hide. What no choice protects is hidden all the same; the audit finds it."""
    hidden = problem.sensitive & ~problem.printed
    attacks = list(_attacks(problem))
    for cell, fixed in attacks:
        hidden |= _widened(problem, cell, fixed, hidden)
    extra = np.flatnonzero(hidden & ~problem.sensitive)
    for cell in extra[np.argsort(-problem.weight[extra], kind="stable")].tolist():
        less = hidden.copy()
        less[cell] = False
        if all(_is_wide(problem, target, fixed, less) for target, fixed in attacks):
            hidden = less
    return hidden


def _attacks(problem: SumsProblem) -> Sequence[tuple[int, int]]:
    """
    Each sensitive cell, as anybody sees it (-1), and as the one contributor to another cell of its
    sums does.
    """
    links = sparse.csr_matrix(abs(problem.equations).T @ abs(problem.equations))
    targets = np.flatnonzero(problem.sensitive & ~problem.printed).tolist()
    found = [(cell, -1) for cell in targets]
    for cell in targets:
        near = links[cell].indices
        alone = [
            int(one)
            for one in near
            if one != cell and problem.singletons[one] and problem.sensitive[one]
        ]
        found += [(cell, one) for one in alone]
    return found


def _widened(problem: SumsProblem, cell: int, fixed: int, hidden: Bools) -> Bools:
    """
    What must be hidden so that a cell can be at both ends of its interval, as far as they can be
    reached.
    """
    found = np.zeros(len(hidden), dtype=np.bool_)
    for change in _ends(problem, cell):
        if change:
            moved = _cheapest(problem, cell, change, fixed, hidden | found, among=~problem.printed)
            if moved is None:  # out of reach whatever is hidden: as far as it goes
                continue
            found |= moved
    return found


def _ends(problem: SumsProblem, cell: int) -> tuple[int, int]:
    value = int(problem.value[cell])
    return int(problem.high[cell]) - value, int(problem.low[cell]) - value


def _is_wide(problem: SumsProblem, cell: int, fixed: int, hidden: Bools) -> bool:
    return all(
        not change or _cheapest(problem, cell, change, fixed, hidden, among=hidden) is not None
        for change in _ends(problem, cell)
    )


def _cheapest(
    problem: SumsProblem, cell: int, change: int, fixed: int, hidden: Bools, *, among: Bools
) -> Bools | None:
    """
    The cells that the cheapest change of `cell` by `change` touches, `among` some; None where there
    is none.
    """
    free = np.flatnonzero(among)
    place = int(np.searchsorted(free, cell))
    number = len(free)
    scale = max(1.0, float(problem.value[free].max(initial=1)))
    rises = sparse.csc_matrix(problem.equations[:, free])
    matrix = sparse.csc_matrix(sparse.hstack([rises, -rises]))
    price = np.where(
        hidden[free], CHEAP, CHEAP + problem.weight[free] / np.maximum(problem.value[free], 1)
    )
    upper = np.concatenate([np.full(number, 10.0), problem.value[free] / scale])
    lower = np.zeros(2 * number)
    ends = (place, abs(change) / scale) if change > 0 else (number + place, abs(change) / scale)
    lower[ends[0]] = upper[ends[0]] = ends[1]
    upper[place if change < 0 else number + place] = 0.0
    if fixed >= 0 and among[fixed]:
        at = int(np.searchsorted(free, fixed))
        upper[[at, number + at]] = 0.0
    highs = balanced(matrix, np.concatenate([price, price]), upper, lower)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    moved = np.array(highs.getSolution().col_value)
    touched = np.zeros(len(hidden), dtype=np.bool_)
    touched[free] = (moved[:number] + moved[number:]) * scale > TOUCHED * scale
    return touched
