"""
A table without totals: nothing in it adds up, so hiding the small counts is enough. Audited like
any other.
"""

from __future__ import annotations

import numpy as np

from nilreturn.disclosure.audit import audit
from nilreturn.disclosure.model import NO_UPPER, PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.protection import Protection, single_table
from nilreturn.tables import CellStatus, RawTable, SafeCell

METHOD = "suppression without totals"


def protect_without_totals(raw: RawTable, policy: Policy) -> Protection:
    """
    What may be printed of the innermost cells of a table by itself. Raises `DisclosureError` where
    its audit finds that a hidden count could be told.
    """
    rule = policy.rule(
        raw.name, [d.variable for d in raw.dimensions], [v for v, _ in raw.population.extents]
    )
    leaves = [{leaf.label for leaf in dimension.leaves} for dimension in raw.dimensions]
    inside = np.array(
        [
            all(label in inner for label, inner in zip(labels, leaves, strict=True))
            for labels, _ in raw.cells()
        ]
    ).reshape(raw.counts.shape)
    hidden = rule.small(raw) & inside
    low = np.where(hidden, policy.floor(rule), np.where(inside, raw.counts, 0))
    high = np.where(hidden | ~inside, NO_UPPER, raw.counts)
    printed = PublishedTable(
        raw.name, raw.title, raw.population, raw.dimensions, low, high, hidden.copy()
    )
    least = 1 if rule.zeros_printed else 0
    why = f"counts from {least} to {rule.threshold - 1} are hidden: {rule.reason}"
    cells = {}
    for (labels, count), is_inside, is_hidden in zip(
        raw.cells(), inside.flat, hidden.flat, strict=True
    ):
        if not is_inside:
            cells[labels] = SafeCell(None, CellStatus.LEFT_OUT)
        else:
            cells[labels] = (
                SafeCell(None, CellStatus.PRIMARY, why)
                if is_hidden
                else SafeCell(count, CellStatus.SAFE)
            )
    found = audit([printed], threshold=rule.threshold)
    words = f"Counts from {least} to {rule.threshold - 1} are hidden. No totals are given."
    return single_table(raw, cells, printed, found, policy, method=METHOD, words=words)
