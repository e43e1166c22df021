"""Moves over the cells of a block, and the ways in which they are found."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.suppression.moves.flow_moves import FlowProgram
    from nilreturn.disclosure.suppression.moves.move_pool import MovePool, MoveRequirement
    from nilreturn.disclosure.suppression.moves.move_search import MoveSearch
    from nilreturn.disclosure.suppression.moves.packing import interior_deviation, witness_moves
    from nilreturn.disclosure.suppression.moves.subtables import Hierarchies

__all__ = [
    "FlowProgram",
    "Hierarchies",
    "MovePool",
    "MoveRequirement",
    "MoveSearch",
    "interior_deviation",
    "witness_moves",
]

open_door(__name__)
