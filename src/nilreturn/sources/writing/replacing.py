"""
Crimes that several files have: which rows are the latest, and which victims of a later file an
earlier one has too.

Everything here is by record, with the records of one crime together: `crimes` numbers the crimes
from 0, and `starts` has the place of the first record of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FILES = np.int64(1) << np.int64(16)


def are_replaced(
    crimes: NDArray[np.int64],
    starts: NDArray[np.int64],
    files: NDArray[Any],
    days: NDArray[Any] | None,
) -> NDArray[np.bool_]:
    """
    Which records are replaced by others of their crime: those of an earlier day, where `days` are
    given (a record without a day is before all others), and those of an earlier file among those of
    one day.
    """
    ranks = files.astype(np.int64)
    if days is not None:
        ranks = (days.astype(np.int64) + (np.int64(1) << np.int64(31))) * _FILES + ranks
    latest = np.maximum.reduceat(ranks, starts)
    replaced: NDArray[np.bool_] = ranks < latest[crimes]
    return replaced


def are_in_earlier_files(
    crimes: NDArray[np.int64],
    files: NDArray[Any],
    victims: NDArray[np.uint64],
    records: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """
    Which records are victims that an earlier file has too.

    `victims` is a hash of each victim's values. Two equal victims in one file are two victims;
    where another file has two such victims again, they are the same two.
    """
    order = np.lexsort((records, files, victims, crimes))
    begins = np.ones(len(order), np.bool_)
    for column in (crimes, victims, files):
        begins[1:] &= column[order][1:] == column[order][:-1]
    begins[1:] = ~begins[1:]
    places = np.arange(len(order))
    within_file = np.empty(len(order), np.int64)
    within_file[order] = places - np.maximum.accumulate(np.where(begins, places, 0))
    order = np.lexsort((records, within_file, victims, crimes))
    same = np.ones(max(0, len(order) - 1), np.bool_)
    for each in (crimes, victims, within_file):
        same &= each[order][1:] == each[order][:-1]
    found = np.zeros(len(order), np.bool_)
    found[order[1:]] = same
    return found
