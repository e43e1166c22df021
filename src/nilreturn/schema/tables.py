"""
The tables of an extract. All but crimes and victims are optional: a source fills those that it has.

Victims, suspects, outcomes, property, flags and links belong to crimes: each record names its
crime, and a crime may have any number of them. Incidents and stops are records of their own, and an
extract may have them without crimes.
"""

from __future__ import annotations

from dataclasses import dataclass

from nilreturn.schema.columns import (
    CRIMES,
    FLAG_VALUES,
    VICTIMS,
    Column,
    Kind,
    Sensitivity,
    person_key,
    source_columns,
)

_OPEN, _PERSONAL, _RESTRICTED = Sensitivity.OPEN, Sensitivity.PERSONAL, Sensitivity.RESTRICTED


@dataclass(frozen=True, slots=True)
class Table:
    """
    One table of an extract, in the file NAME.parquet.

    Attributes
    ----------
    name
        The table's name: "crimes".
    row
        One record in words: "crime".
    reference
        The column that names the record or, in a table `of` crimes, the crime that it belongs to.
    columns
        Its canonical columns, in order.
    of
        "crimes" for a table whose records belong to crimes, else None.
    """

    name: str
    row: str
    reference: str
    columns: tuple[Column, ...]
    of: str | None = None

    @property
    def number(self) -> str | None:
        """
        The column that numbers the records of one crime: 1, 2, … in the order in which they were
        read. None where there is no such column.
        """
        return next((column.name for column in self.columns if column.name.endswith("_no")), None)


def _table_of_crimes(name: str, row: str, number: str, *columns: Column) -> Table:
    first = (
        Column("crime_ref", name, Kind.REFERENCE, _RESTRICTED, "The crime that it belongs to"),
        Column(number, name, Kind.REFERENCE, _RESTRICTED, "1, 2, … within the crime"),
    )
    return Table(name, row, "crime_ref", (*first, *columns, *source_columns(name)), of="crimes")


def _ethnicities(table: str) -> tuple[Column, Column]:
    return (
        Column(
            "ethnicity_self", table, Kind.CATEGORY, _PERSONAL, "Ethnicity as the person defined it"
        ),
        Column(
            "ethnicity_officer",
            table,
            Kind.CATEGORY,
            _PERSONAL,
            "Ethnicity as the officer observed it",
        ),
    )


def _place(table: str) -> tuple[Column, Column]:
    return (
        Column("area", table, Kind.CATEGORY, _OPEN, "Local policing area"),
        Column("beat", table, Kind.CATEGORY, _RESTRICTED, "Beat: too small to release"),
    )


SUSPECTS = _table_of_crimes(
    "suspects",
    "suspect",
    "suspect_no",
    Column(
        "age",
        "suspects",
        Kind.NUMBER,
        _PERSONAL,
        "Age in whole years, as recorded (often an estimate)",
    ),
    Column(
        "sex",
        "suspects",
        Kind.CATEGORY,
        _PERSONAL,
        "Sex as recorded, with the source's own words for unknown",
    ),
    *_ethnicities("suspects"),
    Column("nationality", "suspects", Kind.CATEGORY, _PERSONAL, "Nationality as recorded"),
    Column(
        "relation_to_victim",
        "suspects",
        Kind.CATEGORY,
        _PERSONAL,
        "What the suspect is to the victim",
    ),
    Column(
        "charged",
        "suspects",
        Kind.FLAG,
        _PERSONAL,
        "Whether this person was charged or summonsed",
        FLAG_VALUES,
    ),
    person_key("suspects"),
)
OUTCOMES = _table_of_crimes(
    "outcomes",
    "outcome",
    "outcome_no",
    Column(
        "outcome_type",
        "outcomes",
        Kind.CATEGORY,
        _OPEN,
        "Home Office outcome type, 0 to 22, with its letter",
    ),
    Column("outcome_on", "outcomes", Kind.DATE, _OPEN, "The day of the outcome"),
    Column(
        "outcome_words", "outcomes", Kind.CATEGORY, _OPEN, "The outcome in the source's own words"
    ),
)
PROPERTY = _table_of_crimes(
    "property",
    "property item",
    "property_no",
    Column("kind", "property", Kind.CATEGORY, _OPEN, "What it is"),
    Column("quantity", "property", Kind.NUMBER, _OPEN, "How many"),
    Column("value", "property", Kind.AMOUNT, _OPEN, "What it was worth, in pounds"),
    Column(
        "status",
        "property",
        Kind.CATEGORY,
        _OPEN,
        "What became of it: stolen, recovered, damaged, seized",
    ),
)
FLAGS = _table_of_crimes(
    "flags",
    "flag",
    "flag_no",
    Column(
        "flag",
        "flags",
        Kind.CATEGORY,
        _OPEN,
        "Which flag: a hate strand, a keyword that the force keeps",
    ),
    Column(
        "value", "flags", Kind.CATEGORY, _OPEN, "The value of the flag; a crime may have several"
    ),
)
LINKS = _table_of_crimes(
    "links",
    "link",
    "link_no",
    Column(
        "linked_ref",
        "links",
        Kind.REFERENCE,
        _RESTRICTED,
        "The reference of the crime that it is linked to",
    ),
    Column("link", "links", Kind.CATEGORY, _OPEN, "How the two are linked"),
)
INCIDENTS = Table(
    "incidents",
    "incident",
    "incident_ref",
    (
        Column(
            "incident_ref",
            "incidents",
            Kind.REFERENCE,
            _RESTRICTED,
            "Its reference in the command system",
        ),
        Column("force", "incidents", Kind.CATEGORY, _OPEN, "The recording force"),
        Column("received_on", "incidents", Kind.DATE, _OPEN, "The day it was received"),
        Column("received_at", "incidents", Kind.TIME, _OPEN, "The time of day it was received"),
        Column(
            "incident_type",
            "incidents",
            Kind.CATEGORY,
            _OPEN,
            "What it was closed as, else what it was opened as",
        ),
        Column("priority", "incidents", Kind.CATEGORY, _OPEN, "How urgent it was graded"),
        *_place("incidents"),
        *source_columns("incidents"),
        Column("narrative", "incidents", Kind.TEXT, _RESTRICTED, "Free text of the incident"),
    ),
)
STOPS = Table(
    "stops",
    "stop",
    "stop_ref",
    (
        Column("stop_ref", "stops", Kind.REFERENCE, _RESTRICTED, "Its reference in the source"),
        Column("force", "stops", Kind.CATEGORY, _OPEN, "The force that made the stop"),
        Column("stopped_on", "stops", Kind.DATE, _OPEN, "The day of the stop"),
        Column("stopped_at", "stops", Kind.TIME, _OPEN, "The time of day of the stop"),
        Column(
            "stop_type",
            "stops",
            Kind.CATEGORY,
            _OPEN,
            "Whether a person, a vehicle or both were searched",
        ),
        Column("legislation", "stops", Kind.CATEGORY, _OPEN, "The power that was used"),
        Column("object", "stops", Kind.CATEGORY, _OPEN, "What was looked for"),
        Column("outcome", "stops", Kind.CATEGORY, _OPEN, "What came of it"),
        Column(
            "outcome_linked_flag",
            "stops",
            Kind.FLAG,
            _OPEN,
            "Whether it came of what was looked for",
            FLAG_VALUES,
        ),
        Column(
            "clothing_flag",
            "stops",
            Kind.FLAG,
            _PERSONAL,
            "Whether more than outer clothing came off",
            FLAG_VALUES,
        ),
        Column("age_band", "stops", Kind.CATEGORY, _PERSONAL, "The age band that the source gives"),
        Column("sex", "stops", Kind.CATEGORY, _PERSONAL, "Sex as recorded"),
        *_ethnicities("stops"),
        *_place("stops"),
        person_key("stops"),
        *source_columns("stops"),
    ),
)

# Every table that an extract may have, by name.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("crimes", "crime", "crime_ref", CRIMES),
        Table("victims", "victim", "crime_ref", VICTIMS, of="crimes"),
        SUSPECTS,
        OUTCOMES,
        PROPERTY,
        FLAGS,
        LINKS,
        INCIDENTS,
        STOPS,
    )
}
