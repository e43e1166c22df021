"""
The cheapest deviation that meets a requirement, over some of the classes of a block, as a HiGHS
model.
"""

from __future__ import annotations

from collections.abc import Iterator

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Bools, Floats, Ints
from nilreturn.disclosure.solver import A_MODEL, A_SEARCH, WorkBudget, balanced
from nilreturn.disclosure.suppression.moves.move_pool import MoveRequirement
from nilreturn.disclosure.suppression.moves.tied_cells import tied
from nilreturn.disclosure.suppression.presolve import Block

NEARLY = 1e-6
MOST_BRANCHES = 60  # programmes of one search for a move in integers
SHAKES = 3  # other prices tried for a move in integers, before branching
AN_ITERATION = 1.5e-5  # seconds, besides what its size takes
WIDEST = 1 << 10  # moves larger than this are not looked for; no requirement comes near


class FlowProgram:
    """
    One linear programme over `classes`, kept and changed from need to need so that HiGHS starts
    from where it was.

    Where few classes of an equation may change, it ties two to one another or one to nothing: such
    classes move together, as one *group*, or not at all (found only with `few`). A change up and a
    change down are separate columns, since each costs what hiding costs.
    """

    def __init__(
        self, block: Block, clock: WorkBudget, classes: Ints | None = None, *, few: bool = False
    ) -> None:
        self.block, self.clock = block, clock
        self.classes = np.arange(block.size) if classes is None else classes
        matrix = block.columns if classes is None else block.columns[:, classes]
        every = np.arange(len(self.classes))
        self._group, self._sign = tied(matrix) if few else (every, np.ones_like(every))
        self._free = self._group >= 0
        self.n = int(self._group.max(initial=-1)) + 1
        self._matrix = _without_empty_rows(
            sparse.csc_matrix(matrix @ self._gather()) if few else matrix
        )
        self._room = self._room_of(np.ones(len(self.classes), dtype=bool))
        self._upper, self._lower = self._room.copy(), np.zeros(2 * self.n)
        self._cost = np.ones(2 * self.n)
        clock.charge(A_MODEL)
        self._highs = balanced(
            sparse.hstack([self._matrix, -self._matrix], format="csc"), self._cost, self._room
        )
        self._basis = _no_change(self._highs)

    def __contains__(self, which: int) -> bool:
        at = int(np.searchsorted(self.classes, which))
        return at < len(self.classes) and bool(self.classes[at] == which)

    def _gather(self) -> sparse.csc_matrix:
        """(classes, groups): how a class changes when its group does."""
        free = np.flatnonzero(self._free)
        entries = (self._sign[free], (free, self._group[free]))
        return sparse.csc_matrix(entries, (len(self.classes), self.n))

    def _room_of(self, allowed: Bools) -> Floats:
        """How far each group can go up, and then down, when only `allowed` classes may change."""
        up = np.where(allowed, np.minimum(self.block.up[self.classes], WIDEST), 0)
        down = np.where(allowed, np.minimum(self.block.down[self.classes], WIDEST), 0)
        room = np.full(2 * self.n, WIDEST)
        group, same = self._group[self._free], self._sign[self._free] > 0
        up, down = up[self._free], down[self._free]
        np.minimum.at(room, group, np.where(same, up, down))
        np.minimum.at(room, group + self.n, np.where(same, down, up))
        return room.astype(float)

    def priced(self, cost: Floats) -> None:
        """`cost` of changing each class of the block by one."""
        of_group = np.bincount(self._group[self._free], cost[self.classes[self._free]], self.n)
        own: Floats = np.tile(of_group.astype(np.float64), 2)
        new = np.flatnonzero(own != self._cost).astype(np.int32)
        if len(new):
            self._cost[new] = own[new]
            self._highs.changeColsCost(len(new), new, own[new])

    def open_only(self, allowed: Bools) -> None:
        """Let only `allowed` classes of the block change."""
        self._bound(np.zeros(2 * self.n), self._room_of(allowed[self.classes]))

    def find(self, need: MoveRequirement, *, thoroughly: bool = True) -> tuple[Ints, Ints] | None:
        """
        The cheapest move that meets `need` (classes, change), or none; branching for one only if
        `thoroughly`.
        """
        group, sign = self._where(need.which)
        still, _ = self._where(need.fixed)
        if group < 0 or group == still:
            return None
        self.clock.charge(A_SEARCH)
        steps = (need.step,) if need.step else (1, -1)
        for step in steps:
            change = self._solved(
                group, sign * step, still, exactly=need.step != 0, thoroughly=thoroughly
            )
            if change is not None:
                whole = np.where(self._free, np.rint(change)[self._group] * self._sign, 0).astype(
                    np.int64
                )
                touched = np.flatnonzero(whole)
                return self.classes[touched], whole[touched]
        return None

    def _where(self, which: int) -> tuple[int, int]:
        """Group and sign of a class of the block; -1 when it cannot change here."""
        if which < 0 or which not in self:
            return -1, 1
        at = int(np.searchsorted(self.classes, which))
        return int(self._group[at]), int(self._sign[at])

    def _solved(
        self, group: int, step: int, fixed: int, *, exactly: bool, thoroughly: bool
    ) -> Floats | None:
        """
        The cheapest change of all groups in which one changes by `step` (or more, unless
        `exactly`).
        """
        lower, upper = self._lower.copy(), self._upper.copy()
        ahead, back = (group, group + self.n) if step > 0 else (group + self.n, group)
        if upper[ahead] < abs(step):
            return None
        if fixed >= 0:
            upper[[fixed, fixed + self.n]] = 0.0
        upper[back] = 0.0
        lower[ahead] = abs(step)
        if exactly:
            upper[ahead] = abs(step)
        # From the last need's basis the simplex method would first have to undo it, and take five
        # times as long.
        self._highs.setBasis(self._basis)
        kept = self._lower, self._upper
        self._bound(lower, upper)
        try:
            change = self._run()
            if change is not None and not _is_whole(change):
                change = self._whole(
                    change, lower, upper, may_grow=not exactly, thoroughly=thoroughly
                )
        finally:
            self._bound(*kept)
        return change

    def _run(self) -> Floats | None:
        self._highs.run()
        self.clock.charge_run(self._highs)
        # A look at a tight choice takes thousands, each of them as dear as in a larger programme.
        iterations = max(0, self._highs.getInfo().simplex_iteration_count)
        self.clock.charge(AN_ITERATION * iterations)
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        value = np.asarray(self._highs.getSolution().col_value)
        return np.asarray(value[: self.n] - value[self.n :])

    def _whole(
        self, change: Floats, lower: Floats, upper: Floats, *, may_grow: bool, thoroughly: bool
    ) -> Floats | None:
        """
        The like of `change` in integers: a multiple of it, or the answer at other prices; else by
        branching.
        """
        for times in range(2, 7) if may_grow else ():
            more = times * change
            room = np.where(more > 0, upper[: self.n], upper[self.n :])
            if _is_whole(more) and (np.abs(more) <= room + NEARLY).all():
                return more
        found = self._shaken()
        return found if found is not None or not thoroughly else self._branched(change)

    def _shaken(self) -> Floats | None:
        """
        Another cheap vertex that is in integers. Many ways cost the same once much is hidden, and
        other prices lead to one of them far sooner than branching does.
        """
        kept = self._cost.copy()
        every = np.arange(2 * self.n, dtype=np.int32)
        found = None
        for shake in range(SHAKES):
            prices = kept * np.random.default_rng(shake).uniform(1.0, 3.0, 2 * self.n)
            self._highs.changeColsCost(2 * self.n, every, prices)
            self._highs.setBasis(self._basis)
            change = self._run()
            if change is not None and _is_whole(change):
                found = change
                break
        self._highs.changeColsCost(2 * self.n, every, kept)
        return found

    def _branched(self, change: Floats) -> Floats | None:
        """
        Depth first from a fractional change: one group is kept to the integers below or above it,
        towards no change first, since what changes less is more often whole. Each programme starts
        from the last one's basis and takes a few iterations.
        """
        start = self._lower, self._upper
        left = list(self._branches(change, start))
        for _ in range(MOST_BRANCHES):
            if not left:
                break
            limits = left.pop()
            self._bound(*limits)
            answer = self._run()
            if answer is None:
                continue
            if _is_whole(answer):
                return answer
            left += self._branches(answer, limits)
        return None

    def _branches(
        self, change: Floats, limits: tuple[Floats, Floats]
    ) -> Iterator[tuple[Floats, Floats]]:
        """
        The limits of the two branches at the group that is furthest from an integer, the one to try
        first last.
        """
        group = int(np.argmax(np.abs(change - np.rint(change))))
        lower, upper = limits
        low, high = (
            lower[group] - upper[group + self.n],
            upper[group] - lower[group + self.n],
        )
        below = np.floor(change[group])
        branches = [(low, below), (below + 1, high)]
        for least, most in branches if change[group] < 0 else reversed(branches):
            own_lower, own_upper = lower.copy(), upper.copy()
            own_lower[[group, group + self.n]] = max(least, 0.0), max(-most, 0.0)
            own_upper[[group, group + self.n]] = max(most, 0.0), max(-least, 0.0)
            yield own_lower, own_upper

    def _bound(self, lower: Floats, upper: Floats) -> None:
        new = np.flatnonzero((lower != self._lower) | (upper != self._upper)).astype(np.int32)
        if len(new):
            self._highs.changeColsBounds(len(new), new, lower[new], upper[new])
        self._lower, self._upper = lower, upper


def _no_change(highs: highspy.Highs) -> highspy.HighsBasis:
    """
    The basis at which nothing changes: the cheapest there is as long as no need is asked, whatever
    the prices.
    """
    basis = highspy.HighsBasis()
    basis.col_status = [highspy.HighsBasisStatus.kLower] * highs.getNumCol()
    basis.row_status = [highspy.HighsBasisStatus.kBasic] * highs.getNumRow()
    basis.valid = True
    return basis


def _without_empty_rows(matrix: sparse.csc_matrix) -> sparse.csc_matrix:
    kept, row = np.unique(matrix.indices, return_inverse=True)
    return sparse.csc_matrix((matrix.data, row, matrix.indptr), (len(kept), matrix.shape[1]))


def _is_whole(change: Floats) -> bool:
    return bool(np.abs(change - np.rint(change)).max() < NEARLY)
