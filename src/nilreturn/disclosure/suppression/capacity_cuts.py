"""
Capacity cuts (Fischetti and Salazar 2001): what every safe pattern must hide, derived from a
requirement that a pattern leaves unmet.

For any weights `w` of the equations, `p = w @ equations` has `p @ f == 0` for every deviation f. So
a change of class c by `step` needs `p[c] * step <= sum of (largest contribution of class j) *
y[j]`, with y[j] = 1 where class j is hidden. The inequality holds for all weights; a linear program
finds weights for which the present pattern violates it. Each coefficient is reduced to the
right-hand side, which is valid because y is 0 or 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Bools, Floats, Ints
from nilreturn.disclosure.solver import WorkBudget, balanced
from nilreturn.disclosure.suppression.moves import MoveRequirement
from nilreturn.disclosure.suppression.presolve import FAR, Block

GRAIN = 60  # weights are rounded to multiples of 1/60, to compute with integers
WIDEST = 4  # no class needs more room than this for a cut to say something
VIOLATED = 1e-4


@dataclass(frozen=True, eq=False)
class Cut:
    """
    `sum(share * y[which]) >= 1`, or, for a need of classes that are hidden by choice, `>= 1` when
    they are.
    """

    which: Ints
    share: Floats
    conditional_on: tuple[int, ...]  # free classes: holds if all of them are hidden
    line: bool = False  # of `which` and `when` together none is hidden, or two are

    @property
    def key(self) -> tuple[bytes, bytes, tuple[int, ...]]:
        """Equal for equal cuts."""
        return self.which.tobytes(), self.share.round(6).tobytes(), self.conditional_on

    def violation(self, y: Floats) -> float:
        """By how much `y` violates the cut."""
        rhs = 1.0 - sum(1.0 - y[c] for c in self.conditional_on)
        return float(rhs - self.share @ y[self.which])


Side = tuple[Ints, Floats]  # classes in order, and what part of a change each can make up for
NOTHING: Side = (np.zeros(0, dtype=np.int64), np.zeros(0))


def cut_from(block: Block, need: MoveRequirement, sides: list[Side]) -> Cut:
    """
    The cut of a need from the shares of each way it could be met: what all of them lack, some must
    bring.
    """
    which, share = sides[0]
    for other, more in sides[1:]:
        both, place = np.unique(np.concatenate([which, other]), return_inverse=True)
        most = np.zeros(len(both))
        np.maximum.at(most, place, np.concatenate([share, more]))
        which, share = both, most
    return Cut(
        which,
        share,
        tuple(c for c in (need.which, need.fixed) if c >= 0 and not block.forced_hidden[c]),
    )


def shares(
    block: Block, need: MoveRequirement, step: int, classes: Ints, price: Ints
) -> Side | None:
    """
    What part of a change of `need.which` by `step` each class can make up for, when `price @
    f[classes] == 0` for every deviation f (`classes` in order); none when the classes that are
    hidden anyway make up for all of it.
    """
    demand = int(price[np.searchsorted(classes, need.which)]) * step if need.which in classes else 0
    if demand < 0:
        price, demand = -price, -demand
    if demand == 0:
        return None
    room = np.where(
        price < 0,
        -price * np.minimum(block.up[classes], FAR),
        price * np.minimum(block.down[classes], FAR),
    )
    room[(classes == need.which) | (classes == need.fixed)] = 0
    room = np.minimum(room, demand)
    must = block.forced_hidden[classes]
    rest = demand - int(room[must].sum())
    if rest <= 0:
        return None
    brings = (room > 0) & ~must
    return classes[brings], np.minimum(room[brings], rest) / rest


class CapacityCuts:
    """Linear programmes over the hidden classes of one choice after another."""

    def __init__(self, block: Block, clock: WorkBudget) -> None:
        self.block, self.clock = block, clock
        self._transposed = sparse.csr_matrix(block.equations.T)

    def look_at(self, hidden: Bools) -> None:
        """
        Let only `hidden` classes change. The others need no column: the weights of the equations
        say what each of them could contribute. Columns of little room for them would make for 800
        ms instead of 1 in three dimensions, and for no better cuts.
        """
        block, kept = self.block, np.flatnonzero(hidden)
        self._at = np.full(block.size, -1)
        self._at[kept] = np.arange(len(kept))
        self._lower = -np.minimum(block.down[kept], WIDEST).astype(np.float64)
        self._upper = np.minimum(block.up[kept], WIDEST).astype(np.float64)
        self._y = hidden.astype(np.float64)
        self._highs = balanced(
            block.columns[:, kept], np.zeros(len(kept)), self._upper, self._lower
        )
        # Primal: five times as fast from the basis of no change.
        self._highs.setOptionValue("simplex_strategy", 4)
        self._highs.run()
        self._basis = self._highs.getBasis()

    def cut(self, need: MoveRequirement) -> Cut | None:
        """A cut that the choice looked at violates, or none."""
        steps = (need.step,) if need.step else (1, -1)
        sides = [self._side(need, step) for step in steps]
        if any(side is None for side in sides):
            return None
        cut = cut_from(self.block, need, [side for side in sides if side is not None])
        return cut if cut.violation(self._y) > VIOLATED else None

    def _side(self, need: MoveRequirement, step: int) -> Side | None:
        """The shares of a cut for one direction; none when that way is open."""
        block, p = self.block, need.which
        if (block.up[p] if step > 0 else block.down[p]) < abs(step):
            return NOTHING
        price = self._transposed @ self._weights(need, step)
        classes = np.flatnonzero(price)
        return shares(block, need, step, classes, price[classes])

    def _weights(self, need: MoveRequirement, step: int) -> Ints:
        """
        For the equations, such that together they say that the hidden classes cannot make up for
        the step.
        """
        highs, p = self._highs, int(self._at[need.which])
        still = int(self._at[need.fixed]) if need.fixed >= 0 else -1
        size = float(abs(step))
        highs.setBasis(self._basis)
        highs.changeColCost(p, -1.0 if step > 0 else 1.0)
        highs.changeColBounds(p, -size if step < 0 else 0.0, size if step > 0 else 0.0)
        if still >= 0:
            highs.changeColBounds(still, 0.0, 0.0)
        highs.run()
        self.clock.charge_run(highs)
        duals = np.asarray(highs.getSolution().row_dual)
        highs.changeColCost(p, 0.0)
        for c in (p, still) if still >= 0 else (p,):
            highs.changeColBounds(c, self._lower[c], self._upper[c])
        return np.asarray(np.rint(duals * GRAIN), dtype=np.int64)
