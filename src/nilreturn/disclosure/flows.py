"""Looking for a move with HiGHS: the cheapest deviation, over some of a block's classes, that meets a need."""

from __future__ import annotations

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.clock import Clock
from nilreturn.disclosure.moves import Need
from nilreturn.disclosure.nearest import Solver
from nilreturn.disclosure.system import Bools, Floats, Ints

NEARLY = 1e-6
MOST_NODES = 100  # of one whole-number programme
SHAKES = 8  # other prices tried for a move in whole numbers, before branching
WIDEST = 1 << 10  # moves larger than this are not looked for; no requirement comes near


class Flows:
    """
    One linear programme over `classes`, kept and changed from need to need so that HiGHS starts from where it was.
    A change up and a change down are separate columns, since each costs what hiding the class costs.
    """

    def __init__(self, block: Block, clock: Clock, classes: Ints | None = None) -> None:
        self.block, self.clock = block, clock
        self.classes = np.arange(block.size) if classes is None else classes
        self.n = len(self.classes)
        self._at = {int(c): k for k, c in enumerate(self.classes)}
        part = block.equations if classes is None else block.equations[:, classes]
        self.rows = np.flatnonzero(np.diff(part.indptr))
        self._matrix = sparse.csc_matrix(part[self.rows])
        self._room = np.minimum(np.concatenate([block.up[self.classes], block.down[self.classes]]), WIDEST).astype(
            float
        )
        self._upper = self._room.copy()
        self._lower = np.zeros(2 * self.n)
        self._cost = np.ones(2 * self.n)
        self._highs = balanced(sparse.hstack([self._matrix, -self._matrix], format="csc"), self._cost, self._room)
        self._basis: highspy.HighsBasis | None = None  # of no change at all, from where every search starts
        self._stale = True

    def __contains__(self, which: int) -> bool:
        return which in self._at

    def priced(self, cost: Floats) -> None:
        """`cost` of changing each class of the block by one."""
        own = np.tile(cost[self.classes], 2)
        new = np.flatnonzero(own != self._cost).astype(np.int32)
        if len(new):
            self._cost[new] = own[new]
            self._highs.changeColsCost(len(new), new, own[new])
            self._stale = True

    def open_only(self, allowed: Bools) -> None:
        """Let only `allowed` classes of the block change."""
        self._bound(np.zeros(2 * self.n), np.where(np.tile(allowed[self.classes], 2), self._room, 0.0))

    def find(self, need: Need, *, thoroughly: bool = True) -> tuple[Ints, Ints] | None:
        """The cheapest move that meets `need` (classes, change), or none; branching for one only if `thoroughly`."""
        if need.step:
            return self._solved(need, need.step, thoroughly)
        ways = (self._solved(need, 1, thoroughly), self._solved(need, -1, thoroughly))
        found = [move for move in ways if move is not None]
        return min(found, key=self._price, default=None)

    def _price(self, move: tuple[Ints, Ints]) -> float:
        return float(sum(self._cost[self._at[int(c)]] for c in move[0]))

    def _solved(self, need: Need, step: int, thoroughly: bool) -> tuple[Ints, Ints] | None:
        self._start()
        lower, upper = self._lower.copy(), self._upper.copy()
        k = self._at[need.which]
        if need.still >= 0 and need.still in self._at:
            still = self._at[need.still]
            upper[[still, still + self.n]] = 0.0
        ahead, back = (k, k + self.n) if step > 0 else (k + self.n, k)
        if upper[ahead] < abs(step):
            return None
        upper[back] = 0.0
        lower[ahead] = abs(step)
        if need.step:
            upper[ahead] = abs(step)
        kept = self._lower, self._upper
        self._bound(lower, upper)
        try:
            change = self._run()
            if change is not None and not _is_whole(change):
                change = self._whole(change, lower, upper, may_grow=not need.step, thoroughly=thoroughly)
        finally:
            self._bound(*kept)
        if change is None:
            return None
        whole = np.rint(change).astype(np.int64)
        touched = np.flatnonzero(whole)
        return self.classes[touched], whole[touched]

    def _start(self) -> None:
        """
        Go back to the basis of no change. From the last need's basis the simplex method would first have to undo it,
        which takes five times as long in three dimensions.
        """
        if self._basis is not None:
            self._highs.setBasis(self._basis)
        if self._stale:
            self._highs.run()
            self.clock.ran(self._highs)
            self._basis = self._highs.getBasis()
            self._stale = False

    def _run(self) -> Floats | None:
        self._highs.run()
        self.clock.ran(self._highs)
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        value = np.asarray(self._highs.getSolution().col_value)
        return np.asarray(value[: self.n] - value[self.n :])

    def _whole(
        self, change: Floats, lower: Floats, upper: Floats, *, may_grow: bool, thoroughly: bool
    ) -> Floats | None:
        """The like of `change` in whole numbers: a multiple of it, else by branch and bound, first near it."""
        for times in range(2, 7) if may_grow else ():
            more = times * change
            room = np.where(more > 0, upper[: self.n], upper[self.n :])
            if _is_whole(more) and (np.abs(more) <= room + NEARLY).all():
                return more
        found = self._shaken()
        if found is not None or not thoroughly:
            return found
        near = np.tile((np.abs(change) > NEARLY) | (self._cost[: self.n] < 2 * self._cost.min()), 2) & (upper > 0)
        found = self._branched(np.flatnonzero(near), lower, upper)
        if found is None and near.sum() < (upper > 0).sum():
            found = self._branched(np.flatnonzero(upper > 0), lower, upper)
        return found

    def _shaken(self) -> Floats | None:
        """
        Another cheap vertex that is in whole numbers. Many ways cost the same once much is hidden, and other prices
        lead to one of them far sooner than branching does.
        """
        kept = self._cost.copy()
        every = np.arange(2 * self.n, dtype=np.int32)
        found = None
        for shake in range(SHAKES):
            prices = kept * np.random.default_rng(shake).uniform(1.0, 3.0, 2 * self.n)
            self._highs.changeColsCost(2 * self.n, every, prices)
            change = self._run()
            if change is not None and _is_whole(change):
                found = change
                break
        self._highs.changeColsCost(2 * self.n, every, kept)
        return found

    def _branched(self, columns: Ints, lower: Floats, upper: Floats) -> Floats | None:
        matrix = sparse.hstack([self._matrix, -self._matrix], format="csc")[:, columns]
        highs = balanced(matrix, self._cost[columns], upper[columns], lower[columns], whole=True)
        highs.setOptionValue("mip_max_improving_sols", 1)  # cheap enough: it is near the linear optimum
        highs.setOptionValue("mip_max_nodes", MOST_NODES)
        highs.run()
        self.clock.ran(highs)  # it ends at its first solution, mostly at the root
        if highs.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
            return None
        value = np.zeros(2 * self.n)
        value[columns] = highs.getSolution().col_value
        return np.asarray(value[: self.n] - value[self.n :])

    def _bound(self, lower: Floats, upper: Floats) -> None:
        new = np.flatnonzero((lower != self._lower) | (upper != self._upper)).astype(np.int32)
        if len(new):
            self._highs.changeColsBounds(len(new), new, lower[new], upper[new])
        self._lower, self._upper = lower, upper


def _is_whole(change: Floats) -> bool:
    return bool(np.abs(change - np.rint(change)).max() < NEARLY)


def programme(
    matrix: sparse.csc_matrix,
    least: Floats,
    cost: Floats,
    upper: Floats,
    lower: Floats | None = None,
    *,
    most: Floats | None = None,
    whole: bool = False,
) -> highspy.Highs:
    """A HiGHS model: `least <= matrix @ x` (`<= most`), `lower <= x <= upper`, of the smallest cost."""
    rows, columns = matrix.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = cost
    lp.col_lower_ = np.zeros(columns) if lower is None else lower
    lp.col_upper_ = upper
    lp.row_lower_ = least
    lp.row_upper_ = np.full(rows, highspy.kHighsInf) if most is None else most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data.astype(np.float64)
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    highs = Solver()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 1)
    highs.passModel(lp)
    return highs


def balanced(
    matrix: sparse.csc_matrix, cost: Floats, upper: Floats, lower: Floats | None = None, *, whole: bool = False
) -> highspy.Highs:
    """A HiGHS model `matrix @ x == 0`, `lower <= x <= upper`, of the smallest cost."""
    nothing = np.zeros(matrix.shape[0])
    return programme(matrix, nothing, cost, upper, lower, most=nothing, whole=whole)
