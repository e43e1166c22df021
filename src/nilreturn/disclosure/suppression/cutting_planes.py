"""
Cell suppression by cutting planes (Fischetti and Salazar 2000, 2001).

Each round solves the master problem, looks for a requirement that the pattern leaves unmet, and
adds the cuts that it violates. The master problem's cost is a lower bound on the cost of any safe
pattern. A pattern that leaves no requirement unmet is optimal. On the way, patterns are repaired
and redundant cells removed, so that a good safe pattern is available when the work budget ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.model import Bools, Floats
from nilreturn.disclosure.solver import A_LOOK
from nilreturn.disclosure.suppression.capacity_cuts import VIOLATED, CapacityCuts, Cut
from nilreturn.disclosure.suppression.exchange import Exchange
from nilreturn.disclosure.suppression.master import MasterProblem
from nilreturn.disclosure.suppression.moves import FlowProgram, MoveRequirement
from nilreturn.disclosure.suppression.pattern import PatternSearch
from nilreturn.disclosure.suppression.propagation_cuts import PropagationCuts
from nilreturn.progress import Progress

LOOKED_AT = 60  # unmet needs that one look learns from; the rest mostly say the same
# Of the time may go into making choices safe, to have a better one at hand when it runs out
REPAIR_BELOW = 0.5
FEW = 0.1  # of the cuts are new: then a choice is near enough to a safe one to be made one
# Of the needs that equations forbade are left after an exchange: then it is worth making safe
A_FEW = 0.15
EXCHANGES = 5  # of one choice, each with what the last one lacks
LARGEST = 50_000  # classes; beyond, only equations are learnt from, for the bound
PATIENCE = 0.5  # of the time left, for one round's choice
NEAR = 0.1  # of the gap that is open yet is near enough for a choice to learn from


@dataclass(eq=False)
class CuttingPlanes:
    """The search for the best choice in one block, resumed and stopped at will."""

    choice: PatternSearch
    incumbent: Bools  # a safe choice
    bound: float = 0.0

    def __post_init__(self) -> None:
        block = self.choice.block
        self.clock = self.choice.clock
        self._cutter = CapacityCuts(block, self.clock)
        self._rows = PropagationCuts(
            block, insiders=self.choice.requirement.insiders, clock=self.clock
        )
        self._exchange = Exchange(self.choice, self._rows)
        # Rounds until classes are exchanged again, and how often that was in vain.
        self._wait = self._in_vain = 0
        open_ = self._open()
        self._certain = self._nothing_could_meet(self.choice.moves.waived, open_)
        self._cuts = MasterProblem(
            block.weight, np.flatnonzero(open_ & ~block.forced_hidden), self.clock
        )
        self._bound_holds = True
        self._sure: int | None = None  # cuts before the first that was not proven
        self._began = self._repairing = 0.0
        # The choice to go on from: rounds are cut off where work runs out.
        self._at = block.forced_hidden.copy()
        self._is_cut_off = False  # while learning from equations
        self._is_flat = block.dimensions <= 2 or block.size > LARGEST

    @property
    def proven(self) -> bool:
        """
        Whether `incumbent` is known to be the best: no other choice, with no less asked, costs
        less.
        """
        return self._certain and self.choice.cost(self.incumbent) - self.bound <= self._cuts.close

    def bound_at(self, weight: Floats, safe: Bools, seconds: float) -> tuple[float, bool]:
        """
        What any safe choice costs at least at other weights, found in about `seconds` of work, and
        whether `safe` costs no more. A cut says which choices are safe, and holds whatever they
        cost.
        """
        cuts = self._cuts.at(weight, len(self._cuts.cuts) if self._sure is None else self._sure)
        if len(cuts):
            cuts.cheapest(seconds)
        loss = float(weight[safe & ~self.choice.block.forced_hidden].sum())
        return cuts.bound, self._certain and loss - cuts.bound <= cuts.close

    def run(self, until: float, progress: Progress) -> None:
        """Round after round, until the best choice is proven best or time runs out."""
        rounds = 0
        self._began, self._repairing = self.clock(), 0.0
        if self._is_cut_off and not self.proven and self.clock() < until:
            self._at, self._is_cut_off = self._chosen(until), False
        while not self.proven and self.clock() < until:
            progress("looking for the best choice", rounds, 0)
            rounds += 1
            self.clock.charge(A_LOOK)
            known = len(self._cuts)
            wider = self._learn_rows(self._at, until)
            safe_so_far = wider is self._at
            if self.clock() >= until:
                # In a plane what equations make of a choice is near a safe one; elsewhere a search
                # that went on from there would look at nothing else, and raise no bound.
                if self._is_flat or len(self._cuts) == known:
                    self._at = wider
                else:
                    self._is_cut_off = True
                return
            if self.choice.block.size > LARGEST:
                if safe_so_far:
                    return
            elif safe_so_far:
                self._learn_more(wider, until, last_word=True)
            elif (
                not self._exchanged(until)
                and len(self._cuts) - known < FEW * known
                and self._may_repair()
            ):
                self._learn_more(wider, until, last_word=False)
            if not self.proven and self.clock() < until:
                self._at = self._chosen(until)

    def _exchanged(self, until: float) -> bool:
        """
        Learn from a choice that costs no more than the one at hand and that equations have few
        objections to, where exchanging classes leads to one: it is mostly nearer to a safe one.
        Tried the less often the less it helps.
        """
        if self._wait:
            self._wait -= 1
            return False
        other = self._at
        for _ in range(EXCHANGES):
            other, before, left = self._exchange.better(other, self._cuts.cuts, until)
            if left > A_FEW * before:
                self._in_vain += 1
                self._wait = self._in_vain
                return False
            cuts = self._learnt(self._unmet(other, until), other, until) if not left else []
            if not cuts:
                break
            self._cuts.add(cuts)
        self._in_vain = 0
        self._learn_more(self._learn_rows(other, until), until, last_word=False)
        return True

    def _open(self) -> Bools:
        """
        The classes that a safe choice may hide: all but those whose needs equations show to be out
        of reach. Others that the search for moves gave up on stay open, for it may have given up
        too early.
        """
        open_ = np.ones(self.choice.block.size, dtype=bool)
        while self.choice.excluded[open_].any():
            cuts = self._rows.cuts(open_, self.choice.moves.waived)
            never = {cut.conditional_on for cut in cuts if not open_[cut.which].any()}
            shut = [when[0] for when in never if len(when) == 1 and self.choice.excluded[when[0]]]
            if not shut:
                break
            open_[shut] = False
        return open_

    def _nothing_could_meet(self, waived: set[MoveRequirement], open_: Bools) -> bool:
        """Whether these needs, which were given up, are out of reach whatever is hidden."""
        if waived:
            self._cutter.look_at(open_)
        return all(self._cutter.cut(need) is not None for need in waived)

    def _may_repair(self) -> bool:
        return self._repairing <= REPAIR_BELOW * (self.clock() - self._began)

    def _learn_rows(self, hidden: Bools, until: float) -> Bools:
        """
        Learn what equations say of a choice, and of all that they make of it; that is given back,
        and is the same choice when they have no objection. It costs little, and one choice so
        teaches as much as many.
        """
        while cuts := list(self._rows.cuts(hidden, self.choice.moves.waived)):
            self._cuts.add(cuts)
            wider = self._covered(cuts, hidden)
            # Only what may not be hidden would help.
            if np.array_equal(wider, hidden) or self.clock() > until:
                break
            hidden = wider
        return hidden

    def _learn_more(self, hidden: Bools, until: float, *, last_word: bool) -> None:
        """
        Learn from the needs that a choice leaves unmet, and from those that what they make of it
        does, to a safe one. Where no cut says that the choice itself is not safe, only integers do:
        then (`last_word`) ask for another.
        """
        start = self.clock()
        while self.clock() < until and (unmet := self._unmet(hidden, until)):
            cuts = self._learnt(unmet, hidden, until)
            if not cuts:  # some may be met in integers after all
                unmet = self._unmet(hidden, until, thoroughly=True)
                cuts = self._learnt(unmet, hidden, until) if unmet else []
            if not unmet:
                break
            if not cuts and last_word and self.clock() < until:
                self._forbid(hidden)
            if not cuts:
                break
            last_word = False
            self._cuts.add(cuts)
            hidden = self._learn_rows(self._covered(cuts, hidden), until)
        self._repair_and_reduce(hidden, until)
        self._repairing += self.clock() - start

    def _unmet(
        self, hidden: Bools, until: float, *, thoroughly: bool = False
    ) -> list[MoveRequirement]:
        """
        Some of the needs that a choice leaves unmet, after a look at all of it, or (past `until`)
        that may be. Unless `thoroughly`, needs are among them that only branching would meet.
        """
        flows = FlowProgram(self.choice.block, self.clock, np.flatnonzero(hidden))
        flows.priced(self.choice.prices(hidden))
        while needs := self.choice.unmet(
            hidden, most=LOOKED_AT, until=until, thoroughly=thoroughly
        ):
            unmet = [
                need
                for need in needs
                if not self._is_met(need, hidden, flows, until, thoroughly=thoroughly)
            ]
            if unmet:
                return unmet
        return []

    def _is_met(
        self,
        need: MoveRequirement,
        hidden: Bools,
        flows: FlowProgram,
        until: float,
        *,
        thoroughly: bool,
    ) -> bool:
        if self.choice.moves.meets(need, hidden):
            return True
        move = flows.find(need, thoroughly=thoroughly) if self.clock() < until else None
        if move is not None:
            self.choice.moves.add(*move)
        return move is not None

    def _repair_and_reduce(self, hidden: Bools, until: float) -> None:
        """Make a choice safe and lean, and keep it if it is the best so far."""
        whole = self.choice.repair_within(hidden, until)
        if whole is None:
            return
        self._keep(whole)
        if not self.proven:
            self._keep(self.choice.remove_redundant(whole, until))

    def _keep(self, safe: Bools) -> None:
        if self.choice.cost(safe) < self.choice.cost(self.incumbent):
            self.incumbent = safe

    def _covered(self, cuts: list[Cut], hidden: Bools) -> Bools:
        """
        `hidden` and enough more that none of `cuts` is violated: what helps most for its weight.
        """
        help_ = np.zeros(len(hidden))
        for cut in cuts:
            help_[cut.which] += cut.share
        help_ /= np.maximum(self.choice.block.weight, 1e-9)
        hidden = hidden.copy()
        for cut in cuts:
            lack = cut.violation(hidden.astype(np.float64))
            for k in np.argsort(-help_[cut.which], kind="stable") if lack > VIOLATED else ():
                if lack <= VIOLATED:
                    break
                if not hidden[cut.which[k]] and not self.choice.excluded[cut.which[k]]:
                    hidden[cut.which[k]] = True
                    lack -= cut.share[k]
        return hidden

    def _forbid(self, hidden: Bools) -> None:
        """
        Ask for something outside `hidden`. Whole numbers were searched for a limited time, so this
        is no proof that the choice is unsafe: the bound stays what it is from here on.
        """
        if self._bound_holds:
            self._sure = len(self._cuts.cuts)
        outside = np.flatnonzero(~hidden)
        self._cuts.add([Cut(outside, np.ones(len(outside)), ())])
        self._bound_holds = False

    def _learnt(self, needs: list[MoveRequirement], hidden: Bools, until: float) -> list[Cut]:
        """Cuts from some of the unmet needs: one need of each class first."""
        first = {
            need.which: need for need in sorted(needs, key=lambda n: (n.fixed >= 0, -abs(n.step)))
        }
        order = [*first.values(), *(need for need in needs if first[need.which] is not need)]
        self._cutter.look_at(hidden)
        learnt = []
        for need in order[:LOOKED_AT]:
            if self.clock() > until:
                break
            learnt.append(self._cutter.cut(need))
        return [cut for cut in learnt if cut is not None]

    def _chosen(self, until: float) -> Bools:
        """The cheapest choice that no cut forbids, or a nearly cheapest; raises the bound."""
        within = NEAR * (self.choice.cost(self.incumbent) - self.bound)
        found = self._cuts.cheapest((until - self.clock()) * PATIENCE, within=within)
        if self._bound_holds:
            self.bound = max(self.bound, self._cuts.bound)
        if found is None:
            return self.incumbent.copy()
        hidden = self.choice.block.forced_hidden.copy()
        hidden[found] = True
        return hidden
