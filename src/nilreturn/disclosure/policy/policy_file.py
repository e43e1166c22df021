"""What stands in a policy file, YAML or TOML, with the line of each setting."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nilreturn.authored import Mistakes, Place, compose_yaml, parse_toml, read_text, values_of
from nilreturn.errors import PolicyError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(path: Path) -> tuple[dict[str, Any], dict[Place, int], Mistakes]:
    """
    What stands in the file, the line of each place, and the mistakes that show without knowing what
    a policy is.

    Raises `FileError` when it cannot be read, `PolicyError` when it is not YAML or TOML of a
    policy's shape.
    """
    values: Any
    if path.suffix == ".toml":
        mistakes = Mistakes(path.name, PolicyError)
        values, lines = parse_toml(path, read_text(path, "policy"), "policy", PolicyError)
    else:
        node, mistakes = compose_yaml(path, "policy", PolicyError)
        values, lines = values_of(node, mistakes) if node is not None else (None, {})
    if not isinstance(values, dict):
        raise PolicyError(
            f"{path}: is empty or is no mapping; begin with 'name:', 'version:' and 'threshold:'"
        )
    return values, lines, mistakes


def day(value: object) -> object:
    """A day, as TOML gives it or as text like 2021-06-29. Raises `ValueError` for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("there is no such day in the calendar") from None
    raise ValueError("must be a day, written like 2021-06-29")
