"""The mappings that come with the software, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

from nilreturn.errors import SourceError, did_you_mean
from nilreturn.sources.mapping.file import read_mapping
from nilreturn.sources.mapping.model import Mapping

_NAMES = (
    "connect",
    "generic",
    "met-vawg-victims-by-area",
    "met-vawg-victims-by-age",
    "met-vawg-victims-by-ethnicity",
    "met-vawg-offences-by-area",
    "met-vawg-offences-by-class",
    "herts-hospital-crimes",
)


def _packaged(name: str) -> Mapping:
    with as_file(files("nilreturn.sources.mapping") / "mappings" / f"{name}.toml") as path:
        return read_mapping(path)


SOURCES: dict[str, Callable[[], Mapping]] = {name: partial(_packaged, name) for name in _NAMES}


def mapping_named(name: str) -> Mapping:
    """
    The mapping called `name`, or in the TOML file of that path.

    Raises `SourceError` for an unknown name, and as `read_mapping` does.
    """
    if name in SOURCES:
        return SOURCES[name]()
    if name.endswith(".toml"):
        return read_mapping(Path(name))
    known = did_you_mean(name, list(SOURCES)) or f"; there are {', '.join(SOURCES)}"
    raise SourceError(f"there is no mapping '{name}'{known}; a mapping file's name ends in .toml")
