"""
How many cells a printed result gives away, from the printed result: of what suppression offers (a
table, moves) only what fits the printed sums is used, as `protect` does, and nothing need be
offered.

What no choice of hidden cells could avoid is told apart: a total of k hidden parts is at least k,
for its parts would be printed were they zero; a total whose other parts are all zero is its one
part. What else is given away is looked at again with everything hidden that may be: what is given
away there too was not avoidable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csgraph, csr_matrix

from benchmarks.disclosure_instances import Instance
from nilreturn.disclosure.audit.witnesses import BlockRequirements, explore, moves_within
from nilreturn.disclosure.model import NO_UPPER, Bools, Ints, blocks
from nilreturn.disclosure.solver import WorkBudget

Moves = Sequence[tuple[Ints, Ints]]  # cells, and by how much each changes


@dataclass
class Exposures:
    """
    Cells given away: exactly; in part of the rule's range; persons in a cell of 1 who learn another
    cell. `pairs` are those persons' cells and what each learns, `values` the cells and the values
    that they cannot have.
    """

    single: list[int] = field(default_factory=list)
    values: list[tuple[int, int]] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)
    # Cells whose range a sum narrows whatever is hidden; they are in none of the above.
    unavoidable: int = 0
    undecided: int = 0

    @property
    def exact(self) -> int:
        return len(self.single)

    @property
    def range(self) -> int:
        return len({cell for cell, _ in self.values})

    @property
    def insider(self) -> int:
        return len({one for one, _ in self.pairs})


def exposures(
    instance: Instance,
    hidden: Bools,
    *,
    least: int,
    threshold: int,
    seconds: float,
    world: Ints | None = None,
    moves: Moves = (),
) -> Exposures:
    """
    What a reader who knows that hidden counts are at least `least` can work out, in about `seconds`
    of work. `world` (a table that agrees with what is printed) and `moves` from it may be offered.
    """
    value = instance.value
    primary = (value > 0) & (value < threshold)
    floor = _least_whatever_is_hidden(instance, least)
    small = np.flatnonzero(primary & hidden)
    # A reader who does not know the rule need only be kept from single values.
    wanted = (
        [(int(c), v) for c in small for v in range(max(1, floor[c]), threshold)] if least else []
    )
    ones = value == 1 if least else np.zeros(len(value), dtype=bool)
    offered = (world, moves)
    told = _given_away(
        instance, hidden, wanted, hidden, ones, least=least, seconds=seconds, offered=offered
    )
    told.unavoidable = int((hidden & primary & (floor > 1)).sum())
    return told


def avoidable(instance: Instance, told: Exposures, *, least: int, seconds: float) -> int:
    """
    How many of the cells, ranges and persons given away would not be with everything hidden but
    zeros.
    """
    if not (told.exact or told.range or told.insider):
        return 0
    everything = instance.value > 0
    two, ones = np.zeros(len(everything), dtype=bool), np.zeros(len(everything), dtype=bool)
    two[[*told.single, *(cell for _, cell in told.pairs)]] = True
    ones[[one for one, _ in told.pairs]] = True
    still = _given_away(
        instance,
        everything,
        told.values,
        two,
        ones,
        least=least,
        seconds=seconds,
        offered=(None, ()),
    )
    left = {*told.single, *told.values, *told.pairs} - {*still.single, *still.values, *still.pairs}
    return len(left) + still.undecided


def _given_away(
    instance: Instance,
    hidden: Bools,
    wanted: Sequence[tuple[int, int]],
    two: Bools,
    ones: Bools,
    *,
    least: int,
    seconds: float,
    offered: tuple[Ints | None, Moves],
) -> Exposures:
    """
    What is given away: of the values `wanted`, of two values of each of `two`, and of these to each
    of `ones`.
    """
    low = np.where(hidden, least, instance.value)
    high = np.where(hidden, NO_UPPER, instance.value)
    alias, clock, told = _aliases(instance), WorkBudget(seconds), Exposures()
    world, moves = offered
    for block in blocks(instance.equations, low, high):
        cells = block.cells
        place = {int(cell): k for k, cell in enumerate(cells)}
        asked = tuple((place[cell], value) for cell, value in wanted if cell in place)
        needs = BlockRequirements(
            asked, np.flatnonzero(two[cells]), np.flatnonzero(ones[cells]), alias[cells]
        )
        pool = [] if world is None else [world[cells]]
        shown = explore(
            block, needs, pool, moves_within(block, len(instance.value), moves), clock=clock
        )
        told.single += [int(cells[k]) for k in shown.single_valued]
        told.values += [(int(cells[k]), value) for k, value in shown.impossible]
        told.pairs += [(int(cells[one]), int(cells[k])) for one, k in shown.disclosed_to_singletons]
        told.undecided += len(shown.undecided)
    return told


def _least_whatever_is_hidden(instance: Instance, least: int) -> Ints:
    floor = np.where(instance.value > 0, least, 0)
    parts = csr_matrix(-(instance.equations.minimum(0)))
    totals = np.asarray(instance.equations.argmax(axis=1)).ravel()
    for _ in range(20):
        before = floor.sum()
        np.maximum.at(floor, totals, parts @ floor)
        if floor.sum() == before:
            break
    return floor


def _aliases(instance: Instance) -> Ints:
    """A number per cell, the same for cells that zeros make equal."""
    there = instance.equations.multiply(instance.value[None, :] > 0).tocsr()
    there.eliminate_zeros()
    pairs = np.flatnonzero(np.diff(there.indptr) == 2)
    first, second = there.indices[there.indptr[pairs]], there.indices[there.indptr[pairs] + 1]
    n = len(instance.value)
    graph = csr_matrix((np.ones(len(pairs)), (first, second)), (n, n))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1])
