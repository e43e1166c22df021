"""
Secondary suppression: a cheap set of cells to hide besides the primary ones, so that a reader
cannot infer the primary ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nilreturn.disclosure.model import AttackerModel, Bools, Ints
from nilreturn.disclosure.solver import WorkBudget
from nilreturn.disclosure.suppression.chance import random_of
from nilreturn.disclosure.suppression.cutting_planes import CuttingPlanes
from nilreturn.disclosure.suppression.moves import (
    Hierarchies,
    MoveRequirement,
    interior_deviation,
    witness_moves,
)
from nilreturn.disclosure.suppression.neighbourhood_search import NeighbourhoodSearch
from nilreturn.disclosure.suppression.pattern import PatternSearch
from nilreturn.disclosure.suppression.presolve import Presolved, presolve
from nilreturn.disclosure.suppression.problem import SuppressionPattern, SuppressionProblem
from nilreturn.progress import Progress, no_progress

# Seconds of work, and for each class of the largest block, where that is more.
FIRST_STAGE, A_CLASS = 0.5, 2e-4
LONGER = 1.6  # times as much in each next stage
A_BOUND = 0.1  # of the work allowed is for the bound, where prices are secret
DEARER = 2.0  # a secret price is above the weight by at most so many times the least weight
FINENESS = 8  # parts of the least weight: prices are integers, by which the search proves choices
# Of the work is done when the first search from below ends, and then the one from above.
BELOW, ABOVE = 0.4, 0.8
BELOW_IN_A_PLANE = 0.7  # there cuts say nearly all
PRINTED = "it is printed already"
FOLLOWS = "it follows from what is printed, whatever is hidden"


def suppress(
    system: SuppressionProblem,
    *,
    requirement: AttackerModel,
    seconds: float,
    seed: bytes = b"",
    by_itself: Bools | None = None,
    progress: Progress = no_progress,
) -> SuppressionPattern:
    """
    The best safe choice found in about `seconds` of work (`Clock`); never an unsafe one, so a first
    choice is made however long it takes. What cannot be protected is named in `refused` and
    `narrowed`, and hidden all the same.

    Which of the good choices is taken depends on the secret `seed`: with one, each cell has a
    secret price, its weight and up to `DEARER` times the least weight of a cell more. The search
    looks for the least price, not the least loss; of the choices at hand at the end of each of its
    stages the one of least loss is taken, so that more `seconds` never give one of more loss for
    the same seed. The bound is of the loss. Cells that are `by_itself` are protected as though one
    person were in each, where insiders are reckoned with; the bound is then of such choices.
    Deterministic.
    """
    clock = WorkBudget(seconds)
    priced = _secretly_priced(system, seed)
    presolved = presolve(priced, requirement, by_itself)
    hierarchies = Hierarchies(system)
    searches = []
    # Something safe everywhere, before anything is made better.
    for k, block in enumerate(presolved.blocks):
        progress("hiding cells", k, len(presolved.blocks))
        choice = PatternSearch(block, requirement, clock, hierarchies, seed)
        searches.append(CuttingPlanes(choice, choice.repair(block.forced_hidden)))
    asked = [search for search in searches if search.choice.block.forced_hidden.any()]
    kept = [_Kept(search, system) for search in searches]
    largest = max((search.choice.block.size for search in asked), default=0)
    for until in _stages(clock(), seconds, max(FIRST_STAGE, A_CLASS * largest)):
        _search_all(asked, until, progress)
        for each in kept:
            each.look()
    choices = [(each.search.choice, each.incumbent) for each in kept]
    bounds = [each.bound(max(FIRST_STAGE, A_BOUND * seconds) if seed else 0.0) for each in kept]
    proven = all(sure for _, sure in bounds)
    return _pattern(
        system, requirement, presolved, choices, sum(least for least, _ in bounds), proven
    )


class _Kept:
    """
    Of the choices of one block at the end of each stage, the one of least loss at the weights.
    """

    def __init__(self, search: CuttingPlanes, system: SuppressionProblem) -> None:
        self.search, self.incumbent = search, search.incumbent
        block, free = search.choice.block, ~system.primary & ~system.unpublished
        self._weight = np.bincount(
            block.owner, (system.weight * free)[block.cells], block.size
        ).astype(np.float64)

    def look(self) -> None:
        """Take what the search has now if that costs less."""
        if self._cost(self.search.incumbent) < self._cost(self.incumbent):
            self.incumbent = self.search.incumbent

    def bound(self, seconds: float) -> tuple[float, bool]:
        """
        What a safe choice costs at least, and whether the one kept costs no more. Where prices are
        secret (`seconds` is not 0) the search has a bound on those, and the cuts that it learnt
        give one on the weights.
        """
        if not seconds:
            return self.search.bound, self.search.proven
        return self.search.bound_at(self._weight, self.incumbent, seconds)

    def _cost(self, hidden: Bools) -> float:
        return float(self._weight[hidden & ~self.search.choice.block.forced_hidden].sum())


def _stages(start: float, seconds: float, first: float) -> Iterator[float]:
    """
    When each stage of the search ends, beginning at `start`, where the first choice is made; the
    first is `first` long. The stages are the same however many there is time for: a search that is
    given more time first does all that a shorter one does.
    """
    length = first
    while start + length <= seconds or length == first:
        yield start + length
        length *= LONGER


def _search_all(searches: list[CuttingPlanes], until: float, progress: Progress) -> None:
    """Search every block that is not proven; each gets of the work left what its size deserves."""
    left = [search for search in searches if not search.proven]
    todo = float(sum(search.choice.block.size for search in left))
    for search in left:
        share = search.choice.block.size / max(todo, 1.0)
        todo -= search.choice.block.size
        start = search.clock()
        if start < until:
            _search(search, start + (until - start) * share, progress)


def _secretly_priced(system: SuppressionProblem, seed: bytes) -> SuppressionProblem:
    """The system with weights that only the seed tells; the same one without a seed."""
    if not seed:
        return system
    free = ~system.primary & ~system.unpublished & ~system.publishable & (system.weight > 0)
    least = float(system.weight[free].min(initial=np.inf)) if free.any() else 1.0
    dearer = random_of(seed, "weights").uniform(0.0, DEARER * least, system.size)
    parts = np.ceil(FINENESS / least)
    return replace(
        system, weight=np.where(free, np.floor(parts * (system.weight + dearer)), system.weight)
    )


def _search(search: CuttingPlanes, until: float, progress: Progress) -> None:
    """
    The best choice of a block: from below (what any choice must hide), then from above (what a safe
    one need not), then from below again, now that there is a good one to end at.
    """
    start = search.clock()
    below = BELOW_IN_A_PLANE if search.choice.block.dimensions <= 2 else BELOW
    search.run(start + below * (until - start), progress)
    if not search.proven:
        lean = search.choice.remove_redundant(search.incumbent, until)
        search.incumbent = NeighbourhoodSearch(search.choice, lean).run(
            start + ABOVE * (until - start)
        )
        search.run(until, progress)


def _pattern(
    system: SuppressionProblem,
    requirement: AttackerModel,
    presolved: Presolved,
    choices: list[tuple[PatternSearch, Bools]],
    bound: float,
    proven: bool,
) -> SuppressionPattern:
    """The choices by class, told cell by cell."""
    hidden = system.primary & ~system.publishable & ~system.unpublished
    bound += float(system.weight[_unchosen(system, choices)].sum())
    for choice, chosen in choices:
        for which in np.flatnonzero(chosen):
            hidden[choice.block.members[which]] = True
    hidden &= ~system.unpublished
    loss = float(system.weight[hidden & ~system.primary].sum())
    low, high, narrowed, refused, reasons = _protected_ranges(
        system, presolved, choices, ranges=requirement.ranges
    )
    return SuppressionPattern(
        hidden=hidden,
        cost=loss,
        bound=bound,
        proven=proven,
        moves=tuple(
            move for choice, chosen in choices for move in witness_moves(choice.moves, chosen)
        ),
        table=_another(system, choices),
        low=low,
        high=high,
        partially_protected=narrowed,
        unprotectable=refused,
        reasons=reasons,
        waived=_waived(system, choices),
        method="cutting planes"
        if proven
        else "cutting planes, cut short: the best choice found, made lean",
    )


def _another(system: SuppressionProblem, choices: list[tuple[PatternSearch, Bools]]) -> Ints:
    world = system.value.copy()
    for choice, chosen in choices:
        world[choice.block.cells] += interior_deviation(choice.moves, chosen)[choice.block.owner]
    return world


def _unchosen(system: SuppressionProblem, choices: list[tuple[PatternSearch, Bools]]) -> Bools:
    """
    Cells that are not primary and are hidden whatever is chosen: the same people as in a primary
    cell.
    """
    same = np.zeros(system.size, dtype=bool)
    for choice, _ in choices:
        for which in np.flatnonzero(choice.block.forced_hidden):
            same[choice.block.members[which]] = True
    return same & ~system.primary & ~system.unpublished


def _protected_ranges(
    system: SuppressionProblem,
    presolved: Presolved,
    choices: list[tuple[PatternSearch, Bools]],
    *,
    ranges: bool,
) -> tuple[Ints, Ints, Bools, Bools, dict[int, str]]:
    """
    Per primary cell: the range it withstands, whether that is less than asked for, or nothing, and
    why.
    """
    low, high = system.value.copy(), system.value.copy()
    refused = system.primary & presolved.settled
    reasons = {
        int(cell): PRINTED if system.publishable[cell] else FOLLOWS
        for cell in np.flatnonzero(refused)
    }
    for choice, _ in choices:
        for which, members in enumerate(choice.block.members):
            reached = {
                d
                for d in choice.block.steps[which]
                if MoveRequirement(which, d) not in choice.moves.waived
            }
            for cell in members[system.primary[members]]:
                if MoveRequirement(which) in choice.moves.waived:
                    refused[cell] = True
                    reasons[int(cell)] = FOLLOWS
                while low[cell] - 1 - system.value[cell] in reached:
                    low[cell] -= 1
                while high[cell] + 1 - system.value[cell] in reached:
                    high[cell] += 1
    narrowed = (
        system.primary
        & ~refused
        & ((low > system.protect_low) | (high < system.protect_high))
        & ranges
    )
    for cell in np.flatnonzero(narrowed):
        least = f"at least {low[cell]}" if low[cell] > system.protect_low[cell] else ""
        most = f"at most {high[cell]}" if high[cell] < system.protect_high[cell] else ""
        reasons[int(cell)] = (
            f"whatever is hidden, a reader knows it is {' and '.join(filter(None, (least, most)))}"
        )
    return low, high, narrowed, refused, reasons


def _waived(
    system: SuppressionProblem, choices: list[tuple[PatternSearch, Bools]]
) -> tuple[tuple[int, int], ...]:
    """
    Pairs of cells: whoever is alone in the first learns the second, whatever is hidden. All cells
    of one class are the same people, so that each of them stands for the class on either side.
    """
    pairs: list[tuple[int, int]] = []
    for choice, _ in choices:
        for need in choice.moves.waived:
            if need.fixed >= 0:
                members = choice.block.members
                pairs += itertools.product(
                    members[need.fixed].tolist(), members[need.which].tolist()
                )
        for which, own in enumerate(choice.block.members):
            if choice.block.singletons[which] and choice.requirement.insiders:
                pairs += itertools.permutations(own.tolist(), 2)
    return tuple(sorted(pair for pair in pairs if system.value[pair[0]] == 1))
