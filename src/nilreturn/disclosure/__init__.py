"""
Disclosure control: what may be printed of a set of tables, and what a reader can work out of printed ones.

Worth using alone: it takes tables, a policy and what is already public, and knows nothing of crime. The solver is
loaded when there is something to solve, so that checking a release (`verify`) needs none.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.alternatives import Alternative, alternatives
    from nilreturn.disclosure.audit import Audit, Finding, Verdict, audit
    from nilreturn.disclosure.described import Described
    from nilreturn.disclosure.library import protect
    from nilreturn.disclosure.methods import RULES
    from nilreturn.disclosure.policy import Policy, load_policy
    from nilreturn.disclosure.protect import Protection, Report
    from nilreturn.disclosure.published import (
        PublishedTable,
        a_share,
        a_total,
        published_from_json,
        published_to_json,
    )
    from nilreturn.disclosure.register import Register, load_register, open_register
    from nilreturn.disclosure.shares import shares_from_csv
    from nilreturn.disclosure.tabular import (
        csv_of,
        frame_from_safe,
        nobody_from_csv,
        printed_from_csv,
        printed_from_frame,
        raw_from_csv,
        raw_from_frame,
    )
    from nilreturn.disclosure.verify import verify

__all__ = [
    "RULES",
    "Alternative",
    "Audit",
    "Described",
    "Finding",
    "Policy",
    "Protection",
    "PublishedTable",
    "Register",
    "Report",
    "Verdict",
    "a_share",
    "a_total",
    "alternatives",
    "audit",
    "csv_of",
    "frame_from_safe",
    "load_policy",
    "load_register",
    "nobody_from_csv",
    "open_register",
    "printed_from_csv",
    "printed_from_frame",
    "protect",
    "published_from_json",
    "published_to_json",
    "raw_from_csv",
    "raw_from_frame",
    "shares_from_csv",
    "verify",
]

open_door(__name__)
