"""What a pydantic model says of a file, as mistakes with lines, in words for the writer."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from nilreturn.authored.toml_lines import Place, line_at
from nilreturn.errors import did_you_mean

if TYPE_CHECKING:
    from pydantic import BaseModel

    from nilreturn.authored.mistakes import Mistakes

LONGEST_NAME = 60  # characters of an unknown setting that a message repeats
_QUOTED = re.compile(r"'([^']{1,100})'")


def mistakes_of_model(
    problems: list[Any],
    lines: Mapping[Place, int],
    model: type[BaseModel],
    mistakes: Mistakes,
    *,
    whole: str = "",
) -> None:
    """
    Add what a validation found to `mistakes`, one for each place.

    Parameters
    ----------
    problems
        `ValidationError.errors()`. Several choices at one place are joined by "or".
    lines
        The line of each place of the file.
    model
        The model that the file was validated as; unknown settings are compared with its own.
    mistakes
        The file's mistakes, which grow.
    whole
        What the file is called where it is wrong as a whole, such as "policy".
    """
    found: dict[Place, list[str]] = {}
    for problem in problems:
        unknown = problem["type"] == "extra_forbidden"
        place = tuple(str(step) for step in problem["loc"] if unknown or not _is_of_union(step))
        found.setdefault(place, []).extend(_in_words(problem, place, model))
    for place, words in found.items():
        field = ".".join(" ".join(step.split())[:LONGEST_NAME] for step in place) or whole
        several = dict.fromkeys(words)
        # What is wrong with the file as a whole is several things; with one setting, choices.
        for what in several if not place else [" or ".join(several)]:
            mistakes.add(_line(lines, place, what), what, field=field)


def _line(lines: Mapping[Place, int], place: Place, what: str) -> int:
    """The line of what a mistake names in quotes within the place, or of the place."""
    for name in _QUOTED.findall(what):
        for at, line in lines.items():
            if at and at[: len(place)] == place and at[-1] == name:
                return line
    return line_at(lines, place)


def _is_of_union(step: str | int) -> bool:
    """Whether a step of a place names a choice of pydantic's and not a setting."""
    return isinstance(step, str) and ("[" in step or step.startswith("constrained-"))


def _in_words(problem: Any, place: Place, model: type[BaseModel]) -> tuple[str, ...]:
    if problem["type"] == "extra_forbidden":
        near = did_you_mean(place[-1][:LONGEST_NAME], _settings(model, place[:-1]))
        return (f"there is no such setting{near}",)
    if problem["type"] == "missing":
        return ("is missing; add it",)
    if problem["type"] == "int_parsing_size":
        return ("must be a number of fewer digits",)
    if problem["type"] == "value_error":
        return tuple(str(words) for words in problem["ctx"]["error"].args)
    message = str(problem["msg"]).replace("Input should be", "must be")
    return (f"{message[0].lower()}{message[1:].partition(', unable to parse')[0]}",)


def _settings(model: type[BaseModel], place: Place) -> list[str]:
    """The settings that there are at a place."""
    for step in place:
        known = model.model_fields.get(step)
        within = next(_models(known.annotation), None) if known else None
        model = within or model
    return list(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models(part)
