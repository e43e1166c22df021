"""Reading a mapping's TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nilreturn.errors import FileError, SourceError
from nilreturn.sources.mapping.model import Mapping


def read_mapping(path: Path) -> Mapping:
    """
    The mapping in a TOML file. Raises `FileError` when it cannot be read, `SourceError` with every mistake in it.
    """
    try:
        written = path.read_bytes()
        fields: dict[str, Any] = tomllib.loads(written.decode())
    except FileNotFoundError:
        raise FileError(f"{path}: no such mapping file") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: not a TOML file: {error}") from error
    try:
        mapping = Mapping.model_validate(fields)
    except ValidationError as error:
        details = tuple(_mistake(mistake) for mistake in error.errors())
        raise SourceError(f"{path}: the mapping has mistakes", details=details) from error
    mapping._sha256 = hashlib.sha256(written).hexdigest()
    return mapping


def _mistake(mistake: Any) -> str:
    place = ".".join(str(step) for step in mistake["loc"])
    words = str(mistake["msg"]).removeprefix("Value error, ")
    return f"{place}: {words}" if place else words
