"""Tables of counts: the `RawTable` of true counts and the `SafeTable` that may be printed."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.tables.model import (
        TOTAL,
        UNKNOWN,
        Belonging,
        Category,
        Coordinates,
        Dimension,
        Extent,
        Population,
    )
    from nilreturn.tables.raw import RawExtreme, RawTable
    from nilreturn.tables.safe import (
        CellStatus,
        NotCovered,
        PrintedTable,
        SafeCell,
        SafeExtreme,
        SafeTable,
        make_safe_extreme,
        make_safe_table,
        print_table,
    )
    from nilreturn.tables.serialisation import (
        dimension_from_json,
        dimension_to_json,
        population_from_json,
        population_to_json,
        raw_extreme_from_json,
        raw_extreme_to_json,
        raw_table_from_json,
        raw_table_to_json,
        safe_extreme_from_json,
        safe_extreme_to_json,
        safe_table_from_json,
        safe_table_to_json,
        text_of,
    )

__all__ = [
    "TOTAL",
    "UNKNOWN",
    "Belonging",
    "Category",
    "CellStatus",
    "Coordinates",
    "Dimension",
    "Extent",
    "NotCovered",
    "Population",
    "PrintedTable",
    "RawExtreme",
    "RawTable",
    "SafeCell",
    "SafeExtreme",
    "SafeTable",
    "dimension_from_json",
    "dimension_to_json",
    "make_safe_extreme",
    "make_safe_table",
    "population_from_json",
    "population_to_json",
    "print_table",
    "raw_extreme_from_json",
    "raw_extreme_to_json",
    "raw_table_from_json",
    "raw_table_to_json",
    "safe_extreme_from_json",
    "safe_extreme_to_json",
    "safe_table_from_json",
    "safe_table_to_json",
    "text_of",
]

open_door(__name__)
