"""A total or a share that was printed by itself, as a published table."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from nilreturn.disclosure.model import NO_UPPER, PublishedTable
from nilreturn.disclosure.tabular.marks import as_percentage
from nilreturn.errors import TableError
from nilreturn.tables import Population


def a_total(
    name: str, population: Population, count: int, *, title: str = "", release: str = ""
) -> PublishedTable:
    """A figure given in prose: one count without a breakdown."""
    return _single(name, title, population, count, count, release)


def a_share(
    name: str, population: Population, percent: str, of: int, *, title: str = "", release: str = ""
) -> PublishedTable:
    """
    What a printed percentage tells of the count behind it, given the printed count that it is a
    share `of`.

    >>> share = a_share("s", Population("victims"), "33.3", 12)
    >>> int(share.low[()]), int(share.high[()])
    (4, 4)
    """
    ends = as_percentage(percent)
    told = share_of(ends, of, of) if ends else None
    if told is None:
        raise TableError(
            f"{name}: no whole number is {percent}% of {of}; check the percentage and the total"
        )
    return _single(name, title, population, *told, release)


def share_of(ends: tuple[Decimal, Decimal], least: int, most: int) -> tuple[int, int] | None:
    """
    The least and the greatest whole number that is such a share of a total from `least` to `most`;
    None if none is.

    >>> share_of((Decimal("4.75"), Decimal("4.85")), 63, 63)
    (3, 3)
    """
    low = (least * ends[0] / 100).to_integral_value(rounding="ROUND_CEILING")
    high = (most * ends[1] / 100).to_integral_value(rounding="ROUND_FLOOR")
    if low > high:
        return None
    return int(low), NO_UPPER if most >= NO_UPPER else min(most, int(high))


def _single(
    name: str, title: str, population: Population, low: int, high: int, release: str
) -> PublishedTable:
    return PublishedTable(
        name,
        title or name,
        population,
        (),
        np.array(low, dtype=np.int64),
        np.array(high, dtype=np.int64),
        np.array(low != high),
        release,
    )
