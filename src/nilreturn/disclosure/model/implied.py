"""
What is implied: where one count is not 0, nor is another. There are no victims where there is no
crime.

Of integers that is a sum: the first count and another of its own, not less than 0, are together so
many times the second as the first can be at most.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model.arrays import Ints

# Times that a count which nothing bounds is taken to be another at most, or as many as the largest
# figure
FEW = 100
# By which readers who do not see a count may take it to be more, as far as any range of a rule
# reaches
ROOM = 20


def implied_sums(implied: Ints, most: Ints, size: int) -> sparse.csr_matrix:
    """
    The sums over `size` cells of rows (a count, what it implies, a cell of its own), where the
    first is at most `most`.
    """
    rows = np.tile(np.arange(len(implied)), 3)
    ones = np.ones(len(implied), dtype=np.int64)
    factors = np.concatenate((most, -ones, -ones))
    cells = np.concatenate((implied[:, 1], implied[:, 0], implied[:, 2]))
    return sparse.csr_matrix((factors, (rows, cells)), shape=(len(implied), size), dtype=np.int64)
