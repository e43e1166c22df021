"""
By which sums a cell has one value: multipliers of sums that give the least and the most it can be,
found by a linear programme (its dual) and written in integers, so that who has them needs only to
add.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import NO_UPPER, Floats, Ints, Multipliers, most_by

MOST_DIVISOR = 1_000


def sums_giving(
    equations: sparse.csr_matrix, low: Ints, high: Ints, cell: int
) -> list[Multipliers] | None:
    """
    The multipliers by which a cell has one value, for its most and its least; None where there are
    none.
    """
    sides: list[Multipliers] = []
    ends = []
    for sign in (1, -1):
        side = _dual(equations, low, high, cell, sign)
        most = None if side is None else most_by(equations, low, high, cell, sign, side)
        if side is None or most is None:
            return None
        sides.append(side)
        ends.append(most)
    return sides if ends[0] == -ends[1] else None


def _dual(
    equations: sparse.csr_matrix, low: Ints, high: Ints, cell: int, sign: int
) -> Multipliers | None:
    from scipy import optimize  # only here: whoever verifies needs no solver

    aim = np.zeros(equations.shape[1])
    aim[cell] = -sign
    most: Floats = np.where(high == NO_UPPER, np.inf, high.astype(np.float64))
    found = optimize.linprog(
        aim,
        A_eq=equations.astype(np.float64),
        b_eq=np.zeros(equations.shape[0]),
        bounds=np.column_stack((low.astype(np.float64), most)),
        method="highs",
    )
    if found.status != 0:
        return None
    exact = [Fraction(float(y)).limit_denominator(MOST_DIVISOR) for y in -found.eqlin.marginals]
    divisor = math.lcm(*(y.denominator for y in exact))
    return divisor, [[row, int(y * divisor)] for row, y in enumerate(exact) if y]
