"""What stands in a policy file, YAML or TOML, with the line of each setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nilreturn.authored import Mistakes, Place, compose_yaml, parse_toml, read_text, values_of
from nilreturn.errors import PolicyError


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
