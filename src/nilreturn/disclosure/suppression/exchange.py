"""
Choices of as many classes that leave fewer needs unmet: two hidden classes change places along one
dimension.

Where most classes weigh the same, the cheapest choice under the cuts known is one of thousands,
which differ in what is joined to what. Each line of a table needs so many more hidden classes;
which line is joined to which other is tried here. Only equations and known cuts are looked at, so
that what comes out still has to be shown safe.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Bools, Ints
from nilreturn.disclosure.solver import A_LOOK
from nilreturn.disclosure.suppression.capacity_cuts import VIOLATED, Cut
from nilreturn.disclosure.suppression.chance import random_of
from nilreturn.disclosure.suppression.moves import MoveRequirement
from nilreturn.disclosure.suppression.pattern import PatternSearch
from nilreturn.disclosure.suppression.propagation_cuts import PropagationCuts

MOST_TRIES = 400  # for one choice
NEAR = 0.8  # of the tries start from a class that lies near an unmet need
ONE = 0.3  # of the tries move one class along its line; else two change places
AN_ENTRY = 2e-9  # seconds for each entry of the cuts
SLACK = 0.02  # of the weight that a choice may cost more, for the sake of fewer needs unmet


class Exchange:
    """Tries other choices of a block, each like the last but for one or two classes."""

    def __init__(self, choice: PatternSearch, rows: PropagationCuts) -> None:
        self._choice, self._block, self._rows = choice, choice.block, rows
        self._random = random_of(choice.seed, "exchange")
        place, owner = choice.hierarchies.of(choice.block)
        self._sizes = tuple((place.max(axis=0, initial=-1) + 1).tolist())
        self._place = np.full((choice.block.size, place.shape[1]), -1)
        self._place[owner[::-1]] = place[::-1]
        self._there = dict(zip(self._codes(place), owner.tolist(), strict=True))

    def _codes(self, place: Ints) -> list[int]:
        codes = np.zeros(len(place), dtype=np.int64)
        for d, size in enumerate(self._sizes):
            codes = codes * size + place[:, d]
        return [int(code) for code in codes]

    def better(self, hidden: Bools, cuts: Sequence[Cut], until: float) -> tuple[Bools, int, int]:
        """
        A choice that costs hardly more than `hidden` and leaves no more needs unmet (as far as
        equations show) and `cuts` violated, both together; how many these were before, and how many
        are left.
        """
        broken = _Broken(cuts, self._block.size)
        unmet, many = self._objections(hidden, broken)
        before, most, clock = many, self._choice.cost(hidden) * (1 + SLACK), self._choice.clock
        for _ in range(MOST_TRIES if self._sizes else 0):
            if not many or clock() > until:
                break
            clock.charge(A_LOOK)
            other = self._other(hidden, unmet)
            if other is None or self._choice.cost(other) > most:
                continue
            left, more = self._objections(other, broken)
            if more <= many:
                hidden, unmet, many = other, left, more
        return hidden, before, many

    def _objections(self, hidden: Bools, broken: _Broken) -> tuple[list[MoveRequirement], int]:
        unmet = self._rows.unmet(hidden, self._choice.moves.waived)
        self._choice.clock.charge(AN_ENTRY * broken.entries)
        return unmet, len(unmet) + broken.by(hidden)

    def _other(self, hidden: Bools, unmet: list[MoveRequirement]) -> Bools | None:
        """
        The choice with one or two classes moved along a dimension; none where something else lies
        there.
        """
        chosen = np.flatnonzero(hidden & ~self._block.forced_hidden & (self._place[:, 0] >= 0))
        if len(chosen) < 2:
            return None
        one = self._near(unmet, hidden, chosen)
        d = int(self._random.integers(len(self._sizes)))
        gone, there = [one], [self._place[one].copy()]
        if self._random.random() < ONE:
            there[0][d] = self._random.integers(self._sizes[d])
        else:
            gone.append(int(self._random.choice(chosen)))
            there.append(self._place[gone[1]].copy())
            there[0][d], there[1][d] = there[1][d], there[0][d]
        come = [self._there.get(code, -1) for code in self._codes(np.stack(there))]
        if (
            min(come) < 0
            or hidden[come].any()
            or self._choice.excluded[come].any()
            or len(set(come)) < len(gone)
        ):
            return None
        changed = hidden.copy()
        changed[gone] = False
        changed[come] = True
        return changed

    def _near(self, unmet: list[MoveRequirement], hidden: Bools, chosen: Ints) -> int:
        """
        A class chosen, mostly one in an equation of an unmet need, or in one of the hidden classes
        there.
        """
        if unmet and self._random.random() < NEAR:
            near = np.array([unmet[int(self._random.integers(len(unmet)))].which])
            for _ in range(2):
                beside = np.unique(
                    np.concatenate([self._block.beside(int(which)) for which in near])
                )
                near = beside[hidden[beside]]
                some = near[~self._block.forced_hidden[near] & (self._place[near, 0] >= 0)]
                if len(some):
                    return int(self._random.choice(some))
        return int(self._random.choice(chosen))


class _Broken:
    """Cuts one under another, to count those that a choice violates."""

    def __init__(self, cuts: Sequence[Cut], size: int) -> None:
        none = np.zeros(0, dtype=np.int64)
        which = [
            np.concatenate([cut.which, np.array(cut.conditional_on, dtype=np.int64)])
            for cut in cuts
        ]
        share = [np.concatenate([cut.share, -np.ones(len(cut.conditional_on))]) for cut in cuts]
        starts = np.cumsum([0, *(len(classes) for classes in which)])
        parts = (np.concatenate([none, *share]), np.concatenate([none, *which]), starts)
        self._matrix = sparse.csr_matrix(parts, (len(cuts), size))
        self._least = np.array([1.0 - len(cut.conditional_on) for cut in cuts])
        self.entries = self._matrix.nnz

    def by(self, hidden: Bools) -> int:
        """How many cuts a choice violates."""
        return int((self._matrix @ hidden.astype(np.float64) < self._least - VIOLATED).sum())
