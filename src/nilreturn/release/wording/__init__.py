"""
All fixed words of a reply, as data: the shipped ones, and a force's own where it has a folder of
them.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.release.wording.loading import load_wording, shipped_wording
    from nilreturn.release.wording.wording import Wording

__all__ = ["Wording", "load_wording", "shipped_wording"]

open_door(__name__)
