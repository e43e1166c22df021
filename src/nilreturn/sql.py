"""Names and texts in SQL, quoted so that no text of a person or a file can end a statement."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nilreturn.files import engine_path


def name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def parquet(path: Path) -> str:
    """A Parquet file as a table, whatever characters its path has."""
    return f"read_parquet({text(engine_path(path))}, hive_partitioning = false)"


def target(path: Path) -> str:
    """A path to write to with COPY, in which the engine sees no pattern."""
    return text(str(path.absolute()))


def texts(values: Iterable[str]) -> str:
    """A list of texts in brackets, for IN; with an empty list the condition is never true."""
    return "(" + (", ".join(text(value) for value in values) or "NULL") + ")"
