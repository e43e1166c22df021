"""
A table problem without its meaning: cells, the equations between them, and what each cell must withstand.

Everything in `disclosure` that reasons about what a reader can work out does so on a `System`. Where its cells
come from (tables, linked tables, prose, earlier releases) is the business of `cells.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NO_CEILING = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class System:
    """
    `n` cells under `equations @ x == 0` (one row an equation: +1 for a total, -1 for each of its parts).

    Cells are of four kinds. *Primary* cells must be hidden and must withstand: the values a reader cannot rule
    out must include all of `low..high`. *Fixed* cells may not be hidden (zeros, which are always printed; what an
    earlier release has printed). *Latent* cells are never printed by anyone (a difference of two periods) and so
    cost nothing; one that is also primary must withstand like any other. All others may be hidden at their `weight`.

    What a reader knows of a hidden cell before any arithmetic is `floor..ceiling`: a reader who knows the rule and
    that zeros are printed knows a hidden count is at least 1; of a latent cell only that it is not negative.
    """

    value: Ints
    equations: sparse.csr_matrix
    weight: Floats
    primary: Bools
    fixed: Bools
    latent: Bools
    floor: Ints
    ceiling: Ints
    low: Ints  # meaningful where primary
    high: Ints  # meaningful where primary

    @property
    def size(self) -> int:
        """Cells, latent ones included."""
        return len(self.value)
