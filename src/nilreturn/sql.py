"""Names and texts inside SQL, so that nothing a person or a file wrote can end a statement."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nilreturn.files import engine_path


def name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def parquet(path: Path) -> str:
    """A Parquet file as a table, whatever letters its path has."""
    return f"read_parquet({text(engine_path(path))}, hive_partitioning = false)"


def target(path: Path) -> str:
    """A path to write to, as COPY takes it: the engine sees no pattern there."""
    return text(str(path.absolute()))


def texts(values: Iterable[str]) -> str:
    """A list of texts between brackets, for IN; an empty one is true of nothing."""
    return "(" + (", ".join(text(value) for value in values) or "NULL") + ")"
