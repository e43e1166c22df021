"""
Printed figures as sums over record types.

A record type is a combination of the finest parts of all variables: no figure tells two records of
one type apart. Each printed figure counts the records of some types, so a reader knows a system of
sums in non-negative integers. Crimes and victims are counted side by side: a crime with victim
details has at least one victim, and victims belong to no other crimes. A crime's type also says
which kinds of victim it has, where some figure asks for that.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from nilreturn.disclosure import PublishedTable
from nilreturn.tables import Belonging
from tests.support.attacker.figures import NO_LIMIT, Figure, Point, Points, belonging_of, figures_of

MOST_TYPES = 400_000  # before types that no figure tells apart are merged
MOST_KINDS = 8  # of victims, where crimes are restricted by them: a crime has any set of them


class TooManyTypesError(Exception):
    """The record types of these tables are more than this attacker lays out."""


@dataclass(frozen=True)
class Example:
    """
    A record of one type: `part` numbers what is shared with its crime, `kinds` are the kinds of its
    victims.
    """

    unit: str
    part: int
    at: Mapping[str, Point]
    kinds: tuple[Mapping[str, Point], ...] | None = None  # None: any kinds


@dataclass
class System:
    """
    What a reader knows: `low <= rows @ x <= high`, x non-negative integers, one a record type. The
    first rows are the figures, in order; those after them relate crimes to their victims. `members`
    has for each figure its types.
    """

    figures: list[Figure]
    rows: sparse.csr_matrix
    low: np.ndarray
    high: np.ndarray
    members: list[frozenset[int]]
    examples: list[Example] = field(default_factory=list)

    @property
    def types(self) -> int:
        return self.rows.shape[1]

    def bounded(self) -> np.ndarray:
        """For each type, whether some sum with an upper limit counts it and takes nothing away."""
        adds = np.asarray((self.rows < 0).sum(axis=1)).reshape(-1) == 0
        limits = adds & (self.high < NO_LIMIT)
        return np.asarray((self.rows[limits] > 0).sum(axis=0)).reshape(-1) > 0


def lay_out(tables: Sequence[PublishedTable], *, exact_units: bool = True) -> System:
    """
    The system of everything that is printed. Without `exact_units` only sums relate crimes and
    victims, and not that a victim's crime exists (what a linear account can say).
    """
    points = Points(tables)
    figures = [figure for table in tables for figure in figures_of(table, points)]
    belongs = {}
    for population in (table.population for table in tables):
        belonging = belonging_of(population)
        if belonging is not None:
            belongs["victims" if population.holds else population.unit] = belonging
    return _Types(figures, points, belongs, exact_units).system()


# Record types -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Kind:
    """
    A kind of victim: the figures of victims that count one, the figures of crimes that ask for one,
    an example.
    """

    counting: frozenset[int]
    asking: frozenset[int]
    at: Mapping[str, Point]


class _Types:
    """
    Record types of each unit, merged where no figure tells them apart, and what relates the units.
    """

    def __init__(
        self,
        figures: list[Figure],
        points: Points,
        belongs: Mapping[str, Belonging],
        exact_units: bool,
    ) -> None:
        self.figures, self.points, self.belongs, self.exact = figures, points, belongs, exact_units
        # More victims than one crime can have, beside what is printed.
        self.most_victims = max([100, *(f.high for f in figures if f.high < NO_LIMIT)])
        self.columns: list[set[int]] = []  # for each record type, the figures that count it
        self.examples: list[Example] = []
        self.relations: list[tuple[dict[int, int], int, int]] = []

    def system(self) -> System:
        units = dict.fromkeys(figure.unit for figure in self.figures)
        done: set[str] = set()
        for unit, belonging in self.belongs.items():
            self._both(unit, belonging)
            done |= {unit, belonging.unit}
        for unit in units:
            if unit not in done:
                names = sorted({name for f in self.figures if f.unit == unit for name in f.box})
                for part, (counted, at) in enumerate(self._parts(names, [unit])):
                    self._column(Example(unit, part, at), set(counted))
        return self._merged()

    def _parts(
        self, names: Sequence[str], units: Sequence[str]
    ) -> list[tuple[frozenset[int], dict[str, Point]]]:
        """
        The combinations of points of these variables, merged: the figures whose box one lies in,
        and an example.
        """
        listed = [k for k, figure in enumerate(self.figures) if figure.unit in units]
        inside = np.ones((1, len(listed)), dtype=bool)
        examples: list[dict[str, Point]] = [{}]
        for name in names:
            points = self.points.of[name]
            at = np.array(
                [
                    [name not in (b := self.figures[k].box) or p in b[name] for k in listed]
                    for p in points
                ]
            )
            if len(inside) * len(at) > MOST_TYPES:
                raise TooManyTypesError(f"over {MOST_TYPES:,} record types")
            inside = (inside[:, None, :] & at[None, :, :]).reshape(-1, len(listed))
            inside, first = np.unique(inside, axis=0, return_index=True)
            examples = [
                {**examples[k // len(points)], name: points[k % len(points)]}
                for k in first.tolist()
            ]
        return [
            (frozenset(listed[k] for k in np.flatnonzero(row)), example)
            for row, example in zip(inside, examples, strict=True)
        ]

    def _both(self, unit: str, belonging: Belonging) -> None:
        """Victims and their crimes."""
        crimes = belonging.unit
        names = {name for f in self.figures if f.unit in (unit, crimes) for name in f.box}
        shared = sorted({n for n in names if n.startswith(belonging.prefix)} - {belonging.variable})
        own = {name for f in self.figures if f.unit == unit for name in f.box}
        own |= {name for f in self.figures if f.unit == crimes for name in f.holds}
        kinds = self._victim_kinds(sorted(own - {*shared, belonging.variable}), unit, crimes)
        on_record = frozenset({belonging.value})
        is_counted = any(figure.unit == crimes for figure in self.figures)
        for number, (part, at) in enumerate(self._parts(shared, (unit, crimes))):
            recorded = {k for k in part if self._at(k, belonging.variable, on_record)}
            example = Example(unit, number, {**at, belonging.variable: belonging.value})
            victims = [
                self._column(replace(example, kinds=(kind.at,)), set(recorded & kind.counting))
                for kind in kinds
            ]
            if not is_counted:
                continue
            for point in self.points.of[belonging.variable]:
                counted = {k for k in part if self.figures[k].unit == crimes}
                counted = {
                    k for k in counted if self._at(k, belonging.variable, frozenset({point}))
                }
                of_crimes = Example(crimes, number, {**at, belonging.variable: point})
                if point == belonging.value:
                    self._with_victims(of_crimes, counted, kinds, victims)
                else:
                    without = {k for k in counted if not self.figures[k].holds}
                    self._column(replace(of_crimes, kinds=()), without)

    def _at(self, figure: int, name: str, points: frozenset[Point]) -> bool:
        box = self.figures[figure].box
        return name not in box or bool(box[name] & points)

    def _victim_kinds(self, names: Sequence[str], unit: str, crimes: str) -> list[_Kind]:
        """The kinds of victim that figures tell apart."""
        kinds: dict[tuple[frozenset[int], frozenset[int]], _Kind] = {}
        of_victims = [(k, f.box) for k, f in enumerate(self.figures) if f.unit == unit]
        of_crimes = [
            (k, f.holds) for k, f in enumerate(self.figures) if f.unit == crimes and f.holds
        ]
        for points in itertools.product(*(self.points.of[name] for name in names)):
            at = dict(zip(names, points, strict=True))
            counting, asking = (
                frozenset(k for k, box in listed if all(at[n] in box[n] for n in at if n in box))
                for listed in (of_victims, of_crimes)
            )
            kinds.setdefault((counting, asking), _Kind(counting, asking, at))
        return list(kinds.values())

    def _with_victims(
        self, crimes: Example, counted: set[int], kinds: Sequence[_Kind], victims: Sequence[int]
    ) -> None:
        """
        Crimes of one part of their variables with victims on record, by which kinds of victim they
        have.
        """
        if not any(self.figures[k].holds for k in counted):
            self._relate(dict.fromkeys(victims, 1), self._column(crimes, counted))
            return
        there = [v for v, column in enumerate(victims) if not self._is_nobody(self.columns[column])]
        if len(there) > MOST_KINDS:
            raise TooManyTypesError(f"{len(there)} kinds of victim")
        of_kind: dict[int, list[int]] = {}
        for size in range(1, len(there) + 1):
            for chosen in itertools.combinations(there, size):
                asked = frozenset().union(*(kinds[v].asking for v in chosen))
                example = replace(crimes, kinds=tuple(kinds[v].at for v in chosen))
                column = self._column(
                    example, {k for k in counted if not self.figures[k].holds or k in asked}
                )
                for v in chosen:
                    of_kind.setdefault(v, []).append(column)
        for v, columns in of_kind.items():
            self.relations.append(({victims[v]: 1, **dict.fromkeys(columns, -1)}, 0, NO_LIMIT))
            if self.exact:
                self.relations.append(
                    ({victims[v]: -1, **dict.fromkeys(columns, self.most_victims)}, 0, NO_LIMIT)
                )

    def _is_nobody(self, counted: set[int]) -> bool:
        """Whether a figure of 0 counts it."""
        return any(self.figures[k].high == 0 for k in counted)

    def _relate(self, victims: dict[int, int], crimes: int) -> None:
        self.relations.append(({**victims, crimes: -1}, 0, NO_LIMIT))
        if self.exact:
            self.relations.append(
                ({**dict.fromkeys(victims, -1), crimes: self.most_victims}, 0, NO_LIMIT)
            )

    def _column(self, example: Example, counted: set[int]) -> int:
        self.columns.append(counted)
        self.examples.append(example)
        return len(self.columns) - 1

    def _merged(self) -> System:
        """
        The system, with record types of equal columns taken as one; those that are 0 or uncounted
        are left out.
        """
        entries: list[dict[int, int]] = [dict.fromkeys(counted, 1) for counted in self.columns]
        count = len(self.figures)
        for row, (terms, _, _) in enumerate(self.relations):
            for column, factor in terms.items():
                entries[column][count + row] = factor
        found: dict[tuple[str, frozenset[tuple[int, int]]], Example] = {}
        for entry, example in zip(entries, self.examples, strict=True):
            if entry and not self._is_nobody({row for row in entry if row < count}):
                found.setdefault((example.unit, frozenset(entry.items())), example)
        cells = [
            (row, place, factor) for place, (_, entry) in enumerate(found) for row, factor in entry
        ]
        rows, columns, factors = zip(*cells, strict=True) if cells else ((), (), ())
        shape = (count + len(self.relations), len(found))
        matrix = sparse.csr_matrix((factors, (rows, columns)), shape, dtype=np.int64)
        low = np.array(
            [f.low for f in self.figures] + [low for _, low, _ in self.relations], dtype=np.int64
        )
        high = np.array(
            [f.high for f in self.figures] + [high for _, _, high in self.relations], dtype=np.int64
        )
        members = [
            frozenset(matrix.indices[matrix.indptr[k] : matrix.indptr[k + 1]].tolist())
            for k in range(count)
        ]
        return System(self.figures, matrix, low, high, members, list(found.values()))
