"""Groups of people that no table prints and that printed figures tell."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.linked_tables.groups.keywords import tell_keywords_apart
    from nilreturn.disclosure.linked_tables.groups.occupied import Told, tell_occupied_apart
    from nilreturn.disclosure.linked_tables.groups.refinement import tell_apart

__all__ = ["Told", "tell_apart", "tell_keywords_apart", "tell_occupied_apart"]

open_door(__name__)
