"""
The audit: what a reader can infer from printed tables.

It numbers cells and builds sums with its own code, apart from suppression's.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.audit.cells import number_cells
    from nilreturn.disclosure.audit.certificate import certify
    from nilreturn.disclosure.audit.demands import Release
    from nilreturn.disclosure.audit.examination import audit, examine
    from nilreturn.disclosure.audit.findings import Audit, Finding, ProtectionRequirements, Verdict
    from nilreturn.disclosure.audit.handed import Handed
    from nilreturn.disclosure.audit.release import ReleaseAudit, audit_release
    from nilreturn.disclosure.audit.report import FORMS, printed_small, worked_out
    from nilreturn.disclosure.audit.verification import verify
    from nilreturn.disclosure.audit.witnesses import (
        AttackerProblem,
        BlockRequirements,
        Undecided,
        explore,
        inside,
        search_of,
    )

__all__ = [
    "FORMS",
    "AttackerProblem",
    "Audit",
    "BlockRequirements",
    "Finding",
    "Handed",
    "ProtectionRequirements",
    "Release",
    "ReleaseAudit",
    "Undecided",
    "Verdict",
    "audit",
    "audit_release",
    "certify",
    "examine",
    "explore",
    "inside",
    "number_cells",
    "printed_small",
    "search_of",
    "verify",
    "worked_out",
]

open_door(__name__)
