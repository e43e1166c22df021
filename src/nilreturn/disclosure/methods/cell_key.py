"""
Cell-key perturbation: a secret key decides a small amount of noise for each count.

The same cell has the same noise in every table. The method is fast and consistent, but not
additive. The audit decides whether it hides enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nilreturn.disclosure.methods.outcome import Outcome
from nilreturn.disclosure.methods.problem import build_problem
from nilreturn.disclosure.methods.rounding import chance, changed
from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.errors import PolicyError
from nilreturn.progress import Progress
from nilreturn.tables import RawTable


def by_cell_key(
    tables: Sequence[RawTable], policy: Policy, known: Sequence[PublishedTable], progress: Progress
) -> Outcome:
    """Every count that is not zero moved by at most the policy's noise."""
    if policy.noise is None:
        raise PolicyError(
            "the cell key method needs noise, the most that a count may move; add it to the policy"
        )
    noise, key = policy.noise, policy.key()
    problem = build_problem(tables, policy, known)
    values = problem.system.value.copy()
    told = []
    for number, table in enumerate(tables):
        progress("Moving counts", number, len(tables))
        numbers = problem.truth.cells.of_table[number]
        for index in np.ndindex(table.counts.shape):
            count = int(table.counts[index])
            if count:
                values[numbers[index]] = max(
                    0, count + int(chance(key, table, index, count) * (2 * noise + 1)) - noise
                )
        printed = values[numbers]
        # Zeros are never moved, so what is printed above 0 is not one; a printed 0 may be a true
        # one.
        told.append((np.maximum(printed - noise, np.minimum(printed, 1)), printed + noise))
    words = (
        f"Every count may differ from the true one by up to {noise}, so that totals need not "
        f"be the sum of their parts."
    )
    return changed(problem, tables, values, tuple(told), words, f"moved by at most {noise}")
