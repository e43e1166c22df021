"""
What all of disclosure control reasons on: published tables, cells and the sums between them, and
bounds.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.model.arrays import MOST_COUNT, NO_UPPER, Bools, Floats, Ints
    from nilreturn.disclosure.model.axis_values import FIRST_DAY
    from nilreturn.disclosure.model.axis_values import range_words as value_range_words
    from nilreturn.disclosure.model.bounds import (
        Bounds,
        Multipliers,
        equal_cells,
        most_by,
        propagate_bounds,
    )
    from nilreturn.disclosure.model.cells import (
        MOST_CELLS,
        UNNAMED,
        Cells,
        Strand,
        StrandPart,
        TableShape,
        Union,
    )
    from nilreturn.disclosure.model.components import Block, blocks
    from nilreturn.disclosure.model.explanations import PrintedSum, range_words
    from nilreturn.disclosure.model.fingerprints import FORMAT, fingerprint
    from nilreturn.disclosure.model.knowledge import (
        AttackerKnowledge,
        attacker_knowledge,
        reconcile,
    )
    from nilreturn.disclosure.model.published import (
        PublishedTable,
        as_published,
        from_raw,
        printed_zeros,
    )
    from nilreturn.disclosure.model.published_json import published_from_json, published_to_json
    from nilreturn.disclosure.model.requirement import AttackerModel
    from nilreturn.disclosure.model.table_sums import propagate_bounds as tighten_table
    from nilreturn.disclosure.model.table_sums import remainders, sum_blocks

__all__ = [
    "FIRST_DAY",
    "FORMAT",
    "MOST_CELLS",
    "MOST_COUNT",
    "NO_UPPER",
    "UNNAMED",
    "AttackerKnowledge",
    "AttackerModel",
    "Block",
    "Bools",
    "Bounds",
    "Cells",
    "Floats",
    "Ints",
    "Multipliers",
    "PrintedSum",
    "PublishedTable",
    "Strand",
    "StrandPart",
    "TableShape",
    "Union",
    "as_published",
    "attacker_knowledge",
    "blocks",
    "equal_cells",
    "fingerprint",
    "from_raw",
    "most_by",
    "printed_zeros",
    "propagate_bounds",
    "published_from_json",
    "published_to_json",
    "range_words",
    "reconcile",
    "remainders",
    "sum_blocks",
    "tighten_table",
    "value_range_words",
]

open_door(__name__)
