"""
Moves over the corners of a hypercube: four cells of a table of two dimensions, eight of three.

This is the hypercube method of GHMITER (Giessing and Repsilber 2002). Along each dimension one code
changes together with the totals above it, and another code (or the grand total) offsets the change.
All hypercubes around a cell are priced at once, so the cheapest is found without a linear
program.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from nilreturn.disclosure.model import Floats, Ints
from nilreturn.disclosure.suppression.moves.move_pool import MoveRequirement
from nilreturn.disclosure.suppression.moves.subtables import Hierarchies
from nilreturn.disclosure.suppression.presolve import Block

MOST_PLACES = 4_000_000  # of all codes of all dimensions by one another
MOST_PRODUCTS = 10_000  # priced for one need
CLOSED = 1e9  # the price of what may not change


class HypercubeMoves:
    """The products around each class of a block; none where its tables have too many places."""

    def __init__(self, block: Block, hierarchies: Hierarchies) -> None:
        self._block = block
        self._above, self._leaf = hierarchies.above, hierarchies.leaf
        sizes = [len(above) for above in self._above]
        self._dense = 0 < float(np.prod(sizes, dtype=float)) <= MOST_PLACES and len(sizes) > 0
        if not self._dense:
            return
        place, owner = hierarchies.of(block)
        self._class = np.full(sizes, -1)
        self._class[tuple(place.T)] = owner
        self._first = np.full((block.size, len(sizes)), -1)
        self._first[owner[::-1]] = place[::-1]
        self._changes: dict[tuple[int, int], Ints] = {}
        self._most = max(2, int(MOST_PRODUCTS ** (1 / len(sizes))))

    def cheapest(self, need: MoveRequirement, cost: Floats) -> tuple[Ints, Ints] | None:
        """The cheapest product (classes, change) that meets a need, or none."""
        if not self._dense or self._first[need.which, 0] < 0:
            return None
        steps = (need.step,) if need.step else (1, -1)
        found = [self._product(need, step, cost) for step in steps]
        best = min(
            (pair for pair in found if pair is not None), key=lambda pair: pair[0], default=None
        )
        return None if best is None else (best[1], best[2])

    def _product(
        self, need: MoveRequirement, step: int, cost: Floats
    ) -> tuple[float, Ints, Ints] | None:
        own = self._first[need.which]
        rise, fall = self._prices(need, abs(step), cost)
        changes = [self._few(d, own, rise, fall) for d in range(len(own))]
        if not all(len(change) for change in changes):
            return None
        used = [np.unique(change[change >= 0]) for change in changes]
        lookup = self._class[np.ix_(*used)]
        plus, minus = rise[lookup], fall[lookup]  # class -1 is the last, and closed
        for d, change in enumerate(changes):
            place = np.full(len(self._above[d]) + 1, len(used[d]))  # the padding is at the end
            place[used[d]] = np.arange(len(used[d]))
            plus, minus = _summed(d, place[change], plus, minus)
        price = plus if step > 0 else minus
        best = np.unravel_index(int(np.argmin(price)), price.shape)
        if price[best] >= CLOSED:
            return None
        chosen = [change[k] for change, k in zip(changes, best, strict=True)]
        return self._move(float(price[best]), chosen, need, step)

    def _prices(self, need: MoveRequirement, size: int, cost: Floats) -> tuple[Floats, Floats]:
        """
        What a rise and a fall of each class by `size` cost, and one more entry for what is no
        class.
        """
        block = self._block
        rise = np.append(np.where(block.up >= size, cost, CLOSED), CLOSED)
        fall = np.append(np.where(block.down >= size, cost, CLOSED), CLOSED)
        if need.fixed >= 0:
            rise[need.fixed] = fall[need.fixed] = CLOSED
        return rise, fall

    def _few(self, d: int, own: Ints, rise: Floats, fall: Floats) -> Ints:
        """The changes along a dimension that cost least on the line through a place."""
        line = self._class[tuple(slice(None) if e == d else int(own[e]) for e in range(len(own)))]
        if (line >= 0).sum() == 1:
            return np.array([[[own[d]], [-1]]])  # this table does not break it down
        changes = self._along(d, int(own[d]))
        price = np.minimum(*_summed(0, changes, rise[line], fall[line]))
        order = np.argsort(price, kind="stable")[: self._most]
        return np.asarray(changes[order[price[order] < CLOSED]])

    def _along(self, d: int, code: int) -> Ints:
        """
        All changes along a dimension that raise a code by one: (changes, 2, codes) raised and
        lowered, then -1.
        """
        if (d, code) not in self._changes:
            above, leaves = self._above[d], np.flatnonzero(self._leaf[d])
            path = [{leaf, *above[leaf][above[leaf] >= 0].tolist()} for leaf in leaves.tolist()]
            mine = [codes for codes in path if code in codes]
            others: list[set[int]] = [set(), *(codes for codes in path if code not in codes)]
            pairs = [(sorted(own - other), sorted(other - own)) for own in mine for other in others]
            longest = max(len(codes) for pair in pairs for codes in pair)
            padded = [[codes + [-1] * (longest - len(codes)) for codes in pair] for pair in pairs]
            self._changes[d, code] = np.array(padded, dtype=np.int32)
        return self._changes[d, code]

    def _move(
        self, price: float, chosen: list[Ints], need: MoveRequirement, step: int
    ) -> tuple[float, Ints, Ints] | None:
        signs = reduce(
            np.multiply.outer,
            [_signs(change, len(above)) for change, above in zip(chosen, self._above, strict=True)],
        )
        places = np.nonzero(signs)
        classes, first = np.unique(self._class[places], return_index=True)
        change = step * signs[places][first]
        # A class that lies at several of the places was priced as often, and may change the other
        # way.
        within = (change <= self._block.up[classes]) & (-change <= self._block.down[classes])
        if (
            not within.all()
            or (change[classes == need.which] != step).any()
            or self._block.unbalanced(classes, change)
        ):
            return None
        return price, classes, change


def _signs(change: Ints, codes: int) -> Ints:
    """1 for each code that a change raises, -1 for each that it lowers."""
    signs = np.zeros(codes + 1, dtype=np.int64)
    signs[change[0]], signs[change[1]] = 1, -1
    return signs[:-1]


def _summed(d: int, changes: Ints, rise: Floats, fall: Floats) -> tuple[Floats, Floats]:
    """
    What each change along axis `d` costs made one way, and made the other; the padding is the last
    code.
    """
    nothing = np.zeros_like(np.take(rise, [0], axis=d))
    rise, fall = np.concatenate([rise, nothing], axis=d), np.concatenate([fall, nothing], axis=d)
    raised, lowered = changes[:, 0].T, changes[:, 1].T
    one = sum(np.take(rise, codes, axis=d) for codes in raised) + sum(
        np.take(fall, codes, axis=d) for codes in lowered
    )
    other = sum(np.take(fall, codes, axis=d) for codes in raised) + sum(
        np.take(rise, codes, axis=d) for codes in lowered
    )
    return one, other
