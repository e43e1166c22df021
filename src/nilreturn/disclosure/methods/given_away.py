"""
What earlier releases give away by themselves: there is nothing left to protect of it.

Worked out from what they print and the sums of suppression's own account: first one sum at a time,
then by moves from one feasible table and linear programmes. Limits are of steps, so that the answer
is the same on a busy machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from nilreturn.disclosure.audit import BlockRequirements, Undecided, explore, search_of
from nilreturn.disclosure.model import NO_UPPER, Block, Bools, Ints, blocks, propagate_bounds
from nilreturn.disclosure.solver import WorkBudget

if TYPE_CHECKING:
    from nilreturn.disclosure.audit import AttackerProblem

# Seconds of counted work for a block; what is left open then counts as not given away.
BUDGET = 600.0


def given_away(
    equations: sparse.csr_matrix, low: Ints, high: Ints, asked: Bools
) -> tuple[Ints, Ints]:
    """
    `low` and `high` as the equations leave them for each cell: for those `asked` of, exactly; where
    the two ends are equal the count is given away. `low..high` must hold some feasible table.
    """
    bounds = propagate_bounds(equations, low, high)
    least, most = bounds.low.copy(), bounds.high.copy()
    for block in blocks(equations, bounds.low, bounds.high):
        own = np.flatnonzero(asked[block.cells])
        if len(own):
            _narrow(block, own, least, most)
    return least, most


def _narrow(block: Block, own: Ints, least: Ints, most: Ints) -> None:
    """
    Move the ends of a block's cells at the places `own` as far as sums taken together move them.
    """
    # The solver is loaded when there is something to find.
    from nilreturn.disclosure.audit import AttackerProblem

    nobody = np.zeros(0, dtype=np.int64)
    clock = WorkBudget(BUDGET)
    shown = explore(
        block, BlockRequirements((), own, nobody, np.arange(block.size)), (), clock=clock
    )
    if shown.witness is None:
        return
    ranges = AttackerProblem(block, shown.witness)
    single = set(shown.single_valued)
    for place in own.tolist():
        cell = int(block.cells[place])
        if place in single:
            least[cell] = most[cell] = shown.witness.table[place]
            continue
        if shown.witness.least[place] > least[cell]:
            least[cell] = max(least[cell], _end(ranges, place, clock, highest=False))
        if shown.witness.most[place] < most[cell]:
            most[cell] = min(most[cell], _end(ranges, place, clock, highest=True))


def _end(ranges: AttackerProblem, place: int, clock: WorkBudget, *, highest: bool) -> int:
    found, _ = ranges.interval_bound(place, highest=highest, clock=clock)
    return (NO_UPPER if highest else 0) if found is None else found


def feasible_table(equations: sparse.csr_matrix, low: Ints, high: Ints) -> Ints | None:
    """
    An integer table within `low..high`, which `propagate_bounds` has been over; None where none is
    found.
    """
    value = low.copy()
    for block in blocks(equations, low, high):
        found = search_of(block).nearest(
            block.low.copy(), np.ones(block.size), {}, clock=WorkBudget(BUDGET)
        )
        if found is None or isinstance(found, Undecided):
            return None
        value[block.cells] = found
    return value
