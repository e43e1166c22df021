"""Reading a mapping's TOML file: every mistake in it is reported with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nilreturn.authored import (
    Mistakes,
    Place,
    decode,
    lines_of,
    mistakes_of_model,
    parse_toml,
    read_bytes,
    read_text,
)
from nilreturn.errors import SourceError
from nilreturn.sources.mapping.model import SourceMapping


def read_mapping(path: Path) -> SourceMapping:
    """
    Read a mapping from a TOML file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    SourceMapping
        The mapping that the file gives.

    Raises
    ------
    FileError
        When the file cannot be read.
    SourceError
        When the file has mistakes; all are told at once.
    """
    content = read_bytes(path, "mapping")
    fields, lines = parse_toml(path, decode(path, content), "mapping", SourceError)
    mistakes = Mistakes(path.name, SourceError)
    mapping = None
    try:
        mapping = SourceMapping.model_validate(fields)
    except RecursionError:
        raise SourceError(f"{path}: is nested deeper than any mapping; correct the file") from None
    except ValidationError as error:
        problems = [*error.errors(), *_further(fields, error)]
        mistakes_of_model(problems, lines, SourceMapping, mistakes)
    mistakes.raise_if_any()
    assert mapping is not None  # noqa: S101  # there is a mapping or a mistake
    mapping._sha256 = hashlib.sha256(content).hexdigest()
    return mapping


def mapping_lines(path: Path) -> dict[Place, int]:
    """The line of each place of a mapping's file that `read_mapping` has read."""
    return lines_of(read_text(path, "mapping"))


def _further(fields: dict[str, Any], error: ValidationError) -> Iterator[Any]:
    """
    What is wrong besides settings that there are not: these keep the mapping from being looked at
    as a whole.
    """
    unknown = [problem["loc"] for problem in error.errors() if problem["type"] == "extra_forbidden"]
    if not unknown:
        return
    for place in unknown:
        within: Any = fields
        for step in place[:-1]:
            within = within[step]
        within.pop(place[-1], None)
    try:
        SourceMapping.model_validate(fields)
    except ValidationError as others:
        yield from others.errors()
