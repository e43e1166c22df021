"""
The columns of a canonical extract.

`crimes` has one row for each crime, `victims` one row for each victim of a crime. A source may add
columns of its own; the extract's manifest lists them, and questions may ask about them as about
these. The other tables are in `schema.tables`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

# The value of a blank flag.
NOT_RECORDED = "Not recorded"


class Kind(enum.Enum):
    """
    What a column contains, which decides what may be asked of it.

    Attributes
    ----------
    REFERENCE
        Identifies a record. It is never printed, and no table is broken down by it.
    CATEGORY
        One text of a small set.
    FLAG
        "Yes", "No" or "Not recorded"; a blank is never "No".
    DATE
        A day in local time (Europe/London).
    NUMBER
        An integer.
    AMOUNT
        Pounds and pence.
    TIME
        A local time of day, in whole minutes.
    TEXT
        Free text. It is searched for mentions and never printed.
    """

    REFERENCE = "reference"
    CATEGORY = "category"
    FLAG = "flag"
    DATE = "date"
    NUMBER = "number"
    AMOUNT = "amount"
    TIME = "time"
    TEXT = "text"


class Sensitivity(enum.Enum):
    """
    Where a column's values may appear.

    Attributes
    ----------
    OPEN
        They may head the rows of a released table.
    PERSONAL
        They are about a person, and leave the force only as protected counts.
    RESTRICTED
        They never leave the force in any form.
    """

    OPEN = "open"
    PERSONAL = "personal"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a table.

    Attributes
    ----------
    name
        The column's name: "recorded_on".
    table
        The table's name: "crimes".
    kind
        What it contains.
    sensitivity
        Where its values may appear.
    description
        What it means, in a few words.
    categories
        Its values in printed order, where they are known beforehand; else empty.
    """

    name: str
    table: str
    kind: Kind
    sensitivity: Sensitivity
    description: str
    categories: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The name that tables give this column: "victim.age", "crime.recorded_on"."""
        return f"{singular(self.table)}.{self.name}"


def singular(table: str) -> str:
    """One record of a table in the names of variables: "crimes" gives "crime"."""
    return table if table == "property" else table.removesuffix("s")


FLAG_VALUES = ("Yes", "No", NOT_RECORDED)


def _flag(name: str, description: str) -> Column:
    return Column(name, "crimes", Kind.FLAG, Sensitivity.OPEN, description, FLAG_VALUES)


def source_columns(table: str) -> tuple[Column, Column]:
    """The two columns that say where a record was read from."""
    return (
        Column(
            "source_file",
            table,
            Kind.REFERENCE,
            Sensitivity.RESTRICTED,
            "Which file it was read from, 0 the first",
        ),
        Column(
            "source_row",
            table,
            Kind.REFERENCE,
            Sensitivity.RESTRICTED,
            "The row it was first read from",
        ),
    )


def person_key(table: str) -> Column:
    """
    The column of a person's keyed hash: equal for every record of one person, so that people can be
    counted, and useless without the force's key.
    """
    description = "The source's reference of the person, hashed with the force's key"
    return Column("person_key", table, Kind.REFERENCE, Sensitivity.RESTRICTED, description)


# The columns of crimes, in order.
CRIMES: tuple[Column, ...] = (
    Column(
        "crime_ref",
        "crimes",
        Kind.REFERENCE,
        Sensitivity.RESTRICTED,
        "Its reference in the records system",
    ),
    Column("force", "crimes", Kind.CATEGORY, Sensitivity.OPEN, "The recording force"),
    Column("reported_on", "crimes", Kind.DATE, Sensitivity.OPEN, "The day it was reported"),
    Column(
        "recorded_on", "crimes", Kind.DATE, Sensitivity.OPEN, "The day it was recorded as a crime"
    ),
    Column(
        "committed_from",
        "crimes",
        Kind.DATE,
        Sensitivity.OPEN,
        "The first day it may have been committed",
    ),
    Column(
        "committed_to",
        "crimes",
        Kind.DATE,
        Sensitivity.OPEN,
        "The last day it may have been committed",
    ),
    Column(
        "offence_code",
        "crimes",
        Kind.CATEGORY,
        Sensitivity.OPEN,
        "Home Office offence code, as NNN/NN",
    ),
    Column(
        "offence_class",
        "crimes",
        Kind.CATEGORY,
        Sensitivity.OPEN,
        "Home Office class, as stored on the crime",
    ),
    Column(
        "status",
        "crimes",
        Kind.CATEGORY,
        Sensitivity.OPEN,
        "Where the record stands; only recorded crimes are counted unless a question says "
        "otherwise",
        ("Recorded", "Cancelled", "Transferred"),
    ),
    Column(
        "cancel_code",
        "crimes",
        Kind.CATEGORY,
        Sensitivity.OPEN,
        "Why it was cancelled or transferred (C1 to C5)",
    ),
    Column(
        "outcome", "crimes", Kind.CATEGORY, Sensitivity.OPEN, "Home Office outcome type, 0 to 22"
    ),
    Column("outcome_on", "crimes", Kind.DATE, Sensitivity.OPEN, "The day of the outcome"),
    Column("area", "crimes", Kind.CATEGORY, Sensitivity.OPEN, "Local policing area"),
    Column("beat", "crimes", Kind.CATEGORY, Sensitivity.RESTRICTED, "Beat: too small to release"),
    _flag(
        "online_flag",
        "Online crime flag: committed in full or in part through a computer or network",
    ),
    _flag("domestic_abuse_flag", "Domestic abuse flag"),
    _flag("hate_crime_flag", "Hate crime flag, any strand"),
    _flag("knife_flag", "Knife or sharp instrument flag"),
    *source_columns("crimes"),
    Column(
        "narrative",
        "crimes",
        Kind.TEXT,
        Sensitivity.RESTRICTED,
        "Free text of how it was committed (initial MO)",
    ),
)

# The columns of victims, in order.
VICTIMS: tuple[Column, ...] = (
    Column(
        "crime_ref",
        "victims",
        Kind.REFERENCE,
        Sensitivity.RESTRICTED,
        "The crime the victim is a victim of",
    ),
    Column(
        "victim_no", "victims", Kind.REFERENCE, Sensitivity.RESTRICTED, "1, 2, … within the crime"
    ),
    Column(
        "age",
        "victims",
        Kind.NUMBER,
        Sensitivity.PERSONAL,
        "Age in whole years at the date of the offence",
    ),
    Column(
        "age_basis",
        "victims",
        Kind.CATEGORY,
        Sensitivity.OPEN,
        "How the age is known",
        ("Date of birth", "As recorded", NOT_RECORDED),
    ),
    Column(
        "sex",
        "victims",
        Kind.CATEGORY,
        Sensitivity.PERSONAL,
        "Sex as recorded, with the source's own words for unknown",
        ("Female", "Male", "Unknown"),
    ),
    Column(
        "victim_type",
        "victims",
        Kind.CATEGORY,
        Sensitivity.OPEN,
        "Person, organisation or the state",
        ("Person", "Organisation", "State", NOT_RECORDED),
    ),
    person_key("victims"),
    *source_columns("victims"),
)

# The columns of crimes, then those of victims.
COLUMNS: tuple[Column, ...] = CRIMES + VICTIMS
