"""
Offence codes and classes: how they are written, what the published lists state about them, and when
they were valid.
"""

from nilreturn.offences.codes import OffenceRef, normalise, readings, without_words
from nilreturn.offences.description import as_text as as_text
from nilreturn.offences.description import facts as facts
from nilreturn.offences.description import read_all as read_all
from nilreturn.offences.expansion import (
    Expansion,
    Offence,
    OffenceClass,
    expand,
    offence,
    offence_class,
)
from nilreturn.offences.history import InUse, in_use, predecessors, successors, was_in_class
from nilreturn.offences.reference_lists import Entry, Label, Note, Source, Succession, table

__all__ = [
    "Entry",
    "Expansion",
    "InUse",
    "Label",
    "Note",
    "Offence",
    "OffenceClass",
    "OffenceRef",
    "Source",
    "Succession",
    "expand",
    "in_use",
    "normalise",
    "offence",
    "offence_class",
    "predecessors",
    "readings",
    "successors",
    "table",
    "was_in_class",
    "without_words",
]
