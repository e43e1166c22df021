"""
The master problem of Fischetti and Salazar (2000, 2001): the cheapest pattern that satisfies all
cuts so far, by branch and bound.

In large tables thousands of classes have the same coefficients in all cuts. Only the cheapest of
those are given to HiGHS, because an optimal pattern needs no others.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from scipy import sparse

from nilreturn.disclosure.model import Floats, Ints
from nilreturn.disclosure.solver import (
    WorkBudget,
    integer_program_with_least_cost,
    limit_integer_run,
)
from nilreturn.disclosure.suppression.capacity_cuts import Cut
from nilreturn.disclosure.suppression.presolve import optimality_tolerance

LONG = 20  # classes; in shorter lines a cut for each class that comes up is less to work through
NARROW = 1e-6  # how far HiGHS may be from a bound that it tells


@dataclass(eq=False)
class MasterProblem:
    """Cuts over the free classes of a block, each of a `weight`."""

    weight: Floats
    free: Ints
    clock: WorkBudget
    cuts: list[Cut] = field(default_factory=list)
    bound: float = 0.0
    _known: set[tuple[bytes, bytes, tuple[int, ...]]] = field(default_factory=set)
    _lines: dict[bytes, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._column = np.full(len(self.weight), -1)
        self._column[self.free] = np.arange(len(self.free))
        self.close, self._ties = optimality_tolerance(self.weight[self.free])

    def __len__(self) -> int:
        return len(self.cuts) + len(self._lines)

    def add(self, cuts: list[Cut]) -> None:
        """Keep the cuts that are new."""
        for cut in cuts:
            if cut.line and len(cut.which) >= LONG:
                members = np.sort(np.append(cut.which, cut.conditional_on[0]))
                self._lines.setdefault(members.tobytes(), members)
            elif cut.key not in self._known:
                self._known.add(cut.key)
                self.cuts.append(cut)

    def at(self, weight: Floats, sure: int) -> MasterProblem:
        """
        The first `sure` cuts and all lines, over the same classes at other weights, with no bound
        yet.
        """
        other = MasterProblem(weight, self.free, self.clock, self.cuts[:sure])
        other._lines = self._lines
        return other

    def cheapest(self, seconds: float, *, within: float = 0.0) -> Ints | None:
        """
        The free classes of a choice that costs at most `within` more than the cheapest (or of any,
        if `seconds` are short); raises the bound.
        """
        gap = max(within, self.close)
        matrix, least = self._matrix()
        kept = self._cheapest_of_equals(matrix)
        rows = self._with_lines(matrix[:, kept], kept)
        lines = rows.shape[1] - len(kept)
        weight = np.concatenate([self.weight[self.free][kept], np.zeros(lines)])
        least = np.concatenate([least, np.zeros(rows.shape[0] - len(least))])
        highs = integer_program_with_least_cost(
            rows, least, weight, np.ones(rows.shape[1]), whole=True
        )
        size = matrix.shape[0] + rows.shape[1]  # the rest are rows of two entries
        limit_integer_run(highs, seconds, size=size)
        highs.setOptionValue("mip_abs_gap", gap)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.run()
        self.clock.charge_integer_run(highs, size=size)
        info = highs.getInfo()
        found = info.primal_solution_status == highspy.kSolutionStatusFeasible
        self._raise(info.mip_dual_bound, info.objective_function_value - gap if found else np.inf)
        if not found:
            return None
        value = np.asarray(highs.getSolution().col_value)[: len(kept)]
        return np.asarray(self.free[kept[value > 0.5]])

    def _raise(self, dual_bound: float, no_better: float) -> None:
        """
        What HiGHS tells may be too high by the gap that it was allowed, for it drops a branch that
        is `no_better`; where integers decide, they make up for that.
        """
        bound = min(dual_bound, no_better)
        if np.isfinite(bound) and self._ties < 1.0:
            bound = np.ceil(bound - self._ties - NARROW)
        if np.isfinite(bound):
            self.bound = max(self.bound, float(bound))

    def _matrix(self) -> tuple[sparse.csc_matrix, Floats]:
        """
        The cuts, and then the sums of the lines, over free classes; and the right-hand sides of the
        cuts.
        """
        cuts, lines = self.cuts, list(self._lines.values())
        empty = np.zeros(0, dtype=np.int64)
        lengths = [len(cut.which) + len(cut.conditional_on) for cut in cuts] + [
            len(line) for line in lines
        ]
        columns = [
            np.concatenate([cut.which, np.array(cut.conditional_on, dtype=np.int64)])
            for cut in cuts
        ] + lines
        shares = [np.concatenate([cut.share, -np.ones(len(cut.conditional_on))]) for cut in cuts]
        shares += [np.ones(len(line)) for line in lines]
        column = self._column[np.concatenate([empty, *columns])]
        kept = column >= 0
        rows = np.repeat(np.arange(len(lengths)), lengths)
        entries = (np.concatenate([empty, *shares])[kept], (rows[kept], column[kept]))
        matrix = sparse.csc_matrix(entries, (len(lengths), len(self.free)))
        return matrix, np.array([1.0 - len(cut.conditional_on) for cut in cuts])

    def _cheapest_of_equals(self, matrix: sparse.csc_matrix) -> Ints:
        """
        The columns without those of which enough cheaper ones are there that are in the same cuts
        alike.
        """
        matrix.sort_indices()
        shares = matrix.data[matrix.data > 0]
        enough = max(2, int(np.ceil(1.0 / shares.min(initial=1.0) - NARROW)))
        seen: dict[tuple[bytes, bytes], int] = {}
        kept = []
        for k in np.argsort(self.weight[self.free], kind="stable").tolist():
            part = slice(matrix.indptr[k], matrix.indptr[k + 1])
            if part.start == part.stop:
                continue
            key = matrix.indices[part].tobytes(), matrix.data[part].tobytes()
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= enough:
                kept.append(k)
        return np.sort(np.array(kept, dtype=np.int64))

    def _with_lines(self, matrix: sparse.csc_matrix, kept: Ints) -> sparse.csc_matrix:
        """
        With a column for each line that says whether any of it is hidden: then at least two are. It
        says for all of the line at once what would take a cut for each.
        """
        n, first = len(self._lines), len(self.cuts)
        sums = sparse.csr_matrix(matrix)[first:]
        number = np.repeat(np.arange(n), np.diff(sums.indptr))
        m = len(number)
        upto = sparse.csr_matrix(
            (
                np.concatenate([-np.ones(m), np.ones(m)]),
                (np.tile(np.arange(m), 2), np.concatenate([sums.indices, len(kept) + number])),
            ),
            (m, len(kept) + n),
        )
        two = sparse.vstack([sparse.csr_matrix((first, n)), -2.0 * sparse.identity(n)])
        return sparse.csc_matrix(sparse.vstack([sparse.hstack([matrix, two]), upto]))
