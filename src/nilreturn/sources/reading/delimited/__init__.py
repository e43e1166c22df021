"""
Reads CSV and similar files: strictly or, where a file does not follow the standard, with the
tolerant reader.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.sources.reading.delimited.delimited import read

__all__ = ["read"]

open_door(__name__)
