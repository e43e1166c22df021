"""
How many cells a printed result gives away, from the printed result alone: nothing that suppression believes is used.

What no choice of hidden cells could avoid is told apart: a total of k hidden parts is at least k, for its parts would
be printed were they zero; a total whose other parts are all zero is its one part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csgraph, csr_matrix

from benchmarks.disclosure_instances import Instance
from nilreturn.disclosure.clock import Clock
from nilreturn.disclosure.evidence import Needs, blocks, explore
from nilreturn.disclosure.system import NO_CEILING, Bools, Ints


@dataclass
class Exposures:
    """Cells given away: exactly; in part of the rule's range; persons in a cell of 1 who learn another cell."""

    exact: int = 0
    range: int = 0
    insider: int = 0
    unavoidable: int = 0  # of the range
    undecided: int = 0


def exposures(instance: Instance, hidden: Bools, *, least: int, threshold: int, seconds: float) -> Exposures:
    """What a reader who knows that hidden counts are at least `least` can work out."""
    value = instance.value
    low = np.where(hidden, least, value)
    high = np.where(hidden, NO_CEILING, value)
    primary = (value > 0) & (value < threshold)
    floor = _least_whatever_is_hidden(instance, least)
    alias = _aliases(instance)
    told = Exposures(unavoidable=int((hidden & primary & (floor > 1)).sum()))
    clock = Clock(seconds)
    for block in blocks(instance.equations, low, high):
        cells = block.cells
        asked = [(k, v) for k, c in enumerate(cells) if primary[c] for v in range(max(1, floor[c]), threshold)]
        ones = np.flatnonzero(value[cells] == 1) if least else np.zeros(0, dtype=np.int64)
        needs = Needs(tuple(asked), np.arange(len(cells)), ones, alias[cells])
        shown = explore(block, needs, (), clock=clock)
        told.exact += len(shown.single)
        told.range += len({place for place, _ in shown.impossible})
        told.insider += len({one for one, _ in shown.given_away})
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
