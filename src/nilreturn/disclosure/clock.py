"""
Time told by the work done and not by the hour, so that the same tables are searched as far on any machine, under any
load: otherwise a second run could hide other cells.
"""

from __future__ import annotations

from time import monotonic

import highspy

# Seconds of one core of 2026 for each column or row of a programme, measured on tables of 2,000 to 40,000 cells. How
# near they come is no matter of safety.
A_CALL, A_RUN, AN_ITERATION = 4e-4, 6e-8, 5e-9
A_CLASS = 3e-8  # for one of a choice's classes, to look at the choice
A_SEARCH = 1e-3  # for one need, without the solver
A_MODEL = 8e-4  # whatever its size
A_WHOLE_RUN, A_WHOLE_ITERATION = 1e-5, 7e-8  # in whole numbers, cuts and heuristics included
ITERATIONS_OF_A_NODE = 100
SLOWEST = 3.0  # times slower than that, and the hour decides after all


class Clock:
    """Starts at nothing and runs to `seconds` of work."""

    def __init__(self, seconds: float) -> None:
        self.spent, self.seconds = 0.0, seconds
        self._end = monotonic() + SLOWEST * seconds

    def __call__(self) -> float:
        """The seconds of work done; endless once the machine has taken far longer than they should."""
        return self.spent if monotonic() < self._end else float("inf")

    def worked(self, seconds: float) -> None:
        """Count in work that no solver did."""
        self.spent += seconds

    def ran(self, highs: highspy.Highs) -> None:
        """Count a run of HiGHS in."""
        self.spent += A_CALL + _size(highs) * (A_RUN + AN_ITERATION * max(0, highs.getInfo().simplex_iteration_count))

    def ran_whole(self, highs: highspy.Highs, *, most: float, size: int = 0) -> None:
        """
        The same of branch and bound that was given `most` seconds (`nodes_in`); `size` where not all columns and rows
        are work.
        """
        work = A_WHOLE_RUN + A_WHOLE_ITERATION * max(0, highs.getInfo().simplex_iteration_count)
        self.spent += min(SLOWEST * most, (size or _size(highs)) * work)


def _size(highs: highspy.Highs) -> int:
    return int(highs.getNumCol() + highs.getNumRow())


def nodes_in(seconds: float, size: int) -> int:
    """How many nodes of branch and bound on `size` columns and rows are about as much work as `seconds`."""
    return max(1, int(seconds / (size * A_WHOLE_ITERATION * ITERATIONS_OF_A_NODE)))
