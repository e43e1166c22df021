"""
The best choice by cutting planes: choose by what is known, look for a need that the choice leaves unmet, learn a cut.

Every round gives a bound (no safe choice costs less) and a choice that costs about as much; when it leaves no need
unmet it is the best there is. On the way, each choice is completed and made lean, so that a good safe one is at hand
when time runs out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.clock import SLOWEST, nodes_in
from nilreturn.disclosure.cuts import VIOLATED, Cut, Cutter
from nilreturn.disclosure.flows import programme
from nilreturn.disclosure.greedy import Choice
from nilreturn.disclosure.moves import Need
from nilreturn.disclosure.rows import Rows
from nilreturn.disclosure.system import Bools, Floats
from nilreturn.progress import Progress

LOOKED_AT = 60  # unmet needs that one round learns from; the rest mostly say the same
MENDING = 0.3  # of the time may go into making choices safe, to have a better one at hand when it runs out
LARGEST = 12_000  # classes; beyond, only single equations are learnt from, for the bound
PERSISTENT = 4  # every so many rounds the rest is looked at although single equations still object
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
        self.clock = self.choice.clock
        self._cutter = Cutter(block, self.clock)
        self._rows = Rows(block, insiders=self.choice.requirement.insiders)
        self._bound_holds = True
        self.close = closeness(block.weight[self.free])

    @property
    def proven(self) -> bool:
        return self.loss(self.best) - self.bound <= self.close

    def loss(self, hidden: Bools) -> float:
        """The weight of what is hidden by choice."""
        return float(self.choice.block.weight[hidden & ~self.choice.block.must].sum())

    def run(self, until: float, progress: Progress) -> None:
        """Round after round, until the best choice is proven best or time runs out."""
        hidden = self.choice.block.must.copy()
        rounds = 0
        self._began, self._mending = self.clock(), 0.0
        while not self.proven and self.clock() < until:
            progress("looking for the best choice", rounds, 0)
            rounds += 1
            wider = self._learn_rows(hidden, until)
            if self.choice.block.size > LARGEST:
                if wider is hidden:
                    return
            elif wider is hidden or rounds % PERSISTENT == 0:
                self._learn_more(wider, until, last_word=wider is hidden)
            if not self.proven and self.clock() < until:
                hidden = self._chosen(until)

    def _learn_rows(self, hidden: Bools, until: float) -> Bools:
        """
        Learn what single equations say of a choice, and of all that they make of it; that is given back, and is the
        same choice when they have no objection. It costs little, and one choice so teaches as much as many.
        """
        while cuts := list(self._rows.cuts(hidden, self.choice.moves.excused)):
            self._add(cuts)
            wider = self._covering(cuts, hidden)
            if np.array_equal(wider, hidden) or self.clock() > until:  # only what may not be hidden would help
                break
            hidden = wider
        return hidden

    def _learn_more(self, hidden: Bools, until: float, *, last_word: bool) -> None:
        """
        Learn from the needs that a choice leaves unmet; or, when there are none, that it is safe. Where no cut says
        that it is not safe, only whole numbers do: then (`last_word`) ask for another choice.
        """
        unmet = self.choice.unmet(hidden, most=LOOKED_AT, until=until)
        if not unmet:
            self._improve(hidden)
            return
        cuts = self._learn(unmet, hidden, until)
        self._add(cuts)
        if not cuts and last_word and self.clock() < until:
            self._forbid(hidden)
        start = self.clock()
        if self._mending < MENDING * (start - self._began):
            mended = self.choice.completed_by(hidden, until)
            if mended is not None:
                self._improve(self.choice.leaner(mended, until))
            self._mending += self.clock() - start

    def _covering(self, cuts: list[Cut], hidden: Bools) -> Bools:
        """`hidden` and enough more that none of `cuts` is violated: what helps most for its weight."""
        weight = np.maximum(self.choice.block.weight, 1e-9)
        help_ = np.zeros(len(hidden))
        for cut in cuts:
            help_[cut.which] += cut.share
        help_ /= weight
        help_[self.choice.banned] = 0.0
        hidden = hidden.copy()
        for cut in cuts:
            lack = cut.lack(hidden.astype(np.float64))
            for k in np.argsort(-help_[cut.which], kind="stable") if lack > 0 else ():
                if lack <= VIOLATED:
                    break
                if not hidden[cut.which[k]] and not self.choice.banned[cut.which[k]]:
                    hidden[cut.which[k]] = True
                    lack -= cut.share[k]
        return hidden

    def _forbid(self, hidden: Bools) -> None:
        """
        Ask for something outside `hidden`. Whole numbers were searched for a limited time, so this is no proof that the
        choice is unsafe: the bound stays what it is from here on.
        """
        outside = np.flatnonzero(~hidden)
        self._add([Cut(outside, np.ones(len(outside)), ())])
        self._bound_holds = False

    def _add(self, cuts: list[Cut]) -> None:
        """Keep the cuts that are new."""
        for cut in cuts:
            if cut.key not in self._known:
                self._known.add(cut.key)
                self.cuts.append(cut)

    def _improve(self, hidden: Bools) -> None:
        if self.loss(hidden) < self.loss(self.best):
            self.best = hidden

    def _learn(self, needs: list[Need], hidden: Bools, until: float) -> list[Cut]:
        """Cuts from some of the unmet needs: one need of each class first."""
        first = {need.which: need for need in sorted(needs, key=lambda n: (n.still >= 0, -abs(n.step)))}
        rest = [need for need in needs if first[need.which] is not need]
        order = [*first.values(), *rest][:: max(1, len(first) // LOOKED_AT)]
        y = hidden.astype(np.float64)
        self._cutter.look_at(y)
        learnt = []
        for need in order[:LOOKED_AT]:
            if self.clock() > until:
                break
            learnt.append(self._cutter.cut(need, y))
        return [cut for cut in learnt if cut is not None]

    def _chosen(self, until: float) -> Bools:
        """The cheapest choice that no cut forbids (or nearly, if time is short); raises the bound."""
        weight = self.choice.block.weight[self.free]
        highs = programme(*self._matrix(), weight, np.ones(len(weight)), whole=True)
        left = (until - self.clock()) * PATIENCE
        highs.setOptionValue("mip_max_nodes", nodes_in(left, highs.getNumCol() + highs.getNumRow()))
        highs.setOptionValue("time_limit", max(1.0, SLOWEST * left))
        highs.setOptionValue("mip_abs_gap", self.close)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.run()
        self.clock.ran_whole(highs, most=left)
        info = highs.getInfo()
        if self._bound_holds and np.isfinite(info.mip_dual_bound):
            self.bound = max(self.bound, info.mip_dual_bound)
        hidden = self.choice.block.must.copy()
        if info.primal_solution_status == highspy.kSolutionStatusFeasible:
            hidden[self.free] = np.asarray(highs.getSolution().col_value) > 0.5
            return hidden
        return self.best.copy()

    def _matrix(self) -> tuple[sparse.csc_matrix, Floats]:
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
