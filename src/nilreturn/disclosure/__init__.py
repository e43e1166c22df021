"""
Disclosure control: what may be printed of a set of tables, and what a reader can work out of printed ones.

Worth using alone: it takes tables, a policy and what is already public, and knows nothing of crime. The solver is
loaded when there is something to solve, so that checking a release (`verify`) needs none.
"""

from nilreturn.disclosure.audit import Audit, Finding, Verdict, audit
from nilreturn.disclosure.methods import RULES
from nilreturn.disclosure.policy import Policy, load_policy
from nilreturn.disclosure.protect import Protection, Report, protect
from nilreturn.disclosure.published import (
    PublishedTable,
    a_share,
    a_total,
    load_register,
    published_from_json,
    published_to_json,
)
from nilreturn.disclosure.verify import verify

__all__ = [
    "RULES",
    "Audit",
    "Finding",
    "Policy",
    "Protection",
    "PublishedTable",
    "Report",
    "Verdict",
    "a_share",
    "a_total",
    "audit",
    "load_policy",
    "load_register",
    "protect",
    "published_from_json",
    "published_to_json",
    "verify",
]
