"""
What readers cannot rule out: feasible tables, and moves from them that leave every sum as it is.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.audit.witnesses.completing import Completing
    from nilreturn.disclosure.audit.witnesses.exploration import (
        BlockRequirements,
        ExplorationResult,
        explore,
        inside,
        moves_within,
        search_of,
    )
    from nilreturn.disclosure.audit.witnesses.intervals import AttackerProblem
    from nilreturn.disclosure.audit.witnesses.witness import Move, Undecided, Witness

__all__ = [
    "AttackerProblem",
    "BlockRequirements",
    "Completing",
    "ExplorationResult",
    "Move",
    "Undecided",
    "Witness",
    "explore",
    "inside",
    "moves_within",
    "search_of",
]

open_door(__name__)
