"""
What an import is made of: the mapping, the columns that a file has, and the names of those treated
differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nilreturn.keys import derived
from nilreturn.periods import Grain
from nilreturn.schema import Kind, singular
from nilreturn.sources.mapping import SourceMapping

BORN = "victim.date_of_birth"
AGE = "victim.age"
BASIS = "victim.age_basis"
FROM, TO = "crime.committed_from", "crime.committed_to"
REPORTED, RECORDED = "crime.reported_on", "crime.recorded_on"
CODE, CLASS = "crime.offence_code", "crime.offence_class"
STATUS = "crime.status"
NARRATIVE = "crime.narrative"
REFERENCE = "crime.crime_ref"
KEY = "victim.victim_key"


@dataclass(frozen=True, slots=True)
class Staging:
    """
    The mapping, the variables that a file has, the day on which the extract was taken, and the
    force's key.
    """

    mapping: SourceMapping
    present: tuple[str, ...]
    as_at: date
    key: bytes | None = None

    def keyed(self, references: Sequence[str]) -> list[str]:
        """Each reference of a person as a hash under the force's key: 32 hexadecimal digits."""
        if self.key is None:
            raise AssertionError("references of people are never kept without a key")
        return [
            derived(self.key, "person", reference.encode()).hex()[:32] for reference in references
        ]

    @property
    def grains(self) -> dict[str, Grain]:
        """How finely each date column is known."""
        mapped = self.mapping.mapped
        return {
            v: mapped[v].precision for v in self.present if self.mapping.column(v).kind is Kind.DATE
        }

    @property
    def needs_key(self) -> bool:
        """Whether a file has references of people."""
        return any(variable.endswith(".person_key") for variable in self.present)

    @property
    def units(self) -> tuple[str, ...]:
        """What may be counted. A table of victims does not give the number of crimes."""
        if self.mapping.cells:
            return (self.mapping.cells.unit,)
        if self.mapping.table.name != "crimes":
            return (self.mapping.table.name,)
        return (
            ("crimes", "victims")
            if any(v.startswith("victim.") for v in self.present)
            else ("crimes",)
        )

    @property
    def knows_age(self) -> bool:
        return AGE in self.present or BORN in self.present

    @property
    def judged(self) -> tuple[str, ...]:
        """The variables whose different texts are judged, each once."""
        return tuple(variable for variable in self.present if not self._is_text(variable))

    @property
    def texts(self) -> tuple[str, ...]:
        """The variables that are kept text by text."""
        return tuple(variable for variable in self.present if self._is_text(variable))

    @property
    def free_texts(self) -> tuple[str, ...]:
        return tuple(v for v in self.texts if self.mapping.column(v).kind is Kind.TEXT)

    def _is_text(self, variable: str) -> bool:
        """Whether each text is kept as it is: nearly all references and free texts differ."""
        return self.mapping.column(variable).kind in (Kind.REFERENCE, Kind.TEXT)

    @property
    def reference(self) -> str | None:
        """
        The variable of the reference that a row has: its own, or that of the crime that it belongs
        to.
        """
        variable = f"{singular(self.mapping.table.name)}.{self.mapping.table.reference}"
        return variable if variable in self.present else None

    @property
    def dates(self) -> tuple[str, ...]:
        return tuple(v for v in self.judged if self.mapping.column(v).kind is Kind.DATE)

    @property
    def crime_values(self) -> tuple[str, ...]:
        """The variables that must be equal on every row of a crime."""
        return tuple(v for v in self.present if v.startswith("crime.") and v != REFERENCE)

    @property
    def has_groups(self) -> bool:
        """Whether several rows may be of one crime: those with the same reference."""
        return REFERENCE in self.present
