"""
A mapping says, as a TOML file, how one records system's rows become canonical records.

Headers differ from force to force, so they are data: a force copies a mapping, changes the headers and gives the
file's path. What a mapping does not name is not imported.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    field_validator,
    model_validator,
)

from nilreturn.errors import did_you_mean
from nilreturn.periods import Grain, grain_named
from nilreturn.schema import COLUMNS, Column, Kind, Sensitivity

DATE_OF_BIRTH = Column(
    "date_of_birth",
    "victims",
    Kind.DATE,
    Sensitivity.PERSONAL,
    "Read to work out the age at the date of the offence, and not kept",
)
VICTIM_KEY = Column(
    "victim_key",
    "victims",
    Kind.REFERENCE,
    Sensitivity.RESTRICTED,
    "The source's own identifier of a victim, read so that no victim of a crime is taken twice, and not kept",
)
_DERIVED = {"victims.crime_ref", "victims.victim_no", "victims.age_basis"}
READ_NOT_KEPT = (DATE_OF_BIRTH, VICTIM_KEY)
MAPPABLE: dict[str, Column] = {
    column.variable: column
    for column in (*COLUMNS, *READ_NOT_KEPT)
    if f"{column.table}.{column.name}" not in _DERIVED and not column.name.startswith("source_")
}


def fold(header: str) -> str:
    """A header as headers are compared: without case, spaces and punctuation ("Recorded Date" is "recorded_date")."""
    return "".join(letter for letter in header.casefold() if letter.isalnum())


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must not hold control characters")
    return text


Text = Annotated[str, AfterValidator(_printable)]


def _grain(named: Any) -> Any:
    return grain_named(named) if isinstance(named, str) else named


Precision = Annotated[Grain, BeforeValidator(_grain)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class MappedColumn(_Strict):
    """Where a column's values come from, and what the source's words mean."""

    headers: list[Text] = Field(min_length=1)
    required: bool = False
    values: dict[Text, Text] = {}  # the source's word, in any case → ours
    when_blank: Text | None = None
    precision: Precision = Grain.DAY  # of a date: a month is kept as its first day, a financial year as 1 April


class OwnColumn(MappedColumn):
    """A categorical column that the source has and the canonical record has not."""

    description: Text


class Dates(_Strict):
    """How dates are written, tried in turn, and the days that stand for "no date"."""

    formats: list[Text] = [
        "%d/%m/%Y",
        "%Y-%m-%d",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d %H:%M:%S.%f",
        "%d-%b-%Y",
        "%d-%b-%Y %H:%M:%S",
        "%d-%m-%Y",
        "%d.%m.%Y",
        "%d %b %Y",
        "%d %B %Y",
    ]
    defaults: list[Text] = ["1900-01-01"]

    @field_validator("defaults")
    @classmethod
    def _are_days(cls, defaults: list[str]) -> list[str]:
        for text in defaults:
            date.fromisoformat(text)
        return defaults


class Ages(_Strict):
    """The numbers that stand for "not known", and the highest age that is believed."""

    unknown: list[int] = [-1]
    oldest: int = 119


class Cells(_Strict):
    """Each row is a published cell: `count_header` says how many units it stands for."""

    count_header: Text
    unit: Literal["crimes", "victims"]


class Mapping(_Strict):
    """
    One records system, called `system` in a letter. `row` says what a row is; `only` keeps the rows with these values,
    the others are left. `text_characters` is where the report cuts its free text off, for the letter to say.
    """

    name: Text
    description: Text
    system: Text = "the records system"
    text_characters: int | None = Field(default=None, ge=1)
    row: Literal["crime", "crime and victim", "cell"]
    columns: dict[str, MappedColumn] = {}
    own: dict[str, OwnColumn] = {}
    constants: dict[str, Text] = {}
    ignore: list[Text] = []
    only: dict[Text, Text] = {}
    cells: Cells | None = None
    blank: list[Text] = ["null", "(null)", "none", "n/a", "#n/a", "na", "nil", "-", ".", "(blank)"]
    unknown: list[Text] = ["unknown", "not known", "not recorded", "not stated", "unspecified", "n/k", "nk", "u"]
    dates: Dates = Dates()
    ages: Ages = Ages()

    _sha256: str = PrivateAttr(default="")

    @property
    def sha256(self) -> str:
        """The hash of the mapping's file."""
        return self._sha256

    @model_validator(mode="after")
    def _is_complete(self) -> Mapping:
        for variable in (*self.columns, *self.constants):
            if variable not in MAPPABLE:
                raise ValueError(f"there is no column '{variable}'{did_you_mean(variable, list(MAPPABLE))}")
        self._check_meanings()
        for name in self.own:
            table, _, column = name.partition(".")
            if table not in ("crime", "victim") or not column.isidentifier() or not column.isascii():
                raise ValueError(f"own column '{name}' must be named like 'crime.ward' or 'victim.age_group'")
            if name in MAPPABLE or any(name == column.variable for column in COLUMNS):
                raise ValueError(f"own column '{name}' is a canonical column; move it to [columns]")
        if (self.row == "cell") != (self.cells is not None):
            raise ValueError(
                "a mapping with row = 'cell' needs [cells] with count_header and unit, and no other has it"
            )
        if self.row != "cell" and "crime.crime_ref" not in self.columns:
            raise ValueError("the required column 'crime.crime_ref' is not mapped; add [columns.'crime.crime_ref']")
        if self.row == "crime" and self.victim_variables:
            raise ValueError("rows are crimes, yet columns of victims are mapped; set row = 'crime and victim'")
        return self

    def _check_meanings(self) -> None:
        """What a closed column is given must be one of its categories: a crime "Recordd" would never be counted."""
        given = [(variable, value) for variable, value in self.constants.items()]
        for variable, mapped in self.columns.items():
            given += [(variable, value) for value in (*mapped.values.values(), mapped.when_blank) if value is not None]
        for variable, value in given:
            column = MAPPABLE[variable]
            open_ended = variable == "victim.sex"  # the source's own words for unknown are kept
            if column.categories and not open_ended and value not in column.categories:
                near = did_you_mean(value, column.categories) or f"; it may be {', '.join(column.categories)}"
                raise ValueError(f"'{value}' is no value of '{variable}'{near}")
            if column.kind not in (Kind.CATEGORY, Kind.FLAG):
                raise ValueError(f"'{variable}' cannot be given a value or a meaning of a word, only headers")

    @property
    def victim_variables(self) -> tuple[str, ...]:
        return tuple(name for name in (*self.columns, *self.own) if name.startswith("victim."))

    @property
    def mapped(self) -> dict[str, MappedColumn]:
        """Every column read, the source's own last."""
        return {**self.columns, **self.own}

    def column(self, variable: str) -> Column:
        """The canonical column, or that of the source's own."""
        if variable in self.own:
            table, _, name = variable.partition(".")
            return Column(name, f"{table}s", Kind.CATEGORY, Sensitivity.OPEN, self.own[variable].description)
        return MAPPABLE[variable]
