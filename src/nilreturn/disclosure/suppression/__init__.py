"""
Which cells to hide besides those that must be: as few as can be, such that no reader can work them
out.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.suppression.problem import SuppressionPattern, SuppressionProblem
    from nilreturn.disclosure.suppression.solve import suppress

__all__ = ["SuppressionPattern", "SuppressionProblem", "suppress"]

open_door(__name__)
