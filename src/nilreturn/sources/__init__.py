"""
Imports crimes: a declarative mapping for each records system, rules for rows and values, and
extracts.

`SOURCES` has the mappings that come with the software; `read_mapping` reads a force's own.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.sources.draft import Checked, Draft, check_mapping, draft_mapping
    from nilreturn.sources.importing import import_extract
    from nilreturn.sources.mapping import (
        SOURCES,
        SourceMapping,
        list_mappings,
        mapping_named,
        mapping_text,
        read_mapping,
    )
    from nilreturn.sources.profiling import profile
    from nilreturn.sources.rules import MOST_LOST, RULES, Action, Rule
    from nilreturn.sources.updating import update_extract
    from nilreturn.sources.verifying import verify_extract

__all__ = [
    "MOST_LOST",
    "RULES",
    "SOURCES",
    "Action",
    "Checked",
    "Draft",
    "Rule",
    "SourceMapping",
    "check_mapping",
    "draft_mapping",
    "import_extract",
    "list_mappings",
    "mapping_named",
    "mapping_text",
    "profile",
    "read_mapping",
    "update_extract",
    "verify_extract",
]

open_door(__name__)
