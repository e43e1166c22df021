"""
Whole tables that agree with all that is printed: what anybody can check without solving anything.

Moves that touch no class in common can be made at once, so a few worlds show what many moves show.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.moves import Moves
from nilreturn.disclosure.system import Bools, Ints

A_FEW = 3


def deviations(moves: Moves, hidden: Bools) -> Ints:
    """
    Deviations of a block (k, classes) that between them take each step that is needed and change each hidden class.
    Moves are placed first fit, in the order of what they are for.
    """
    block = moves.block
    placed = np.zeros((0, block.size), dtype=np.int64)
    changed = np.zeros(block.size, dtype=bool)
    for number, multiple in _chosen(moves, hidden):
        touched, change = moves.change(number)
        if multiple == 0:
            if changed[touched].all():
                continue
            multiple = 1 if moves.multiples(number)[1] else -1
        changed[touched] = True
        room = np.flatnonzero(~placed[:, touched].any(axis=1))
        if not len(room):
            placed = np.vstack([placed, np.zeros((1, block.size), dtype=np.int64)])
            room = np.array([len(placed) - 1])
        placed[room[0], touched] = multiple * change
    if len(placed) and (hidden & placed.any(axis=0) & (placed == placed[0]).all(axis=0)).any():
        placed = np.vstack([placed, np.zeros((1, block.size), dtype=np.int64)])  # the same in all: show another value
    return placed


def _chosen(moves: Moves, hidden: Bools) -> list[tuple[int, int]]:
    """Move and multiple for each step needed, and (multiple 0: any) for each hidden class."""
    for_step: dict[tuple[int, int], tuple[int, int]] = {}
    for_class: dict[int, int] = {}
    for number in _small_first(moves, hidden):
        touched, change = moves.change(number)
        least, most = moves.multiples(number)
        for which, by in zip(touched.tolist(), change.tolist(), strict=True):
            for_class.setdefault(which, number)
            for step in moves.block.steps[which]:
                if step % by == 0 and least <= step // by <= most:
                    for_step.setdefault((which, step), (number, step // by))
    wanted = dict.fromkeys(for_step.values())
    return [*wanted, *((number, 0) for number in dict.fromkeys(for_class.values()))]


def _small_first(moves: Moves, hidden: Bools) -> list[int]:
    return sorted(moves.usable(hidden), key=lambda k: len(moves.change(k)[0]))


def telling(moves: Moves, hidden: Bools) -> Iterator[tuple[Ints, Ints]]:
    """
    Enough of the moves among hidden classes, as cells of the system and their change: for each step one, and for each
    class a few, since most leave any one person alone.
    """
    members = moves.block.members
    steps = {number for number, _ in _chosen(moves, hidden)}
    times = np.zeros(moves.block.size, dtype=np.int64)
    for number in _small_first(moves, hidden):
        touched, change = moves.change(number)
        if number not in steps and (times[touched] >= A_FEW).all():
            continue
        times[touched] += 1
        of_class = [members[which] for which in touched.tolist()]
        yield np.concatenate(of_class), np.repeat(change, [len(cells) for cells in of_class])


def as_worlds(value: Ints, parts: list[tuple[Block, Ints]]) -> Ints:
    """
    The worlds (k, cells) of a whole system: the deviations of all its blocks side by side, added to the true counts.
    """
    worlds = np.repeat(value[None, :], max((len(d) for _, d in parts), default=0), axis=0)
    for block, changes in parts:
        for which, members in enumerate(block.members):
            worlds[: len(changes), members] += changes[:, which, None]
    return worlds
