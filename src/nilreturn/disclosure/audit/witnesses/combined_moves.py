"""
Moves put together from two known ones, where no known one does: without a solver, and often enough.

Two moves by which a cell falls by one make it fall by two; two that change a cell by as much, one
of them turned round, leave it as it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from nilreturn.disclosure.audit.witnesses.witness import Move, Witness

MOST_PAIRS = 300  # tried for one need
MOST_MULTIPLE = 3  # that a move is made in such a pair

Pair = tuple[int, int, int, int]  # a move and how often it is made, and another


def reaching(witness: Witness, cell: int, step: int) -> Move | None:
    """A move of two that changes a cell by `step`."""
    through = witness.through[cell]
    pairs = (
        (one, turned * often, other, again)
        for often in range(1, MOST_MULTIPLE + 1)
        for one, own in through.items()
        for turned in (1, -1)
        for other, others in through.items()
        if other != one and (step - own * turned * often) % others == 0
        for again in [(step - own * turned * often) // others]
        if 0 < abs(again) <= often
    )
    return _first(witness, pairs, cell, None, {})


def avoiding(witness: Witness, cell: int, fixed: int, offset: Move) -> Move | None:
    """
    A move of two, to be made after `offset`, that changes a cell and leaves the held one as it is.
    """
    through = witness.through[fixed]
    pairs = (
        (one, turned, other, -turned * through[one] // through[other])
        for one in witness.through[cell]
        if one in through
        for other in through
        if other != one and through[one] % through[other] == 0
        for turned in (1, -1)
    )
    return _first(witness, pairs, cell, fixed, dict(zip(*offset.lists, strict=True)))


def _first(
    witness: Witness, pairs: Iterator[Pair], cell: int, fixed: int | None, offset: dict[int, int]
) -> Move | None:
    for pair in itertools.islice(pairs, MOST_PAIRS):
        steps = _sum(witness, pair)
        if steps.get(cell) and fixed not in steps and _fits(witness, steps, offset):
            cells = sorted(steps)
            return Move(np.array(cells), np.array([steps[changed] for changed in cells]))
    return None


def _sum(witness: Witness, pair: Pair) -> dict[int, int]:
    one, often, other, again = pair
    steps = {cell: step * often for cell, step in witness.changes[one].items()}
    for cell, step in witness.changes[other].items():
        together = steps.get(cell, 0) + step * again
        if together:
            steps[cell] = together
        else:
            steps.pop(cell, None)
    return steps


def _fits(witness: Witness, steps: dict[int, int], offset: dict[int, int]) -> bool:
    for cell, step in steps.items():
        low, high = witness.room[cell]
        if not low <= step + offset.get(cell, 0) <= high:
            return False
    return True
