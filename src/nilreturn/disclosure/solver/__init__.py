"""HiGHS models, made in one place, and the count of work that limits every search."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.solver.highs import Solver, balanced, changes_from, load, loaded, programme
    from nilreturn.disclosure.solver.work import A_CLASS, A_LOOK, A_MODEL, A_SEARCH, Clock, limit_whole

__all__ = [
    "A_CLASS",
    "A_LOOK",
    "A_MODEL",
    "A_SEARCH",
    "Clock",
    "Solver",
    "balanced",
    "changes_from",
    "limit_whole",
    "load",
    "loaded",
    "programme",
]

open_door(__name__)
