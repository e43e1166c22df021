"""
What everybody knows of things that are counted side by side, and no sum says.

Each crime whose victim details are recorded has at least one victim, so that there are no fewer
victims than such crimes, wherever crimes are divided; crimes with a victim of whom something is
true are no more than such victims. And where there is no such crime there is no such victim. What
the greater count has more is laid out as a count of its own, at the finest places where victims are
counted, so that nothing which follows of several places is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nilreturn.disclosure.linked_tables.axes import Axis
from nilreturn.disclosure.linked_tables.box_sums import Part, single_cell
from nilreturn.disclosure.linked_tables.builder import CellBuilder
from nilreturn.disclosure.model import Ints, TableShape
from nilreturn.errors import TableError
from nilreturn.tables import Belonging, Extent


@dataclass(frozen=True, eq=False)
class Universe:
    """The parts of one universe, on its axes."""

    axes: dict[str, Axis]
    parts: list[Part]


def linked_units(shapes: Sequence[TableShape]) -> list[list[str]]:
    """The units, those that belong to one another side by side."""
    units = list(dict.fromkeys(s.population.unit for s in shapes))
    to = {
        s.population.unit: s.population.belongs.unit
        for s in shapes
        if s.population.belongs is not None
    }
    groups: dict[str, list[str]] = {}
    for unit in units:
        groups.setdefault(to.get(unit, unit), []).append(unit)
    return list(groups.values())


# Units --------------------------------------------------------------------------------------------


def link_units(
    shapes: Sequence[TableShape], universes: dict[str, Universe], builder: CellBuilder
) -> None:
    """Lay out what units that belong to others must have at least; adds parts to `universes`."""
    for belongs, unit in dict.fromkeys(
        (s.population.belongs, s.population.unit)
        for s in shapes
        if s.population.belongs is not None
    ):
        if belongs.unit in universes and unit in universes:
            _Link(belongs, unit, shapes, universes, builder).run()


class _Link:
    def __init__(
        self,
        belongs: Belonging,
        unit: str,
        shapes: Sequence[TableShape],
        universes: dict[str, Universe],
        book: CellBuilder,
    ) -> None:
        self.belongs, self.unit, self.universes, self.builder = belongs, unit, universes, book
        self.theirs, self.ours = universes[belongs.unit], universes[unit]  # crimes; victims
        self.shapes = [
            s for s in shapes if s.population.unit == belongs.unit and s.population.holds
        ]

    def run(self) -> None:
        told = self.belongs.variable in {v for p in self.theirs.parts for v in p.masks}
        holding = dict.fromkeys((_held_by(s), s.population.holds) for s in self.shapes)
        place = self._finest()
        here = [*self.theirs.parts]
        if told:
            recorded = {
                self.belongs.variable: [
                    self._mask(self.belongs.variable, Extent.of(self.belongs.value))
                ]
            }
            self._at_least(place, recorded, {}, "beyond one in each")
        else:
            self._only_where(place)
        for (variable, extent), held in holding:
            mask = {variable: [self._mask(variable, extent)]}
            of_them = {v: [self.ours.axes[v].mask(e)] for v, e in held if v in self.ours.axes}
            self._at_least(place, mask, of_them, f"beyond one in each, {variable}")
        for (variable, extent), _ in holding if told else ():
            self._only_recorded(variable, extent, here)

    def _finest(self) -> dict[str, list[int]]:
        """
        Of the variables of crimes by which victims are counted, the parts that no table of victims
        cuts.
        """
        masks: dict[str, list[int]] = {}
        for part in self.ours.parts:
            for v in part.masks:
                if (
                    v.startswith(self.belongs.prefix)
                    and v in self.theirs.axes
                    and v != self.belongs.variable
                ):
                    masks.setdefault(v, []).extend(part.leaf_masks(v, self.ours.axes[v]))
        both = {v: self.ours.axes[v].everything & self.theirs.axes[v].everything for v in masks}
        return {v: finest for v, own in masks.items() if (finest := atoms_of(own, both[v]))}

    def _mask(self, variable: str, extent: Extent) -> int:
        return self.theirs.axes[variable].mask(extent)

    def _at_least(
        self,
        place: dict[str, list[int]],
        of_them: dict[str, list[int]],
        of_ours: dict[str, list[int]],
        name: str,
    ) -> None:
        """
        Where `place` divides: of the one unit with `of_them` no more than of the other with
        `of_ours`; and some where there are any of the other.
        """
        if not all(mask for masks in (*of_them.values(), *of_ours.values()) for mask in masks):
            return
        here = {v: masks for v, masks in place.items() if v not in of_them}
        fewer = self._theirs({**here, **of_them})
        more = single_cell(self.unit, {**here, **of_ours}, self.ours.axes, self.builder)
        self.ours.parts.append(more)
        beyond = surplus(
            f"{self.unit} {name}",
            here,
            self.ours.axes,
            more.numbers,
            fewer.numbers,
            self.universes,
            self.builder,
        )
        self._imply(beyond, fewer.numbers)

    def _only_where(self, place: dict[str, list[int]]) -> None:
        """There are some of the one unit where there are any of the other."""
        fewer, more = (
            self._theirs(place),
            single_cell(self.unit, place, self.ours.axes, self.builder),
        )
        self.ours.parts.append(more)
        self._imply(more.numbers, fewer.numbers)

    def _theirs(self, masks: dict[str, list[int]]) -> Part:
        part = single_cell(self.belongs.unit, masks, self.theirs.axes, self.builder)
        self.theirs.parts.append(part)
        return part

    def _imply(self, counts: Ints, others: Ints) -> None:
        for count, other in zip(
            counts.reshape(-1).tolist(), others.reshape(-1).tolist(), strict=True
        ):
            self.builder.imply(count, other)

    def _only_recorded(self, variable: str, extent: Extent, parts: Sequence[Part]) -> None:
        """Whatever has something that belongs to it is recorded as having some."""
        axes = self.theirs.axes
        recorded = axes[self.belongs.variable].mask(Extent.of(self.belongs.value))
        masks = {variable: [axes[variable].mask(extent)], self.belongs.variable: [recorded]}
        part = single_cell(self.belongs.unit, masks, axes, self.builder)
        part.within[self.belongs.variable] = axes[self.belongs.variable].everything
        self.theirs.parts.append(part)


def _held_by(shape: TableShape) -> tuple[str, Extent]:
    """The variable under which a population that holds something is restricted, and how."""
    held = {v for v, _ in shape.population.holds}
    for variable, extent in shape.population.extents:
        if variable not in held and all(name in variable for name in held):
            return variable, extent
    raise TableError(
        f"table {shape.name}: counts what holds something of {', '.join(sorted(held))} and is not "
        "restricted so; add the restriction under a name of its own that names these variables"
    )


def atoms_of(masks: Sequence[int], everything: int) -> list[int]:
    """The parts of everything that none of the masks cuts, what is outside all of them as one."""
    parts = [everything] if everything else []
    for mask in dict.fromkeys(masks):
        parts = [piece for part in parts for piece in (part & mask, part & ~mask) if piece]
    return parts


def surplus(
    name: str,
    place: dict[str, list[int]],
    axes: dict[str, Axis],
    more: Ints,
    fewer: Ints,
    universes: dict[str, Universe],
    builder: CellBuilder,
) -> Ints:
    """
    `more` is never less than `fewer`, place by place; what it has more is counted in a universe of
    its own, whose cells are given back.
    """
    universe = universes.setdefault(name, Universe(axes, []))
    part = single_cell("", place, axes, builder, universe=name)
    universe.parts.append(part)
    cells = zip(
        more.reshape(-1).tolist(),
        fewer.reshape(-1).tolist(),
        part.numbers.reshape(-1).tolist(),
        strict=True,
    )
    for greater, less, beyond in cells:
        builder.equation(greater, (less, beyond))
    return part.numbers
