"""
Columns under two names that may be one variable: "Area" in one table and "District" in another,
with the same categories. Taken for two they hide what the tables tell together, so the user is
asked.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from nilreturn.ages import parse_ages
from nilreturn.disclosure.model import UNNAMED, TableShape
from nilreturn.disclosure.tabular.text_tables import COLUMNS, UPPER
from nilreturn.errors import TableError
from nilreturn.tables import Dimension

FEWEST = 2  # categories in common before two columns may be one variable
FEWEST_OF_A_PART = 3  # where one has further categories
_NO_CATEGORY = {
    "unknown",
    "not recorded",
    "not stated",
    "not known",
    "other",
    "others",
    "blank",
    "missing",
    "n/a",
}


def refuse_strangers(shapes: Sequence[TableShape], files: Mapping[str, str] | None = None) -> None:
    """
    Raise `TableError` where columns of two tables have the same categories and different variables,
    unless both variables were named by somebody. `files` names the file of a table, by the table's
    name.
    """
    together = {
        frozenset((a.variable, b.variable))
        for s in shapes
        for a in s.dimensions
        for b in s.dimensions
    }
    columns = [(shape, dimension) for shape in shapes for dimension in shape.dimensions]
    columns = [
        (shape, dimension) for shape, dimension in columns if len(dimension.categories) > FEWEST
    ]
    for (first, one), (second, other) in itertools.combinations(columns, 2):
        if (
            first is second
            or one.variable == other.variable
            or first.population.unit != second.population.unit
        ):
            continue
        if frozenset((one.variable, other.variable)) in together:
            continue  # some table has both, so they are two
        if not (_is_inferred(one) or _is_inferred(other)) or (
            _is_unnamed(one) and _is_unnamed(other)
        ):
            continue
        if _alike(one, other):
            raise _question(first, one, second, other, files or {})


def _is_inferred(dimension: Dimension) -> bool:
    """Whether a variable has its name from the heading alone."""
    from_heading = (
        dimension.variable == dimension.title.strip().casefold() and "." not in dimension.variable
    )
    return _is_unnamed(dimension) or from_heading


def _is_unnamed(dimension: Dimension) -> bool:
    return dimension.variable.startswith(UNNAMED)


def _alike(one: Dimension, other: Dimension) -> bool:
    first, second = _labels(one), _labels(other)
    fewer, more = sorted((first, second), key=len)
    same = first == second and len(first) >= FEWEST
    return (
        same
        or (len(fewer) >= FEWEST_OF_A_PART and fewer <= more)
        or (_are_ages(first) and _are_ages(second))
    )


def _labels(dimension: Dimension) -> frozenset[str]:
    labels = {" ".join(category.label.casefold().split()) for category in dimension.categories[1:]}
    return frozenset(labels - _NO_CATEGORY)


def _are_ages(labels: frozenset[str]) -> bool:
    """Whether all labels are bands of ages."""
    try:
        bands = [parse_ages(label) for label in labels]
    except ValueError:
        return False
    return len(bands) >= FEWEST and any(first != last for first, last in bands)


def _question(
    first: TableShape,
    one: Dimension,
    second: TableShape,
    other: Dimension,
    files: Mapping[str, str],
) -> TableError:
    if _is_inferred(other) and not _is_unnamed(one):
        told, there, variable = second, other, one.variable
    else:
        told, there, variable = first, one, other.variable
    describing = PurePath(_file(told, files)).with_suffix(".yaml").name
    key = there.title or COLUMNS
    return TableError(
        f"{_named(one)} of {_file(first, files)} and {_named(other)} of {_file(second, files)} "
        f"have the same categories; if they are one variable write in {describing}: columns: "
        f"{{{key}: {{variable: {variable}}}}}; if they are two, name each there (variable: a name "
        "of its own)"
    )


def _file(shape: TableShape, files: Mapping[str, str]) -> str:
    """The file of a table; of one of a register, the table with its release."""
    return files.get(shape.name) or str(getattr(shape, "labels", shape.name))


def _named(dimension: Dimension) -> str:
    return (
        "the columns of counts"
        if dimension.title in (COLUMNS, UPPER, "")
        else repr(dimension.title)
    )
