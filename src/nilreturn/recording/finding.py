"""What a rule finds in a record: one value for pages, lists and messages."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.StrEnum):
    """
    What a finding asks for.

    Attributes
    ----------
    ERROR
        The action is refused until it is put right.
    WARNING
        It is to be put right, or left with a reason.
    NOTE
        It is to be looked at, and may well be right.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """
    What a rule finds.

    Attributes
    ----------
    rule
        The rule's name: "R1" to "R7", or a word for another rule.
    field
        The field's place in the record: "committed_to", "victims[0].age".
    severity
        What the finding asks for.
    words
        What is wrong, in words for people. They never contain a value of the record.
    """

    rule: str
    field: str
    severity: Severity
    words: str
