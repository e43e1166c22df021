"""The audit's own account of what printed figures mean."""

from nilreturn.disclosure.cells import lay_out as number_cells

__all__ = ["number_cells"]
