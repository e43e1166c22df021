"""
Disclosure control: what may be printed of a set of tables, and what a reader can infer from printed
ones.

It can be used by itself: it takes tables, a policy and what is already public, and knows nothing of
crime. The solver is loaded on first use, so checking a release (`verify`) needs none.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.audit import Audit, Finding, Verdict, audit, verify
    from nilreturn.disclosure.checking import check_folder as check_folder
    from nilreturn.disclosure.comparison import Alternative, alternatives
    from nilreturn.disclosure.comparison import as_text as as_text
    from nilreturn.disclosure.library import protect
    from nilreturn.disclosure.methods import RULES
    from nilreturn.disclosure.model import NO_UPPER as NO_UPPER
    from nilreturn.disclosure.model import PublishedTable, published_from_json, published_to_json
    from nilreturn.disclosure.policy import Policy, load_policy
    from nilreturn.disclosure.proposals import protect_and_propose as protect_and_propose
    from nilreturn.disclosure.protecting import protect_into as protect_into
    from nilreturn.disclosure.protection import Protection
    from nilreturn.disclosure.protection_json import protection_from_json as protection_from_json
    from nilreturn.disclosure.protection_json import protection_to_json as protection_to_json
    from nilreturn.disclosure.references import references_of_earlier as references_of_earlier
    from nilreturn.disclosure.refusals import in_questions as in_questions
    from nilreturn.disclosure.register import Register, load_register, open_register
    from nilreturn.disclosure.register import add as add
    from nilreturn.disclosure.register import withdraw as withdraw
    from nilreturn.disclosure.report import Report
    from nilreturn.disclosure.tabular import (
        TableDescription,
        a_share,
        a_total,
        csv_of,
        frame_from_safe,
        percentages_from_csv,
        printed_from_csv,
        printed_from_frame,
        raw_from_csv,
        raw_from_frame,
        structural_zeros_from_csv,
    )

__all__ = [
    "RULES",
    "Alternative",
    "Audit",
    "Finding",
    "Policy",
    "Protection",
    "PublishedTable",
    "Register",
    "Report",
    "TableDescription",
    "Verdict",
    "a_share",
    "a_total",
    "alternatives",
    "audit",
    "csv_of",
    "frame_from_safe",
    "load_policy",
    "load_register",
    "open_register",
    "percentages_from_csv",
    "printed_from_csv",
    "printed_from_frame",
    "protect",
    "published_from_json",
    "published_to_json",
    "raw_from_csv",
    "raw_from_frame",
    "structural_zeros_from_csv",
    "verify",
]

open_door(__name__)
