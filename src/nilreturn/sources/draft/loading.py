"""
Runs a statement over a file's rows, read by the strict reader, or by the tolerant one where that
fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nilreturn import sql
from nilreturn.errors import FileError
from nilreturn.sources.judging import MEMORY
from nilreturn.sources.reading import SourceRows, load_strictly_first

if TYPE_CHECKING:
    import duckdb

_FEWEST = 2  # headers: a row that repeats only one may be a record


def run_over(
    engine: duckdb.DuckDBPyConnection, rows: SourceRows, statement: Callable[[str], str]
) -> SourceRows:
    """
    Execute `statement(query)`, which must create one table or nothing, and return the rows that it
    ran over.

    The engine's errors may quote a record, so they are not shown: raises `FileError`.
    """
    import duckdb

    def load(given: SourceRows) -> None:
        engine.execute(statement(given.query))

    try:
        return load_strictly_first(rows, load)
    except duckdb.OutOfMemoryException:
        raise FileError(
            f"{rows.path}: needs more than {MEMORY} of memory or the disk is full"
        ) from None
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise RuntimeError(
            f"the engine cannot read {rows.path.name} ({type(error).__name__})"
        ) from None
    except duckdb.Error:
        raise FileError(f"{rows.path}: cannot be read as rows; export it again") from None


def without_repeated_headers(rows: SourceRows) -> SourceRows:
    """The rows without those that repeat the headers, as reports do that were printed in pages."""
    said = [
        f"trim(c{place}) = {sql.text(header.strip())}"
        for place, header in enumerate(rows.headers)
        if header.strip()
    ]
    if len(said) < _FEWEST:
        return rows
    otherwise = rows.otherwise
    return replace(
        rows,
        query=f"SELECT * FROM ({rows.query}) WHERE NOT coalesce({' AND '.join(said)}, false)",
        otherwise=(lambda: without_repeated_headers(otherwise())) if otherwise else None,
    )
