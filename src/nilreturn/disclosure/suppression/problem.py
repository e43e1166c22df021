"""
The problem that suppression solves, without its meaning: cells, the equations between them, what
each must withstand.

Where its cells come from (tables, linked tables, prose, earlier releases) is the business of
`linked_tables`.
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy import sparse

from nilreturn.disclosure.model import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class SuppressionProblem:
    """
    `n` cells under `equations @ x == 0` (one row an equation: +1 for a total, -1 for each of its
    parts).

    Cells are of four kinds. *Primary* cells must be hidden and must withstand: the values a reader
    cannot rule out must include all of `protect_low..protect_high`. *Fixed* cells may not be hidden
    (zeros, which are always printed; what an earlier release has printed). *Latent* cells are never
    printed by anyone (a difference of two periods) and so cost nothing; one that is also primary
    must withstand like any other. All others may be hidden at their `weight`.

    What a reader knows of a hidden cell before any arithmetic is `lower..upper`: a reader who knows
    the rule and that zeros are printed knows a hidden count is at least 1; of a latent cell only
    that it is not negative.

    `place` says where cells lie in their tables. Nothing that is claimed rests on it; large tables
    are searched the faster for it.
    """

    value: Ints
    equations: sparse.csr_matrix
    weight: Floats
    primary: Bools
    publishable: Bools
    unpublished: Bools
    lower: Ints
    upper: Ints
    protect_low: Ints  # meaningful where primary
    protect_high: Ints  # meaningful where primary
    # (n, dimensions) the number of each cell's code in each dimension, -1 for none.
    place: Ints | None = None

    @property
    def size(self) -> int:
        """Cells, latent ones included."""
        return len(self.value)


@dataclass(frozen=True, eq=False)
class SuppressionPattern:
    """
    Which cells of a `SuppressionProblem` to hide, and the evidence that this is safe.

    `low` and `high` are the range that each hidden primary cell withstands. It is narrower than
    what the system asks for where no choice of hidden cells could do better
    (`partially_protected`): of `2 = 1 + 1` a reader of three hidden cells knows that the total is
    at least 2, since its parts would be printed were they zero.
    """

    hidden: Bools  # among cells that would be printed; every primary cell is hidden unless fixed
    cost: float  # sum of the weights of the hidden cells that are not primary
    bound: float  # no safe choice has a smaller loss
    proven: bool  # loss and bound agree
    # (cells, change): no sum changes, and no cell that is printed.
    moves: tuple[tuple[Ints, Ints], ...]
    table: Ints  # (n,) an integer table that agrees with everything printed and is not the true one
    low: Ints
    high: Ints
    partially_protected: Bools
    unprotectable: Bools  # primary cells whose single value follows whatever is hidden
    reasons: dict[int, str]  # of each refused or narrowed cell
    # (cell of 1, cell it gives away) that no choice could keep apart.
    waived: tuple[tuple[int, int], ...]
    method: str

    @property
    def gap(self) -> float:
        """The part of the loss that might be avoidable: 0 when proven optimal."""
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / self.cost
