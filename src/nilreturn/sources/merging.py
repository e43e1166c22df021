"""
Merges the tables of two extracts: each crime comes, with all that belongs to it, from one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn import sql
from nilreturn.errors import ExtractError
from nilreturn.schema import TABLES, Column, Extract, Kind
from nilreturn.sources.judging import ROWS_AT_ONCE
from nilreturn.sources.writing import MANY_LABELS, ParquetFile, arrow_type

if TYPE_CHECKING:
    import duckdb

_WHERE_FROM = ("source_file", "source_row")
_RECORDED = "Recorded"


class Merging:
    """
    `old` and `new` must have the same columns. A crime in both is taken from the new one, or from
    the one with the later `keep_by`.
    """

    def __init__(
        self, engine: duckdb.DuckDBPyConnection, old: Extract, new: Extract, keep_by: str | None
    ) -> None:
        self._engine = engine
        self._old, self._new = old, new
        self._files = len(old.manifest["sources"])
        day = sql.name(keep_by.partition(".")[2]) if keep_by else "NULL::DATE"
        is_newer = "coalesce(n.day, DATE '0001-01-01') >= coalesce(o.day, DATE '0001-01-01')"
        engine.execute(
            f"""
            CREATE TEMP TABLE taken AS
            SELECT coalesce(n.crime_ref, o.crime_ref) AS crime_ref,
                n.crime_ref IS NOT NULL AND (o.crime_ref IS NULL OR {is_newer}) AS from_new,
                n.crime_ref IS NOT NULL AND o.crime_ref IS NOT NULL AS in_both
            FROM (SELECT crime_ref, {day} AS day FROM {self._table(new, "crimes")}) AS n
            FULL JOIN (SELECT crime_ref, {day} AS day FROM {
                self._table(old, "crimes")
            }) AS o USING (crime_ref)"""
        )

    @property
    def canonical_columns(self) -> tuple[Column, ...]:
        """The columns of the tables, without the source's own."""
        present = set(map(tuple, self._new.manifest["columns"]))
        return tuple(
            column for column in self._new.every_column if (column.table, column.name) in present
        )

    def write(self, table: str, folder: Path) -> None:
        """Write one merged table to `folder`, in the order of the files."""
        old, new = self._table(self._old, table), self._table(self._new, table)
        if table != "rejects":
            old = (
                f"(SELECT * FROM {old} SEMI JOIN (FROM taken WHERE NOT from_new) USING (crime_ref))"
            )
            new = f"(SELECT * FROM {new} SEMI JOIN (FROM taken WHERE from_new) USING (crime_ref))"
        later = (
            f"SELECT * REPLACE ((source_file + {self._files})::SMALLINT AS source_file) FROM {new}"
        )
        number = TABLES[table].number if table in TABLES else None
        order = (
            'source_file, row, "column" NULLS FIRST, rule'
            if table == "rejects"
            else "source_file, source_row"
        )
        rows = (
            f"SELECT * FROM {old} UNION ALL BY NAME {later} ORDER BY "
            f"{order}{f', {number}' if number else ''}"
        )
        schema = self._schema(table, rows)
        plain = [field.name for field in schema if str(field.type) == "string"]
        with ParquetFile(folder / f"{table}.parquet", schema, (*plain, "source_row")) as file:
            for batch in self._read(rows):
                file.add(batch.cast(schema))

    def _read(self, rows: str) -> Iterator[Any]:
        """
        The record batches of a query. Raises `ExtractError` where a table is damaged, because the
        reader's own message may quote it.
        """
        import duckdb
        import pyarrow as pa

        try:
            yield from self._engine.sql(rows).to_arrow_reader(ROWS_AT_ONCE)
        except (duckdb.Error, pa.ArrowException, OSError):
            raise damaged(self._old) from None

    def _schema(self, table: str, rows: str) -> Any:
        """
        The types of the columns as an import has them. A Parquet file only states that a dictionary
        has texts.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        given = pq.read_schema(self._new.folder / f"{table}.parquet")
        kinds = {
            column.name: column.kind for column in self._new.every_column if column.table == table
        }
        types = {field.name: field.type for field in given}
        for name, of_file in types.items():
            if pa.types.is_time32(of_file):
                types[name] = arrow_type(kinds[name])
            elif pa.types.is_string(of_file):
                types[name] = arrow_type(kinds.get(name, Kind.CATEGORY))
        labelled = [name for name, kind in types.items() if pa.types.is_dictionary(kind)]
        if table in ("crimes", "victims") and labelled:
            numbers = ", ".join(f"count(DISTINCT {sql.name(name)})" for name in labelled)
            (found,) = self._engine.execute(f"SELECT {numbers} FROM ({rows})").fetchall()
            types |= {
                name: pa.string()
                for name, n in zip(labelled, found, strict=True)
                if n > MANY_LABELS
            }
        return pa.schema(list(types.items()))

    def changes(self) -> dict[str, int]:
        """
        The number of crimes by what happened to them: `new`; `same` and `altered` (in a value of
        the crime or of what belongs to it), of which `no_longer_recorded` and `reclassified`; and
        `not_in_files`, which are kept as they were.
        """
        old, new = self._values(self._old), self._values(self._new)
        names = [column.name for column in self._new.every_column if column.table == "crimes"]
        of_offence = [name for name in ("offence_code", "offence_class") if name in names]
        offence = (
            " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in of_offence) or "false"
        )
        altered = "o.everything IS DISTINCT FROM n.everything"
        row = self._engine.execute(
            f"""
            SELECT count(*) FILTER (o.crime_ref IS NULL),
                count(*) FILTER (in_both AND NOT ({altered})),
                count(*) FILTER (in_both AND {altered}),
                count(*) FILTER (in_both AND o.status = '{_RECORDED}'
                    AND n.status <> '{_RECORDED}'),
                count(*) FILTER (in_both AND ({offence})),
                count(*) FILTER (n.crime_ref IS NULL)
            FROM taken LEFT JOIN ({old}) AS o USING (crime_ref)
            LEFT JOIN ({new}) AS n USING (crime_ref)"""
        ).fetchone()
        kinds = ("new", "same", "altered", "no_longer_recorded", "reclassified", "not_in_files")
        return dict(zip(kinds, map(int, row or ()), strict=True))

    def _values(self, extract: Extract) -> str:
        """
        Each crime with its status and offence, and one hash of all its values and of what belongs
        to it.
        """
        parts = []
        for table in dict.fromkeys(column.table for column in extract.every_column):
            names = [
                sql.name(column.name)
                for column in extract.every_column
                if column.table == table and column.name not in _WHERE_FROM
            ]
            parts.append(
                f"SELECT crime_ref, '{table}' AS part, hash({', '.join(sorted(names))}) AS said "
                f"FROM {self._table(extract, table)}"
            )
        said = " UNION ALL ".join(parts)
        everything = (
            f"SELECT crime_ref, list_sort(list((part, said))) AS everything FROM ({said}) GROUP BY "
            "crime_ref"
        )
        return (
            f"SELECT * FROM {self._table(extract, 'crimes')} JOIN ({everything}) USING (crime_ref)"
        )

    def _table(self, extract: Extract, table: str) -> str:
        return f"read_parquet({sql.text(str(extract.folder / f'{table}.parquet'))})"


def damaged(extract: Extract) -> ExtractError:
    """
    The error to raise where the tables of an extract cannot be read; an engine's own message may
    quote a record.
    """
    return ExtractError(
        f"{extract.folder}: missing or damaged tables; see 'nilreturn extract verify'"
    )
