"""
Getting crimes in: a declarative mapping for each records system, rules for rows and values, and extracts.

`SOURCES` names the mappings that come with the software; `read_mapping` reads a force's own.
"""

from nilreturn.sources.importing import import_extract
from nilreturn.sources.mapping.file import read_mapping
from nilreturn.sources.mapping.model import Mapping
from nilreturn.sources.mapping.registry import SOURCES, mapping_named
from nilreturn.sources.referring import ADULT, offences_against_children, referrals
from nilreturn.sources.rules import RULES, Action, Rule
from nilreturn.sources.verifying import verify_extract

__all__ = [
    "ADULT",
    "RULES",
    "SOURCES",
    "Action",
    "Mapping",
    "Rule",
    "import_extract",
    "mapping_named",
    "offences_against_children",
    "read_mapping",
    "referrals",
    "verify_extract",
]
