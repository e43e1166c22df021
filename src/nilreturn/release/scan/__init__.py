"""
Checks finished files before they get their names: any content that was not intended prevents the
release.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.release.scan.folder import scan

__all__ = ["scan"]

open_door(__name__)
