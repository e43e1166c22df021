"""Names and texts inside SQL, so that nothing a person or a file wrote can end a statement."""

from __future__ import annotations

from collections.abc import Iterable


def name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """A list of texts between brackets, for IN; an empty one is true of nothing."""
    return "(" + (", ".join(text(value) for value in values) or "NULL") + ")"
