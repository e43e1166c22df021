"""
The youngest, the oldest: an extreme is about one person, and is refused unless the policy says
otherwise.

Printing one, and refusing one for the size of its population, tells a reader something of the
records. Both enter the account as published tables before anything is hidden
(`Decision.statement`). Whatever else is refused is refused whoever is in the records, so that the
refusal tells nothing; but where a printed table has 0 for the whole population the answer is a nil
return, which any reader of that table knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.methods.readable_extremes import is_structural_zero, refuse_readable
from nilreturn.disclosure.model import NO_UPPER, PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.tables import Category, Dimension, Extent, RawExtreme, RawTable, SafeTable

_BEYOND = 1_000_000  # above any age, below any day


@dataclass(frozen=True)
class Decision:
    """
    `refusal` is empty when the extreme may be printed; `statement` is what a reader learns of the
    tables either way.
    """

    refusal: str
    statement: PublishedTable | None


def decide(extreme: RawExtreme, tables: Sequence[RawTable], policy: Policy) -> Decision:
    """
    Whether an extreme may be printed. Its population's size is looked up among the tables; when no
    table has it, it counts as small. An extreme with a further attribute of the same person is
    always refused.
    """
    sizes = [_people(table) for table in tables if table.population == extreme.population]
    if policy.extremes.release == "never" or extreme.also or not sizes:
        return Decision(policy.refusal_of_extreme(0, extreme.kind), None)
    large = policy.extremes.population
    refusal = policy.refusal_of_extreme(max(sizes), extreme.kind)
    return Decision(
        refusal,
        _shows_size(extreme, large) if refusal else _statement(extreme, extreme.value, large),
    )


def settle(
    extremes: Sequence[RawExtreme],
    decisions: Sequence[Decision],
    safe: Sequence[SafeTable],
    published: Sequence[PublishedTable],
    known: Sequence[PublishedTable],
) -> tuple[str, ...]:
    """
    The refusal of each extreme, empty where it is given, now that it is known what is printed:
    `published` in this answer and `known` from earlier ones.

    Raises `DisclosureError` where a reader could read a refused value off what is printed.
    """
    printed = published[: len(safe)]  # what follows are the statements of extremes
    refusals = tuple(
        "" if decision.refusal and is_structural_zero(extreme, printed) else decision.refusal
        for extreme, decision in zip(extremes, decisions, strict=True)
    )
    refused = [extreme for extreme, refusal in zip(extremes, refusals, strict=True) if refusal]
    asked = {table.name: table.question for table in safe} | {e.name: e.question for e in extremes}
    refuse_readable(refused, published, known, asked)
    return refusals


def _people(table: RawTable) -> int:
    return int(table.counts[(0,) * len(table.dimensions)])


def _shows_size(extreme: RawExtreme, large: int) -> PublishedTable:
    """A refusal for its size says that the population is not large."""
    low, high = np.array(0, dtype=np.int64), np.array(large - 1, dtype=np.int64)
    return PublishedTable(
        extreme.name,
        extreme.title,
        extreme.population,
        (),
        low,
        high,
        np.array(False, dtype=np.bool_),
    )


def _statement(extreme: RawExtreme, value: int | None, large: int) -> PublishedTable:
    """
    Nobody beyond the extreme, somebody at it, and a large population; or nobody of whom the
    attribute is known.
    """
    everything = Extent.between(0, _BEYOND)
    if value is None:
        parts = [("with it", everything, 0, 0)]
    elif extreme.kind == "minimum":
        parts = [
            ("at it", Extent.between(value, value), 1, NO_UPPER),
            ("inside it", Extent.between(value + 1, _BEYOND), 0, NO_UPPER),
        ]
        parts += [("beyond it", Extent.between(0, value - 1), 0, 0)] if value > 0 else []
    else:
        parts = [("at it", Extent.between(value, value), 1, NO_UPPER)]
        parts += [("inside it", Extent.between(0, value - 1), 0, NO_UPPER)] if value > 0 else []
        parts += [("beyond it", Extent.between(value + 1, _BEYOND), 0, 0)]
    parts.append(("without it", Extent.of("Unknown"), 0, NO_UPPER))
    categories = (
        Category("All"),
        *(Category(label, "All", covers) for label, covers, _, _ in parts),
    )
    dimension = Dimension(extreme.variable, extreme.title, categories)
    low = np.array([max(1, large), *(least for _, _, least, _ in parts)], dtype=np.int64)
    high = np.array([NO_UPPER, *(most for _, _, _, most in parts)], dtype=np.int64)
    hidden = np.zeros(len(low), dtype=np.bool_)
    return PublishedTable(
        extreme.name, extreme.title, extreme.population, (dimension,), low, high, hidden
    )
