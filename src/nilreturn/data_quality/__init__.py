"""
What a force should look at in its own records. It names crimes, so it is for the force alone and
never released.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.data_quality.queries import find_queries

__all__ = ["find_queries"]

open_door(__name__)
