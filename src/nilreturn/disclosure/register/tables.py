"""
The published tables of a file, read so that nothing of the file is passed over or taken for
something else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nilreturn.disclosure.model import PublishedTable, published_from_json, published_to_json
from nilreturn.errors import TableError

PUBLISHED = "published.json"
_MOST_DIGITS = 18


def published_bytes(tables: Sequence[PublishedTable]) -> bytes:
    """Published tables as the file that an entry keeps them in."""
    return indented_json({"published": [published_to_json(table) for table in tables]})


def indented_json(content: object) -> bytes:
    """A JSON file that people read too."""
    return f"{json.dumps(content, indent=1, ensure_ascii=False)}\n".encode()


def published_in(content: bytes, *, release: str | None = None) -> tuple[PublishedTable, ...]:
    """
    The tables in a file that a release left for the register: one, a list, or a mapping with a list
    under "published". `release` is what messages call their release, where it is not what the file
    says.

    Raises `ValueError`, which says what is wrong, where anything of the file is not as nilreturn
    writes it.
    """
    found = read_json(content)
    if isinstance(found, dict) and set(found) == {"published"}:
        found = found["published"]
    listed = found if isinstance(found, list) else [found]
    return tuple(_table(item, release) for item in listed)


def read_json(content: bytes) -> Any:
    """
    The content of a JSON file. Raises `ValueError`, which says what is wrong, also where two
    readers could take it for different things: a key twice, numbers beyond any count, a byte order
    mark, half a character.
    """
    try:
        found = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_constant=_not_a_number,
        )
        json.dumps(found, ensure_ascii=False).encode()
    except (json.JSONDecodeError, UnicodeError, RecursionError) as error:
        why = (
            "it begins with a byte order mark"
            if content.startswith(b"\xef\xbb\xbf")
            else type(error).__name__
        )
        raise ValueError(f"is not JSON as nilreturn writes it ({why})") from None
    return found


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("names a key twice, and one of its two values would be lost")
    return dict(pairs)


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("has a number larger than any count")
    return int(text)


def _not_a_number(text: str) -> None:
    raise ValueError(f"has {text} where a number belongs")


def _table(item: object, release: str | None) -> PublishedTable:
    if not isinstance(item, dict) or not isinstance(item.get("release", ""), str):
        raise ValueError("holds something other than published tables")
    try:
        table = published_from_json(
            {**item, "release": item.get("release", "") if release is None else release}
        )
    except TableError as error:
        raise ValueError(f"holds something other than published tables: {error}") from None
    lost = _lost(item, published_to_json(table, release=item.get("release")))
    if lost:
        raise ValueError(f"has a table with {lost} that this version does not read")
    return table


def _lost(item: Any, again: Any, name: str = "something") -> str:
    """
    What of a table would be lost in reading it: the name of the place; nothing where all is kept.
    """
    if isinstance(item, Mapping) and isinstance(again, Mapping):
        for key, value in item.items():
            if lost := _lost(value, again.get(key), repr(key)):
                return lost
        return ""
    if isinstance(item, list) and isinstance(again, list) and len(item) == len(again):
        return next(
            filter(None, (_lost(one, other, name) for one, other in zip(item, again, strict=True))),
            "",
        )
    return "" if type(item) is type(again) and item == again else name
