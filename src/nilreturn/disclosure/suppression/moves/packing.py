"""
What others can check of a choice without solving anything: a table that agrees with all that is
printed, and moves.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nilreturn.disclosure.model import Bools, Ints
from nilreturn.disclosure.suppression.moves.move_pool import MovePool

A_FEW = 3  # moves through a class, to begin with


def interior_deviation(moves: MovePool, hidden: Bools) -> Ints:
    """
    A deviation (classes) made of usable moves that touch no class in common, small ones first.
    """
    deviation = np.zeros(moves.block.size, dtype=np.int64)
    for number in _small_first(moves, hidden):
        touched, change = moves.change(number)
        if not deviation[touched].any():
            deviation[touched] = change if moves.multiples(number)[1] else -change
    return deviation


def witness_moves(moves: MovePool, hidden: Bools) -> Iterator[tuple[Ints, Ints]]:
    """
    Enough of the usable moves, as cells of the system and their change: for each step one that
    makes it, and for each class a few, since most leave any one person alone.
    """
    members = moves.block.members
    times = np.zeros(moves.block.size, dtype=np.int64)
    made: set[int] = set()
    for number in _small_first(moves, hidden):
        touched, change = moves.change(number)
        steps = moves.steps_of(number)
        if steps <= made and (times[touched] >= A_FEW).all():
            continue
        made |= steps
        times[touched] += 1
        of_class = [members[which] for which in touched.tolist()]
        yield np.concatenate(of_class), np.repeat(change, [len(cells) for cells in of_class])


def _small_first(moves: MovePool, hidden: Bools) -> list[int]:
    return sorted(moves.usable(hidden), key=lambda k: len(moves.change(k)[0]))
