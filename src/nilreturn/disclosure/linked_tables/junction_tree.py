"""
The cliques of variables that must be counted jointly, as a junction tree.

Counts of record types over several variables follow from the counts over each clique, if cliques
that share variables agree on them (Lauritzen and Spiegelhalter 1988). The graph is triangulated.
Tables whose variables form a tree (those that GYO reduction empties) need no joint table; variables
in a cycle need one for the clique that closes it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

Node = int


@dataclass(frozen=True)
class Clique:
    """
    Nodes to be looked at together, the number of the clique above (-1 at the root), and the nodes
    shared with it.
    """

    nodes: frozenset[Node]
    parent: int
    shared: frozenset[Node]


def junction_tree(
    size: int, edges: Iterable[frozenset[Node]], cost: Callable[[frozenset[Node]], float]
) -> tuple[Clique, ...]:
    """
    The cliques of `size` nodes in which each of `edges` lies whole, children before their parents.
    `cost` is how large the table of some nodes is.

    >>> one, two = junction_tree(3, [frozenset({0, 1}), frozenset({1, 2})], len)
    >>> sorted(one.nodes), one.parent, sorted(one.shared), sorted(two.nodes)
    ([1, 2], 1, [1], [0, 1])
    """
    cliques = _cliques(size, edges, cost)
    parents = _tree(cliques, max(range(len(cliques)), key=lambda k: (cost(cliques[k]), -k)))
    order = _children_first(parents)
    place = {old: new for new, old in enumerate(order)}
    return tuple(
        Clique(
            cliques[old],
            place[parents[old]] if parents[old] >= 0 else -1,
            cliques[old] & cliques[parents[old]] if parents[old] >= 0 else frozenset(),
        )
        for old in order
    )


def _cliques(
    size: int, edges: Iterable[frozenset[Node]], cost: Callable[[frozenset[Node]], float]
) -> list[frozenset[Node]]:
    """
    The maximal cliques after filling in as few edges as a greedy search finds (min-fill, then the
    least table).
    """
    beside: list[set[Node]] = [set() for _ in range(size)]
    for edge in edges:
        for one, other in itertools.permutations(edge, 2):
            beside[one].add(other)
    left = set(range(size))
    found: list[frozenset[Node]] = []
    known: dict[Node, tuple[int, float]] = {}
    while left:
        for node in left - known.keys():
            known[node] = (_fill(node, beside), cost(frozenset({node, *beside[node]})))
        node = min(left, key=lambda n: (*known[n], n))
        clique = frozenset({node, *beside[node]})
        if not any(clique <= other for other in found):
            found.append(clique)
        touched = set(beside[node])
        for one, other in itertools.combinations(sorted(beside[node]), 2):
            if other not in beside[one]:
                beside[one].add(other)
                beside[other].add(one)
                touched |= beside[one] & beside[other]
        for other in beside[node]:
            beside[other].discard(node)
        left.discard(node)
        for other in touched | {node}:
            known.pop(other, None)
    return found or [frozenset()]


def _fill(node: Node, beside: Sequence[set[Node]]) -> int:
    near = beside[node]
    return sum(len(near - beside[other]) - 1 for other in near) // 2


def _tree(cliques: Sequence[frozenset[Node]], root: int) -> list[int]:
    """The clique above each, by the largest shared sets (Prim); -1 for the root."""
    parents = [-1] * len(cliques)
    best = {k: (len(cliques[k] & cliques[root]), root) for k in range(len(cliques)) if k != root}
    while best:
        nearest = max(best, key=lambda k: (best[k][0], -k))
        parents[nearest] = best.pop(nearest)[1]
        for k in best:
            shared = len(cliques[k] & cliques[nearest])
            if shared > best[k][0]:
                best[k] = (shared, nearest)
    return parents


def _children_first(parents: Sequence[int]) -> list[int]:
    below: dict[int, list[int]] = {}
    for child, parent in enumerate(parents):
        below.setdefault(parent, []).append(child)
    return list(_walk(below, below[-1][0]))


def _walk(below: dict[int, list[int]], top: int) -> Iterator[int]:
    waiting = [(top, False)]
    while waiting:
        clique, is_left = waiting.pop()
        if is_left:
            yield clique
        else:
            waiting += [
                (clique, True),
                *((child, False) for child in reversed(below.get(clique, []))),
            ]
