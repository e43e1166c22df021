"""
YAML as nodes with line numbers, and as plain values.

Anchors, tags and deep nesting have no use in what people write here. A file with them is refused
before it is composed, so that a few lines cannot grow to fill the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from nilreturn.authored.mistakes import Mistakes
from nilreturn.authored.text import read_bytes
from nilreturn.authored.toml_lines import Place
from nilreturn.errors import UserError

# A part of a YAML document, which knows its line.
Node = yaml.nodes.Node
DEEPEST = 12
_PLAIN = {"null", "bool", "int", "float"}


def compose_yaml(
    path: Path, what: str, kind: type[UserError], *, shows_field: bool = True, empty: str = ""
) -> tuple[Node | None, Mistakes]:
    """
    The file's one document, and an empty list for the mistakes in it.

    Parameters
    ----------
    path
        The file.
    what
        What it is in words, such as "policy".
    kind
        The error of a file that is not plain YAML, and of `Mistakes.raise_if_any`.
    shows_field
        As `Mistakes` takes it.
    empty
        What to write into an empty file; where it is `""` an empty file gives None.

    Returns
    -------
    tuple of Node and Mistakes
        The document, None for an empty file; and the list, which knows the path of each node.

    Raises
    ------
    FileError
        Where the file cannot be read.
    UserError
        Of `kind`, where it is not YAML, or has anchors, tags or several documents.
    """
    mistakes = Mistakes(path.name, kind, shows_field=shows_field)
    content = read_bytes(path, what)
    node: Node | None = None
    try:
        _refuse_tricks(content, mistakes, what)
        if not mistakes.found:
            node = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        problem = error.problem or error.context
        mistakes.add(line, f"not YAML: {problem}; check indentation and quotes")
    except (yaml.YAMLError, UnicodeDecodeError):
        mistakes.add(0, "not text in UTF-8, or with control characters; save it as UTF-8 text")
    else:
        if node is None and not mistakes.found and empty:
            mistakes.add(0, f"is empty; {empty}")
    mistakes.raise_if_any()
    if node is not None:
        mistakes.paths = dict(_paths(node, ()))
    return node, mistakes


def line_of(node: Node) -> int:
    """
    The line on which a node begins.

    Parameters
    ----------
    node
        A node of a document.

    Returns
    -------
    int
        Counted from 1.
    """
    return int(node.start_mark.line) + 1


def values_of(node: Node, mistakes: Mistakes) -> tuple[Any, dict[Place, int]]:
    """
    What the document says as plain Python, and the line of each place in it.

    A number, a truth value and nothing are read as YAML does. A day stays text: see `day`.

    Parameters
    ----------
    node
        The document, as `compose_yaml` gives it.
    mistakes
        The file's mistakes. A key that is no word, or is written twice, is added to them.

    Returns
    -------
    tuple of values and lines
        Mappings, lists and scalars, and by place the line, counted from 1.
    """
    lines: dict[Place, int] = {}
    return _value(node, (), lines, mistakes), lines


def _refuse_tricks(content: bytes, mistakes: Mistakes, what: str) -> None:
    depth = documents = 0
    for event in yaml.parse(content, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            mistakes.add(line, f"a second document begins here ('---'); keep one {what} in a file")
            return
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            mistakes.add(
                line,
                "anchors and aliases ('&', '*') are not allowed; write it out, or quote the text",
            )
            return
        if tag := getattr(event, "tag", None):
            mistakes.add(line, f"tags ('{tag}') are not allowed; remove it, or quote the text")
            return
        begins = isinstance(event, yaml.CollectionStartEvent)
        depth += begins - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            mistakes.add(line, f"nested over {DEEPEST} deep; no {what} is nested so deep")
            return


def _paths(node: Node, place: Place) -> Iterator[tuple[int, str]]:
    yield id(node), ".".join(place)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                within = (*place, str(key.value))
                yield id(key), ".".join(within)
                yield from _paths(value, within)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _paths(item, (*place, str(number)))


def _value(node: Node, place: Place, lines: dict[Place, int], mistakes: Mistakes) -> Any:
    lines.setdefault(place, line_of(node))
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, place, lines, mistakes))
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, (*place, str(number)), lines, mistakes)
            for number, item in enumerate(node.value)
        ]
    return _scalar(node)


def _pairs(
    node: yaml.MappingNode, place: Place, lines: dict[Place, int], mistakes: Mistakes
) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            mistakes.add(key, "a list or a mapping is no setting; write its name")
            continue
        name = str(key.value)
        if name in seen:
            mistakes.add(key, "is written twice; keep one")
            continue
        seen.add(name)
        lines[(*place, name)] = line_of(key)
        yield name, _value(value, (*place, name), lines, mistakes)


def _scalar(node: Node) -> Any:
    kind = node.tag.rpartition(":")[2]
    if kind not in _PLAIN:
        return node.value
    construct = getattr(SafeConstructor(), f"construct_yaml_{kind}")
    try:
        return construct(node)
    # A number of thousands of digits, or of strange ones.
    except (ValueError, OverflowError, ConstructorError):
        return node.value
