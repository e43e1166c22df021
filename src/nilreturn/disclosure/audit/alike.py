"""Whether two counts are of the same people as far as readers know: equal in every feasible table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from nilreturn.disclosure.evidence import Block, search_of

if TYPE_CHECKING:
    from nilreturn.disclosure.clock import Clock
    from nilreturn.disclosure.proof import Proof

MOST = 2**31  # beyond any difference of two counts


def are_alike(block: Block, proof: Proof, one: int, other: int, clock: Clock) -> bool:
    """Whether two cells of a block, by their places in it, are shown to be equal whatever the rest is."""
    world = proof.world
    numbers = proof.through[one].keys() | proof.through[other].keys()
    differ = any(proof.through[one].get(number) != proof.through[other].get(number) for number in numbers)
    if world[one] != world[other] or differ:
        return False
    wider = _with_difference(block, one, other)
    search, there, costs = search_of(wider), np.append(world, 0), np.ones(wider.size)
    sides = ((1, MOST), (-MOST, -1))
    return all(search.nearest(there, costs, {block.size: side}, clock=clock) is None for side in sides)


def _with_difference(block: Block, one: int, other: int) -> Block:
    """The block with one more cell: by how much the first of two cells is more than the other."""
    size = block.size
    row = sparse.csr_matrix(([1, -1, -1], ([0, 0, 0], [one, other, size])), shape=(1, size + 1), dtype=np.int64)
    nothing = sparse.csr_matrix((block.equations.shape[0], 1), dtype=np.int64)
    return Block(
        np.append(block.cells, -1),
        np.append(block.rows, -1),
        sparse.csr_matrix(sparse.vstack((sparse.hstack((block.equations, nothing)), row))),
        np.append(block.rhs, 0),
        np.append(block.low, -MOST),
        np.append(block.high, MOST),
    )
