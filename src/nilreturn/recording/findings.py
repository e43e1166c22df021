"""What a rule finds in a record: one value for pages, lists and messages."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.StrEnum):
    """What a finding asks for."""

    ERROR = "error"  # the action is refused until it is put right
    WARNING = "warning"  # to be put right, or left with a reason
    NOTE = "note"  # to be looked at; it may well be so


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """
    What a rule finds.

    Parameters
    ----------
    rule
        The rule's name: "R1" to "R7", or a word for another rule.
    field
        Where it stands in the record: "committed_to", "victims[0].age".
    severity
        What it asks for.
    words
        What is wrong, for people; never a value of the record.
    """

    rule: str
    field: str
    severity: Severity
    words: str
