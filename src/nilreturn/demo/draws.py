"""
Random choices that depend on the seed only: the same on every machine and with every version of
Python.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from nilreturn.periods import Period

T = TypeVar("T")


class Draws:
    """
    Random choices from a seed. Python keeps the numbers of a seed stable only for `random()`, not
    for `choice` or `shuffle`, so those are built from it here.
    """

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self._source.random() < share

    def number(self, least: int, most: int) -> int:
        """An integer, both ends included."""
        return least + int(self._source.random() * (most - least + 1))

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.number(0, len(options) - 1)]

    def weighted(self, options: dict[T, int]) -> T:
        """One of the keys, with a probability in proportion to its weight."""
        at = self._source.random() * sum(options.values())
        for option, weight in options.items():
            at -= weight
            if at < 0:
                return option
        return next(reversed(options))

    def day(self, period: Period) -> date:
        return period.first_on + timedelta(days=self.number(0, period.days - 1))

    def shuffled(self, things: Sequence[T]) -> list[T]:
        keys = [self._source.random() for _ in things]
        return [
            thing for _, thing in sorted(zip(keys, things, strict=True), key=lambda pair: pair[0])
        ]
