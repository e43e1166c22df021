"""
Records keyword by keyword: what rows of single keywords tell beside "any of these", one another and
other lists.

Classes of keywords (`disclosure/linked_tables/several_values.py`) say nothing of how many records
name two of one class. So for differences each keyword has a state of its own: not named, or its
form. Then the rows of a table of keywords are tables like any other, and `refinement.py` finds what
they tell. Where a table prints 0 there is nobody: those states are left out. Of many keywords the
states in which most are named at once are left out too; the audit looks at more of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from nilreturn.disclosure.linked_tables.axes import Axis
from nilreturn.disclosure.linked_tables.box_sums import Part, several_of
from nilreturn.disclosure.linked_tables.builder import CellBuilder
from nilreturn.disclosure.linked_tables.groups.finest_cells import union_of
from nilreturn.disclosure.linked_tables.groups.refinement import tell_apart
from nilreturn.disclosure.linked_tables.several_values import Several
from nilreturn.disclosure.model import Bools, Ints
from nilreturn.errors import TableError

# Of keywords; with more than enough, only those that name few at once.
ENOUGH_STATES, MOST_STATES = 3_000, 6_000
LEAST_NAMED = 2  # keywords at once: in the states that are looked at in any case

# Of each variable but the keywords' own: what a part is restricted to.
Place = tuple[tuple[str, int], ...]


def tell_keywords_apart(
    parts: Sequence[Part],
    variable: str,
    axes: Mapping[str, Axis],
    builder: CellBuilder,
    name: Callable[[int], str],
    zeros: Collection[int],
) -> None:
    """
    Add a cell for each group that the tables of one unit tell, where some of their rows count one
    keyword of `variable`. `zeros` are the cells that readers are told to be 0.
    """
    keywords = _Keywords(variable, several_of(axes[variable]))
    known = [
        (place, mask)
        for part in parts
        for place, mask in _zeros_of(part, variable, axes, keywords, zeros)
    ]
    places = list(dict.fromkeys(place for place, _ in known))
    around = _around(parts, variable, axes)
    for number, place in enumerate(
        [around, *(place for place in places if not _covers(place, around))]
    ):
        inside = [
            part for part in parts if number == 0 or _covers(place, _place(part, variable, axes))
        ]
        nobody = union_of(mask for own, mask in known if _covers(own, place))
        _KeywordGroups(keywords, nobody, variable, axes, builder).add(
            inside, f"keyword by keyword {number}", name
        )


def _place(part: Part, variable: str, axes: Mapping[str, Axis]) -> Place:
    """All that a part counts, along each variable but the keywords' own."""
    masks = {v: union_of(of_one) for v, of_one in part.masks.items() if v != variable}
    return tuple(sorted((v, mask) for v, mask in masks.items() if mask != axes[v].everything))


def _around(parts: Sequence[Part], variable: str, axes: Mapping[str, Axis]) -> Place:
    """What all parts count together."""
    places = [dict(_place(part, variable, axes)) for part in parts]
    common = set(places[0]).intersection(*places)
    return tuple(sorted((v, union_of(place[v] for place in places)) for v in common))


def _covers(place: Place, other: Place) -> bool:
    """Whether whatever is in the other place is in this one."""
    inside = dict(other)
    return all(v in inside and not inside[v] & ~mask for v, mask in place)


def _zeros_of(
    part: Part, variable: str, axes: Mapping[str, Axis], keywords: _Keywords, zeros: Collection[int]
) -> Iterator[tuple[Place, int]]:
    """The places where a part says that nobody is in some states."""
    if variable not in part.masks and part.variable != variable:
        return
    for index in np.ndindex(part.numbers.shape):
        told = {v: masks[i] for (v, masks), i in zip(part.masks.items(), index, strict=True)}
        if int(part.numbers[index]) not in zeros or not all(told.values()):
            continue
        mask = told.pop(variable, (1 << keywords.forms) - 1)
        place = tuple(sorted((v, m) for v, m in told.items() if m != axes[v].everything))
        yield place, keywords.of_row(part.value, mask) if part.value else keywords.of_classes(mask)


class _Keywords:
    """The states of all keywords of a variable; sets of them are bits of an integer."""

    def __init__(self, variable: str, several: Several) -> None:
        self.variable, self.several = variable, several
        self.names = [keyword for group in several.classes for keyword in sorted(group)]
        self.forms = several.choices - 1
        self.states = self._states()
        self.everything = (1 << len(self.states)) - 1
        place = {keyword: k for k, keyword in enumerate(self.names)}
        self._class_state = np.zeros(len(self.states), dtype=np.int64)
        for number, group in enumerate(several.classes):
            own = self.states[:, [place[keyword] for keyword in group]]
            best = np.where(own > 0, own, several.choices).min(axis=1) % several.choices
            self._class_state += best * several.choices**number
        self._place = place

    def _states(self) -> Ints:
        """(states, keywords) 0 where a keyword is not named, else the number of its form."""
        count = len(self.names)
        found, size = [np.zeros((1, count), dtype=np.int64)], 1
        for named in range(1, count + 1):
            size += math.comb(count, named) * self.forms**named
            if size > MOST_STATES and named <= LEAST_NAMED:
                raise TableError(
                    f"{self.variable}: {count} keywords are more than can be checked for what "
                    "their differences tell; ask for fewer at once"
                )
            if size > ENOUGH_STATES and named > LEAST_NAMED:
                break
            ways = np.array(
                list(itertools.product(range(1, self.forms + 1), repeat=named)), dtype=np.int64
            )
            for chosen in itertools.combinations(range(count), named):
                states = np.zeros((len(ways), count), dtype=np.int64)
                states[:, chosen] = ways
                found.append(states)
        return np.concatenate(found)

    def of_classes(self, mask: int) -> int:
        """The states that are in a set of joint states of the classes."""
        chosen = np.array(
            [mask >> state & 1 for state in range(self.several.states)], dtype=np.bool_
        )
        return _packed(chosen[self._class_state])

    def of_row(self, keyword: str, mask: int) -> int:
        """The states in which a keyword has one of the forms of a mask."""
        form = self.states[:, self._place[keyword]]
        forms = [number + 1 for number in range(self.forms) if mask >> number & 1]
        return _packed(np.isin(form, forms))


class _KeywordGroups:
    """The parts on the states of keywords, without those in which nobody is."""

    def __init__(
        self,
        keywords: _Keywords,
        nobody: int,
        variable: str,
        axes: Mapping[str, Axis],
        builder: CellBuilder,
    ) -> None:
        self.keywords, self.nobody, self.variable, self.axes, self.builder = (
            keywords,
            nobody,
            variable,
            axes,
            builder,
        )
        self.names: dict[int, str] = {}
        everything = keywords.everything & ~nobody
        own = replace(keywords.several, names=self.names)
        self.own_axes = {**axes, variable: Axis(variable, (), everything, {}, own)}

    def add(self, parts: Sequence[Part], universe: str, name: Callable[[int], str]) -> None:
        before = len(self.builder.units)
        laid = [self._laid(part, f"{part.unit} {universe}") for part in parts]
        for part in laid:
            self._enter(part)
        laid += list(self._between(laid, name))
        self._call_classes()
        self._call_pairs([part.value for part in laid if part.value])
        tell_apart(laid, self.own_axes, self.builder, name)
        for cell in range(before, len(self.builder.units)):
            self.builder.boxes.pop(cell, None)  # no box of what tables print

    def _laid(self, part: Part, universe: str) -> Part:
        masks, numbers, leaves = {**part.masks}, part.numbers, {**part.leaves}
        if part.value:
            if self.variable not in part.masks:
                numbers, leaves[self.variable] = numbers[..., None], [0]
            forms = part.masks.get(self.variable, [(1 << self.keywords.forms) - 1])
            masks[self.variable] = [self.keywords.of_row(part.value, form) for form in forms]
            for mask, form in zip(masks[self.variable], forms, strict=True):
                self._call(mask, self._words_of(part.value, form))
        elif self.variable in part.masks:
            masks[self.variable] = [
                self.keywords.of_classes(mask) for mask in part.masks[self.variable]
            ]
            for mask, before in zip(masks[self.variable], part.masks[self.variable], strict=True):
                self._call(mask, self.axes[self.variable].words(before))
        if self.variable in masks:
            masks[self.variable] = [mask & ~self.nobody for mask in masks[self.variable]]
        return replace(part, universe=universe, masks=masks, leaves=leaves, numbers=numbers)

    def _between(self, laid: Sequence[Part], name: Callable[[int], str]) -> Iterator[Part]:
        """
        Of the same rows for a place and for a part of it, those for the rest: no table prints them,
        and together they tell what a table of the rest would.
        """
        for one, other in itertools.permutations(laid, 2):
            unlike = [v for v in one.masks if one.masks[v] != other.masks.get(v)]
            if (
                one.masks.keys() != other.masks.keys()
                or len(unlike) != 1
                or unlike[0] == self.variable
            ):
                continue
            (variable,) = unlike
            whole, part = one.masks[variable], other.masks[variable]
            if len(whole) == 1 and len(part) == 1 and not part[0] & ~whole[0]:
                yield self._rest(one, other, variable, name)

    def _rest(self, one: Part, other: Part, variable: str, name: Callable[[int], str]) -> Part:
        masks = {**one.masks, variable: [one.masks[variable][0] & ~other.masks[variable][0]]}
        numbers = np.zeros_like(one.numbers)
        names = " and ".join(dict.fromkeys((name(one.table), name(other.table))))
        for index in np.ndindex(numbers.shape):
            told = [(v, of_one[i]) for (v, of_one), i in zip(masks.items(), index, strict=True)]
            if not all(mask for _, mask in told):
                numbers[index] = one.numbers[index]
                continue
            cell = self.builder.box(one.universe, one.unit, told, self.own_axes)
            self.builder.equation(int(one.numbers[index]), (int(other.numbers[index]), cell))
            parts = [
                f"{v}: {self.own_axes[v].words(m)}"
                for v, m in told
                if m != self.own_axes[v].everything
            ]
            words = f"{one.unit} that no table prints ({', '.join(parts) or 'all'})"
            self.builder.difference.add(cell)
            self.builder.words[cell], self.builder.apart[cell] = words, (variable,)
            self.builder.advice[cell] = (
                f"{names}: the difference leaves a small count of {words}; give one of them, or "
                f"use the same categories of {variable} in both"
            )
            numbers[index] = cell
        return replace(one, masks=masks, numbers=numbers)

    def _call(self, mask: int, words: str) -> None:
        self.names.setdefault(mask & ~self.nobody, words)

    def _call_classes(self) -> None:
        """Those that name any of a class, and those that do but for one of it."""
        several, any_form = self.keywords.several, (1 << self.keywords.forms) - 1
        for group in several.classes:
            mask = several.any_of(group)
            words, states = several.names[mask], self.keywords.of_classes(mask)
            self._call(states, words)
            for keyword in sorted(group):
                self._call(
                    states & ~self.keywords.of_row(keyword, any_form), f"{words} but not {keyword}"
                )

    def _call_pairs(self, named: Sequence[str]) -> None:
        """Those that name two keywords, in any form and in the first."""
        any_form = (1 << self.keywords.forms) - 1
        for one, other in itertools.combinations(sorted(set(named)), 2):
            for form in (any_form, 1):
                both = self.keywords.of_row(one, form) & self.keywords.of_row(other, form)
                self._call(both, f"{one} and {self._words_of(other, form)}")

    def _words_of(self, keyword: str, form: int) -> str:
        several = self.keywords.several
        single = {1 << number: f"{keyword}, {label}" for number, label in enumerate(several.forms)}
        return keyword if len(several.forms) < 2 else single.get(form, keyword)

    def _enter(self, part: Part) -> None:
        """The cells of a part under their meaning here."""
        for index in np.ndindex(part.numbers.shape):
            told = [(v, masks[i]) for (v, masks), i in zip(part.masks.items(), index, strict=True)]
            if all(mask for _, mask in told):
                key = (
                    part.universe,
                    *sorted((v, m) for v, m in told if m != self.own_axes[v].everything),
                )
                cell = int(part.numbers[index])
                self.builder.equation(self.builder.number.setdefault(key, cell), [cell])


def _packed(flags: Bools) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
