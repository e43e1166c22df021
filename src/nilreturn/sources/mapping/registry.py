"""The mappings by name: those that come with the software, and those in the folder of mappings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

from nilreturn.errors import FileError, SourceError, UserError, did_you_mean
from nilreturn.sources.mapping.file import read_mapping
from nilreturn.sources.mapping.folder import mappings_in_folder
from nilreturn.sources.mapping.model import SourceMapping

_NAMES = (
    "connect",
    "niche",
    "athena",
    "generic",
    "data-police-uk",
    "data-police-uk-stops",
    "home-office-recorded-crime",
    "met-vawg-victims-by-area",
    "met-vawg-victims-by-age",
    "met-vawg-victims-by-ethnicity",
    "met-vawg-offences-by-area",
    "met-vawg-offences-by-class",
    "herts-hospital-crimes",
)


def _packaged(name: str) -> SourceMapping:
    with as_file(files("nilreturn.sources.mapping") / "mappings" / f"{name}.toml") as path:
        return read_mapping(path)


# By name, what reads each mapping that comes with the software.
SOURCES: dict[str, Callable[[], SourceMapping]] = {
    name: partial(_packaged, name) for name in _NAMES
}


def mapping_named(name: str) -> SourceMapping:
    """
    The mapping of a name.

    Parameters
    ----------
    name
        The name of a mapping of the software or of the folder of mappings; or the path of a TOML
        file, which ends in ".toml".

    Returns
    -------
    SourceMapping
        The mapping.

    Raises
    ------
    SourceError
        When the name is unknown, or the file has mistakes (one detail for each).
    FileError
        When the file or the folder of mappings cannot be read.

    Examples
    --------
    >>> mapping_named("connect").name
    'connect'
    """
    if name in SOURCES:
        return SOURCES[name]()
    return read_mapping(_own_path(name))


def mapping_text(name: str) -> str:
    """
    The TOML text of a mapping.

    Parameters
    ----------
    name
        As for `mapping_named`.

    Returns
    -------
    str
        The text of its file; it is not checked.

    Raises
    ------
    SourceError
        When the name is unknown or the file is not UTF-8.
    FileError
        When the file or the folder of mappings cannot be read.
    """
    if name in SOURCES:
        return (files("nilreturn.sources.mapping") / "mappings" / f"{name}.toml").read_text(
            encoding="utf-8"
        )
    path = _own_path(name)
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileError(f"{path}: no such mapping file") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise SourceError(f"{path}: not a TOML file in UTF-8; save it as UTF-8") from None


def mapping_path(name: str) -> Path | None:
    """
    The file of the mapping called `name`; None for one that comes with the software. Raises as
    `mapping_named`.
    """
    return None if name in SOURCES else _own_path(name)


@dataclass(frozen=True, slots=True)
class Listed:
    """A mapping's name with its description, or with what is wrong with it."""

    name: str
    description: str


def list_mappings() -> list[Listed]:
    """
    Every mapping that can be named.

    Returns
    -------
    list of Listed
        Name and description: those of the software, then those of the folder of mappings. The
        description of a mapping with mistakes says that it cannot be used and why.

    Raises
    ------
    FileError
        When the folder of mappings cannot be read.
    SourceError
        When a file there has the name of a mapping that comes with the software.
    """
    found = [Listed(name, read().description) for name, read in SOURCES.items()]
    for name, path in mappings_in_folder(SOURCES).items():
        try:
            found.append(Listed(name, read_mapping(path).description))
        except UserError as error:
            found.append(Listed(name, f"cannot be used: {error}"))
    return found


def _own_path(name: str) -> Path:
    if name.endswith(".toml"):
        return Path(name)
    own = mappings_in_folder(SOURCES)
    if name in own:
        return own[name]
    names = [*SOURCES, *own]
    known = did_you_mean(name, names) or f"; there are {', '.join(names)}"
    raise SourceError(f"there is no mapping '{name}'{known}; a mapping file's name ends in .toml")
