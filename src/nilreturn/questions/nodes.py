"""
The keys, lists and texts of a question file, and the mistakes found in them.

Every scalar is taken as the text that stands there: YAML would make a number of "4.10", a truth
value of "yes" and a date of "2020-07-01".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import yaml

from nilreturn.authored import Mistakes, Node, compose_yaml
from nilreturn.authored import line_of as line_of
from nilreturn.errors import QuestionError, did_you_mean


def compose(path: Path) -> tuple[Node, Mistakes]:
    """
    The file's one document, and an empty list of mistakes for it.

    Raises `FileError` when it cannot be read, `QuestionError` when it is not plain YAML.
    """
    empty = "write the request's reference and its questions"
    node, mistakes = compose_yaml(
        path, "file of questions", QuestionError, shows_field=False, empty=empty
    )
    assert node is not None  # noqa: S101  # there is a node or a mistake
    return node, mistakes


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
            mistakes.add(key_node, f"{what} has no '{key}'{_meant(key, known) or _listed(known)}")
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


def _meant(key: str, known: Mapping[str, bool]) -> str:
    """A key that differs by an "s" alone is meant, and no other."""
    by_an_s = [name for name in known if f"{key}s" == name or key == f"{name}s"]
    return did_you_mean(key, by_an_s or list(known))


def _listed(known: Mapping[str, bool]) -> str:
    return "; it may have " + ", ".join(known)
