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

    `place` says where cells lie in their tables. Nothing that is claimed rests on it; large tables are searched the
    faster for it.
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
    place: Ints | None = None  # (n, dimensions) the number of each cell's code in each dimension, -1 for none

    @property
    def size(self) -> int:
        """Cells, latent ones included."""
        return len(self.value)


@dataclass(frozen=True)
class Requirement:
    """
    What must hold once the primary cells and the chosen others are hidden.

    Always: no hidden cell has a single value. With `ranges`: a reader can rule out none of the values `low..high`
    of a primary cell. With `insiders`: whoever is the one person in a hidden cell of 1, and so knows that cell,
    still finds no single value for any other hidden cell.
    """

    ranges: bool = True
    insiders: bool = True


KNOWS_THE_RULE = Requirement()
NOT_DERIVABLE = Requirement(ranges=False, insiders=False)


@dataclass(frozen=True, eq=False)
class Suppression:
    """
    Which cells of a `System` to hide, and how that is known to be safe.

    `low` and `high` are the range that each hidden primary cell withstands. It is narrower than what the system asks
    for where no choice of hidden cells could do better (`narrowed`): of `2 = 1 + 1` a reader of three hidden cells
    knows that the total is at least 2, since its parts would be printed were they zero.
    """

    hidden: Bools  # among cells that would be printed; every primary cell is hidden unless fixed
    loss: float  # sum of the weights of the hidden cells that are not primary
    bound: float  # no safe choice has a smaller loss
    proven: bool  # loss and bound agree
    moves: tuple[tuple[Ints, Ints], ...]  # (cells, change): no sum changes, and no cell that is printed
    world: Ints  # (n,) a whole-number table that agrees with all that is printed, and is not the true one
    low: Ints
    high: Ints
    narrowed: Bools
    refused: Bools  # primary cells whose single value follows whatever is hidden
    reasons: dict[int, str]  # of each refused or narrowed cell
    excused: tuple[tuple[int, int], ...]  # (cell of 1, cell it gives away) that no choice could keep apart
    method: str

    @property
    def gap(self) -> float:
        """The part of the loss that might be avoidable: 0 when proven optimal."""
        return 0.0 if self.loss <= self.bound else (self.loss - self.bound) / self.loss
