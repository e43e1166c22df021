"""
Moves: small whole-number deviations, each a reason why a reader cannot be sure.

A move is usable when all the cells it touches are hidden; a need is met when some usable move meets it. Everything
suppression claims rests on moves, so `Moves` checks each in whole-number arithmetic before keeping it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.system import Bools, Ints


@dataclass(frozen=True)
class Need:
    """
    What some move must do: change class `which` by exactly `step`, or (`step` 0) by anything at all; without touching
    class `still`, when the person in that class is the reader.
    """

    which: int
    step: int = 0
    still: int = -1


@dataclass(eq=False)
class Moves:
    """The moves known for a block, with what each of them meets."""

    block: Block
    insiders: bool
    excused: set[Need] = field(default_factory=set)  # no choice of hidden cells could meet these
    _touched: list[Ints] = field(default_factory=list)
    _change: list[Ints] = field(default_factory=list)
    _met: list[list[int]] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)
    _packed: int = 0

    def __post_init__(self) -> None:
        block = self.block
        self.steps = [(i, d) for i, steps in enumerate(block.steps) for d in steps]
        self._number = {step: k for k, step in enumerate(self.steps)}
        self._by_touch = sparse.csr_matrix((0, block.size), dtype=np.int32)
        self._by_step = sparse.csr_matrix((0, len(self.steps)), dtype=np.int32)

    def __len__(self) -> int:
        return len(self._touched)

    def add(self, touched: Ints, change: Ints) -> bool:
        """Keep a move (classes and their change); false when it is known already. A wrong one is a defect."""
        order = np.argsort(touched)
        touched, change = touched[order], change[order]
        if change[0] < 0:
            change = -change  # kept one way round; its multiples say which ways it can be used
        common = np.gcd.reduce(change)
        change = change // common
        key = touched.tobytes() + change.tobytes()
        if key in self._seen:
            return False
        least, most = self._multiples(touched, change)
        if (self.block.equations[:, touched] @ change).any() or least == most == 0:
            raise AssertionError("not a deviation that agrees with the equations")
        self._seen.add(key)
        self._touched.append(touched)
        self._change.append(change)
        self._met.append(
            [
                self._number[i, k * c]
                for i, c in zip(touched.tolist(), change.tolist(), strict=True)
                if self.block.steps[i]
                for k in range(max(least, -99), min(most, 99) + 1)
                if (i, k * c) in self._number
            ]
        )
        return True

    def _multiples(self, touched: Ints, change: Ints) -> tuple[int, int]:
        """The whole multiples of a move that stay within the limits: from least (<= 0) to most (>= 0)."""
        down, up = self.block.down[touched], self.block.up[touched]
        size = np.abs(change)
        most = np.where(change > 0, up, down) // size
        least = np.where(change > 0, down, up) // size
        return -int(least.min()), int(most.min())

    def tally(self) -> Tally:
        """What moves found from now on meet, to skip needs that need no search any more."""
        return Tally(self)

    def usable(self, hidden: Bools) -> Bools:
        """Which moves touch hidden classes only."""
        self._pack()
        return np.asarray(self._by_touch @ (~hidden).astype(np.int32) == 0)

    def unmet(self, hidden: Bools, usable: Bools | None = None) -> list[Need]:
        """All needs that no usable move meets, in the order of classes."""
        usable = self.usable(hidden) if usable is None else usable
        met = self._by_step.T @ usable.astype(np.int32)
        needs = [Need(*self.steps[k]) for k in np.flatnonzero(met == 0)]
        touch = self._by_touch[np.flatnonzero(usable)]
        times = np.asarray(touch.sum(axis=0)).ravel()
        needs += [Need(int(i)) for i in np.flatnonzero(hidden & self.block.needed & (times == 0))]
        if self.insiders:
            needs += self._given_away(hidden, touch, times)
        return sorted((n for n in needs if n not in self.excused), key=lambda n: (n.which, n.still, n.step))

    def _given_away(self, hidden: Bools, touch: sparse.csr_matrix, times: Ints) -> list[Need]:
        """The pairs where every usable move that changes a class also changes a certain class of 1."""
        persons = np.flatnonzero(hidden & self.block.single)
        if not len(persons):
            return []
        both = sparse.coo_matrix(touch.T @ touch[:, persons])
        which, person = both.row, persons[both.col]
        bad = (both.data == times[which]) & (which != person) & self.block.needed[which]
        return [Need(int(i), 0, int(q)) for i, q in zip(which[bad], person[bad], strict=True)]

    def change(self, k: int) -> tuple[Ints, Ints]:
        """Classes and change of move number k."""
        return self._touched[k], self._change[k]

    def multiples(self, k: int) -> tuple[int, int]:
        return self._multiples(self._touched[k], self._change[k])

    def _pack(self) -> None:
        if self._packed == len(self):
            return
        new = slice(self._packed, len(self))
        self._by_touch = _grown(self._by_touch, self._touched[new])
        self._by_step = _grown(self._by_step, self._met[new])
        self._packed = len(self)


class Tally:
    """The needs met by a few moves, without looking through all."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._steps: set[tuple[int, int]] = set()
        self._changed: dict[int, list[set[int]]] = {}

    def add(self, touched: Ints, change: Ints) -> None:
        """Count a usable move in."""
        block = self._moves.block
        persons = set(touched[block.single[touched]].tolist())
        small = int(np.gcd.reduce(change))
        down, up = block.down[touched], block.up[touched]
        for i, by in zip(touched.tolist(), (change // small).tolist(), strict=True):
            self._changed.setdefault(i, []).append(persons)
            for step in block.steps[i]:
                times = step // by
                if times * by == step:
                    after = times * (change // small)
                    if (after <= up).all() and (-after <= down).all():
                        self._steps.add((i, step))

    def includes(self, need: Need) -> bool:
        if need.step:
            return (need.which, need.step) in self._steps
        moves = self._changed.get(need.which, ())
        return any(need.still < 0 or need.still not in persons for persons in moves)


def _grown(matrix: sparse.csr_matrix, rows: list[Ints] | list[list[int]]) -> sparse.csr_matrix:
    """`matrix` with one more row of ones for each of `rows`."""
    lengths = [len(row) for row in rows]
    indices = np.concatenate([np.asarray(row, dtype=np.int32) for row in rows])
    start = np.concatenate([[0], np.cumsum(lengths)])
    below = sparse.csr_matrix((np.ones(len(indices), dtype=np.int32), indices, start), (len(rows), matrix.shape[1]))
    return sparse.csr_matrix(sparse.vstack([matrix, below], format="csr"))
