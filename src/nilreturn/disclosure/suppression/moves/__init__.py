"""Moves over the cells of a block, and the ways in which they are found."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.suppression.moves.flow_moves import Flows
    from nilreturn.disclosure.suppression.moves.move_pool import Moves, Need
    from nilreturn.disclosure.suppression.moves.move_search import Finder
    from nilreturn.disclosure.suppression.moves.packing import elsewhere, telling
    from nilreturn.disclosure.suppression.moves.subtables import Hierarchies

__all__ = ["Finder", "Flows", "Hierarchies", "Moves", "Need", "elsewhere", "telling"]

open_door(__name__)
