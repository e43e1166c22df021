"""How tables cut one another's categories along one variable, as sets of atoms."""

from __future__ import annotations

import enum
from collections.abc import Sequence


class Cut(enum.Flag):
    """How another table cuts a category."""

    COVERED = enum.auto()  # its parts cover the category
    HOLDS = enum.auto()  # some lie inside it
    ODD_AROUND = enum.auto()  # those that meet it together are no union of the table's own parts
    ODD_INSIDE = enum.auto()  # those inside it together are none


def cut_of(
    mask: int, parts: Sequence[int], others: Sequence[int], covered: int, is_partition: bool
) -> Cut:
    """
    How the parts `others`, which cover `covered`, cut a category of a table whose own finest ones
    are `parts`.
    """
    found = Cut(0)
    around = sum(other for other in others if other & mask)
    inside = sum(other for other in others if not other & ~mask)
    if not mask & ~covered:
        found |= Cut.COVERED
    if inside:
        found |= Cut.HOLDS
    for odd, union in ((Cut.ODD_AROUND, around), (Cut.ODD_INSIDE, inside)):
        own = sum(part for part in parts if part & union) if is_partition else mask
        if own != union:
            found |= odd
    return found
