"""TOML as a draft writes it: texts escaped, comments on one line."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator

_WIDTH = 120


def text(value: str) -> str:
    r"""
    A TOML string, without characters that cannot be printed.

    >>> text('the "old" code')
    '"the \\"old\\" code"'
    """
    return json.dumps(one_line(value), ensure_ascii=False)


def one_line(value: str) -> str:
    """The text on one line, without characters that cannot be printed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())


def texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(text, values)) + "]"


def comment(words: str) -> Iterator[str]:
    """The words as a comment, on as many lines as they need."""
    for line in textwrap.wrap(one_line(words), _WIDTH - 2):
        yield f"# {line}"
