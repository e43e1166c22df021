"""
Tables as one list of cells and the equations between them, by what each cell counts: suppression's
own account.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.linked_tables.axes import extent_of
    from nilreturn.disclosure.linked_tables.cells import build_cells

__all__ = ["build_cells", "extent_of"]

open_door(__name__)
