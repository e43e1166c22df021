"""
What the choice of hidden cells tells by itself: a reader who runs the program on every table that
prints the same.

Without the force's key the reader does not know which of the good choices the force took. They try
keys of their own: a table that gives the printed pattern under none of them is ruled out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure import Policy, PublishedTable, protect
from nilreturn.errors import DisclosureError
from nilreturn.tables import RawTable
from tests.support.counts import every_world, table

# Tables of the innermost counts, of which those with the printed sums are possible.
MOST_TRIED = 200_000
MOST_TABLES = 40


@dataclass
class Told:
    """
    Of small cells: how many the printed figures leave open, and what the pattern does to those.
    """

    small: int = 0
    narrowed: int = 0
    exact: int = 0

    def __str__(self) -> str:
        return (
            f"{self.small} small cells: the pattern narrows {self.narrowed}, exactly known "
            f"{self.exact}"
        )


def pattern_of(inner: np.ndarray, policy: Policy) -> np.ndarray | None:
    """Which cells are hidden, and None where nothing is released."""
    try:
        (printed,) = protect([table(inner)], policy).published
    except DisclosureError:
        return None
    return printed.hidden


def what_the_pattern_tells(
    raw: RawTable, printed: PublishedTable, readers: Sequence[Policy], threshold: int
) -> Told | None:
    """
    `readers` are the policy with each key that the reader tries. None where there are more tables
    than can be tried.
    """
    inner = printed.low[1:, 1:]
    room = int(printed.high[0, 0] - inner.sum()) + 1
    if float(room) ** int(printed.hidden[1:, 1:].sum()) > MOST_TRIED:
        return None
    possible = every_world(printed)
    if len(possible) > MOST_TABLES:
        return None
    left = []
    for full in possible:
        patterns = (pattern_of(full[1:, 1:], policy) for policy in readers)
        if any(
            pattern is not None and np.array_equal(pattern, printed.hidden) for pattern in patterns
        ):
            left.append(full)
    told = Told()
    for place in zip(*np.nonzero((raw.counts > 0) & (raw.counts < threshold)), strict=True):
        before = {int(full[place]) for full in possible if full[place] < threshold}
        after = {int(full[place]) for full in left if full[place] < threshold}
        above = any(full[place] >= threshold for full in left)
        told.small += 1
        told.narrowed += after < before
        told.exact += len(after) == 1 and not above
    return told
