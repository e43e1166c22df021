"""
What the force should look at in its own records. It is for the force alone: it names crimes, and is
never released.
"""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import Any

from nilreturn import sql
from nilreturn.offences import table
from nilreturn.schema import Extract
from nilreturn.sources import RULES

ADULT = 18
NO_VICTIM = "No victim details are recorded"
NO_VICTIM_OF_VICTIM_OFFENCE = (
    "No victim details are recorded, though the offence always has a victim"
)
ADULT_VICTIM = "A victim was 18 or over, for an offence against children"
OLDER_VICTIM = "A victim was under 18 but older than the victim of this offence can be"
_DATE_RULES = (
    "not_a_date",
    "two_digit_year",
    "month_first",
    "impossible_financial_year",
    "default_date",
    "date_too_early",
    "date_in_future",
    "earlier_than_possible",
    "born_after_offence",
)


def find_queries(extract: Extract) -> Any:
    """
    An Arrow table with a row for each doubt about a recorded crime: `crime_ref`, `reason` (words
    for people), `column` (the variable to look at). Cancelled and transferred crimes are left out.
    Sorted by reference and reason.
    """
    import duckdb
    import pyarrow as pa

    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as engine:
        for name in ("crimes", "victims", "rejects"):
            path = extract.folder / f"{name}.parquet"
            engine.execute(f"CREATE VIEW all_{name} AS FROM {sql.parquet(path)}")
        engine.execute(
            "CREATE VIEW crimes AS FROM all_crimes WHERE coalesce(status, 'Recorded') = 'Recorded'"
        )
        doubts = [_invalid_dates(), *_without_victims(extract), *_too_old(extract)]
        query = " UNION ALL ".join(doubts)
        found: Any = engine.sql(
            f"SELECT DISTINCT * FROM ({query}) ORDER BY crime_ref, reason, variable"
        ).to_arrow_table()
    schema = pa.schema(
        [("crime_ref", pa.string()), ("reason", pa.string()), ("column", pa.string())]
    )
    return found.rename_columns(schema.names).cast(schema)


def _invalid_dates() -> str:
    """By the rows that broke a rule of dates. A crime's dates are those of its first row."""
    reasons = " ".join(
        f"WHEN {sql.text(name)} THEN {sql.text(RULES[name].description)}" for name in _DATE_RULES
    )
    of_crimes = (
        "FROM crimes JOIN broken USING (source_file, source_row) WHERE variable LIKE 'crime.%'"
    )
    of_victims = (
        "FROM all_victims SEMI JOIN crimes USING (crime_ref) JOIN broken USING (source_file, "
        "source_row) WHERE variable LIKE 'victim.%'"
    )
    columns = f"crime_ref, CASE rule {reasons} END AS reason, variable"
    return (
        f'WITH broken AS (SELECT source_file, "row" AS source_row, "column" AS variable, rule '
        f"FROM all_rejects WHERE rule IN {sql.texts(_DATE_RULES)}) "
        f"SELECT {columns} {of_crimes} UNION ALL SELECT {columns} {of_victims}"
    )


def _without_victims(extract: Extract) -> list[str]:
    if not {"crimes", "victims"} <= set(extract.units):
        return []  # the source has no victims to compare with
    always = [
        code
        for code, entries in table().entries.items()
        if {entry.victim_or_state for entry in entries if entry.victim_or_state} == {"V"}
    ]
    alone = "FROM crimes ANTI JOIN all_victims USING (crime_ref)"
    found = [f"SELECT crime_ref, {sql.text(NO_VICTIM)}, 'victim.crime_ref' {alone}"]
    if _has(extract, "offence_code"):
        found.append(
            f"SELECT crime_ref, {sql.text(NO_VICTIM_OF_VICTIM_OFFENCE)}, 'crime.offence_code' "
            f"{alone} WHERE offence_code IN {sql.texts(always)}"
        )
    return found


def _too_old(extract: Extract) -> list[str]:
    if not (_has(extract, "offence_code") and _has(extract, "age")):
        return []
    limits = ", ".join(
        f"({sql.text(code)}, {age})" for code, age in offences_against_children().items()
    )
    reason = (
        f"CASE WHEN age >= {ADULT} THEN {sql.text(ADULT_VICTIM)} ELSE {sql.text(OLDER_VICTIM)} END"
    )
    query = (
        f"SELECT crime_ref, {reason}, 'victim.age' FROM crimes JOIN all_victims USING (crime_ref) "
        f"JOIN (VALUES {limits}) AS child(code, child_under) ON offence_code = child.code WHERE "
        f"age >= child_under"
    )
    return [query]


def offences_against_children() -> dict[str, int]:
    """Each offence code whose victim is always a child, and the age under which."""
    written = (files("nilreturn.data_quality") / "offences_against_children.csv").read_text(
        encoding="utf-8"
    )
    return {
        row["code"]: int(row["child_under"])
        for row in csv.DictReader(io.StringIO(written, newline=""))
    }


def _has(extract: Extract, name: str) -> bool:
    return any(column.name == name for column in extract.columns)
