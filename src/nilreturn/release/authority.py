"""The public authority that answers, read from a short file that a force writes once."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nilreturn.authored import Mistakes, line_at, parse_toml, read_text
from nilreturn.errors import ReleaseError, did_you_mean
from nilreturn.release.plain import printable

_LISTS = ("address", "signature")
_ADDRESS = re.compile(r"[^\s@:,;<>\"']+@[^\s@:,;<>\"']+")


@dataclass(frozen=True, slots=True)
class Authority:
    """
    The public authority that answers.

    Attributes
    ----------
    name
        The authority's name.
    department
        The department that signs the letter.
    address
        The postal address, line by line.
    email
        The mail address to write to.
    review_email
        Where to ask for an internal review; empty: `email`.
    phone
        A telephone number; empty: none is given.
    signature
        Who signs the letter, line by line: a name, a post.

    Raises
    ------
    ReleaseError
        When `name` or `department` is empty or a mail address is not one, with one detail for each
        mistake.
    """

    name: str = field(metadata={"description": "The authority that answers"})
    department: str = field(metadata={"description": "The department that signs the letter"})
    address: tuple[str, ...] = field(metadata={"description": "Its postal address, line by line"})
    email: str = field(metadata={"description": "Where to write to"})
    review_email: str = field(
        default="",
        metadata={"description": "Where to ask for an internal review, where it is not `email`"},
    )
    phone: str = field(default="", metadata={"description": "A telephone number"})
    signature: tuple[str, ...] = field(
        default=(),
        metadata={"description": "Who signs the letter, line by line: a name, a post"},
    )

    def __post_init__(self) -> None:
        for name in ("name", "department", "email", "review_email", "phone"):
            object.__setattr__(self, name, printable(getattr(self, name)))
        for name in _LISTS:
            object.__setattr__(self, name, tuple(map(printable, getattr(self, name))))
        mistakes = [
            f"{name}: is empty" for name in ("name", "department") if not getattr(self, name)
        ]
        mistakes += [
            f"{name}: {address!r} is not a mail address"
            for name, address in (
                ("email", self.email),
                ("review_email", self.review_email or self.email),
            )
            if not _ADDRESS.fullmatch(address)
        ]
        if mistakes:
            raise ReleaseError(
                "the authority that answers is not described as it must be:",
                details=tuple(mistakes),
            )


def load_authority(path: Path) -> Authority:
    """
    Read an authority from a TOML file.

    Parameters
    ----------
    path
        A file with `name`, `department`, `address` (a list of lines) and `email`; and any of
        `review_email`, `phone` and `signature` (a list of lines).

    Returns
    -------
    Authority
        The authority that the file describes.

    Raises
    ------
    ReleaseError
        When the file cannot be read, with one detail for each mistake in it.
    """
    what = "authority file"
    entries, lines = parse_toml(path, read_text(path, what), what, ReleaseError)
    mistakes = Mistakes(path.name, ReleaseError)
    for name, wrong in _mistakes(entries):
        mistakes.add(line_at(lines, (name,)), wrong, field=name)
    mistakes.raise_if_any()
    lists = {name: tuple(entries[name]) for name in _LISTS if name in entries}
    return Authority(**{**entries, **lists})


def json_schema() -> dict[str, Any]:
    """The JSON Schema of an authority file."""
    text = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The authority that answers",
        "type": "object",
        "properties": {
            known.name: {
                **({"type": "array", "items": text} if known.name in _LISTS else text),
                "description": known.metadata["description"],
            }
            for known in dataclasses.fields(Authority)
        },
        "required": [
            known.name
            for known in dataclasses.fields(Authority)
            if known.default is dataclasses.MISSING
        ],
        "additionalProperties": False,
    }


def _mistakes(entries: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The name of each entry that is wrong, and what is wrong with it."""
    fields = [known.name for known in dataclasses.fields(Authority)]
    for name in entries:
        if name not in fields:
            yield name, f"there is no such setting{did_you_mean(name, fields)}"
    for known in dataclasses.fields(Authority):
        if known.default is dataclasses.MISSING and known.name not in entries:
            yield known.name, "is missing; add it"
    for name, value in entries.items():
        if name in fields and not _is_right(name, value):
            yield name, f"must be {'a list of lines' if name in _LISTS else 'text'}"


def _is_right(name: str, value: object) -> bool:
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(line, str) for line in value)
    return isinstance(value, str)
