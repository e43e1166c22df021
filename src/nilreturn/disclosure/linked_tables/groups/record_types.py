"""The record types of some tables in which somebody may be: those that no printed 0 rules out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nilreturn.disclosure.linked_tables.axes import Axis
from nilreturn.disclosure.linked_tables.box_sums import Part
from nilreturn.disclosure.linked_tables.cyclic_margins import bits_of
from nilreturn.disclosure.linked_tables.groups.finest_cells import union_of
from nilreturn.disclosure.model import Bools, Ints

MOST_TYPES = 200_000
MOST_POINTS = 4_000_000  # combinations looked at to find them


@dataclass(frozen=True, eq=False)
class Occupied:
    """
    `at` (types, variables) is the atom of each variable that a type lies in, by its place in
    `atoms`; `parts` are the tables that tell the types apart.
    """

    parts: list[Part]
    variables: list[str]
    atoms: dict[str, list[int]]
    at: Ints

    def labels(self, part: Part) -> Ints:
        """
        The finest cell of a part that each type lies in, in the order of `leaf_numbers`; -1 for
        none.
        """
        label, outside = (
            np.zeros(len(self.at), dtype=np.int64),
            np.zeros(len(self.at), dtype=np.bool_),
        )
        for variable in part.masks:
            leaves = [m for place in part.leaves[variable] if (m := part.masks[variable][place])]
            own = _places(self.atoms[variable], leaves)[self.at[:, self.variables.index(variable)]]
            outside |= own < 0
            label = label * len(leaves) + own
        return np.where(outside, -1, label)

    def figures(self, part: Part, axes: Mapping[str, Axis]) -> Iterator[tuple[Ints, int, str]]:
        """The types of each figure of a part in which somebody may be, its cell, and its words."""
        masks = list(part.masks.items())

        def within(
            k: int, types: Ints, index: tuple[int, ...], words: tuple[str, ...]
        ) -> Iterator[tuple[Ints, int, str]]:
            if not len(types):
                return
            if k == len(masks):
                yield types, int(part.numbers[index]), ", ".join(words) or "all"
                return
            variable, categories = masks[k]
            at = self.at[types, self.variables.index(variable)]
            for place, mask in enumerate(categories):
                inside = np.array(
                    [bool(atom & mask) for atom in self.atoms[variable]], dtype=np.bool_
                )
                more = (
                    ()
                    if mask == axes[variable].everything
                    else (f"{variable}: {axes[variable].words(mask)}",)
                )
                yield from within(k + 1, types[inside[at]], (*index, place), (*words, *more))

        yield from within(0, np.arange(len(self.at)), (), ())


def occupied_types(
    parts: Sequence[Part], axes: Mapping[str, Axis], zeros: Collection[int]
) -> Occupied | None:
    """
    The record types that no 0 rules out. Where they are too many, variables that one table alone
    has, and tables that another has all of, are left out until nothing more can be; None where that
    does not help.
    """
    found = _joined(list(parts), axes, zeros)
    if found is None:
        found = _joined(_core(list(parts), axes), axes, zeros)
    return found


def _core(parts: list[Part], axes: Mapping[str, Axis]) -> list[Part]:
    while True:
        before = parts
        kept: list[tuple[Part, dict[str, frozenset[int]]]] = []
        for part in sorted(parts, key=lambda p: -len(_cuts(p, axes))):
            own = _cuts(part, axes)
            if not any(own.items() <= other.items() for _, other in kept):
                kept.append((part, own))
        often = Counter(v for _, own in kept for v in own)
        parts = [_without(part, [v for v in own if often[v] == 1]) for part, own in kept]
        if len(parts) == len(before) and all(part in before for part in parts):
            return parts


def _cuts(part: Part, axes: Mapping[str, Axis]) -> dict[str, frozenset[int]]:
    """How a part cuts each variable that it does not count as a whole."""
    found = {v: frozenset(part.leaf_masks(v, axes[v])) for v in part.masks}
    return {v: leaves for v, leaves in found.items() if leaves != {axes[v].everything}}


def _without(part: Part, variables: Sequence[str]) -> Part:
    """A part by its totals along some variables."""
    whole = [v for v in variables if len(part.masks[v]) > 1]
    if not whole:
        return part
    numbers = part.numbers
    for axis, variable in enumerate(part.masks):
        if variable in whole:
            numbers = numbers.take([0], axis=axis)
    masks = {v: own[:1] if v in whole else own for v, own in part.masks.items()}
    leaves = {v: [0] if v in whole else own for v, own in part.leaves.items()}
    return replace(part, masks=masks, leaves=leaves, numbers=numbers)


def _joined(parts: list[Part], axes: Mapping[str, Axis], zeros: Collection[int]) -> Occupied | None:
    atoms = {
        v: _atoms(parts, v, axes[v]) for v in sorted({v for part in parts for v in part.masks})
    }
    at, variables = np.zeros((1, 0), dtype=np.int64), list[str]()
    waiting = list(parts)
    while waiting:
        part = min(
            waiting,
            key=lambda p: int(np.prod([len(atoms[v]) for v in p.masks if v not in variables])),
        )
        waiting.remove(part)
        for variable in (v for v in part.masks if v not in variables):
            count = len(atoms[variable])
            if len(at) * count > MOST_POINTS:
                return None
            at = np.column_stack((np.repeat(at, count, axis=0), np.tile(np.arange(count), len(at))))
            variables.append(variable)
        places = [at[:, variables.index(v)] for v in part.masks]
        at = at[np.broadcast_to(_may_be(part, atoms, axes, zeros)[tuple(places)], len(at))]
    return Occupied(parts, variables, atoms, at) if len(at) <= MOST_TYPES else None


def _atoms(parts: Sequence[Part], variable: str, axis: Axis) -> list[int]:
    """The parts of a variable that no mask cuts."""
    masks = list(
        dict.fromkeys(
            m
            for part in parts
            for m in (*part.masks.get(variable, ()), part.within.get(variable, 0))
        )
    )
    found: dict[tuple[bool, ...], int] = {}
    for bit in bits_of(axis.everything):
        cut = tuple(bool(mask >> bit & 1) for mask in masks)
        found[cut] = found.get(cut, 0) | 1 << bit
    return list(found.values())


def _may_be(
    part: Part, atoms: Mapping[str, list[int]], axes: Mapping[str, Axis], zeros: Collection[int]
) -> Bools:
    """Over the atoms of a part's variables: where it does not say that nobody is."""
    found = np.ones([len(atoms[v]) for v in part.masks], dtype=np.bool_)
    flags = {
        v: [np.array([bool(a & m) for a in atoms[v]], dtype=np.bool_) for m in part.masks[v]]
        for v in part.masks
    }
    for index in np.ndindex(part.numbers.shape):
        if int(part.numbers[index]) in zeros:
            found[np.ix_(*(flags[v][i] for v, i in zip(part.masks, index, strict=True)))] = False
    # Where its categories leave out somebody, and add up, there is nobody.
    within, covered = [], []
    for v in part.masks:
        leaves = union_of(part.leaf_masks(v, axes[v]))
        within.append(np.array([bool(atom & part.within[v]) for atom in atoms[v]], dtype=np.bool_))
        covered.append(np.array([bool(atom & leaves) for atom in atoms[v]], dtype=np.bool_))
    whole = np.ix_(*within)
    nobody = ~np.ones([1] * len(covered), dtype=np.bool_)
    for k, own in enumerate(covered):
        nobody = nobody | ~own.reshape([-1 if j == k else 1 for j in range(len(covered))])
    found[whole] &= ~np.broadcast_to(nobody, found.shape)[whole]
    return found


def _places(atoms: Sequence[int], leaves: Sequence[int]) -> Ints:
    """The leaf that each atom lies in; -1 for none."""
    return np.array(
        [next((k for k, leaf in enumerate(leaves) if leaf & atom), -1) for atom in atoms],
        dtype=np.int64,
    )
