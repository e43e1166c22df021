"""Sets of people as boxes that lie apart: in each box a set of atoms of each variable, as bits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Box = tuple[int, ...]
Region = tuple[Box, ...]
Parts = Sequence[Sequence[int]]  # of each variable: sets of atoms that lie apart


def volume(region: Region) -> int:
    """
    How many combinations of atoms a region has.

    >>> volume(((0b11, 0b111), (0b100, 0b1)))
    7
    """
    return sum(math.prod(mask.bit_count() for mask in box) for box in region)


def minus(region: Region, other: Region) -> Region:
    """
    What is in one region and not in the other.

    >>> minus(((0b11, 0b11),), ((0b01, 0b01),))
    ((2, 3), (1, 2))
    """
    for box in other:
        region = tuple(left for own in region for left in _minus(own, box))
    return region


def _minus(box: Box, other: Box) -> Iterable[Box]:
    if not all(a & b for a, b in zip(box, other, strict=True)):
        yield box
        return
    head: Box = ()
    for place, (mask, cut) in enumerate(zip(box, other, strict=True)):
        if mask & ~cut:
            yield (*head, mask & ~cut, *box[place + 1 :])
        head = (*head, mask & cut)


def joined(boxes: Iterable[Box]) -> Region:
    """Boxes that may overlap as a region."""
    region: Region = ()
    for box in boxes:
        region += minus((box,), region)
    return region


def simplest(region: Region) -> Region:
    """
    A region as one box where it is one.

    >>> simplest(((0b01, 0b11), (0b10, 0b11)))
    ((3, 3),)
    """
    if len(region) < 2:
        return region
    around = [0] * len(region[0])
    for box in region:
        around = [a | b for a, b in zip(around, box, strict=True)]
    return (tuple(around),) if volume((tuple(around),)) == volume(region) else region


def hull(region: Region, parts: Parts) -> Region:
    """The cells of a partition that meet a region, together."""
    boxes = (
        tuple(_meeting(mask, own) for mask, own in zip(box, parts, strict=True)) for box in region
    )
    return joined(box for box in boxes if all(box))


def inner(region: Region, parts: Parts, nobody: Region = ()) -> Region:
    """
    The cells of a partition that lie inside a region, together, apart from where there is nobody.
    """
    if len(region) == 1 and not nobody:
        box = tuple(_inside(mask, own) for mask, own in zip(region[0], parts, strict=True))
        return (box,) if all(box) else ()
    whole = hull(region, parts)
    return minus(whole, hull(minus(minus(whole, region), nobody), parts))


def _meeting(mask: int, parts: Sequence[int]) -> int:
    found = 0
    for part in parts:
        if part & mask:
            found |= part
    return found


def _inside(mask: int, parts: Sequence[int]) -> int:
    found = 0
    for part in parts:
        if not part & ~mask:
            found |= part
    return found
