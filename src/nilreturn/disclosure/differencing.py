"""
What two tables together tell and neither prints: July to March beside April to March gives April to June.

Tables of one population whose categories cut a variable differently are brought to their common refinement. Its
boxes that no table prints become latent cells, tied to the printed ones by equations; a latent cell is a group of
people like any other, and must withstand like any other.

Where one table's categories nest in the other's, nothing new can be derived (the finer table's own sums say all that
the two have in common), so only variables that are cut *across* each other are refined.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.book import Book, Key, Placed, key_of
from nilreturn.disclosure.meaning import Axis, atoms_of
from nilreturn.errors import TableError

MOST_BOXES = 200_000


@dataclass(frozen=True)
class Crossing:
    """
    How two tables meet: the variables both divide or cut across each other, those they are taken whole on, and
    which of the former are cut across.
    """

    divided: frozenset[str]
    whole: tuple[tuple[str, int], ...]
    across: frozenset[str]


def refine(unit: str, placed: Sequence[Placed], axes: dict[str, Axis], book: Book) -> None:
    """Add the latent cells and equations of tables that cut a variable across each other."""
    crossings: dict[tuple[frozenset[str], tuple[tuple[str, int], ...]], set[str]] = {}
    edges = []
    for i, j in itertools.combinations(range(len(placed)), 2):
        crossing = cross(placed[i], placed[j], axes)
        if crossing is not None and crossing.across:
            edges.append((i, j))
            crossings.setdefault((crossing.divided, crossing.whole), set()).update(crossing.across)
    for component in _components(len(placed), edges):
        members = [placed[i] for i in component]
        for (divided, whole), across in crossings.items():
            _refine_family(unit, members, sorted(divided), whole, across, axes, book)


def cross(one: Placed, other: Placed, axes: dict[str, Axis]) -> Crossing | None:
    """How two tables meet; None where they have nobody in common."""
    divided, whole, across = [], [], []
    for variable in sorted({*one.masks, *other.masks}):
        axis = axes[variable]
        mine, theirs = set(one.along(variable, axis)), set(other.along(variable, axis))
        if not _union(mine) & _union(theirs):
            return None
        common = mine & theirs
        if not axis.additive:
            if not common:
                return None
            divided.append(variable)
        elif common and (len(mine) == 1 or len(theirs) == 1):
            whole.append((variable, common.pop()))
        else:
            divided.append(variable)
            if not (mine <= theirs or theirs <= mine):
                across.append(variable)
    told = tuple((v, mask) for v, mask in whole if mask != axes[v].everything)
    return Crossing(frozenset(divided), told, frozenset(across))


def _refine_family(
    unit: str,
    members: Sequence[Placed],
    divided: list[str],
    whole: tuple[tuple[str, int], ...],
    across: set[str],
    axes: dict[str, Axis],
    book: Book,
) -> None:
    fitting = [p for p in members if _fits(p, divided, whole, axes)]
    if len(fitting) < 2:
        return
    nodes: list[list[int]] = []
    parts: list[list[tuple[int, list[int]]]] = []
    for variable in divided:
        along = [p.along(variable, axes[variable]) for p in fitting]
        named = _nodes(along, all_of_them=variable in across)
        if variable in across:
            atoms, common = atoms_of(named), _common(along)
            made_of = [(n, [a for a in atoms if a & n]) for n in sorted((named | common) - set(atoms))]
            # Of what both make up each table's own sum is a fact of its own: the atoms are told by neither.
            made_of += [(n, own) for n in sorted(common) for p in along if len(own := _own(p, n)) > 1]
            parts.append(made_of)
            named |= common | set(atoms)
        else:
            parts.append([])
        nodes.append(sorted(named))
    if int(np.prod([len(n) for n in nodes], dtype=np.float64)) > MOST_BOXES:
        names = ", ".join(sorted({p.shape.name for p in fitting}))
        raise TableError(
            f"tables {names}: their categories cut each other into more than {MOST_BOXES:,} parts; use the same "
            f"categories of {', '.join(sorted(across))} in all of them"
        )
    told_apart = [v for v in divided if v in across]
    summed = [[_made_of(p.along(v, axes[v]), masks) for v, masks in zip(divided, nodes, strict=True)] for p in fitting]
    _equate(_boxes(unit, divided, nodes, summed, whole, told_apart, axes, book), nodes, parts, book)


def _boxes(
    unit: str,
    divided: list[str],
    nodes: list[list[int]],
    summed: list[list[set[int]]],
    whole: tuple[tuple[str, int], ...],
    across: list[str],
    axes: dict[str, Axis],
    book: Book,
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    numbers = []
    for masks in itertools.product(*nodes):
        told = [*zip(divided, masks, strict=True), *whole]
        key: Key = key_of(unit, told, axes)
        if key not in book.number:
            words = ", ".join(f"{v}: {axes[v].words(m)}" for v, m in told if m != axes[v].everything)
            number = book.cell(key)
            # What one table's own cells add up to is no difference of two.
            if not any(all(m in s for m, s in zip(masks, of_one, strict=True)) for of_one in summed):
                book.difference.add(number)
            book.apart[number] = tuple(across)
            book.words[number] = f"{unit} that no table prints ({words or 'all'})"
        numbers.append(book.number[key])
    return np.array(numbers, dtype=np.int64).reshape(tuple(len(n) for n in nodes))


def _equate(
    numbers: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    nodes: list[list[int]],
    parts: list[list[tuple[int, list[int]]]],
    book: Book,
) -> None:
    for axis, made_of in enumerate(parts):
        lines = np.moveaxis(numbers, axis, 0).reshape(len(nodes[axis]), -1)
        place = {mask: i for i, mask in enumerate(nodes[axis])}
        for node, below in made_of:
            rows = [place[mask] for mask in below]
            for column in range(lines.shape[1]):
                book.equation(int(lines[place[node], column]), [int(n) for n in lines[rows, column]])


def _fits(placed: Placed, divided: list[str], whole: tuple[tuple[str, int], ...], axes: dict[str, Axis]) -> bool:
    """Whether a table has cells for the family: whole where the family is, and whole on all that it does not divide."""
    wanted = dict(whole)
    for variable, masks in placed.masks.items():
        if variable in divided:
            continue
        if wanted.get(variable, axes[variable].everything) not in masks:
            return False
    return all(mask in placed.along(variable, axes[variable]) for variable, mask in whole)


def _nodes(along: list[list[int]], *, all_of_them: bool) -> set[int]:
    """
    The parts of a variable to refine on: where it is cut across, all; else those that two tables have in common, as
    what only one of them tells adds nothing to what the two tell together.
    """
    times: dict[int, int] = {}
    for masks in along:
        for mask in set(masks) - {0}:
            times[mask] = times.get(mask, 0) + 1
    return {mask for mask, number in times.items() if all_of_them or number > 1}


def _common(along: list[list[int]]) -> set[int]:
    """
    The parts that two tables can both make of their own categories, where they cut a variable across each other: 0 to
    11 and 12 to 15 in one, 0 to 9 and 10 to 15 in the other are both 0 to 15.
    """
    found: set[int] = set()
    for one, other in itertools.combinations(along, 2):
        joined: list[int] = []
        for mask in {*_finest(one), *_finest(other)}:
            meeting = [j for j in joined if j & mask]
            joined = [j for j in joined if not j & mask] + [_union([mask, *meeting])]
        both = _union(one) & _union(other)
        found |= {mask for mask in joined if not mask & ~both}
    return found


def _made_of(along: list[int], masks: list[int]) -> set[int]:
    """Those of the masks that a table's own categories make up."""
    return {mask for mask in masks if _own(along, mask)}


def _own(along: list[int], mask: int) -> list[int]:
    """A table's own categories that make up a mask; none where they do not."""
    inside = sorted(f for f in _finest(along) if not f & ~mask)
    return inside if _union(inside) == mask else []


def _finest(masks: list[int]) -> set[int]:
    """Of nested masks those that contain no other."""
    distinct = set(masks) - {0}
    return {mask for mask in distinct if not any(o != mask and not o & ~mask for o in distinct)}


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _components(size: int, edges: list[tuple[int, int]]) -> list[list[int]]:
    leader = list(range(size))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for i, j in edges:
        leader[max(find(i), find(j))] = min(find(i), find(j))
    groups: dict[int, list[int]] = {}
    for i in range(size):
        groups.setdefault(find(i), []).append(i)
    return [members for members in groups.values() if len(members) > 1]
