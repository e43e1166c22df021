"""
Rounded statistics read as the ranges they are: to the nearest 5, 10 or 100, at random to base 3 or
5, small counts to zero. Told by the user, or noticed where all figures are multiples of a base and
the totals do not add up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.model import Bools, Ints, sum_blocks
from nilreturn.disclosure.tabular.marks.deciding import Readings
from nilreturn.disclosure.tabular.marks.marks import Kind
from nilreturn.errors import TableError, UsageError
from nilreturn.tables import Dimension

BASES = (1000, 500, 100, 50, 20, 10, 5, 3)
FEWEST = 4  # figures that must be multiples of a base before they are taken as rounded to it
MOST_CHANCE = 0.005  # how likely that many figures are all multiples by chance


@dataclass(frozen=True, slots=True)
class Rounding:
    """
    A base, and whether figures were rounded to either neighbour at random and not to the nearest.
    """

    base: int
    at_random: bool = False

    @property
    def reach(self) -> int:
        """By how much a printed figure may differ from its count."""
        return self.base - 1 if self.at_random else self.base // 2

    def __str__(self) -> str:
        return (
            f"rounded at random to base {self.base}"
            if self.at_random
            else f"rounded to the nearest {self.base}"
        )


def stated_rounding(text: str) -> Rounding:
    """
    >>> str(stated_rounding("5")), str(stated_rounding("3 at random"))
    ('rounded to the nearest 5', 'rounded at random to base 3')
    """
    found = re.fullmatch(r"\s*([0-9]{1,6})(\s+(?:at )?random)?\s*", text)
    if found is None or int(found[1]) < 2:
        raise UsageError(
            f"--rounded-to {text}: write a number from 2, or a number and 'at random', such as '3 "
            f"at random'"
        )
    return Rounding(int(found[1]), found[2] is not None)


def widen(readings: Readings, rounding: Rounding, ask: Callable[[int], str]) -> None:
    """
    Make each printed figure the range that it was rounded from, in place. Raises for one that is no
    multiple.
    """
    exact = _exact(readings)
    wrong = np.flatnonzero((exact & (readings.low % rounding.base != 0)).reshape(-1))
    if len(wrong):
        cell = int(wrong[0])
        figure = readings.low.reshape(-1)[cell]
        raise TableError(
            f"{ask(cell)}: {figure} is no multiple of {rounding.base}, so the table is not "
            f"{rounding}"
        )
    figures = readings.low[exact]
    readings.low[exact] = np.maximum(figures - rounding.reach, 0)
    readings.high[exact] = figures + rounding.reach


def noticed(readings: Readings, dimensions: Sequence[Dimension]) -> Rounding | None:
    """
    How the figures were rounded, where some total does not add up and rounding explains every one
    that does not.
    """
    exact = _exact(readings)
    figures = readings.low[exact & (readings.low > 0)]
    off = _off(readings, dimensions, exact)
    if not off or len(figures) < FEWEST:
        return None
    common = math.gcd(*figures.tolist())
    for base in BASES:
        if common % base or base ** -float(len(figures)) > MOST_CHANCE:
            continue
        for rounding in (Rounding(base), Rounding(base, at_random=True)):
            if all(abs(by) <= rounding.reach * (len(parts) + 1) for parts, by in off):
                return rounding
    return None


def common_base(readings: Readings) -> int:
    """
    The greatest usual base of which all figures of a table are multiples; 0 where there is none.
    """
    figures = readings.low[_exact(readings) & (readings.low > 0)]
    if len(figures) < 2 * FEWEST:
        return 0
    common = math.gcd(*figures.tolist())
    return next((base for base in BASES if common % base == 0), 0)


def small_to_zero(readings: Readings, dimensions: Sequence[Dimension], threshold: int) -> bool:
    """
    Where the totals exceed their parts only beside zeros, and no figure is small, the zeros may be
    small counts: make them hidden counts below the threshold, in place. Whether it was so.
    """
    exact = _exact(readings)
    least = readings.low.reshape(-1)
    if (exact & (readings.low > 0) & (readings.low < threshold)).any():
        return False
    off = _off(readings, dimensions, exact)
    zeros: list[Ints] = []
    for parts, by in off:
        found = parts[least[parts] == 0]
        if not 0 < by <= len(found) * (threshold - 1):
            return False
        zeros.append(found)
    if not zeros:
        return False
    cells = np.zeros(least.size, dtype=np.bool_)
    cells[np.concatenate(zeros)] = True
    readings.set(cells.reshape(readings.low.shape), 0, threshold - 1, hidden=True)
    return True


def _exact(readings: Readings) -> Bools:
    """The cells whose figure is printed; a zero that is known for another reason is none."""
    exact: Bools = readings.where(Kind.FIGURE) & (readings.low == readings.high)
    return exact


def _off(
    readings: Readings, dimensions: Sequence[Dimension], exact: Bools
) -> list[tuple[Ints, int]]:
    """
    The parts of each sum printed whole that does not add up, and by how much its total exceeds
    them.
    """
    values, told = readings.low.reshape(-1), exact.reshape(-1)
    known = told | ((readings.low == readings.high).reshape(-1) & (values == 0))
    off = []
    for block in sum_blocks(dimensions):
        by = values[block.totals] - values[block.parts].sum(axis=0)
        is_off = told[block.totals] & known[block.parts].all(axis=0) & (by != 0)
        off += [(block.parts[:, line], int(by[line])) for line in np.flatnonzero(is_off).tolist()]
    return off
