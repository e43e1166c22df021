"""
Records to and from JSON, the content of a version row. Reading is strict: what is not understood is
refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from nilreturn.errors import RecordError
from nilreturn.files import canonical_json
from nilreturn.recording.model import Record
from nilreturn.wording import counted

if TYPE_CHECKING:
    from pydantic import TypeAdapter

R = TypeVar("R", bound=Record)
_ADAPTERS: dict[type[Record], TypeAdapter[Any]] = {}
_TYPES = {
    "extra_forbidden": "is not a field of this record",
    "unexpected_keyword_argument": "is not a field of this record",
    "missing": "is missing",
    "missing_keyword_only_argument": "is missing",
}


def as_json(record: Record) -> dict[str, Any]:
    """
    Turn a record into JSON values. `from_json` gives an equal record back.

    Parameters
    ----------
    record
        A `Crime`, an `Incident`, a `Stop` or a part of one.

    Returns
    -------
    dict of str to Any
        By field, its value: text, whole numbers, None, lists and mappings, with moments in UTC.

    Raises
    ------
    RecordError
        When a field has a value of another type than the record's, or text that JSON or a database
        cannot keep (NUL, half of a surrogate pair).
    """
    from pydantic_core import PydanticSerializationError

    kind = type(record)
    try:
        value: dict[str, Any] = _adapter(kind).dump_python(record, mode="json", warnings="error")
    except (PydanticSerializationError, UnicodeError, ValueError) as error:
        raise RecordError(
            f"{_name(kind)}: a field holds what cannot be written; see its types and its text"
        ) from error
    if from_json(kind, value) != record:
        raise RecordError(f"{_name(kind)}: a field holds another type than the record has")
    return value


def from_json(kind: type[R], content: str | Mapping[str, Any]) -> R:
    """
    Read a record from JSON.

    Parameters
    ----------
    kind
        The class of the record: `Crime`, `Incident`, `Stop` or a part of one.
    content
        JSON as text, or the values read from it.

    Returns
    -------
    Record
        The record, of the class `kind`.

    Raises
    ------
    RecordError
        When a field is unknown, missing or given twice, or has a wrong type or text that cannot be
        kept. The message names places, never values.
    """
    from pydantic import ValidationError

    text = content if isinstance(content, str) else _written(kind, content)
    try:
        record: R = _adapter(kind).validate_json(text)
    except ValidationError as error:
        places = error.errors(include_url=False, include_context=False, include_input=False)
        mistakes = [f"{_place(kind, found['loc'])} {_what(found)}" for found in places]
        raise _refused(kind, mistakes) from error
    except UnicodeError as error:
        raise _refused(kind, [f"{_name(kind)} holds half of a surrogate pair"]) from error
    given = json.loads(text, object_pairs_hook=_once)
    meant = _adapter(kind).dump_python(record, mode="json")
    mistakes = [f"{_name(kind)}{place} {what}" for place, what in _unkept(given, meant, "")]
    if mistakes:
        raise _refused(kind, mistakes)
    return record


def _adapter(kind: type[R]) -> TypeAdapter[R]:
    """What reads and writes a kind of record; made once, as that takes milliseconds."""
    from pydantic import TypeAdapter

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _written(kind: type[Record], content: Mapping[str, Any]) -> str:
    try:
        return canonical_json(content).decode()
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordError(f"{_name(kind)}: holds a value that is not JSON") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RecordError("a field is given twice; give each once")
    return found


def _unkept(given: Any, meant: Any, place: str) -> Iterator[tuple[str, str]]:
    """
    Texts that a database does not keep, and days and moments that were read out of something else
    than ISO 8601.
    """
    if isinstance(given, dict):
        for key, inner in given.items():
            yield from _unkept(inner, meant[key], f"{place}.{key}")
    elif isinstance(given, list):
        for number, (inner, other) in enumerate(zip(given, meant, strict=True)):
            yield from _unkept(inner, other, f"{place}[{number}]")
    elif isinstance(given, str):
        if "\0" in given:
            yield place, "holds a NUL"
        elif given != meant and not _is_same_moment(given, meant):
            yield place, "is wrong: write a moment like 2026-03-29T01:30:00Z, a day like 2026-03-29"


def _is_same_moment(given: str, meant: str) -> bool:
    try:
        return datetime.fromisoformat(given) == datetime.fromisoformat(meant)
    except (ValueError, TypeError):
        return False


def _name(kind: type[Record]) -> str:
    return kind.__name__.lower()


def _place(kind: type[Record], path: tuple[int | str, ...]) -> str:
    return _name(kind) + "".join(
        f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" for part in path
    )


def _shown(key: str) -> str:
    """A key as a message may show it: one that is no field may be anything."""
    return (
        key
        if key.isidentifier() and key.isascii() and len(key) <= 40
        else "(a name that cannot be shown)"
    )


def _what(found: Any) -> str:
    known = _TYPES.get(found["type"])
    words = found["msg"].removeprefix("Value error, ")
    return known or f"is wrong: {words[:1].lower()}{words[1:]}"


def _refused(kind: type[Record], mistakes: list[str]) -> RecordError:
    if len(mistakes) == 1:
        return RecordError(mistakes[0])
    number = counted(len(mistakes), "mistake")
    return RecordError(
        f"{_name(kind)}: {number}; put right each named below", details=tuple(mistakes)
    )
