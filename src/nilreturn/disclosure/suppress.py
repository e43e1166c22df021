"""Which cells to hide besides the primary ones: as few as can be, such that a reader cannot work them out."""

from __future__ import annotations

import numpy as np

from nilreturn.disclosure.blocks import Presolved, presolve
from nilreturn.disclosure.clock import Clock
from nilreturn.disclosure.exact import Cutting
from nilreturn.disclosure.greedy import Choice
from nilreturn.disclosure.grid import Hierarchies
from nilreturn.disclosure.improve import Improving
from nilreturn.disclosure.moves import Need
from nilreturn.disclosure.packing import elsewhere, telling
from nilreturn.disclosure.system import Bools, Ints, Requirement, Suppression, System
from nilreturn.progress import Progress, silent

BELOW, ABOVE = 0.4, 0.8  # of the time is gone when the first search from below ends, and then the one from above
PRINTED = "it is printed already"
FOLLOWS = "it follows from what is printed, whatever is hidden"


def suppress(
    system: System, *, requirement: Requirement, seconds: float, seed: bytes = b"", progress: Progress = silent
) -> Suppression:
    """
    The best safe choice found in about `seconds` of work (`Clock`); never an unsafe one, so a first choice is made
    however long it takes. What cannot be protected is named in `refused` and `narrowed`, and hidden all the same.
    Which of several good choices is made depends on `seed`.
    """
    clock = Clock(seconds)
    presolved = presolve(system, requirement)
    hierarchies = Hierarchies(system)
    searches = []
    for k, block in enumerate(presolved.blocks):  # something safe everywhere, before anything is made better
        progress("hiding cells", k, len(presolved.blocks))
        choice = Choice(block, requirement, clock, hierarchies, seed)
        searches.append(Cutting(choice, choice.completed(block.must)))
    todo = float(sum(search.choice.block.size for search in searches))
    for search in searches:  # each gets of the time left what its size deserves
        share = search.choice.block.size / max(todo, 1.0)
        todo -= search.choice.block.size
        own = clock() + (seconds - clock()) * share
        if search.choice.block.must.any():
            _search(search, own, progress)
    choices = [(search.choice, search.best) for search in searches]
    bound = sum(search.bound for search in searches)
    proven = all(search.proven for search in searches)
    return _told(system, requirement, presolved, choices, bound, proven)


def _search(search: Cutting, until: float, progress: Progress) -> None:
    """
    The best choice of a block: from below (what any choice must hide), then from above (what a safe one need not), then
    from below again, now that there is a good one to end at.
    """
    start = search.clock()
    search.run(start + BELOW * (until - start), progress)
    if not search.proven:
        lean = search.choice.leaner(search.best, until)
        search.best = Improving(search.choice, lean).run(start + ABOVE * (until - start))
        search.run(until, progress)


def _told(
    system: System,
    requirement: Requirement,
    presolved: Presolved,
    choices: list[tuple[Choice, Bools]],
    bound: float,
    proven: bool,
) -> Suppression:
    """The choices by class, told cell by cell."""
    hidden = system.primary & ~system.fixed & ~system.latent
    bound += float(system.weight[_unchosen(system, choices)].sum())
    for choice, chosen in choices:
        for which in np.flatnonzero(chosen):
            hidden[choice.block.members[which]] = True
    hidden &= ~system.latent
    loss = float(system.weight[hidden & ~system.primary].sum())
    low, high, narrowed, refused, reasons = _withstood(system, presolved, choices, ranges=requirement.ranges)
    return Suppression(
        hidden=hidden,
        loss=loss,
        bound=bound,
        proven=proven,
        moves=tuple(move for choice, chosen in choices for move in telling(choice.moves, chosen)),
        world=_another(system, choices),
        low=low,
        high=high,
        narrowed=narrowed,
        refused=refused,
        reasons=reasons,
        excused=_excused(choices),
        method="cutting planes" if proven else "cutting planes, cut short: the best choice found, made lean",
    )


def _another(system: System, choices: list[tuple[Choice, Bools]]) -> Ints:
    world = system.value.copy()
    for choice, chosen in choices:
        world[choice.block.cells] += elsewhere(choice.moves, chosen)[choice.block.owner]
    return world


def _unchosen(system: System, choices: list[tuple[Choice, Bools]]) -> Bools:
    """Cells that are not primary and are hidden whatever is chosen: the same people as in a primary cell."""
    same = np.zeros(system.size, dtype=bool)
    for choice, _ in choices:
        for which in np.flatnonzero(choice.block.must):
            same[choice.block.members[which]] = True
    return same & ~system.primary & ~system.latent


def _withstood(
    system: System, presolved: Presolved, choices: list[tuple[Choice, Bools]], *, ranges: bool
) -> tuple[Ints, Ints, Bools, Bools, dict[int, str]]:
    """Per primary cell: the range it withstands, whether that is less than asked for, or nothing, and why."""
    low, high = system.value.copy(), system.value.copy()
    refused = system.primary & presolved.settled
    reasons = {int(cell): PRINTED if system.fixed[cell] else FOLLOWS for cell in np.flatnonzero(refused)}
    for choice, _ in choices:
        for which, members in enumerate(choice.block.members):
            reached = {d for d in choice.block.steps[which] if Need(which, d) not in choice.moves.excused}
            for cell in members[system.primary[members]]:
                if Need(which) in choice.moves.excused:
                    refused[cell] = True
                    reasons[int(cell)] = FOLLOWS
                while low[cell] - 1 - system.value[cell] in reached:
                    low[cell] -= 1
                while high[cell] + 1 - system.value[cell] in reached:
                    high[cell] += 1
    narrowed = system.primary & ~refused & ((low > system.low) | (high < system.high)) & ranges
    for cell in np.flatnonzero(narrowed):
        least = f"at least {low[cell]}" if low[cell] > system.low[cell] else ""
        most = f"at most {high[cell]}" if high[cell] < system.high[cell] else ""
        reasons[int(cell)] = f"whatever is hidden, a reader knows it is {' and '.join(filter(None, (least, most)))}"
    return low, high, narrowed, refused, reasons


def _excused(choices: list[tuple[Choice, Bools]]) -> tuple[tuple[int, int], ...]:
    """Pairs of cells: whoever is alone in the first learns the second, whatever is hidden."""
    pairs: list[tuple[int, int]] = []
    for choice, _ in choices:
        for need in choice.moves.excused:
            if need.still >= 0:
                members = choice.block.members
                pairs += [(int(members[need.still][0]), int(cell)) for cell in members[need.which]]
        for which, own in enumerate(choice.block.members):
            if choice.block.single[which] and choice.requirement.insiders:
                pairs += [(int(own[0]), int(cell)) for cell in own[1:]]
    return tuple(sorted(pairs))
