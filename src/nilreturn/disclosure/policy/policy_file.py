"""
What stands in a policy file, with the line of each setting, and what is wrong with it in words.

YAML's tricks (anchors, aliases, tags, deep nesting) have no use in a policy: a file with them is
refused unread, so that a few lines cannot grow to fill the machine.
"""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from yaml.constructor import ConstructorError, SafeConstructor

from nilreturn.errors import FileError, PolicyError, did_you_mean
from nilreturn.files import read_authored

DEEPEST = 12
LONGEST_NAME = 60  # characters of an unknown setting that a message repeats
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLAIN = {"null", "bool", "int", "float"}

Place = tuple[str, ...]
Mistakes = list[tuple[int, str]]  # line (0 where it is not known) and what is wrong there


@dataclass
class Content:
    """What stands in a file: `values` as plain Python, and the line of each place in it."""

    file: str
    values: dict[str, Any]
    lines: dict[Place, int] = field(default_factory=dict)

    def mistake(self, place: Place, what: str) -> tuple[int, str]:
        """A mistake at a place, with the nearest line that is known."""
        line = next(
            (self.lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self.lines), 0
        )
        where = f"{self.file}, line {line}" if line else self.file
        name = ".".join(" ".join(step.split())[:LONGEST_NAME] for step in place) or "policy"
        return line, f"{where}: {name}: {what}"


def read(path: Path) -> tuple[Content, Mistakes]:
    """
    What stands in the file, and the mistakes that can be told without knowing what a policy is.

    Raises `FileError` when it cannot be read, `PolicyError` when it is not YAML or TOML of a
    policy's shape.
    """
    text = _text(path)
    content, mistakes = Content(path.name, {}), Mistakes()
    values = _toml(path, text) if path.suffix == ".toml" else _yaml(path, text, content, mistakes)
    if not isinstance(values, dict):
        raise PolicyError(
            f"{path}: is empty or is no mapping; begin with 'name:', 'version:' and 'threshold:'"
        )
    content.values = values
    return content, mistakes


def _text(path: Path) -> str:
    try:
        content = read_authored(path, "policy")
    except FileNotFoundError:
        raise FileError(
            f"{path}: there is no such policy file; name an existing .yaml or .toml file"
        ) from None
    except OSError as error:
        raise FileError(
            f"{path}: cannot be read ({type(error).__name__}); name a policy file"
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{path}: cannot be read as UTF-8 text; save it as UTF-8") from None


def _toml(path: Path, text: str) -> Any:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise PolicyError(f"{path}: is nested deeper than any policy; correct the file") from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(
            f"{path}: cannot be understood: {_first_line(error)}; correct the file"
        ) from None
    except ValueError:
        raise PolicyError(
            f"{path}: has a number of thousands of digits; correct the file"
        ) from None


def _yaml(path: Path, text: str, content: Content, mistakes: Mistakes) -> Any:
    try:
        _refuse_tricks(path, text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise PolicyError(
            f"{path}: cannot be understood{where}: {_problem(error)}; correct the file"
        ) from None
    except yaml.YAMLError as error:
        raise PolicyError(
            f"{path}: cannot be understood: {_first_line(error)}; correct the file"
        ) from None
    return _value(node, (), content, mistakes) if node is not None else None


def _refuse_tricks(path: Path, text: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        where = f"{path}, line {event.start_mark.line + 1}" if event.start_mark else str(path)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise PolicyError(
                f"{where}: a second document begins here ('---'); keep one policy in a file"
            )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PolicyError(
                f"{where}: anchors and aliases ('&', '*') are not allowed; write it out, or quote "
                f"it"
            )
        if getattr(event, "tag", None):
            raise PolicyError(f"{where}: tags ('!') are not allowed; remove it, or quote the text")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if depth > DEEPEST:
            raise PolicyError(
                f"{where}: nested over {DEEPEST} deep, deeper than any policy; correct the file"
            )


def _value(node: yaml.Node, place: Place, content: Content, mistakes: Mistakes) -> Any:
    content.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, place, content, mistakes))
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, (*place, str(n)), content, mistakes) for n, item in enumerate(node.value)
        ]
    return _scalar(node)


def _pairs(
    node: yaml.MappingNode, place: Place, content: Content, mistakes: Mistakes
) -> Iterator[tuple[str, Any]]:
    """
    Each key with its value; a key that is no word, or is written twice, is a mistake: one of two
    would be lost.
    """
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            mistakes.append(
                (
                    line,
                    (
                        f"{content.file}, line {line}: a list or a mapping is no setting; write "
                        f"its name"
                    ),
                )
            )
            continue
        name = str(key.value)
        if name in seen:
            at = Content(content.file, {}, {(*place, name): line})
            mistakes.append(at.mistake((*place, name), "is written twice; keep one"))
            continue
        seen.add(name)
        content.lines[(*place, name)] = line
        yield name, _value(value, (*place, name), content, mistakes)


def _scalar(node: yaml.Node) -> Any:
    """
    A number, a truth value, nothing, or the text as it stands: days too, which are read where one
    is expected.
    """
    kind = node.tag.rpartition(":")[2]
    if kind not in _PLAIN:
        return node.value
    construct = getattr(SafeConstructor(), f"construct_yaml_{kind}")
    try:
        return construct(node)
    # A number of thousands of digits, or of strange ones.
    except (ValueError, OverflowError, ConstructorError):
        return node.value


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


def mistakes_of(error: ValidationError, content: Content, model: type[BaseModel]) -> Mistakes:
    """
    Every mistake of a validation, one for each place: what may stand there instead is joined by
    "or".
    """
    found: dict[Place, list[str]] = {}
    for problem in error.errors(include_url=False, include_input=False):
        unknown = problem["type"] == "extra_forbidden"
        place = tuple(str(step) for step in problem["loc"] if unknown or not _is_of_union(step))
        found.setdefault(place, []).append(_told(problem, place, model))
    return [
        content.mistake(place, " or ".join(dict.fromkeys(told))) for place, told in found.items()
    ]


def _is_of_union(step: str | int) -> bool:
    """Whether a step of a place names a choice of pydantic's and not a setting."""
    return isinstance(step, str) and ("[" in step or step.startswith("constrained-"))


def _told(problem: Any, place: Place, model: type[BaseModel]) -> str:
    if problem["type"] == "extra_forbidden":
        return "there is no such setting" + did_you_mean(
            place[-1][:LONGEST_NAME], _settings(model, place[:-1])
        )
    if problem["type"] == "missing":
        return "is missing; every policy states it" if len(place) == 1 else "is missing; add it"
    if problem["type"] == "int_parsing_size":
        return "must be a number of fewer digits"
    message = (
        str(problem["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
    )
    return f"{message[0].lower()}{message[1:].partition(', unable to parse')[0]}"


def _settings(model: type[BaseModel], place: Place) -> list[str]:
    """The settings that there are at a place."""
    for step in place:
        known = model.model_fields.get(step)
        within = next(_models(known.annotation), None) if known else None
        model = within or model
    return list(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models(part)


def _problem(error: yaml.MarkedYAMLError) -> str:
    return str(error.problem or error.context or "not YAML")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
