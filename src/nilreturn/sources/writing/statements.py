"""
The statements that write an extract's tables from the staged rows.

`_n` numbers the rows of all files in order. Rows are written in that order, streamed past small tables of exceptions,
so that the same input gives the same bytes and ten million crimes need not be sorted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.schema import CRIMES, VICTIMS, Column, Kind
from nilreturn.sources.judging import sql
from nilreturn.sources.judging.staging import AGE, CLASS, CODE, REFERENCE, Staging
from nilreturn.sources.rules import RULES, Action

if TYPE_CHECKING:
    import duckdb

_KEY = "victim.victim_key"
_PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


@dataclass(frozen=True, slots=True)
class Writing:
    staging: Staging
    names: tuple[str, ...]  # of the files, by their number
    folder: Path

    def statements(self) -> Iterator[tuple[str, str]]:
        """Each step's name and statement, in order."""
        kept = [f"_fault = {sql.text(rule.name)}" for rule in RULES.values() if rule.action is not Action.ROW_REJECTED]
        yield (
            "Grouping rows into crimes",
            f"CREATE VIEW accepted AS SELECT * FROM staged WHERE _fault IS NULL OR {' OR '.join(kept)}",
        )
        if self.staging.mapping.cells:
            yield (
                "Expanding cells",
                "CREATE VIEW units AS SELECT *, unnest(range(1, _units + 1)) AS _unit FROM accepted",
            )
        else:
            yield "Grouping rows into crimes", self._several()
            yield "Grouping rows into crimes", self._differing()
        yield "Writing crimes", self._copy("crimes", self._crimes())
        yield "Writing victims", self._copy("victims", self._victims())
        yield "Writing rejects", f"CREATE TABLE rejects AS {' UNION ALL '.join(self._rejects())}"
        yield "Writing rejects", self._copy("rejects", self._listed())

    def columns(self) -> tuple[Column, ...]:
        """The canonical columns that are written."""
        present = {*self.staging.present, *self.staging.mapping.constants}
        always = {"crime.crime_ref", "crime.status", "crime.source_file", "crime.source_row"}
        always |= {"victim.crime_ref", "victim.victim_no", "victim.source_file", "victim.source_row"}
        if CODE in present:
            always.add(CLASS)
        if self.staging.knows_age:
            always |= {AGE, "victim.age_basis"}
        return tuple(column for column in (*CRIMES, *VICTIMS) if column.variable in present | always)

    def _copy(self, table: str, query: str) -> str:
        return f"COPY ({query}) TO {sql.text(str(self.folder / f'{table}.parquet'))} {_PARQUET}"

    def _several(self) -> str:
        """The rows of crimes that have several: which is the first, and which say something twice."""
        same_victim = (
            f"{sql.name(_KEY)} IS NOT NULL AND row_number() OVER (PARTITION BY ref, {sql.name(_KEY)} ORDER BY _n) > 1"
            if _KEY in self.staging.present
            else "false"
        )
        key = f", {sql.name(_KEY)}" if _KEY in self.staging.present else ""
        return f"""
            CREATE TABLE several AS
            SELECT *, count(*) FILTER (_has_victim AND NOT same_victim)
                OVER (PARTITION BY ref ORDER BY _n ROWS UNBOUNDED PRECEDING)::INTEGER AS victim_no
            FROM (
                SELECT _n, ref, _has_victim,
                    first_value(_n) OVER crime AS first_n,
                    _crime_hash <> first_value(_crime_hash) OVER crime AS differs,
                    row_number() OVER (PARTITION BY ref, _row_hash ORDER BY _n) > 1 AS same_row,
                    {same_victim} AS same_victim
                FROM (
                    SELECT _n, {sql.name(REFERENCE)} AS ref, _has_victim, _crime_hash, _row_hash {key}
                    FROM accepted SEMI JOIN (
                        SELECT {sql.name(REFERENCE)} FROM accepted GROUP BY ALL HAVING count(*) > 1
                    ) USING ({sql.name(REFERENCE)})
                )
                WINDOW crime AS (PARTITION BY ref ORDER BY _n)
            )"""

    def _differing(self) -> str:
        values = ", ".join(sql.name(variable) for variable in self.staging.crime_values) or "0"
        return f"""
            CREATE TABLE differing AS
            SELECT _file, _row, first_n, {values}
            FROM accepted JOIN (SELECT _n, first_n FROM several WHERE differs) USING (_n)"""

    def _crimes(self) -> str:
        columns = ", ".join(
            f"{self._crime(column)} AS {column.name}" for column in self.columns() if _of(column, "crimes")
        )
        own = self._own("crime")
        if self.staging.mapping.cells:
            return f"SELECT {columns}{own} FROM units AS s {self._offences()}"
        later = "SELECT _n FROM several WHERE _n <> first_n"
        return f"SELECT {columns}{own} FROM (FROM accepted ANTI JOIN ({later}) USING (_n)) AS s {self._offences()}"

    def _crime(self, column: Column) -> str:
        variable = column.variable
        if variable == CODE:
            return "coded.value"
        if variable == CLASS:
            return self._class()
        if variable == "crime.status" and variable not in self.staging.present:
            return sql.text(self.staging.mapping.constants.get(variable, "Recorded"))
        return self._value(column)

    def _value(self, column: Column) -> str:
        variable, constants = column.variable, self.staging.mapping.constants
        if column.name == "crime_ref":
            return "_row || '-' || _unit" if self.staging.mapping.cells else f"s.{sql.name(REFERENCE)}"
        if column.name in ("source_file", "source_row"):
            return {"source_file": "_file", "source_row": "_row"}[column.name]
        if variable in self.staging.present or variable in (AGE, "victim.age_basis"):
            return f"s.{sql.name(variable)}"
        return sql.text(constants[variable])

    def _class(self) -> str:
        """As the source gives it, else that of the code where it has but one."""
        given = ["classed.value"] if CLASS in self.staging.present else []
        filled = ["filled.class"] if CODE in self.staging.present else []
        return f"coalesce({', '.join([*given, *filled])})"

    def _offences(self) -> str:
        joins = []
        if CODE in self.staging.present:
            joins.append(f"LEFT JOIN {sql.name(f'read {CODE}')} AS coded ON s.{sql.name(CODE)} = coded.text")
            joins.append("LEFT JOIN only_classes AS filled ON coded.value = filled.code")
        if CLASS in self.staging.present:
            joins.append(f"LEFT JOIN {sql.name(f'read {CLASS}')} AS classed ON s.{sql.name(CLASS)} = classed.text")
        return " ".join(joins)

    def _victims(self) -> str:
        columns = [column for column in self.columns() if _of(column, "victims")]
        own = self._own("victim")
        if self.staging.mapping.cells:
            number = "1::INTEGER"
            source = "(SELECT * FROM units WHERE _has_victim) AS s"
        else:
            number = "coalesce(several.victim_no, 1)"
            source = (
                "(FROM accepted WHERE _has_victim) AS s LEFT JOIN several ON s._n = several._n "
                "WHERE NOT coalesce(several.same_victim, false)"
            )
        values = ", ".join(
            f"{number if column.name == 'victim_no' else self._value(column)} AS {column.name}" for column in columns
        )
        return f"SELECT {values}{own} FROM {source}"

    def _own(self, table: str) -> str:
        names = [
            name for name in self.staging.present if name in self.staging.mapping.own and name.startswith(f"{table}.")
        ]
        return "".join(f", s.{sql.name(name)} AS {sql.name(name.partition('.')[2])}" for name in names)

    def _rejects(self) -> Iterator[str]:
        """Every row and value that broke a rule: file, row, column, rule."""
        yield "SELECT _file, _row, NULL::VARCHAR AS variable, _fault AS rule FROM staged WHERE _fault IS NOT NULL"
        for variable in self.staging.checked:
            fault = sql.name(f"f {variable}")
            yield f"SELECT _file, _row, {sql.text(variable)}, {fault} FROM accepted WHERE {fault} IS NOT NULL"
        yield from self._offence_rejects()
        if not self.staging.mapping.cells:
            yield from self._crime_rejects()

    def _offence_rejects(self) -> Iterator[str]:
        present = self.staging.present
        for variable, table in ((CODE, "coded"), (CLASS, "classed")):
            if variable in present:
                yield (
                    f"SELECT _file, _row, {sql.text(variable)}, {table}.fault FROM accepted AS s {self._offences()} "
                    f"WHERE {table}.fault IS NOT NULL"
                )
        if CODE in present:
            unsaid = f" AND s.{sql.name(CLASS)} IS NULL" if CLASS in present else ""
            yield (
                f"SELECT _file, _row, {sql.text(CLASS)}, 'class_not_given' FROM accepted AS s {self._offences()} "
                f"WHERE coded.value IS NOT NULL AND {self._class()} IS NULL{unsaid}"
            )

    def _crime_rejects(self) -> Iterator[str]:
        for variable in self.staging.crime_values:
            column = sql.name(variable)
            yield (
                f"SELECT d._file, d._row, {sql.text(variable)}, 'differs_within_crime' "
                f"FROM (FROM accepted SEMI JOIN differing ON accepted._n = differing.first_n) AS f "
                f"JOIN differing AS d ON f._n = d.first_n WHERE f.{column} IS DISTINCT FROM d.{column}"
            )
        rows = "SELECT _file, _row, NULL, {} FROM accepted JOIN several USING (_n) WHERE {}"
        if self.staging.mapping.row == "crime":
            yield rows.format("'repeated_crime'", "_n <> first_n")
        else:
            yield rows.format("'repeated_victim'", "same_victim")
            yield rows.format("'repeated_row'", "same_row AND NOT same_victim")

    def _listed(self) -> str:
        names = " ".join(f"WHEN {number} THEN {sql.text(name)}" for number, name in enumerate(self.names))
        actions = " ".join(f"WHEN {sql.text(rule.name)} THEN {sql.text(rule.action.value)}" for rule in RULES.values())
        return (
            f'SELECT _file AS source_file, CASE _file {names} END AS file, _row AS "row", variable AS "column", rule, '
            f"CASE rule {actions} END AS action FROM rejects ORDER BY _file, _row, variable NULLS FIRST, rule"
        )

    def summary(self, engine: duckdb.DuckDBPyConnection, left: int) -> dict[str, Any]:
        """
        Rows, crimes and victims counted, the rules broken, and the first and last day of each date. `left` rows are of
        another population than the mapping chooses.
        """
        days = [column for column in self.columns() if column.kind is Kind.DATE]
        dates = {}
        for column in days:
            path = sql.text(str(self.folder / f"{column.table}.parquet"))
            found = engine.execute(f"SELECT min({column.name}), max({column.name}) FROM {path}").fetchone()
            first, last = found or (None, None)
            if first:
                dates[column.variable] = {"first": first.isoformat(), "last": last.isoformat()}
        broken = engine.execute(
            "SELECT variable, rule, count(*) FROM rejects GROUP BY ALL ORDER BY variable NULLS FIRST, rule"
        ).fetchall()
        rejected = [rule.name for rule in RULES.values() if rule.action is Action.ROW_REJECTED]
        return {
            "rows": {
                "read": _count(engine, "SELECT count(*) FROM staged"),
                "left": left,
                "rejected": _count(
                    engine, f"SELECT count(*) FROM rejects WHERE variable IS NULL AND rule IN {sql.texts(rejected)}"
                ),
                **{
                    table: _count(engine, f"FROM {sql.text(str(self.folder / f'{table}.parquet'))} SELECT count(*)")
                    for table in ("crimes", "victims", "rejects")
                },
            },
            "checks": [
                {"column": variable, "rule": rule, "action": RULES[rule].action.value, "rows": count}
                for variable, rule, count in broken
            ],
            "dates": dates,
        }


def _of(column: Column, table: str) -> bool:
    return column.table == table


def _count(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row else 0
