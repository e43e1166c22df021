"""
Reads workbooks, after a check of their parts, with every cell as the text that would be typed.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.sources.reading.workbooks.workbook import read as read_workbook

__all__ = ["read_workbook"]

open_door(__name__)
