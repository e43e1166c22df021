"""
How tables hang together by the variables that they share.

Tables whose variables form a tree tell no more together than that their shared margins agree: any
counts that do can be filled in to one big table. An *ear* is a table that shares variables with the
rest by way of one other table. Ears are taken off until none is left (Graham, Yu and Özsoyoğlu);
what then remains goes in a circle and is laid out jointly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Variables = frozenset[str]


@dataclass
class Node:
    """
    Tables (by their place; none for the joint table of a circle) over `variables`, and the
    variables that each link to another node is over.
    """

    table: int | None
    variables: Variables
    links: list[Variables] = field(default_factory=list)

    @property
    def shared(self) -> Variables:
        """The variables of all links: what the node must be laid out by."""
        return frozenset[str]().union(*self.links)


def hang(edges: Sequence[Variables], whole: Sequence[bool]) -> list[Node]:
    """
    The nodes of tables with these variables. Where `whole`, a table is laid out by all of its
    variables, shared or not.

    >>> [sorted(n.shared) for n in hang([frozenset("ab"), frozenset("bc")], [False, False])]
    [['b'], ['b']]
    >>> [sorted(n.shared) for n in hang([frozenset("ab"), frozenset("bc"), frozenset("ca")],
    ...     [False] * 3)][-1]
    ['a', 'b', 'c']
    """
    nodes = [Node(number, edge) for number, edge in enumerate(edges)]
    for node, is_whole in zip(nodes, whole, strict=True):
        if is_whole:
            node.links.append(node.variables)
    left = _without_twins(nodes)
    while True:
        ear = next(
            ((node, onto) for node in left if (onto := _holder(node, left)) is not None), None
        )
        if ear is None:
            break
        node, onto = ear
        link = node.variables & _of_others(node, left)
        node.links.append(link)
        onto.links.append(link)
        left.remove(node)
    if len(left) > 1:
        nodes.append(_cyclic_core(left))
    return nodes


def _without_twins(nodes: Sequence[Node]) -> list[Node]:
    """The nodes, tables over the very same variables hung onto the first of them."""
    first: dict[Variables, Node] = {}
    left = []
    for node in nodes:
        onto = first.setdefault(node.variables, node)
        if onto is node:
            left.append(node)
        else:
            node.links.append(node.variables)
            onto.links.append(node.variables)
    return left


def _of_others(node: Node, left: Sequence[Node]) -> Variables:
    return frozenset[str]().union(*(other.variables for other in left if other is not node))


def _holder(node: Node, left: Sequence[Node]) -> Node | None:
    """The node that has all variables which this one shares with any."""
    if len(left) < 2:
        return None
    shared = node.variables & _of_others(node, left)
    holders = [other for other in left if other is not node and shared <= other.variables]
    return min(holders, key=lambda other: len(other.variables), default=None)


def _cyclic_core(left: Sequence[Node]) -> Node:
    joint = Node(
        None, frozenset[str]().union(*(node.variables & _of_others(node, left) for node in left))
    )
    joint.links.append(joint.variables)
    for node in left:
        link = node.variables & joint.variables
        node.links.append(link)
        joint.links.append(link)
    return joint
