"""
The best choice by cutting planes: choose by what is known, look for a need that the choice leaves unmet, learn a cut.

Every round gives a bound (no safe choice costs less) and a choice that costs about as much; when it leaves no need
unmet it is the best there is. On the way, each choice is completed and made lean, so that a good safe one is at hand
when time runs out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.cuts import Cut, Cutter
from nilreturn.disclosure.flows import programme
from nilreturn.disclosure.greedy import Choice
from nilreturn.disclosure.moves import Need
from nilreturn.disclosure.system import Bools, Floats
from nilreturn.progress import Progress

LOOKED_AT = 150  # unmet needs that one round learns from; the rest mostly say the same
PATIENCE = 0.2  # of the time left, for one round's choice


@dataclass(eq=False)
class Cutting:
    """The search for the best choice in one block, resumed and stopped at will."""

    choice: Choice
    best: Bools  # a safe choice
    bound: float = 0.0
    cuts: list[Cut] = field(default_factory=list)
    _known: set[tuple[bytes, bytes, tuple[int, ...]]] = field(default_factory=set)

    def __post_init__(self) -> None:
        block = self.choice.block
        self.free = np.flatnonzero(~block.must & ~self.choice.banned)
        self._column = np.full(block.size, -1)
        self._column[self.free] = np.arange(len(self.free))
        self._cutter = Cutter(block)
        self.close = closeness(block.weight[self.free])

    @property
    def proven(self) -> bool:
        return self.loss(self.best) - self.bound <= self.close

    def loss(self, hidden: Bools) -> float:
        """The weight of what is hidden by choice."""
        return float(self.choice.block.weight[hidden & ~self.choice.block.must].sum())

    def run(self, until: float, progress: Progress) -> None:
        """Round after round, until the best choice is proven best or time runs out."""
        round_number = 0
        hidden = self.choice.block.must.copy()
        while monotonic() < until:
            progress("proving that no more need be shown", round_number, 0)
            unmet = self._unmet(hidden, until)
            if not unmet:
                self._improve(hidden)
            elif monotonic() < until:
                learnt = self._learn(unmet, hidden, until)
                if not learnt:  # nothing a cut can say: the programme is not strong enough
                    return
                if round_number % 4 == 3:
                    self._improve(self.choice.lean_completed(hidden, until))
            if self.proven or monotonic() > until:
                return
            hidden = self._chosen(until)
            round_number += 1

    def _improve(self, hidden: Bools) -> None:
        if self.loss(hidden) < self.loss(self.best):
            self.best = hidden

    def _unmet(self, hidden: Bools, until: float) -> list[Need]:
        """The needs that hiding `hidden` alone leaves unmet; moves found on the way are kept."""
        choice = self.choice
        needs = choice.moves.unmet(hidden)
        choice.flows.open_only(hidden)
        choice.flows.priced(choice.cost(hidden))
        unmet: list[Need] = []
        for k, need in enumerate(needs):
            if monotonic() > until:
                return [*unmet, *needs[k:]]
            move = choice.flows.find(need)
            if move is None:
                unmet.append(need)
            else:
                choice.moves.add(*move)
        return unmet

    def _learn(self, needs: list[Need], hidden: Bools, until: float) -> bool:
        """Cuts from some of the unmet needs: one need of each class first."""
        first = {need.which: need for need in sorted(needs, key=lambda n: (n.still >= 0, -abs(n.step)))}
        rest = [need for need in needs if first[need.which] is not need]
        order = [*first.values(), *rest][:: max(1, len(first) // LOOKED_AT)]
        y = hidden.astype(np.float64)
        self._cutter.look_at(y)
        learnt = 0
        for need in order[:LOOKED_AT]:
            if monotonic() > until:
                break
            cut = self._cutter.cut(need, y)
            if cut is not None and cut.key not in self._known:
                self._known.add(cut.key)
                self.cuts.append(cut)
                learnt += 1
        return learnt > 0

    def _chosen(self, until: float) -> Bools:
        """The cheapest choice that no cut forbids (or nearly, if time is short); raises the bound."""
        weight = self.choice.block.weight[self.free]
        highs = programme(*self._rows(), weight, np.ones(len(weight)), whole=True)
        highs.setOptionValue("time_limit", max(0.1, min((until - monotonic()) * PATIENCE, until - monotonic())))
        highs.setOptionValue("mip_abs_gap", self.close)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.run()
        info = highs.getInfo()
        if np.isfinite(info.mip_dual_bound):
            self.bound = max(self.bound, info.mip_dual_bound)
        hidden = self.choice.block.must.copy()
        if info.primal_solution_status == highspy.kSolutionStatusFeasible:
            hidden[self.free] = np.asarray(highs.getSolution().col_value) > 0.5
            return hidden
        return self.best.copy()

    def _rows(self) -> tuple[sparse.csc_matrix, Floats]:
        """The cuts as a matrix over free classes, and their right-hand sides."""
        lengths = [len(cut.which) + len(cut.when) for cut in self.cuts]
        columns = np.concatenate([np.concatenate([cut.which, np.array(cut.when, dtype=int)]) for cut in self.cuts])
        shares = np.concatenate([np.concatenate([cut.share, -np.ones(len(cut.when))]) for cut in self.cuts])
        kept = self._column[columns] >= 0
        rows = np.repeat(np.arange(len(lengths)), lengths)
        shape = (len(self.cuts), len(self.free))
        matrix = sparse.csc_matrix((shares[kept], (rows[kept], self._column[columns[kept]])), shape)
        return matrix, np.array([1.0 - len(cut.when) for cut in self.cuts])


def closeness(weight: Floats) -> float:
    """
    How near a loss must come to the bound to be called the best: where weights are whole numbers but for small parts
    that only break ties, the whole numbers decide.
    """
    ties = float((weight - np.floor(weight)).sum())
    return 0.98 - ties if ties < 0.5 and weight.min(initial=1.0) >= 1.0 else 1e-6 * float(weight.sum())
