"""
A budget of work, in approximate seconds of one processor core of 2026.

Every search is limited by this count and not by time, so that the same tables give the same result
on any machine under any load. HiGHS is deterministic on one thread; it is limited by nodes and by
simplex iterations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import highspy

# Seconds for each column or row of a programme, measured on tables of 2,000 to 40,000 cells in two
# to five dimensions. A wrong rate changes how long a search takes and nothing else.
# No step of a search is free: else a loop that finds nothing new would never end.
A_LOOK = 2e-4  # at a choice, however small
AN_INTEGER_CALL = 4e-3
A_CALL, A_RUN, AN_ITERATION = 4e-4, 6e-8, 4e-9
A_CLASS = 1e-8  # for one of a choice's classes, to look at the choice
A_SEARCH = 1e-3  # for one need, without the solver
A_MODEL = 8e-4  # whatever its size
A_STEP = 2e-7  # for one entry of a move that is looked at
A_WHOLE_RUN, A_WHOLE_ITERATION = 1e-5, 7e-8  # in integers, cuts and heuristics included
ITERATIONS_OF_A_NODE = 100
# Between two questions whether to stop; asked at any rate.
A_WHOLE_LOOK, MOST_ROOT_LOOKS = 2.5e-5, 6


class WorkBudget:
    """Counts work up to a budget of `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.spent, self.seconds = 0.0, seconds

    def __call__(self) -> float:
        """The seconds of work done."""
        return self.spent

    @property
    def left(self) -> float:
        """The seconds of work that the budget still allows, 0 when it is used up."""
        return max(0.0, self.seconds - self.spent)

    def charge(self, seconds: float) -> None:
        """Count work that no solver did."""
        self.spent += seconds

    def charge_steps(self, entries: int) -> None:
        """Count work by the entries of moves that were looked at."""
        self.spent += A_STEP * entries

    def charge_run(self, highs: highspy.Highs) -> None:
        """Count a run of the simplex method."""
        self.spent += A_CALL + _size(highs) * (
            A_RUN + AN_ITERATION * max(0, highs.getInfo().simplex_iteration_count)
        )

    def charge_integer_run(self, highs: highspy.Highs, *, size: int = 0) -> None:
        """Count a run of branch and bound; `size` where not all columns and rows are work."""
        work = A_WHOLE_RUN + A_WHOLE_ITERATION * max(0, highs.getInfo().simplex_iteration_count)
        self.spent += AN_INTEGER_CALL + (size or _size(highs)) * work


def _size(highs: highspy.Highs) -> int:
    return int(highs.getNumCol() + highs.getNumRow())


def nodes_in(seconds: float, size: int) -> int:
    """
    How many nodes of branch and bound on `size` columns and rows are about as much work as
    `seconds`.
    """
    return max(
        1, min(10**9, int(seconds / (max(1, size) * A_WHOLE_ITERATION * ITERATIONS_OF_A_NODE)))
    )


def limit_integer_run(
    highs: highspy.Highs, seconds: float, *, size: int = 0, nodes: int = 10**9
) -> None:
    """
    Let branch and bound do about as much work as `seconds`, and no more than `nodes` nodes.

    The root node can take longer than all others, and HiGHS limits it by time only. But HiGHS asks
    whether to stop after the same steps in every run: so it is stopped when it has asked a number
    of times.
    """
    import highspy  # checking a release counts work too, and needs no solver

    size = size or _size(highs)
    left = MOST_ROOT_LOOKS + int(seconds / (max(1, size) * A_WHOLE_LOOK))

    def stop(_kind: object, _message: str, _told: object, answer: Any, _own: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            answer.user_interrupt = True

    highs.setOptionValue("mip_max_nodes", min(nodes, nodes_in(seconds, size)))
    highspy._core._Highs.setCallback(highs, stop, stop)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
