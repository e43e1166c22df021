"""
A mapping states, in a TOML file, how one records system's rows become canonical records.

Headers differ from force to force, so they are data: a force copies a mapping, changes the headers
and gives the file's path. What a mapping does not name is not imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
from nilreturn.schema import TABLES, Column, Kind, Sensitivity, Table, singular
from nilreturn.sources.mapping.asked import Asked, Unpivot
from nilreturn.sources.mapping.variables import MAPPABLE, READ_NOT_KEPT, ROWS, tables_of

_NOT_OF_WORDS = re.compile(r"[\W_]+")


def fold(header: str) -> str:
    """
    A header in the form in which headers are compared: without case, spaces and punctuation
    ("Recorded Date" equals "recorded_date").
    """
    return _NOT_OF_WORDS.sub("", header.casefold())


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


class Split(_Strict):
    """
    The value is one part of the text: part number `part`, from 1, of those that `at` separates.
    """

    at: Annotated[Text, Field(min_length=1)]
    part: int = Field(ge=1, le=100)


class MappedColumn(_Strict):
    """
    Where a column's values come from, and what the source's words mean.

    `headers` are the names that the column may have. `combine` names several columns whose texts
    are read as one, with a space between ("2024 July"). Where the column of `headers` is blank,
    those of `otherwise` are read in turn.
    """

    headers: list[Text] = []
    combine: list[Text] = []
    otherwise: list[Text] = []
    split: Split | None = None
    required: bool = False
    values: dict[Text, Text] = {}  # the source's word, in any case → the canonical value
    when_blank: Text | None = None
    # Of a date: a month is kept as its first day, a financial year as 1 April.
    precision: Precision = Grain.DAY

    @model_validator(mode="after")
    def _has_a_source(self) -> MappedColumn:
        if bool(self.headers) == bool(self.combine):
            raise ValueError("name the column's headers, or the columns to combine, and not both")
        if self.otherwise and not self.headers:
            raise ValueError(
                "'otherwise' is for columns with headers; 'combine' reads all its columns"
            )
        return self

    @property
    def shown(self) -> str:
        """The column's name in messages."""
        return self.headers[0] if self.headers else self.combine[0]

    @property
    def every_header(self) -> list[str]:
        return [*self.headers, *self.combine, *self.otherwise]


_KINDS = {"category": Kind.CATEGORY, "number": Kind.NUMBER, "day": Kind.DATE, "time": Kind.TIME}


class OwnColumn(MappedColumn):
    """
    A column that the source has and canonical records do not have.

    The values of an open category are printed as labels. Without a sensitivity, the import takes
    the column for open only where its values look like categories.
    """

    description: Text
    kind: Literal["category", "number", "day", "time"] = "category"
    sensitivity: Literal["open", "personal", "restricted"] | None = None
    most_values: int | None = Field(default=None, ge=1)


class Flag(MappedColumn):
    """
    A flag that may have several values for one crime. A cell names them, separated by `separator`,
    or states yes or no for one `value`.
    """

    flag: Text
    separator: Text | None = None
    value: Text | None = None

    @model_validator(mode="after")
    def _names_values_one_way(self) -> Flag:
        if self.separator and self.value:
            raise ValueError(
                "a flag has a separator, where cells name its values, or one value that cells say "
                "yes to"
            )
        return self


class Dates(_Strict):
    """
    How dates are written (the forms are tried in turn), and the days that stand for "no date".
    """

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
    """The numbers that stand for "not known", and the highest age that is accepted."""

    unknown: list[int] = [-1]
    oldest: int = 119


class Cells(_Strict):
    """
    Each row is a published cell: `count_header` names the column with the number of units that it
    stands for.
    """

    count_header: Text
    unit: Literal["crimes", "victims"]


class Report(_Strict):
    """
    One report of a records system.

    `row` states what a row is. `only` keeps the rows with these values and `leave_out` those
    without any of these; other rows are passed over. `reference` names records without a reference
    of their own by file and row.
    """

    row: str
    columns: dict[str, MappedColumn] = {}
    own: dict[str, OwnColumn] = {}
    flags: list[Flag] = []
    constants: dict[str, Text] = {}
    ignore: list[Text] = []
    only: dict[Text, Text] = {}
    leave_out: dict[Text, list[Text]] = {}
    reference: Literal["row number"] | None = None
    keep: Literal["first", "last"] = "first"
    keep_by: Text | None = None
    cells: Cells | None = None

    @field_validator("row")
    @classmethod
    def _is_known(cls, row: str) -> str:
        if row not in ROWS:
            raise ValueError(f"'{row}' is not a kind of row; it may be {', '.join(ROWS)}")
        return row

    @model_validator(mode="after")
    def _is_complete(self) -> Report:
        if mistakes := tuple(self._mistakes()):
            raise ValueError(*mistakes)  # an argument for each, so that all are listed
        return self

    def _mistakes(self) -> Iterator[str]:
        """What is wrong although each setting is valid by itself."""
        unknown = [
            variable for variable in (*self.columns, *self.constants) if variable not in MAPPABLE
        ]
        for variable in unknown:
            yield f"there is no column '{variable}'{did_you_mean(variable, list(MAPPABLE))}"
        yield from self._mistakes_of_own()
        yield from self._mistakes_of_tables()
        yield from self._mistakes_of_meanings()
        if (self.row == "cell") != (self.cells is not None):
            yield (
                "a report with row = 'cell' needs [cells] with count_header and unit, and no "
                "other has it"
            )
        own = f"{tables_of(self.row)[0]}.{self.table.reference}"
        if self.reference and (self.table.of or self.row in ("cell", "crime and victim")):
            yield (
                "reference = 'row number' is for rows that are crimes (row = 'crime'), incidents "
                "or stops, where some have no reference"
            )
        if self.row != "cell" and not self.reference and own not in self.columns:
            yield (
                f"the required column '{own}' is not mapped; add [columns.'{own}'], or reference = "
                "'row number' where the source has none"
            )
        if self.keep == "last" and self.row not in ("crime", "crime and victim"):
            yield (
                "keep = 'last' is for rows that are crimes, of which several files may have the "
                "same"
            )
        by = self.keep_by
        if by is not None and (self.keep != "last" or not self._is_day(by)):
            yield (f"keep_by names a column of days that is mapped, with keep = 'last'; not '{by}'")
        if self.flags and self.table.name != "crimes":
            yield "flags are those of crimes; map them in a report whose rows are crimes"
        if self.flags and any(variable.startswith("flag.") for variable in self.columns):
            yield (
                "flags are mapped under [[flags]] and as columns; keep one of the two, or one "
                "would replace the other"
            )

    def _is_day(self, variable: str) -> bool:
        is_mapped = variable in self.own or (variable in self.columns and variable in MAPPABLE)
        return is_mapped and self.column(variable).kind is Kind.DATE

    def _mistakes_of_tables(self) -> Iterator[str]:
        """A row fills the tables that it is about and no others."""
        tables = tables_of(self.row)
        for variable in (*self.columns, *self.own, *self.constants):
            is_known = variable in MAPPABLE or variable in self.own
            if variable.partition(".")[0] in tables or not is_known:
                continue
            if self.row == "crime" and variable.startswith("victim."):
                yield (
                    f"rows are crimes, yet '{variable}' of victims is mapped; set row = 'crime "
                    f"and victim'"
                )
            else:
                yield (
                    f"a row is '{self.row}' and cannot fill '{variable}'; move it to a report of "
                    "its own"
                )

    def _mistakes_of_own(self) -> Iterator[str]:
        canonical = {
            column.variable
            for table in TABLES.values()
            for column in (*table.columns, *READ_NOT_KEPT)
        }
        for name, own in self.own.items():
            column = name.partition(".")[2]
            if not column.isidentifier() or not column.isascii():
                yield f"own column '{name}' must be named like 'crime.ward' or 'victim.age_group'"
            if name in canonical:
                yield f"own column '{name}' is a canonical column; move it to [columns]"
            if own.kind != "category" and (own.values or own.when_blank):
                yield (
                    f"own column '{name}' is a {own.kind}; only a category can be given meanings "
                    "of words"
                )

    def _mistakes_of_meanings(self) -> Iterator[str]:
        """
        The values that a closed column is given must be among its categories: a crime "Recordd"
        would never be counted.
        """
        given = [(variable, value) for variable, value in self.constants.items()]
        for variable, mapped in self.columns.items():
            given += [
                (variable, value)
                for value in (*mapped.values.values(), mapped.when_blank)
                if value is not None
            ]
        for variable, value in given:
            if variable not in MAPPABLE:
                continue
            column = MAPPABLE[variable]
            open_ended = variable.endswith(".sex")  # the source's own words for unknown are kept
            if column.categories and not open_ended and value not in column.categories:
                near = (
                    did_you_mean(value, column.categories)
                    or f"; it may be {', '.join(column.categories)}"
                )
                yield f"'{value}' is not a value of '{variable}'{near}"
            if column.kind not in (Kind.CATEGORY, Kind.FLAG):
                yield f"'{variable}' cannot be given a value or a meaning of a word, only headers"

    @property
    def table(self) -> Table:
        """The table that a row fills."""
        return TABLES[ROWS[self.row]]

    @property
    def mapped(self) -> dict[str, MappedColumn]:
        """
        Every column that is read: canonical ones, the source's own, and flags as "flag 1" and so
        on.
        """
        return {
            **self.columns,
            **self.own,
            **{f"flag {n}": flag for n, flag in enumerate(self.flags, 1)},
        }

    def column(self, variable: str) -> Column:
        """
        The canonical column, or that of the source's own. A column without a sensitivity counts as
        open.
        """
        if variable.startswith("flag "):
            flag = self.flags[int(variable.removeprefix("flag ")) - 1]
            kind = Kind.FLAG if flag.value else Kind.CATEGORY
            return Column(variable, "flags", kind, Sensitivity.OPEN, flag.flag)
        if variable not in self.own:
            return MAPPABLE[variable]
        own = self.own[variable]
        row, _, name = variable.partition(".")
        table = next(table for table in TABLES if singular(table) == row)
        return Column(
            name, table, _KINDS[own.kind], Sensitivity(own.sensitivity or "open"), own.description
        )


class UnpivotedColumns(_Strict):
    """
    Columns whose headers match the regular expression `columns` become rows: the header in the
    column `as`, the cell in the column of the count.
    """

    columns: Text
    name: Text = Field(alias="as")

    @field_validator("columns")
    @classmethod
    def _is_pattern(cls, columns: str) -> str:
        try:
            re.compile(columns)
        except re.error as error:
            raise ValueError(f"'{columns}' is not a regular expression ({error})") from error
        return columns


class SourceMapping(Report):
    """
    A mapping: one records system with the reports that its files come in.

    Attributes
    ----------
    name
        The mapping's name.
    description
        What the records are, in one line.
    system
        The records system's name in a letter.
    row
        What a row is: "crime", "crime and victim", "suspect", "cell" …
    columns
        The columns that are read, by variable: "crime.recorded_on".
    own
        Columns of the source's own, by variable: "crime.ward".
    flags
        Flags that may have several values for one crime.
    constants
        By variable, a value that every record has and no column gives.
    ignore
        Headers of columns that are not imported.
    only
        By header, the value of the rows that are kept; others are passed over.
    leave_out
        By header, the values of rows that are passed over.
    reference
        "row number" where records without a reference are named by file and row.
    keep
        Which rows of a crime are kept where several files have it: "first" (all of them together)
        or "last".
    keep_by
        With `keep` "last", the column of days by which rows are later; None: the order of the
        files.
    cells
        For rows that are published counts: where the count is, and its unit.
    text_characters
        The number of characters at which the report cuts its free text off, for the letter to
        state; None: it does not.
    reports
        Further reports of the system, by name. Each file is read by the report whose headers it
        has.
    sheet
        The sheets of a workbook to read; empty: the one that fits.
    first_row
        The row in which the table begins, from 1; None: it is looked for.
    column_names
        The columns in order, for files without a row of headers.
    unpivot
        Columns that are turned into rows, such as one for each month.
    blank
        Words that stand for no value, in any case.
    unknown
        Words that state that a value is not known, in any case.
    dates
        How dates are written.
    ages
        How ages are written.
    """

    name: Text
    description: Text
    system: Text = "the records system"
    text_characters: int | None = Field(default=None, ge=1)
    reports: dict[Text, Report] = {}
    sheet: Text | list[Text] = []
    first_row: int | None = Field(default=None, ge=1, le=1_000_000)
    column_names: list[Text] = []
    unpivot: UnpivotedColumns | None = None
    blank: list[Text] = ["null", "(null)", "none", "n/a", "na", "nil", "-", ".", "(blank)"]
    unknown: list[Text] = [
        "unknown",
        "not known",
        "not recorded",
        "not stated",
        "unspecified",
        "n/k",
        "nk",
        "u",
    ]
    dates: Dates = Dates()
    ages: Ages = Ages()

    _sha256: str = PrivateAttr(default="")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the mapping's file, in hex."""
        return self._sha256

    @property
    def asked(self) -> Asked:
        """The layout of the files, as far as the mapping states it."""
        unpivot = None
        if self.unpivot and self.cells:
            unpivot = Unpivot(
                re.compile(self.unpivot.columns), self.unpivot.name, self.cells.count_header
            )
        return Asked(
            sheets=(self.sheet,) if isinstance(self.sheet, str) else tuple(self.sheet),
            first_row=self.first_row,
            names=tuple(self.column_names),
            unpivot=unpivot,
            ignored=frozenset(fold(header) for header in self.ignore),
        )

    @model_validator(mode="after")
    def _turns_cells(self) -> SourceMapping:
        if self.unpivot and not self.cells:
            raise ValueError(
                "'unpivot' is for counts: set row = 'cell', and [cells] with count_header and unit"
            )
        return self

    def of_report(self, name: str) -> SourceMapping:
        """
        The mapping of the files of one further report: its rows and columns, with the words of the
        system.

        Parameters
        ----------
        name
            The report's name in `reports`.

        Returns
        -------
        SourceMapping
            The mapping that those files are read by.
        """
        report = self.reports[name]
        fields = {field: getattr(report, field) for field in Report.model_fields}
        return self.model_copy(update={**fields, "reports": {}})
