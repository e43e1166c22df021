"""What an import is made of: the mapping, the columns that some file has, and the names of those treated apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nilreturn.schema import Kind
from nilreturn.sources.mapping.model import Mapping

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
COUNT = "count"  # of a published cell: the place of its column, and its texts
AS_TEXT = (REFERENCE, KEY, NARRATIVE)  # nearly every text differs, so each is kept as it is


@dataclass(frozen=True, slots=True)
class Staging:
    """The mapping, the variables that some file has, and the day the extract was taken."""

    mapping: Mapping
    present: tuple[str, ...]
    as_at: date

    @property
    def units(self) -> tuple[str, ...]:
        """What may be counted: a table of victims says nothing of the number of crimes."""
        if self.mapping.cells:
            return (self.mapping.cells.unit,)
        return ("crimes", "victims") if any(v.startswith("victim.") for v in self.present) else ("crimes",)

    @property
    def knows_age(self) -> bool:
        return AGE in self.present or BORN in self.present

    @property
    def judged(self) -> tuple[str, ...]:
        """The variables whose different texts are judged, each once."""
        return tuple(variable for variable in self.present if variable not in AS_TEXT)

    @property
    def texts(self) -> tuple[str, ...]:
        """The variables that are kept text by text."""
        return tuple(variable for variable in self.present if variable in AS_TEXT)

    @property
    def dates(self) -> tuple[str, ...]:
        return tuple(v for v in self.judged if self.mapping.column(v).kind is Kind.DATE)

    @property
    def crime_values(self) -> tuple[str, ...]:
        """What must be the same on every row of a crime."""
        return tuple(v for v in self.present if v.startswith("crime.") and v != REFERENCE)

    @property
    def has_groups(self) -> bool:
        """Whether several rows may be of one crime: they have the same reference."""
        return REFERENCE in self.present
