"""
Moves that are the product of one change along each dimension: four cells of a table of two dimensions, eight of three.

What changes along a dimension is a code with the totals above it, made up for by another code (or by the grand total).
All products around a cell are priced at once, so that the cheapest is found without any programme.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from nilreturn.disclosure.blocks import Block
from nilreturn.disclosure.grid import Hierarchies
from nilreturn.disclosure.moves import Need
from nilreturn.disclosure.system import Floats, Ints

MOST_PLACES = 4_000_000  # of all codes of all dimensions by one another
MOST_PRODUCTS = 10_000  # priced for one need
CLOSED = 1e9  # the price of what may not change


class Cubes:
    """The products around each class of a block; none where its tables have too many places."""

    def __init__(self, block: Block, hierarchies: Hierarchies) -> None:
        self._block = block
        self._above, self._leaf = hierarchies.above, hierarchies.leaf
        sizes = [len(above) for above in self._above]
        self._dense = 0 < float(np.prod(sizes, dtype=float)) <= MOST_PLACES and len(sizes) > 0
        if not self._dense:
            return
        owner = np.repeat(np.arange(block.size), [len(members) for members in block.members])
        place = hierarchies.place[np.concatenate(block.members)]
        there = (place >= 0).all(axis=1)
        self._class = np.full(sizes, -1)
        self._class[tuple(place[there].T)] = owner[there]
        self._first = np.full((block.size, len(sizes)), -1)
        self._first[owner[there][::-1]] = place[there][::-1]
        self._changes: dict[tuple[int, int], Ints] = {}
        self._most = max(2, int(MOST_PRODUCTS ** (1 / len(sizes))))

    def cheapest(self, need: Need, cost: Floats) -> tuple[Ints, Ints] | None:
        """The cheapest product (classes, change) that meets a need, or none."""
        if not self._dense or self._first[need.which, 0] < 0:
            return None
        steps = (need.step,) if need.step else (1, -1)
        found = [self._product(need, step, cost) for step in steps]
        best = min((pair for pair in found if pair is not None), key=lambda pair: pair[0], default=None)
        return None if best is None else (best[1], best[2])

    def _product(self, need: Need, step: int, cost: Floats) -> tuple[float, Ints, Ints] | None:
        own = self._first[need.which]
        rise, fall = self._prices(need, abs(step), cost)
        changes = [self._few(d, own, rise, fall) for d in range(len(own))]
        used = [np.flatnonzero(change.any(axis=0)) for change in changes]
        if not all(len(change) for change in changes):
            return None
        lookup = self._class[np.ix_(*used)]
        plus, minus = rise[lookup], fall[lookup]  # class -1 is the last, and closed
        for d, change in enumerate(changes):
            part = change[:, used[d]]
            up, down = (part > 0).astype(float), (part < 0).astype(float)
            plus, minus = (_along(d, up, plus) + _along(d, down, minus), _along(d, up, minus) + _along(d, down, plus))
        price = plus if step > 0 else minus
        best = np.unravel_index(int(np.argmin(price)), price.shape)
        if price[best] >= CLOSED:
            return None
        chosen = [change[k] for change, k in zip(changes, best, strict=True)]
        return self._told(float(price[best]), chosen, step)

    def _prices(self, need: Need, size: int, cost: Floats) -> tuple[Floats, Floats]:
        """What a rise and a fall of each class by `size` cost, and one more entry for what is no class."""
        block = self._block
        rise = np.append(np.where(block.up >= size, cost, CLOSED), CLOSED)
        fall = np.append(np.where(block.down >= size, cost, CLOSED), CLOSED)
        if need.still >= 0:
            rise[need.still] = fall[need.still] = CLOSED
        return rise, fall

    def _few(self, d: int, own: Ints, rise: Floats, fall: Floats) -> Ints:
        """The changes along a dimension that cost least on the line through a place (changes, codes)."""
        changes = self._along_one(d, int(own[d]))
        line = self._class[tuple(slice(None) if e == d else int(own[e]) for e in range(len(own)))]
        if (line >= 0).sum() == 1:
            return np.eye(len(line), dtype=np.int64)[[int(own[d])]]  # this table does not break it down
        risen = (changes > 0) @ rise[line] + (changes < 0) @ fall[line]
        fallen = (changes > 0) @ fall[line] + (changes < 0) @ rise[line]
        price = np.minimum(risen, fallen)
        order = np.argsort(price, kind="stable")[: self._most]
        return np.asarray(changes[order[price[order] < CLOSED]])

    def _along_one(self, d: int, code: int) -> Ints:
        """All changes along a dimension that raise a code by one: (changes, codes) of 1, 0 and -1."""
        if (d, code) not in self._changes:
            above, leaves = self._above[d], np.flatnonzero(self._leaf[d])
            paths = np.zeros((len(above), len(above) + 1), dtype=np.int64)  # with a place for the padding
            np.put_along_axis(paths, above, 1, axis=1)
            paths[np.arange(len(above)), np.arange(len(above))] = 1
            paths = paths[:, :-1]
            mine = leaves[paths[leaves, code] > 0]
            others = leaves[paths[leaves, code] == 0]
            back = np.vstack([paths[others], np.zeros((1, len(above)), dtype=np.int64)])
            self._changes[d, code] = (paths[mine][:, None, :] - back[None, :, :]).reshape(-1, len(above))
        return self._changes[d, code]

    def _told(self, price: float, chosen: list[Ints], step: int) -> tuple[float, Ints, Ints] | None:
        signs = reduce(np.multiply.outer, chosen)
        places = np.nonzero(signs)
        classes, first = np.unique(self._class[places], return_index=True)
        change = step * signs[places][first]
        return None if self._block.unbalanced(classes, change) else (price, classes, change)


def _along(d: int, part: Floats, prices: Floats) -> Floats:
    return np.moveaxis(np.tensordot(part, prices, axes=(1, d)), 0, d)
