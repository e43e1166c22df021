"""
Which values a sum of record types can have: integer programmes over all feasible tables.

One model is kept and asked again. Every solution is rounded, checked in integers and kept: it shows
a value of every sum at once, so that only what no solution shows is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import highspy
import numpy as np
from scipy import sparse

from tests.support.attacker.figures import NO_LIMIT
from tests.support.attacker.layout import System

Group = frozenset[int]


class ContradictionError(Exception):
    """No table of non-negative integers gives what is printed."""


class Searching:
    """
    What the system leaves possible. `most` bounds each record type where nothing printed does
    (None: nothing does). `also` are further sums that are known: (group, low, high).
    """

    def __init__(
        self,
        system: System,
        *,
        also: Iterable[tuple[Group, int, int]] = (),
        most: int | None = None,
    ) -> None:
        self.system = system
        extra = list(also)
        rows = sparse.vstack(
            [system.rows, *(_row(group, system.types) for group, _, _ in extra)]
        ).tocsr()
        self.rows = rows
        self.low = np.concatenate([system.low, [low for _, low, _ in extra]]).astype(np.int64)
        self.high = np.concatenate([system.high, [high for _, _, high in extra]]).astype(np.int64)
        self.most = most
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("log_to_console", False)
        self.solver.setOptionValue("threads", 1)
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_abs_gap", 0.5)
        self.solver.setOptionValue("time_limit", 60.0)
        self.solver.passModel(self._model())
        self.shown: list[np.ndarray] = []
        self.asked = 0
        if self._solve({}, None) is None:
            raise ContradictionError

    def _model(self) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        size, infinity = self.system.types, highspy.kHighsInf
        lp.num_col_, lp.num_row_ = size + 1, self.rows.shape[0] + 1
        # The last column is the sum asked about, the last row says what it is the sum of.
        lp.col_cost_ = np.zeros(size + 1)
        lp.col_lower_ = np.zeros(size + 1)
        free = ~self.system.bounded()
        lp.col_upper_ = np.full(size + 1, infinity)
        if self.most is not None:
            lp.col_upper_ = np.append(np.where(free, float(self.most), infinity), infinity)
        lp.row_lower_ = np.append(self.low.astype(float), -infinity)
        lp.row_upper_ = np.append(
            np.where(self.high >= NO_LIMIT, infinity, self.high.astype(float)), infinity
        )
        full = sparse.bmat([[self.rows, None], [np.ones((1, size)), [[-1.0]]]]).tocsc()
        full.sort_indices()
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = full.indptr, full.indices
        lp.a_matrix_.value_ = full.data.astype(float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * (size + 1)
        return lp

    def values(self, group: Group, wanted: Iterable[int]) -> set[int]:
        """Those of the wanted values that the group's count can have."""
        wanted = list(wanted)
        seen = self._seen(group)
        found = {value for value in wanted if value in seen}
        for value in wanted:
            if (
                value not in found
                and self._solve({"group": group, "low": value, "high": value}, None) is not None
            ):
                found.add(value)
        return found

    def is_fixed(self, group: Group) -> bool:
        """Whether the group's count has one value only."""
        return self.other_than(group) is None

    def other_than(self, group: Group) -> int | None:
        """A second value of the group's count; None where there is none."""
        seen = sorted(self._seen(group))
        if len(seen) > 1:
            return seen[1]
        asks: list[dict[str, object]] = [
            {"low": seen[0] + 1, "high": NO_LIMIT},
            {"low": 0, "high": seen[0] - 1},
        ]
        for ask in asks:
            solution = self._solve({"group": group, **ask}, None) if ask["high"] != -1 else None
            if solution is not None:
                return int(solution[list(group)].sum())
        return None

    def range(self, group: Group) -> tuple[int, int | None]:
        """The least and the greatest count of the group; None where nothing bounds it."""
        least = self._solve({"group": group, "low": 0, "high": NO_LIMIT}, 1)
        most = self._solve({"group": group, "low": 0, "high": NO_LIMIT}, -1)
        assert least is not None
        ends = [
            int(solution[list(group)].sum()) for solution in (least, most) if solution is not None
        ]
        return ends[0], ends[1] if most is not None else None

    def differs(self, more: Iterable[int], less: Iterable[int]) -> bool:
        """Whether the two groups, which have nothing in common, can have different counts."""
        group, other = frozenset(more), frozenset(less)
        factors = {**dict.fromkeys(group, 1.0), **dict.fromkeys(other, -1.0)}
        for sign in (1, -1):
            signed = {column: sign * factor for column, factor in factors.items()}
            if self._solve({"factors": signed, "low": 1}, None) is not None:
                return True
        return False

    def _seen(self, group: Group) -> set[int]:
        places = list(group)
        return {int(solution[places].sum()) for solution in self.shown}

    def _solve(self, ask: Mapping[str, object], sense: int | None) -> np.ndarray | None:
        """
        A table; with a sense, one where the group is least (1) or greatest (-1) and None where
        nothing bounds it.
        """
        size, infinity = self.system.types, highspy.kHighsInf
        last = self.rows.shape[0]
        factors = ask.get("factors") or dict.fromkeys(ask.get("group", ()), 1.0)  # type: ignore[call-overload]
        for column in range(size):
            self.solver.changeCoeff(last, column, factors.get(column, 0.0))
        low, high = int(ask.get("low", 0)), int(ask.get("high", NO_LIMIT))  # type: ignore[call-overload]
        self.solver.changeRowBounds(last, 0.0, 0.0)
        self.solver.changeColBounds(size, float(low), infinity if high >= NO_LIMIT else float(high))
        self.solver.changeColCost(size, float(sense or 0))
        self.asked += 1
        self.solver.run()
        status = self.solver.getModelStatus()
        if (
            status
            in (
                highspy.HighsModelStatus.kUnbounded,
                highspy.HighsModelStatus.kUnboundedOrInfeasible,
            )
            and sense
        ):
            return None
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"the solver ended with {status}")
        solution = np.rint(np.array(self.solver.getSolution().col_value[:size])).astype(np.int64)
        sums = self.rows @ solution
        if (
            (solution < 0).any()
            or (sums < self.low).any()
            or ((sums > self.high) & (self.high < NO_LIMIT)).any()
        ):
            raise RuntimeError("the solver's table is none")
        if not any(np.array_equal(solution, other) for other in self.shown):
            self.shown.append(solution)
        return solution


def _row(group: Group, size: int) -> sparse.csr_matrix:
    places = sorted(group)
    return sparse.csr_matrix(
        ([1] * len(places), ([0] * len(places), places)), (1, size), dtype=np.int64
    )
