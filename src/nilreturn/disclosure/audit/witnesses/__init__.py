"""What readers cannot rule out: feasible tables, and moves from them that leave every sum as it is."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.audit.witnesses.completing import Completing
    from nilreturn.disclosure.audit.witnesses.exploration import Needs, Shown, explore, inside, moves_within, search_of
    from nilreturn.disclosure.audit.witnesses.intervals import Ranges
    from nilreturn.disclosure.audit.witnesses.witness import Move, Proof, Undecided

__all__ = [
    "Completing",
    "Move",
    "Needs",
    "Proof",
    "Ranges",
    "Shown",
    "Undecided",
    "explore",
    "inside",
    "moves_within",
    "search_of",
]

open_door(__name__)
