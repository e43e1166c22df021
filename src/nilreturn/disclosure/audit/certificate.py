"""
The certificate: a whole table that agrees with everything printed, and moves from it that leave
every sum as it is, by which each hidden cell takes each value that it must be able to take. Who
holds it can check the release without a solver (`verify`). A move has a few dozen numbers where a
whole table has thousands.

It is kept with the force's own papers and is not released, nor is its hash. The moves themselves
tell a reader nothing that the printed tables do not, as a reader could find them too; but which
values they were chosen to show tells which of the hidden cells are small, and the table may be the
true one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.audit.derivations import sums_giving
from nilreturn.disclosure.audit.findings import Audit
from nilreturn.disclosure.model import (
    FORMAT,
    AttackerKnowledge,
    PublishedTable,
    attacker_knowledge,
    fingerprint,
    propagate_bounds,
)


def certify(
    published: Sequence[PublishedTable], known: Sequence[PublishedTable], audit: Audit
) -> dict[str, Any]:
    """
    The certificate of an audit that found everything safe, as plain JSON. Cells are numbered as
    `number_cells` numbers those of `published` and `known`; `open` are those that do not follow sum
    by sum, and `world` gives their values. A move is its cells and by how much each changes;
    `alone` is of each cell of 1 the move (-1 for none) after which it is 1, and how often that is
    made. `public` are hidden cells that the earlier releases give by several sums together, each
    with these sums and how often each is taken (`audit.public`).
    """
    demands = audit.demands
    knowledge = attacker_knowledge(published, known, number_cells=number_cells)
    bounds = knowledge.bounds
    unsettled = np.flatnonzero(bounds.low != bounds.high)
    shown = {one: (number, often) for one, number, often in audit.singleton_moves}
    ranged = np.flatnonzero(demands.low <= demands.high)
    return {
        "format": FORMAT,
        "printed_sha256": fingerprint(published, known),
        "open": unsettled.tolist(),
        # The audit may have known a little more, so that a cell which is open here followed there:
        # its one value holds.
        "world": audit.table[unsettled].tolist(),
        "moves": [list(move.lists) for move in audit.moves],
        "two_values": np.flatnonzero(demands.must_vary).tolist(),
        "every_value": [
            [int(cell), int(demands.low[cell]), int(demands.high[cell])] for cell in ranged
        ],
        "alone": [
            [one, *shown.get(one, (-1, 0))] for one in np.flatnonzero(demands.singletons).tolist()
        ],
        "excused": [list(pair) for pair in audit.waived],
        "public": _public(knowledge, audit),
    }


def _public(knowledge: AttackerKnowledge, audit: Audit) -> list[list[Any]]:
    before = propagate_bounds(knowledge.equations, knowledge.older_low, knowledge.older_high)
    asked = knowledge.hidden & (before.low != before.high) & ~audit.demands.must_vary
    found = []
    for cell in np.flatnonzero(asked).tolist():
        sides = sums_giving(knowledge.equations, before.low, before.high, cell)
        if sides is not None:
            found.append([cell, *([divisor, factors] for divisor, factors in sides)])
    return found
