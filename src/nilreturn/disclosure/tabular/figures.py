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
    """
    A count that was printed by itself, without a breakdown, as a published table.

    Parameters
    ----------
    name : str
        Identifier, unique in its release.
    population : Population
        What is counted.
    count : int
        The printed count.
    title : str
        Heading for readers; `name` if it is left out.
    release : str
        The release that it belongs to, for messages.

    Returns
    -------
    PublishedTable
        A table without dimensions.

    Examples
    --------
    >>> int(a_total("all", Population("victims"), 12).low)
    12
    """
    return _single(name, title, population, count, count, release)


def a_share(
    name: str, population: Population, percent: str, of: int, *, title: str = "", release: str = ""
) -> PublishedTable:
    """
    The range of a count whose percentage was printed, as a published table.

    Parameters
    ----------
    name : str
        Identifier, unique in its release.
    population : Population
        What is counted.
    percent : str
        The percentage as it is printed, so that its precision is known.
    of : int
        The printed count that it is a percentage of.
    title : str
        Heading for readers; `name` if it is left out.
    release : str
        The release that it belongs to, for messages.

    Returns
    -------
    PublishedTable
        A table without dimensions.

    Raises
    ------
    TableError
        If no integer is this percentage of `of`.

    Examples
    --------
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
