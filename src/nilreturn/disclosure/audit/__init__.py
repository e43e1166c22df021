"""The audit: what a reader can work out of printed tables. It shares no account of cells and sums with suppression."""

from nilreturn.disclosure.audit.demanded import Release
from nilreturn.disclosure.audit.examination import audit, examine
from nilreturn.disclosure.audit.findings import Audit, Demands, Finding, Verdict
from nilreturn.disclosure.audit.handed import Handed
from nilreturn.disclosure.audit.release import ReleaseAudit, audit_release

__all__ = [
    "Audit",
    "Demands",
    "Finding",
    "Handed",
    "Release",
    "ReleaseAudit",
    "Verdict",
    "audit",
    "audit_release",
    "examine",
]
