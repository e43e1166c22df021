"""How one records system's columns become canonical columns: mapping files, by name or path."""

from nilreturn.sources.mapping.asked import NOTHING, SHEET_NAME, Asked, Unpivot
from nilreturn.sources.mapping.file import mapping_lines, read_mapping
from nilreturn.sources.mapping.model import Dates, Flag, MappedColumn, SourceMapping, Split, fold
from nilreturn.sources.mapping.registry import (
    SOURCES,
    list_mappings,
    mapping_named,
    mapping_path,
    mapping_text,
)
from nilreturn.sources.mapping.variables import COUNT, MAPPABLE

__all__ = [
    "COUNT",
    "MAPPABLE",
    "NOTHING",
    "SHEET_NAME",
    "SOURCES",
    "Asked",
    "Dates",
    "Flag",
    "MappedColumn",
    "SourceMapping",
    "Split",
    "Unpivot",
    "fold",
    "list_mappings",
    "mapping_lines",
    "mapping_named",
    "mapping_path",
    "mapping_text",
    "read_mapping",
]
