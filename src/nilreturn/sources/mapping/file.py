"""Reads a mapping's TOML file and lists every mistake in it with its line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from nilreturn.errors import FileError, SourceError, did_you_mean
from nilreturn.files import read_authored
from nilreturn.sources.mapping.lines import Place, line_at, lines_of
from nilreturn.sources.mapping.model import SourceMapping

LONGEST_NAME = 60  # characters of an unknown key that a message repeats
_QUOTED = re.compile(r"'([^']{1,100})'")


def read_mapping(path: Path) -> SourceMapping:
    """
    Read a mapping from its TOML file.

    Parameters
    ----------
    path
        A TOML file in UTF-8; docs/reference/mappings.md has its settings.

    Returns
    -------
    SourceMapping
        The mapping.

    Raises
    ------
    FileError
        When the file cannot be read.
    SourceError
        When it is not a mapping, with one detail for each mistake.
    """
    written = _bytes(path)
    fields, text = _toml(path, written)
    try:
        mapping = SourceMapping.model_validate(fields)
    except RecursionError:
        raise SourceError(f"{path}: is nested deeper than any mapping; correct the file") from None
    except ValidationError as error:
        found = _told_in(path, lines_of(text), [*error.errors(), *_further(fields, error)])
        raise SourceError(f"{path}: the mapping has mistakes", details=found) from error
    mapping._sha256 = hashlib.sha256(written).hexdigest()
    return mapping


def mapping_lines(path: Path) -> dict[Place, int]:
    """The line of each place in a mapping's file that `read_mapping` has accepted."""
    return lines_of(_bytes(path).decode("utf-8-sig"))


def _bytes(path: Path) -> bytes:
    try:
        return read_authored(path, "mapping")
    except FileNotFoundError:
        raise FileError(f"{path}: no such mapping file") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror})") from error


def _toml(path: Path, written: bytes) -> tuple[dict[str, Any], str]:
    try:
        text = written.decode("utf-8-sig")  # as Notepad saves it
        return tomllib.loads(text), text
    except RecursionError:
        raise SourceError(f"{path}: is nested deeper than any mapping; correct the file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: not a TOML file: {error}") from error
    except ValueError:  # a number of thousands of digits
        raise SourceError(
            f"{path}: has a number of thousands of digits; correct the file"
        ) from None


def _further(fields: dict[str, Any], error: ValidationError) -> Iterator[Any]:
    """
    Further mistakes beside settings that do not exist: these keep the mapping from being checked as
    a whole.
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


def _told_in(path: Path, lines: dict[Place, int], problems: Iterable[Any]) -> tuple[str, ...]:
    """Each mistake with its line, in the order of the file."""
    found = []
    for problem in problems:
        place = tuple(str(step) for step in problem["loc"])
        name = ".".join(" ".join(step.split())[:LONGEST_NAME] for step in place)
        for words in _told(problem, place):
            named = _line_of_named(lines, place, words)
            line = named or line_at(lines, place)
            where = f"{path.name}, line {line}" if line else path.name
            found.append((line, f"{where}: {name}: {words}" if name else f"{where}: {words}"))
    return tuple(told for _, told in sorted(dict.fromkeys(found)))


def _told(problem: Any, place: Place) -> tuple[str, ...]:
    """What is wrong at a place; a mapping as a whole may have several mistakes."""
    if problem["type"] == "extra_forbidden":
        return (
            (
                f"there is no such "
                f"setting{did_you_mean(place[-1][:LONGEST_NAME], _settings(place[:-1]))}"
            ),
        )
    if problem["type"] == "missing":
        return ("is missing; add it",)
    if problem["type"] == "value_error":
        return tuple(str(words) for words in problem["ctx"]["error"].args)
    return (str(problem["msg"]).replace("Input should be", "must be"),)


def _settings(place: Place) -> list[str]:
    """The settings that exist at a place."""
    model: type[BaseModel] = SourceMapping
    for step in place:
        known = model.model_fields.get(step)
        model = next(_models(known.annotation), model) if known else model
    return list(model.model_fields)


def _models(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models(part)


def _line_of_named(lines: dict[Place, int], within: Place, words: str) -> int:
    """
    The line of what a mistake names in quotes within a part of the mapping, the narrowest part
    first.
    """
    for name in _QUOTED.findall(words):
        for place, line in lines.items():
            if place[: len(within)] == within and place[-1] == name:
                return line
    return 0
