"""
Which sums are sensitive, and how far off a reader must stay.

The p% rule (Hundepool et al., Statistical Disclosure Control, 2012, section 4.2): the second
largest contributor to a sum knows an upper limit of the largest, the sum less their own
contribution. A sum is sensitive where that is within p percent of the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.model import Bools, Ints
from nilreturn.disclosure.policy import Policy
from nilreturn.tables import Dimension, Population, RawTable


@dataclass(frozen=True, eq=False)
class RawSums:
    """
    True sums, every total included. It may not be printed.

    All arrays have the shape of the dimensions: `totals` (the sums, integers of the smallest unit),
    how many `contributors` each has, and its `largest` and `second` largest contribution (0 where
    there is none).
    """

    name: str
    title: str
    population: Population
    dimensions: tuple[Dimension, ...]
    totals: Ints
    contributors: Ints
    largest: Ints
    second: Ints

    @property
    def table(self) -> RawTable:
        """The sums as a table of figures."""
        return RawTable(self.name, self.title, self.population, self.dimensions, self.totals)

    def __repr__(self) -> str:
        return f"RawSums({self.name!r}, {' x '.join(str(n) for n in self.totals.shape)} cells)"


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """
    Of each cell of a table of sums, in its shape: whether it is sensitive, and the interval
    `low..high` of which a reader may rule out nothing.
    """

    sensitive: Bools
    low: Ints
    high: Ints


def sensitivity(sums: RawSums, policy: Policy) -> Sensitivity:
    """
    Which sums the policy protects. A reader must not come within p percent of the largest
    contribution; where there are too few contributors, not within p percent of the sum.
    """
    rule = policy.rule(sums.name, [dimension.variable for dimension in sums.dimensions])
    share = policy.sums.dominance / 100
    few = (sums.contributors >= 1) & (sums.contributors < rule.threshold)
    rest = sums.totals - sums.largest - sums.second
    short = np.ceil(share * sums.largest - rest)
    dominated = (sums.contributors >= 1) & (short > 0)
    sensitive = (few | dominated) & (sums.totals > 0)
    apart = np.maximum(
        np.where(dominated, short, 0), np.where(few, np.ceil(share * sums.totals), 0)
    )
    margin = np.where(sensitive, np.maximum(apart, 1), 0).astype(np.int64)
    return Sensitivity(sensitive, np.maximum(sums.totals - margin, 0), sums.totals + margin)
