"""
Which tables clash: the fewest at hand from which a count follows although everything is hidden that
may be.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.audit.examination import examine
from nilreturn.disclosure.audit.findings import ProtectionRequirements, Verdict
from nilreturn.disclosure.model import PublishedTable, attacker_knowledge

# Beyond, leaving out one after the other would take too long to say more than that they clash
MOST_TABLES = 12


def clashing(
    tables: Sequence[PublishedTable], table: int, place: int, *, seconds: float
) -> tuple[str, ...]:
    """
    The names of tables, each of them needed, from which the cell at a place of a table follows;
    that table's first. Empty where there are too many to try.
    """
    if len(tables) > MOST_TABLES:
        return ()
    left = list(range(len(tables)))
    for other in [number for number in left if number != table]:
        fewer = [number for number in left if number != other]
        if _follows([tables[number] for number in fewer], fewer.index(table), place, seconds):
            left = fewer
    return tuple(
        tables[number].labels for number in (table, *(number for number in left if number != table))
    )


def _follows(tables: Sequence[PublishedTable], table: int, place: int, seconds: float) -> bool:
    knowledge = attacker_knowledge(tables, number_cells=number_cells)
    size = knowledge.cells.size
    asked = np.zeros(size, dtype=np.bool_)
    asked[knowledge.cells.of_table[table].reshape(-1)[place]] = True
    none = np.zeros(size, dtype=np.int64)
    demands = ProtectionRequirements(
        asked, none + 1, none.copy(), np.zeros(size, dtype=np.bool_), none.copy()
    )
    found = examine(knowledge, demands, explain=False, whole=False, seconds=seconds)
    return any(finding.verdict is Verdict.EXPOSED for finding in found.findings)
