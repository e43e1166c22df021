"""The youngest, the oldest: an extreme is about one person, and is refused unless the policy says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.published import PublishedTable
from nilreturn.disclosure.system import NO_CEILING
from nilreturn.tables import Category, Dimension, Extent, RawExtreme, RawTable

_BEYOND = 1_000_000  # above any age, below any day


@dataclass(frozen=True)
class Decision:
    """`refusal` is empty when the extreme may be printed; then `tells` is what a reader learns of the tables by it."""

    refusal: str
    tells: PublishedTable | None


def decide(extreme: RawExtreme, tables: Sequence[RawTable], policy: Policy) -> Decision:
    """
    Whether an extreme may be printed. Its population's size is looked up among the tables; when no table has it,
    it counts as small. An extreme with a further attribute of the same person is always refused.
    """
    people = max((_people(table) for table in tables if table.population == extreme.population), default=0)
    if extreme.also:
        people = 0
    refusal = policy.refusal_of_extreme(people, extreme.kind)
    return Decision(refusal, None if refusal or extreme.value is None else _tells(extreme, extreme.value))


def _people(table: RawTable) -> int:
    return int(table.counts[(0,) * len(table.dimensions)])


def _tells(extreme: RawExtreme, value: int) -> PublishedTable:
    """Nobody beyond the extreme, somebody at it."""
    inner = {"at it": Extent.between(value, value)}
    if extreme.kind == "minimum":
        inner |= {"inside it": Extent.between(value + 1, _BEYOND)}
        beyond = Extent.between(0, value - 1) if value > 0 else None
    else:
        inner |= {"inside it": Extent.between(0, value - 1)} if value > 0 else {}
        beyond = Extent.between(value + 1, _BEYOND)
    categories = [Category("All"), *(Category(label, "All", covers) for label, covers in inner.items())]
    low, high = [1, 1, 0], [NO_CEILING] * 3
    if len(categories) == 2:
        low, high = low[:2], high[:2]
    if beyond is not None:
        categories.append(Category("beyond it", "All", beyond))
        low, high = [*low, 0], [*high, 0]
    categories.append(Category("without it", "All", Extent.of("Unknown")))
    low, high = [*low, 0], [*high, NO_CEILING]
    dimension = Dimension(extreme.variable, extreme.title, tuple(categories))
    arrays = (np.array(low, dtype=np.int64), np.array(high, dtype=np.int64), np.zeros(len(low), dtype=np.bool_))
    return PublishedTable(extreme.name, extreme.title, extreme.population, (dimension,), *arrays)
