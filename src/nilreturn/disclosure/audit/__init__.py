"""The audit: what a reader can work out of printed tables. It shares no account of cells and sums with suppression."""

from nilreturn.disclosure.audit.examination import Audit, Demands, Finding, Verdict, audit, examine

__all__ = ["Audit", "Demands", "Finding", "Verdict", "audit", "examine"]
