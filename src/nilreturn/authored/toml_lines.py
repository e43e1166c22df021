"""Which line of a TOML file each key stands on: the standard library's reader does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

# Where something stands in a file: the names down to it, the numbers of items of lists among them.
Place = tuple[str, ...]
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<text>\"\"\"(?:\\.|[^\\])*?\"\"\"\"{0,2}|'''.*?''''{0,2}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<newline>\n)|(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\[\]{}=,.\#"']+)|(?P<space>\s)""",
    re.DOTALL | re.VERBOSE,
)


def lines_of(text: str) -> dict[Place, int]:
    """
    The line of each table, key and item of a list in a text that is TOML.

    Parameters
    ----------
    text
        The text.

    Returns
    -------
    dict
        By place, the line, counted from 1.

    Examples
    --------
    >>> text = '[columns."crime.area"]\\nheaders = ["LPA"]\\n'
    >>> lines_of(text)[("columns", "crime.area", "headers")]
    2
    """
    scan = _Scan()
    line = 1
    for token in _TOKEN.finditer(text):
        if token.lastgroup in ("text", "newline", "mark", "bare"):
            scan.take(str(token.lastgroup), token[0], line)
        line += token[0].count("\n")
    return scan.lines


def line_at(lines: Mapping[Place, int], place: Place) -> int:
    """
    The line of a place, or of the nearest one that holds it.

    Parameters
    ----------
    lines
        The line of each place that is known.
    place
        The names of the settings down to the place.

    Returns
    -------
    int
        Counted from 1; 0 where none is known.
    """
    return next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), 0)


@dataclass
class _Scan:
    """
    Where the scan is: `table` is the table's place, `open_` the lists and inline tables that are
    not closed yet.
    """

    lines: dict[Place, int] = field(default_factory=dict)
    table: Place = ()
    # "[" or "{", its place, the item it is at.
    open_: list[tuple[str, Place, int]] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    state: str = "key"  # "header", "key" or "value"
    at: Place = ()  # what the value that is being read is of
    brackets: int = 0
    is_list: bool = False  # the header is that of a list of tables
    items: dict[Place, int] = field(default_factory=dict)  # how many tables a list of tables has

    def take(self, kind: str, token: str, line: int) -> None:
        if self.state == "header":
            self._header(kind, token, line)
        elif self.state == "key":
            self._key(kind, token, line)
        else:
            self._value(kind, token, line)

    def _header(self, kind: str, token: str, line: int) -> None:
        if kind in ("text", "bare"):
            self.key.append(_plain(token))
        elif token == "[":
            self.brackets += 1
            self.is_list = True
        elif token == "]":
            self.brackets -= 1
            if not self.brackets:
                self.state = "key"
                self._enter(line)

    def _enter(self, line: int) -> None:
        names, self.key = self.key, []
        place: Place = ()
        for number, name in enumerate(names, 1):
            place = (*place, name)
            self.lines.setdefault(place, line)
            if number == len(names) and self.is_list:
                self.items[place] = self.items.get(place, -1) + 1
            if place in self.items:  # a table within a list of tables is that of the latest
                place = (*place, str(self.items[place]))
                self.lines.setdefault(place, line)
        self.table = place

    def _key(self, kind: str, token: str, line: int) -> None:
        if kind in ("text", "bare"):
            self.key.append(_plain(token))
        elif token == "=":
            base = self.open_[-1][1] if self.open_ else self.table
            place = (*base, *self.key)
            for depth in range(len(base) + 1, len(place) + 1):
                self.lines.setdefault(place[:depth], line)
            self.key = []
            self.state = "value"
            self.at = place
        elif token == "[" and not self.open_:
            self.state, self.brackets, self.key = "header", 1, []
            self.is_list = False
        elif token == "}":
            self._close()

    def _value(self, kind: str, token: str, line: int) -> None:
        top = self.open_[-1] if self.open_ else None
        if top and top[0] == "[" and token not in ("]", ",") and kind != "newline":
            self.at = (*top[1], str(top[2]))
            self.lines.setdefault(self.at, line)
        if token == "[" and kind == "mark":
            self.open_.append(("[", self.at, 0))
        elif token == "{" and kind == "mark":
            self.open_.append(("{", self.at, 0))
            self.state = "key"
        elif token in ("]", "}") and kind == "mark":
            self._close()
        elif token == "," and kind == "mark" and top:
            if top[0] == "[":
                self.open_[-1] = ("[", top[1], top[2] + 1)
            else:
                self.state = "key"
        elif kind == "newline" and not self.open_:
            self.state = "key"

    def _close(self) -> None:
        self.open_.pop()
        self.key = []
        self.state = "value"


def _plain(token: str) -> str:
    if token[:1] in "\"'":
        return str(tomllib.loads(f"key = {token}")["key"])
    return token
