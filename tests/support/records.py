"""
Small sets of tables counted from records, and what a reader can work out of them: plain integer
programmes over all record types, one unknown for each combination of the finest parts of all
variables.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from scipy import optimize, sparse

from nilreturn.tables import Category, Dimension, Extent, Population, RawTable

RANGES = {"age": range(4), "day": range(100, 104)}
VALUES = {"sex": ("F", "M"), "area": ("N", "S", "E")}
VARIABLES = (*RANGES, *VALUES)
WHOLE = {**{v: tuple(numbers) for v, numbers in RANGES.items()}, **VALUES}
# Of each variable: what no category covers, and nothing is where a table divides everything
OTHER = "other"
TYPES = list(itertools.product(*((*WHOLE[v], OTHER) for v in VARIABLES)))


def extent(variable: str, parts: Sequence[object]) -> Extent:
    """The extent of some of a variable's values."""
    if variable in RANGES:
        return Extent(tuple((int(str(p)), int(str(p))) for p in parts))
    return Extent.of(*map(str, parts))


@dataclass(frozen=True)
class Shape:
    """
    What a table is restricted to (variable, values), and how it divides: (variable, groups of
    values).
    """

    within: tuple[tuple[str, tuple[object, ...]], ...]
    divided: tuple[tuple[str, tuple[tuple[object, ...], ...]], ...]

    def boxes(self) -> np.ndarray:
        """(cells, types) 1 where a record type is in a cell, totals first."""
        base = np.ones(len(TYPES), dtype=bool)
        for variable, parts in self.within:
            base &= _in(variable, parts)
        rows = []
        for chosen in itertools.product(*((None, *groups) for _, groups in self.divided)):
            row = base.copy()
            for (variable, _), parts in zip(self.divided, chosen, strict=True):
                if parts is not None:
                    row &= _in(variable, parts)
            rows.append(row)
        return np.array(rows, dtype=np.int64)

    def table(self, name: str, counts: np.ndarray) -> RawTable:
        """The table of some counts of record types."""
        dimensions = tuple(
            Dimension(
                v,
                v,
                (Category("Total"), *(Category(str(g), "Total", extent(v, g)) for g in groups)),
            )
            for v, groups in self.divided
        )
        population = Population(
            "things", tuple((v, extent(v, parts)) for v, parts in self.within), "an extract"
        )
        cells = (self.boxes() @ counts).reshape([len(d.categories) for d in dimensions])
        return RawTable(name, name, population, dimensions, cells)


def _in(variable: str, parts: Sequence[object]) -> np.ndarray:
    place = VARIABLES.index(variable)
    return np.array([kind[place] in parts for kind in TYPES])


@st.composite
def shapes(draw: st.DrawFn, variables: Sequence[str] = VARIABLES, most: int = 3) -> Shape:
    """A table: every variable is divided, restricted, both or left alone."""
    within, divided = [], []
    for variable in draw(st.permutations(variables)):
        use = draw(st.sampled_from(["nothing", "nothing", "divided", "restricted", "both"]))
        whole = WHOLE[variable]
        part = whole
        if use in ("restricted", "both"):
            if variable in RANGES:
                first = draw(st.integers(0, len(whole) - 1))
                part = whole[first : draw(st.integers(first + 1, len(whole)))]
            else:
                part = tuple(draw(st.lists(st.sampled_from(whole), min_size=1, unique=True)))
            if set(part) != set(whole):
                within.append((variable, part))
        if use in ("divided", "both") and len(divided) < most:
            cuts = sorted(
                draw(st.sets(st.integers(1, max(1, len(part) - 1)), max_size=len(part) - 1))
            )
            groups = tuple(
                part[a:b] for a, b in itertools.pairwise([0, *cuts, len(part)]) if part[a:b]
            )
            divided.append((variable, groups))
    return Shape(tuple(within), tuple(divided))


def possible(drawn: Sequence[Shape]) -> np.ndarray:
    """
    Whether each record type can be there: none is where a table that is not restricted divides
    without it.
    """
    found = np.ones(len(TYPES), dtype=bool)
    for shape in drawn:
        for variable, _ in shape.divided:
            if variable not in dict(shape.within):
                found &= ~_in(variable, [OTHER])
    return found


def counted(records: Sequence[int], drawn: Sequence[Shape]) -> np.ndarray:
    """
    Counts of record types, of records given by the numbers of their types; impossible ones are left
    out.
    """
    return np.bincount(np.array(records, dtype=np.int64), minlength=len(TYPES)) * possible(drawn)


def extreme(
    matrix: sparse.csr_matrix, low: np.ndarray, high: np.ndarray, goal: np.ndarray
) -> int | None:
    """
    The least of `goal @ x` over whole numbers x >= 0 with `low <= matrix @ x <= high`; None where
    there are none.
    """
    found = optimize.milp(
        goal.astype(float),
        constraints=optimize.LinearConstraint(matrix, low, high),
        integrality=np.ones(len(goal)),
    )
    return None if found.status == 2 else round(found.fun)
