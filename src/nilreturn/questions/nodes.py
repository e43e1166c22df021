"""
YAML as nodes with line numbers, and the list of mistakes found in them.

Every scalar is read as its text. YAML would make a number of "4.10", a truth value of "yes" and a
date of "2020-07-01". Aliases, tags and deep nesting are of no use in a question file and are
refused unread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from nilreturn.errors import FileError, QuestionError, did_you_mean
from nilreturn.files import read_authored
from nilreturn.wording import counted

Node = yaml.nodes.Node
DEEPEST = 12


@dataclass
class Mistakes:
    """The mistakes in a file, collected so that all can be reported together."""

    file: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, where: Node | int, what: str) -> None:
        """
        Add a mistake. `where` is the node, or a line counted from 1; `what` states what is wrong
        and what to do next.
        """
        self.found.append((where if isinstance(where, int) else line_of(where), what))

    def raise_if_any(self) -> None:
        if not self.found:
            return
        lines = [
            f"{self.file} line {line}: {what}" if line else f"{self.file}: {what}"
            for line, what in self.in_order
        ]
        count = counted(len(lines), "mistake")
        raise QuestionError(
            f"{self.file}: {count}; put right what is listed and try again", details=tuple(lines)
        )

    @property
    def in_order(self) -> list[tuple[int, str]]:
        return list(dict.fromkeys(sorted(self.found)))


def line_of(node: Node) -> int:
    return int(node.start_mark.line) + 1


def compose(path: Path) -> tuple[Node, Mistakes]:
    """
    The file's one document, and an empty list of mistakes for it.

    Raises `FileError` when the file cannot be read, `QuestionError` when it is not plain YAML.
    """
    mistakes = Mistakes(path.name)
    content = _content(path)
    node: Node | None = None
    try:
        _refuse_tricks(content, mistakes)
        if not mistakes.found:
            node = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        mistakes.add(
            line, f"not YAML: {error.problem or error.context}; check indentation and quotes"
        )
    except yaml.reader.ReaderError:
        mistakes.add(
            0, "not text in UTF-8, or with control characters; save it as plain UTF-8 text"
        )
    else:
        if node is None and not mistakes.found:
            mistakes.add(0, "is empty; write the request's reference and its questions")
    mistakes.raise_if_any()
    assert node is not None  # noqa: S101  # there is a node or a mistake
    return node, mistakes


def _content(path: Path) -> bytes:
    try:
        return read_authored(path, "file of questions")
    except OSError as error:
        raise FileError(
            f"{path}: cannot be read ({error.strerror}); name a file of questions"
        ) from error


def _refuse_tricks(content: bytes, mistakes: Mistakes) -> None:
    depth = documents = 0
    for event in yaml.parse(content, Loader=yaml.SafeLoader):
        line = _event_line(event)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            mistakes.add(line, "a second document begins here ('---'); keep one request in a file")
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
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if depth > DEEPEST:
            mistakes.add(line, f"nested over {DEEPEST} deep; a file of questions is flatter")
            return


def _event_line(event: yaml.events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def fields(
    node: Node, what: str, known: Mapping[str, bool], mistakes: Mistakes, *, others: str = ""
) -> dict[str, Node]:
    """
    The mapping's values by key.

    `known` gives for each key whether it is required. Other keys are mistakes, unless `others` is
    given: an example of such a key. `what` names the mapping in messages.
    """
    found: dict[str, Node] = {}
    if not isinstance(node, yaml.MappingNode):
        mistakes.add(
            node, f"{what} must be keys with values, like '{next(iter(known), others)}: …'"
        )
        return found
    for key_node, value in node.value:
        key = text(key_node, f"a key of {what}", mistakes)
        if key is None:
            continue
        if key in found:
            mistakes.add(key_node, f"{what} has '{key}' twice; keep one")
        elif key in known or others:
            found[key] = value
        else:
            mistakes.add(
                key_node, f"{what} has no '{key}'{did_you_mean(key, list(known)) or _listed(known)}"
            )
    for key, is_required in known.items():
        if is_required and key not in found:
            mistakes.add(node, f"{what} lacks '{key}'; add it")
    return found


def text(node: Node, what: str, mistakes: Mistakes) -> str | None:
    """The scalar's text without surrounding space, or None after noting a mistake."""
    if not isinstance(node, yaml.ScalarNode):
        mistakes.add(node, f"{what} must be a single value, not a list or keys")
        return None
    value = str(node.value).strip()
    if not value or (node.style is None and value in ("~", "null")):
        mistakes.add(node, f"{what} is empty; write it or remove the line")
        return None
    return value


def items(node: Node) -> Iterator[Node]:
    """
    The list's items. Anything else is treated as a list of one item, so that one item needs no
    brackets.
    """
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    else:
        yield node


def texts(
    node: Node, what: str, mistakes: Mistakes, *, same: Callable[[str], str] = str.casefold
) -> list[tuple[str, Node]]:
    """
    The texts of a list with their nodes. An empty list, and a text that appears twice, are
    mistakes. Two texts are equal when `same` gives equal results.
    """
    found: dict[str, tuple[str, Node]] = {}
    for item in items(node):
        value = text(item, what, mistakes)
        if value is None:
            continue
        if same(value) in found:
            mistakes.add(item, f"{what} has '{value}' twice; keep one")
        else:
            found[same(value)] = (value, item)
    if isinstance(node, yaml.SequenceNode) and not node.value:
        mistakes.add(node, f"{what} is an empty list; fill it or remove the line")
    return list(found.values())


def _listed(known: Mapping[str, bool]) -> str:
    return "; it may have " + ", ".join(known)
