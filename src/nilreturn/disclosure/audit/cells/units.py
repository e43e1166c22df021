"""
Which tables have anything to do with one another by what they count, and the lines that they are
laid on together.

Victims and crimes are counted in one universe of things: a crime without victim details; a crime
with them, which is also its first victim; and each further victim. Crimes are the first two,
victims the last two. So victims are never fewer than the crimes with details among the same crimes;
and there are none where there is no such crime (`details`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nilreturn.disclosure.audit.categories import (
    FURTHER,
    Factor,
    Line,
    Lines,
    PlacedTable,
    is_several,
    line_of,
    place,
    refuse_unnamed,
    several_of,
)
from nilreturn.disclosure.audit.cells.details import Conditions, Details
from nilreturn.disclosure.model import TableShape
from nilreturn.tables import Belonging, Dimension, Extent, Population

# What is known of crimes restricted by their victims where no table of victims says it.
DETAILS = Belonging("crimes", "crime.", "crime.victim_details", "Recorded")
HOLDS = "has_victim["  # in the name under which a restriction by victims stands among the extents


@dataclass(frozen=True)
class Outline:
    """
    A table as it is laid out, where that differs from what is printed; or one that nobody prints.
    """

    name: str
    population: Population
    dimensions: tuple[Dimension, ...]
    question: str = ""


@dataclass(frozen=True)
class Universe:
    """
    Tables on common lines. `bounded` are pairs of tables of one shape: no cell of the first is
    below the other's.
    """

    lines: Lines
    placed: tuple[PlacedTable, ...]
    bounded: tuple[tuple[PlacedTable, PlacedTable], ...] = ()
    details: Details | None = None


def universes(shapes: Sequence[TableShape]) -> list[Universe]:
    """The tables by what they count, each in its place of the sequence."""
    belonging = {
        s.population.unit: s.population.belongs for s in shapes if s.population.belongs is not None
    }
    groups: dict[str, list[int]] = {}
    counted = {s.population.unit for s in shapes}
    leader = {unit: told.unit for unit, told in belonging.items() if told.unit in counted}
    for number, shape in enumerate(shapes):
        unit = shape.population.unit
        groups.setdefault(leader.get(unit, unit), []).append(number)
    found = []
    for head, numbers in groups.items():
        units = {shapes[number].population.unit for number in numbers}
        links = {unit: told for unit, told in belonging.items() if unit in units and unit != head}
        found.append(_universe(shapes, numbers, head, links))
    return found


def _universe(
    shapes: Sequence[TableShape], numbers: Sequence[int], head: str, links: dict[str, Belonging]
) -> Universe:
    told = next(iter(links.values()), DETAILS)
    chain = _is_chain([shapes[n].population.holds for n in numbers if shapes[n].population.holds])
    outlines = {n: _outline(shapes[n], told, chain=chain) for n in numbers}
    phantoms = {}
    if links and not chain:
        unit = next(iter(links))
        phantoms = {
            n: _restrictions_held(shapes[n], unit) for n in numbers if shapes[n].population.holds
        }
    lines = _lines([*outlines.values(), *phantoms.values()], told if links else None)
    placed = {n: place(n, outline, lines) for n, outline in outlines.items()}
    more = {n: place(-n - 1, outline, lines) for n, outline in phantoms.items()}
    if links:
        line = lines[told.variable]
        placed = {n: _with_kind(p, line, told, head) for n, p in placed.items()}
        more = {n: _with_kind(p, line, told, head) for n, p in more.items()}
    everyone = (*placed.values(), *more.values())
    details = None
    if links:
        held = (shapes[n].population.holds for n in numbers) if chain else ()
        details = Details(told, next(iter(links)), tuple(dict.fromkeys(((), *held))))
    return Universe(lines, everyone, tuple((more[n], placed[n]) for n in more), details)


def _lines(shapes: Sequence[TableShape], told: Belonging | None) -> Lines:
    refuse_unnamed(shapes)
    extents: dict[str, list[Extent]] = {}
    dimensions: dict[str, list[tuple[TableShape, Dimension]]] = {}
    for shape in shapes:
        for variable, extent in shape.population.extents:
            extents.setdefault(variable, []).append(extent)
        for dimension in shape.dimensions:
            dimensions.setdefault(dimension.qualifies or dimension.variable, []).append(
                (shape, dimension)
            )
    if told is not None:
        extents.setdefault(told.variable, []).append(Extent.of(told.value, FURTHER))
    lines: Lines = {}
    for variable in dict.fromkeys((*extents, *dimensions)):
        if is_several(variable, shapes):
            lines[variable] = several_of(variable, shapes)
        else:
            lines[variable] = line_of(
                variable, extents.get(variable, ()), dimensions.get(variable, ())
            )
    return lines


def _with_kind(placed: PlacedTable, line: object, told: Belonging, head: str) -> PlacedTable:
    """A table of either unit, restricted to the kinds of thing that it counts."""
    if not isinstance(line, Line):
        return placed
    one, further = line.mask(Extent.of(told.value)), line.mask(Extent.of(FURTHER))
    factor = placed.factors.get(told.variable, Factor(told.variable, (), (line.everything,), (0,)))
    if placed.shape.population.unit == head:
        masks = tuple(mask & ~further for mask in factor.masks)
    else:
        masks = tuple(one | further if mask & one else 0 for mask in factor.masks)
    factors = placed.factors | {told.variable: replace(factor, masks=masks)}
    return PlacedTable(placed.number, placed.shape, factors)


# Crimes restricted by their victims ---------------------------------------------------------------


def _is_chain(conditions: Iterable[Conditions]) -> bool:
    """
    Whether each condition is stricter or weaker than each other: then a crime's first victim can be
    taken to be the one who meets the strictest that any does.
    """
    distinct = list(dict.fromkeys(conditions))
    return all(
        _implies(a, b) or _implies(b, a) for i, a in enumerate(distinct) for b in distinct[:i]
    )


def _implies(one: Conditions, other: Conditions) -> bool:
    mine = dict(one)
    return all(variable in mine and mine[variable].within(extent) for variable, extent in other)


def _outline(shape: TableShape, told: Belonging, *, chain: bool) -> TableShape:
    population = shape.population
    if not population.holds:
        return shape
    extents = dict(population.extents)
    extents.setdefault(told.variable, Extent.of(told.value))
    if chain:
        extents = {
            variable: extent for variable, extent in extents.items() if HOLDS not in variable
        }
        for variable, extent in population.holds:
            extents[variable] = extent
    return Outline(
        shape.name, replace(population, extents=tuple(extents.items()), holds=()), shape.dimensions
    )


def _restrictions_held(shape: TableShape, unit: str) -> TableShape:
    """The victims who meet the condition of a table of crimes, by the same breakdowns."""
    population = shape.population
    extents = [
        (variable, extent) for variable, extent in population.extents if HOLDS not in variable
    ]
    return Outline(
        f"{unit} of {shape.name}",
        Population(unit, (*extents, *population.holds), population.source),
        shape.dimensions,
    )
