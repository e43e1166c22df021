"""The fenced blocks of a Markdown page, and what each kind of them is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RUN = ("console", "python")  # run in the order of the page, in one folder
# On the line before a block that is saved under that name.
FILE = re.compile(r"^<!-- file: (?P<name>[\w.-]+) -->$")
# Not run; "sh" is for setting up, see test_docs.py.
SHOWN = ("text", "yaml", "toml", "json", "csv", "sh", "mermaid")


@dataclass(frozen=True, slots=True)
class Fence:
    language: str
    body: str
    line: int
    saved_as: str = ""


def fences(page: Path) -> Iterator[Fence]:
    lines = page.read_text(encoding="utf-8").splitlines()
    start: int | None = None
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if start is None:
            start = number
            continue
        before = next((text for text in reversed(lines[:start]) if text), "")
        named = FILE.match(before)
        body = "\n".join(lines[start + 1 : number]) + "\n"
        yield Fence(lines[start][3:].strip(), body, start + 2, named["name"] if named else "")
        start = None
    if start is not None:
        raise AssertionError(f"{page.name}, line {start + 1}: a fence is not closed")


@dataclass(frozen=True, slots=True)
class Command:
    """
    A line that begins with "$ " in a console block, its continuation lines, and what it is said to
    print.
    """

    line: int
    text: str
    prints: str


def commands(fence: Fence) -> Iterator[Command]:
    lines = fence.body.splitlines()
    at = 0
    while at < len(lines):
        assert lines[at].startswith("$ "), (
            f"line {fence.line + at}: a console block has '$ ' before each command"
        )
        first = at
        text = lines[at][2:]
        while text.endswith("\\"):
            at += 1
            text = f"{text}\n{lines[at]}"
        at += 1
        output = at
        while at < len(lines) and not lines[at].startswith("$ "):
            at += 1
        yield Command(fence.line + first, text, "".join(f"{line}\n" for line in lines[output:at]))
