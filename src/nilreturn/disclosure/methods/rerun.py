"""
What the choice of hidden cells tells a reader who runs the program on every table that prints the
same.

A choice is made for the true counts, and other counts would have led to another one. Where so few
tables print the same that all can be tried, they are: if those that lead to the same choice agree
on a small count, the choice gives it away. Then another is made, one that would be safe were there
one person in every small cell.

The tables that lead to a choice find the same others, so that all of them keep it or give it up
together. So a choice that is kept does not tell a small count even to those who know the key. The
other one is not tried in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from nilreturn.disclosure.methods.problem import Problem, build_problem
from nilreturn.disclosure.model import NO_UPPER, Bools, Ints, PublishedTable, propagate_bounds
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.suppression import SuppressionPattern, SuppressionProblem, suppress
from nilreturn.errors import DisclosureError
from nilreturn.keys import derived
from nilreturn.progress import Progress, no_progress
from nilreturn.tables import RawTable

CHOICE = "choice of hidden cells"  # what the seed of the search is derived for
LARGEST = 150  # cells of a system for which other tables are tried
MOST_TABLES = 40  # that print the same
MOST_LOOKS = 10  # for each of those, at a table in part, until they are all found


def chosen(
    tables: Sequence[RawTable],
    policy: Policy,
    known: Sequence[PublishedTable],
    problem: Problem,
    progress: Progress = no_progress,
) -> SuppressionPattern:
    """
    The cells to hide in `tables`, posed as `problem` beside the `known` releases. Its bound is that
    of any safe choice. What a choice tells is looked at only where the policy names a key: without
    one choices are not secret.
    """
    first = safe_pattern(problem.system, policy, policy.seconds, progress=progress)
    if policy.key_file is None or not _Reader(tables, policy, known, problem).told(first).any():
        return first
    small = problem.system.primary & ~problem.system.publishable
    other = safe_pattern(problem.system, policy, policy.seconds, by_itself=small, progress=progress)
    return replace(
        other, bound=min(first.bound, other.cost), proven=first.proven and other.cost <= first.cost
    )


def hidden_cells(problem: Problem, suppression: SuppressionPattern) -> Bools:
    """The cells of the tables that a choice leaves out."""
    # A small count that earlier releases give away is not confirmed by printing it.
    unconfirmed = (
        problem.small & problem.public & (problem.truth.older_low != problem.truth.older_high)
    )
    hidden: Bools = (suppression.hidden & ~problem.system.unpublished) | unconfirmed
    return hidden


def safe_pattern(
    system: SuppressionProblem,
    policy: Policy,
    seconds: float,
    *,
    by_itself: Bools | None = None,
    progress: Progress = no_progress,
) -> SuppressionPattern:
    """
    The best safe choice found in `seconds` of work, taken by the policy's key; what it tells is not
    looked at.
    """
    seed = derived(policy.key(), CHOICE) if policy.key_file is not None else b""
    return suppress(
        system,
        requirement=policy.withstand,
        seconds=seconds,
        seed=seed,
        by_itself=by_itself,
        progress=progress,
    )


class _Reader:
    """Someone who knows what is printed, and has the program and even the key."""

    def __init__(
        self,
        tables: Sequence[RawTable],
        policy: Policy,
        known: Sequence[PublishedTable],
        problem: Problem,
    ) -> None:
        self._tables, self._policy, self._known, self._problem = tables, policy, known, problem

    def told(self, choice: SuppressionPattern) -> Bools:
        """
        The primary cells of which a choice, together with what is printed, tells the count; of many
        tables, none.
        """
        system = self._problem.system
        nothing = np.zeros(system.size, dtype=np.bool_)
        # Each move makes another table that prints the same.
        if system.size > LARGEST or len(choice.moves) >= MOST_TABLES:
            return nothing
        hidden = hidden_cells(self._problem, choice)
        found = same_in_print(system, hidden)
        if found is None:
            return nothing
        printed = self._printed(self._problem, hidden)
        alike = [
            value
            for value in found
            if np.array_equal(value, system.value) or self._leads_to(value, printed)
        ]
        told: Bools = (
            system.primary & ~system.publishable & (np.array(alike) == system.value).all(axis=0)
        )
        return told

    def _leads_to(self, value: Ints, printed: list[bytes]) -> bool:
        """Whether the program, given these counts, would hide the same cells."""
        cells = self._problem.truth.cells
        tables = [
            replace(table, counts=value[cells.of_table[number]].reshape(table.counts.shape))
            for number, table in enumerate(self._tables)
        ]
        try:
            problem = build_problem(
                tables, self._policy, self._known, with_implied=self._problem.with_implied
            )
        except DisclosureError:
            return False
        choice = safe_pattern(problem.system, self._policy, self._policy.seconds / MOST_TABLES)
        if (choice.unprotectable & ~problem.public).any():
            return False
        return self._printed(problem, hidden_cells(problem, choice)) == printed

    def _printed(self, problem: Problem, hidden: Bools) -> list[bytes]:
        return [problem.in_table(number, hidden).tobytes() for number in range(len(self._tables))]


def same_in_print(system: SuppressionProblem, hidden: Bools) -> list[Ints] | None:
    """
    All tables that agree with everything that is printed when `hidden` cells are not; None where
    they are many.
    """
    unknown = hidden | (system.unpublished & ~system.publishable)
    low = np.where(unknown, system.lower, system.value)
    high = np.where(unknown, system.upper, system.value)
    looks, found, open_ = MOST_LOOKS * MOST_TABLES, [], [(low, high)]
    while open_:
        looks -= 1
        bounds = propagate_bounds(sparse.csr_matrix(system.equations), *open_.pop())
        if bounds.broken >= 0:
            continue
        room = np.where(bounds.high == NO_UPPER, NO_UPPER, bounds.high - bounds.low)
        if not room.any():
            found.append(bounds.low)
        else:
            cell = int(np.argmin(np.where(room > 0, room, NO_UPPER)))
            if room[cell] >= MOST_TABLES:
                return None
            for count in range(int(bounds.low[cell]), int(bounds.high[cell]) + 1):
                low, high = bounds.low.copy(), bounds.high.copy()
                low[cell] = high[cell] = count
                open_.append((low, high))
        if looks <= 0 or len(found) > MOST_TABLES:
            return None
    return found
