"""What all of disclosure control reasons on: published tables, cells and the sums between them, and bounds."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.model.arrays import MOST_COUNT, NO_CEILING, Bools, Floats, Ints
    from nilreturn.disclosure.model.axis_values import FIRST_DAY
    from nilreturn.disclosure.model.axis_values import range_words as value_range_words
    from nilreturn.disclosure.model.bounds import Bounds, Multipliers, aliases, most_by, tighten
    from nilreturn.disclosure.model.cells import MOST_CELLS, UNNAMED, Cells, Shaped, Strand, StrandPart, Union
    from nilreturn.disclosure.model.components import Block, blocks
    from nilreturn.disclosure.model.explanations import Told, range_words
    from nilreturn.disclosure.model.fingerprints import FORMAT, fingerprint
    from nilreturn.disclosure.model.knowledge import Knowledge, gather, reconcile
    from nilreturn.disclosure.model.published import PublishedTable, as_published, from_raw, printed_zeros
    from nilreturn.disclosure.model.published_json import published_from_json, published_to_json
    from nilreturn.disclosure.model.requirement import Requirement
    from nilreturn.disclosure.model.table_sums import remainders, sum_blocks
    from nilreturn.disclosure.model.table_sums import tighten as tighten_table

__all__ = [
    "FIRST_DAY",
    "FORMAT",
    "MOST_CELLS",
    "MOST_COUNT",
    "NO_CEILING",
    "UNNAMED",
    "Block",
    "Bools",
    "Bounds",
    "Cells",
    "Floats",
    "Ints",
    "Knowledge",
    "Multipliers",
    "PublishedTable",
    "Requirement",
    "Shaped",
    "Strand",
    "StrandPart",
    "Told",
    "Union",
    "aliases",
    "as_published",
    "blocks",
    "fingerprint",
    "from_raw",
    "gather",
    "most_by",
    "printed_zeros",
    "published_from_json",
    "published_to_json",
    "range_words",
    "reconcile",
    "remainders",
    "sum_blocks",
    "tighten",
    "tighten_table",
    "value_range_words",
]

open_door(__name__)
