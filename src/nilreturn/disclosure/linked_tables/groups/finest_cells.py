"""
The finest cells of a table as boxes: those around a group of people, those inside it, and what
counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from nilreturn.disclosure.linked_tables.axes import Axis
from nilreturn.disclosure.linked_tables.box_sums import Part
from nilreturn.disclosure.model import Bools

Box = tuple[int, ...]  # a mask for each variable
Signed = tuple[tuple[int, Box], ...]


class FinestCells:
    """
    A part with a mask for each variable of all: along each, its categories and its finest ones.
    """

    def __init__(self, part: Part, variables: Sequence[str], axes: dict[str, Axis]) -> None:
        self.part = part
        self.masks = [part.masks.get(v, [axes[v].everything]) for v in variables]
        self.leaves = [part.leaf_masks(v, axes[v]) for v in variables]
        # The part's own axes are in another order, and have none for a variable that it does not
        # divide.
        order = [list(part.masks).index(v) for v in variables if v in part.masks]
        self.numbers = np.transpose(part.numbers, order).reshape(
            [len(masks) for masks in self.masks]
        )
        self.part = replace(part, numbers=self.numbers)
        self._covered = [union_of(of_one) for of_one in self.leaves]
        self._around: dict[tuple[int, int], int] = {}
        self._inside: dict[tuple[int, int], int] = {}

    @property
    def is_row(self) -> bool:
        """
        Whether it counts the records of one value among several that overlap: it tells only of what
        it covers.
        """
        return bool(self.part.value)

    def around(self, k: int, mask: int) -> int:
        """The finest parts along a variable that meet a mask; -1 where they do not cover it."""
        if (k, mask) not in self._around:
            is_covered = mask and not mask & ~self._covered[k]
            self._around[k, mask] = (
                union_of(m for m in self.leaves[k] if m & mask) if is_covered else -1
            )
        return self._around[k, mask]

    def inside(self, k: int, mask: int) -> int:
        """The finest parts along a variable that lie inside a mask."""
        if (k, mask) not in self._inside:
            self._inside[k, mask] = union_of(m for m in self.leaves[k] if not m & ~mask)
        return self._inside[k, mask]

    def makes(self, k: int, mask: int) -> bool:
        """Whether finest parts along a variable are together a mask."""
        return mask > 0 and self.inside(k, mask) == mask

    def box_around(self, box: Box) -> Box | None:
        found = tuple(self.around(k, mask) for k, mask in enumerate(box))
        return found if all(mask > 0 for mask in found) else None

    def box_inside(self, box: Box) -> Box | None:
        found = tuple(self.inside(k, mask) for k, mask in enumerate(box))
        return found if all(found) else None

    def category(self, box: Box) -> int | None:
        """The cell that counts a box; None where the table has none."""
        if not all(mask in masks for mask, masks in zip(box, self.masks, strict=True)):
            return None
        return int(
            self.numbers[
                tuple(masks.index(mask) for mask, masks in zip(box, self.masks, strict=True))
            ]
        )

    def within(self, box: Box) -> list[int]:
        """Cells that together count a box: along each variable one category, or the finest ones."""
        places = [
            [self.masks[k].index(mask)] if mask in self.masks[k] else self._finest(k, mask)
            for k, mask in enumerate(box)
        ]
        return [int(n) for n in self.numbers[np.ix_(*places)].reshape(-1)]

    def finest(self, box: Box) -> list[int]:
        """The cells of the finest boxes inside a box."""
        places = [self._finest(k, mask) for k, mask in enumerate(box)]
        return [int(n) for n in self.numbers[np.ix_(*places)].reshape(-1)]

    def _finest(self, k: int, mask: int) -> list[int]:
        return [self.masks[k].index(leaf) for leaf in self.leaves[k] if not leaf & ~mask]


def as_boxes(table: FinestCells, chosen: Bools) -> Signed:
    """Some finest cells of a table as few boxes: one, or one less another, or each by itself."""
    places = [
        np.flatnonzero(chosen.any(axis=tuple(j for j in range(chosen.ndim) if j != k)))
        for k in range(chosen.ndim)
    ]
    inside = chosen[np.ix_(*places)]
    whole = tuple(union_of(table.leaves[k][int(i)] for i in own) for k, own in enumerate(places))
    if inside.all():
        return ((1, whole),)
    gone = [
        np.flatnonzero((~inside).any(axis=tuple(j for j in range(chosen.ndim) if j != k)))
        for k in range(chosen.ndim)
    ]
    if (~inside[np.ix_(*gone)]).all():
        part = tuple(
            union_of(table.leaves[k][int(places[k][i])] for i in own) for k, own in enumerate(gone)
        )
        return ((1, whole), (-1, part))
    boxes = []
    for index in np.argwhere(chosen).tolist():
        boxes.append((1, tuple(table.leaves[k][i] for k, i in enumerate(index))))
    return tuple(boxes)


def union_of(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
