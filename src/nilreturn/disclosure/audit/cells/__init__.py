"""The audit's own account of cells and of the sums between them."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.audit.cells.numbering import number_cells
    from nilreturn.disclosure.audit.cells.strands import is_cells_of_one

__all__ = ["is_cells_of_one", "number_cells"]

open_door(__name__)
