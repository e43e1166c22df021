"""
Cell classes that can only change together, or not at all, because equations with two entries say
so.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from nilreturn.disclosure.model import Bools, Ints


def tied(matrix: sparse.csc_matrix) -> tuple[Ints, Ints]:
    """
    Group and sign of each column when `matrix @ x == 0`: columns that are equal (or opposite, signs
    differ) in every solution because equations with two entries say so; group -1 for those that can
    only be zero.
    """
    n = matrix.shape[1]
    group, sign = np.arange(n), np.ones(n, dtype=np.int64)
    count = n
    while True:
        free = np.flatnonzero(group >= 0)
        gather = sparse.csc_matrix((sign[free], (free, group[free])), (n, count))
        rows = sparse.csr_matrix(matrix @ gather)
        rows.eliminate_zeros()
        entries = np.diff(rows.indptr)
        alone = rows.indices[rows.indptr[:-1][entries == 1]]
        first = rows.indptr[:-1][entries == 2]
        first = first[np.abs(rows.data[first]) == np.abs(rows.data[first + 1])]
        if not len(alone) and not len(first):
            return group, sign
        one, two = rows.indices[first], rows.indices[first + 1]
        turned = rows.data[first] == rows.data[first + 1]  # x + y == 0
        label = _signed_components(one, two, turned, count)
        stuck = np.isin(label, label[alone]) | (label == label[np.r_[count : 2 * count, 0:count]])
        stuck = stuck[:count] | stuck[count:]
        upright = label[:count] < label[count:]
        name = np.where(stuck, -1, np.minimum(label[:count], label[count:]))
        kept, new = np.unique(name, return_inverse=True)
        new = new - (1 if kept[0] < 0 else 0)
        sign[free] = sign[free] * np.where(upright, 1, -1)[group[free]]
        group[free] = new[group[free]]
        count = len(kept) - (1 if kept[0] < 0 else 0)


def _signed_components(one: Ints, two: Ints, turned: Bools, n: int) -> Ints:
    """
    Component of each of n columns and (n further on) of its opposite; pairs are equal, or opposite
    if `turned`.
    """
    across, back = np.where(turned, two + n, two), np.where(turned, two, two + n)
    ends = np.concatenate([one, one + n]), np.concatenate([across, back])
    links = sparse.coo_matrix((np.ones(len(ends[0])), ends), (2 * n, 2 * n))
    label = csgraph.connected_components(links, directed=False)[1]
    return np.asarray(label, dtype=np.int64)
