"""
A force's own mappings in a folder, so that they can be named like those that come with the
software.
"""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

from nilreturn.errors import FileError, SourceError

VARIABLE = "NILRETURN_MAPPINGS"  # the environment variable that names the folder


def mappings_in_folder(shipped: Container[str]) -> dict[str, Path]:
    """
    Each TOML file of the folder that the environment variable names, by its name without ".toml";
    empty where the variable is not set.

    Raises `FileError` where the folder cannot be read, and `SourceError` for a file with the name
    of a `shipped` mapping, because the name would then have two meanings.
    """
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        return {}
    try:
        found = {
            path.stem: path for path in sorted(Path(folder).iterdir()) if path.suffix == ".toml"
        }
    except OSError as error:
        raise FileError(
            f"{folder}: the folder of mappings ({VARIABLE}) cannot be read ({error.strerror})"
        ) from None
    for name, path in found.items():
        if name in shipped:
            raise SourceError(
                f"{path}: '{name}' is a mapping that comes with the software; rename the file"
            )
    return found
