"""HiGHS models, made in one place, and the count of work that limits every search."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.solver.highs import (
        Solver,
        balanced,
        changes_from,
        integer_program_with_least_cost,
        load,
        loaded,
    )
    from nilreturn.disclosure.solver.work import (
        A_CLASS,
        A_LOOK,
        A_MODEL,
        A_SEARCH,
        WorkBudget,
        limit_integer_run,
    )

__all__ = [
    "A_CLASS",
    "A_LOOK",
    "A_MODEL",
    "A_SEARCH",
    "Solver",
    "WorkBudget",
    "balanced",
    "changes_from",
    "integer_program_with_least_cost",
    "limit_integer_run",
    "load",
    "loaded",
]

open_door(__name__)
