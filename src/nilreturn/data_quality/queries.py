"""
What the force should look at in its own records: the prompts of `nilreturn.recording` that are left
open, and dates that could not be read. It is for the force alone: it names crimes, and is never
released.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nilreturn import sql
from nilreturn.periods import Grain
from nilreturn.recording import SETTING, Prompt, lexicons, matcher, names_in, prompt_rules
from nilreturn.schema import Extract, outcome_code
from nilreturn.sources import RULES

TEXTS_AT_ONCE = 50_000
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


# The rules that published counts are held against too.
_OF_CELLS = ("R6", "no_victim", "victim_adult", "victim_too_old")


def find_queries(extract: Extract) -> Any:
    """
    Find the doubts about the recorded crimes of an extract. Cancelled and transferred crimes are
    left out.

    Parameters
    ----------
    extract
        The extract.

    Returns
    -------
    pyarrow.Table
        A row for each doubt, sorted by reference and reason: `crime_ref`, `reason` (in words for
        people) and `column` (the variable to look at).
    """
    import duckdb
    import pyarrow as pa

    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as engine:
        engine.execute(SETTING)
        for name in ("crimes", "victims", "rejects"):
            path = extract.folder / f"{name}.parquet"
            engine.execute(f"CREATE VIEW all_{name} AS FROM {sql.parquet(path)}")
        engine.execute(
            "CREATE VIEW crimes AS FROM all_crimes WHERE coalesce(status, 'Recorded') = 'Recorded'"
        )
        rules = [rule for rule in prompt_rules() if _is_known(rule, extract)]
        _name_values(engine, extract, rules)
        doubts = [_invalid_dates(), *(_query(rule, extract) for rule in rules)]
        query = " UNION ALL ".join(doubts)
        found: Any = engine.sql(
            f"SELECT DISTINCT * FROM ({query}) ORDER BY crime_ref, reason, variable"
        ).to_arrow_table()
    schema = pa.schema(
        [("crime_ref", pa.string()), ("reason", pa.string()), ("column", pa.string())]
    )
    return found.rename_columns(schema.names).cast(schema)


def _is_known(rule: Prompt, extract: Extract) -> bool:
    """
    Whether the source says anything of what the rule asks. A published cell is no crime to look at.
    """
    known = {column.variable for column in extract.every_column}
    units = {"crimes", "victims"}
    tables = units & set(extract.units) | set(extract.tables) - units
    if "crimes" not in tables and rule.table == "crimes":
        return False
    if extract.is_weighted and rule.rule not in _OF_CELLS:
        return False
    return all(name in (known if "." in name else tables) for name in rule.needs)


def _query(rule: Prompt, extract: Extract) -> str:
    precision = {name: grain for name, grain in extract.precision.items() if grain is not Grain.DAY}
    where = rule.condition.sql(precision)
    rows = "named" if rule.table == "crimes" else "named_victims"
    said = f"{sql.text(rule.words)} AS reason, {sql.text(rule.column)} AS variable"
    return f"SELECT crime_ref, {said} FROM {rows} WHERE {where}"


def _name_values(engine: Any, extract: Extract, rules: list[Prompt]) -> None:
    """
    Views whose columns are named as the conditions name them: crimes, and victims each with its
    crime.
    """
    known = {column.variable for column in extract.every_column}
    read = sorted({name for rule in prompt_rules() for name in names_in(rule.condition)})

    def columns(table: str, alias: str) -> list[str]:
        return [
            f"{alias}.{sql.name(name.split('.')[1])} AS {sql.name(name)}"
            if name in known
            else f"NULL AS {sql.name(name)}"
            for name in read
            if name.startswith(f"{table}.")
        ]

    outcome = _outcome_codes(engine) if "crime.outcome" in known else 'NULL AS "outcome code"'
    of_crimes = [*columns("crime", "crimes"), *_tables_and_texts(engine, extract, rules), outcome]
    engine.execute(
        f"CREATE VIEW named AS SELECT crimes.crime_ref, {', '.join(of_crimes)} FROM crimes"
    )
    of_victims = ", ".join(columns("victim", "all_victims"))
    engine.execute(
        f"CREATE VIEW named_victims AS SELECT named.*, {of_victims} FROM named "
        "JOIN all_victims USING (crime_ref)"
    )


def _tables_and_texts(engine: Any, extract: Extract, rules: list[Prompt]) -> Iterator[str]:
    """
    Whether a crime has victims and suspects, and whether its free text names an entry of each
    lexicon.
    """
    for table in ("victims", "suspects"):
        if (extract.folder / f"{table}.parquet").exists():
            path = sql.parquet(extract.folder / f"{table}.parquet")
            yield f"crimes.crime_ref IN (SELECT crime_ref FROM {path}) AS {table}"
        else:
            yield f"false AS {table}"
    for lexicon in lexicons():
        asking = [rule for rule in rules if lexicon in names_in(rule.condition)]
        engine.execute(f"CREATE TABLE {sql.name('naming ' + lexicon)} (crime_ref VARCHAR)")
        for rule in asking:
            _find_named(engine, rule.column.split(".")[1], lexicon)
        found = f"SELECT crime_ref FROM {sql.name('naming ' + lexicon)}"
        yield f"crimes.crime_ref IN ({found}) AS {sql.name(lexicon)}"


def _find_named(engine: Any, flag: str, lexicon: str) -> None:
    """
    Keeps the references of the crimes without this flag whose text names an entry. The texts stay
    here.
    """
    import pyarrow as pa

    from nilreturn.narrative import find_in_batch
    from nilreturn.narrative.index import open_batch

    unset = f"coalesce({sql.name(flag)}, 'Not recorded') = 'Not recorded'"
    reader = engine.sql(
        f"SELECT crime_ref, narrative FROM crimes WHERE narrative IS NOT NULL AND {unset}"
    ).to_arrow_reader(TEXTS_AT_ONCE)
    found = []
    for batch in reader:
        texts = batch.column("narrative").cast(pa.string())
        references = batch.column("crime_ref").cast(pa.string())
        found.append(
            find_in_batch(open_batch(texts), references, matcher(lexicon)).table["crime_ref"]
        )
    for references in found:
        named = pa.table({"crime_ref": references})
        engine.register("found_now", named)
        engine.execute(
            f"INSERT INTO {sql.name('naming ' + lexicon)} SELECT DISTINCT crime_ref FROM found_now"
        )
        engine.unregister("found_now")


def _outcome_codes(engine: Any) -> str:
    """
    The code of each outcome as the source writes it: read here, so that no pattern travels to the
    engine.
    """
    written = [
        text
        for (text,) in engine.sql(
            "SELECT DISTINCT outcome FROM crimes WHERE outcome IS NOT NULL"
        ).fetchall()
    ]
    codes = {text: code for text in written if (code := outcome_code(text))}
    cases = " ".join(
        f"WHEN {sql.text(text)} THEN {sql.text(code)}" for text, code in sorted(codes.items())
    )
    return (
        f'CASE crimes.outcome {cases} END AS "outcome code"' if cases else 'NULL AS "outcome code"'
    )


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
