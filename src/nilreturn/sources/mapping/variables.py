"""What a mapping may fill: the canonical columns, and the kinds of row that a report may have."""

from __future__ import annotations

from nilreturn.schema import TABLES, Column, Kind, Sensitivity, singular

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
    "The source's own identifier of a victim, read so that no victim of a crime is taken twice, "
    "and not kept",
)
READ_NOT_KEPT = (DATE_OF_BIRTH, VICTIM_KEY)

# A row of crimes may also hold records of the tables that belong to crimes.
# The kinds of row, each with the table of its records.
ROWS: dict[str, str] = {
    "crime": "crimes",
    "crime and victim": "crimes",
    "cell": "crimes",
    **{
        table.row: table.name
        for table in TABLES.values()
        if table.name not in ("crimes", "victims")
    },
}


def _is_mappable(column: Column) -> bool:
    """
    Whether a column is read. The number within a crime, how an age is known and where a record was
    read from are worked out instead.
    """
    if column.variable == "victim.crime_ref":
        return False
    return not column.name.endswith("_no") and column.name not in (
        "age_basis",
        "source_file",
        "source_row",
    )


MAPPABLE: dict[str, Column] = {
    column.variable: column
    for table in TABLES.values()
    for column in (*table.columns, *READ_NOT_KEPT)
    if _is_mappable(column)
}


def tables_of(row: str) -> tuple[str, ...]:
    """
    The tables that a row of this kind may fill, its own first, by their names in variables
    ("crime", "stop").
    """
    if row == "crime":
        return (
            "crime",
            *(
                singular(table.name)
                for table in TABLES.values()
                if table.of and table.name != "victims"
            ),
        )
    if row == "crime and victim":
        return ("crime", *(singular(table.name) for table in TABLES.values() if table.of))
    if row == "cell":
        return ("crime", "victim")
    return (singular(ROWS[row]),)


COUNT = "count"  # of a published cell: the place of its column, and its texts
