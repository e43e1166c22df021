"""Columns by the names that people give them."""

from __future__ import annotations

from collections.abc import Sequence

from nilreturn.schema import NOT_RECORDED, Column, Kind, Sensitivity
from nilreturn.tables import UNKNOWN

CATEGORICAL = (Kind.CATEGORY, Kind.FLAG)


def find(name: str, columns: Sequence[Column]) -> Column | None:
    """
    The column called `name` ("sex") or `variable` ("victim.sex"), or None.

    Raises `ValueError` where crimes and victims both have a column of that name.
    """
    found = [column for column in columns if name in (column.name, column.variable)]
    if len(found) > 1:
        choices = " or ".join(f"'{column.variable}'" for column in found)
        raise ValueError(f"crimes and victims both have a column '{name}'; write {choices}")
    return found[0] if found else None


def is_askable(column: Column) -> bool:
    """
    Whether a question may name the column. References, free text and what never leaves the force
    may not be named.
    """
    return column.sensitivity is not Sensitivity.RESTRICTED and column.kind is not Kind.TEXT


def unknown_label(column: Column) -> str:
    """
    The name of a blank in a table: "Not recorded" for flags and similar columns, else "Unknown".
    """
    return NOT_RECORDED if NOT_RECORDED in column.categories else UNKNOWN


def title(column: Column) -> str:
    """The column's name as a heading: "Online flag", "Recorded on"."""
    words = column.name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
