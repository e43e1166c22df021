"""
The last look at finished files before they get their name: whatever was not meant is a reason not
to release.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.release.scan.folder import scan

__all__ = ["scan"]

open_door(__name__)
