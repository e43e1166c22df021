"""
Everything in a release that depends on records: its printed tables and its extremes, prepared in
one place.

All else that is printed follows from the request, the policy, the authority, reference data, the
name of the records system and the day of the extract. Two sets of records that give equal
statements therefore give equal releases. Whoever wants to print another fact of the records must
make it a statement here and enter it into the account on which disclosure control rests.
`tests/architecture/test_account.py` lists what can be printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nilreturn.questions import offence_extent, pairs_of_class, pairs_of_code
from nilreturn.tables import (
    Category,
    Coordinates,
    Dimension,
    Extent,
    NotCovered,
    PrintedTable,
    SafeExtreme,
    SafeTable,
    print_table,
)

OFFENCE = "crime.offence"  # its values are a class and a code: "88A 071/17"


@dataclass(frozen=True, slots=True)
class Statements:
    """
    What one question is answered with.

    Attributes
    ----------
    tables
        Its tables as they are printed.
    extremes
        Its youngest or oldest victim, made safe.
    """

    tables: tuple[PrintedTable, ...]
    extremes: tuple[SafeExtreme, ...]


def statements_of(
    question: str,
    tables: Sequence[SafeTable],
    extremes: Sequence[SafeExtreme],
    *,
    offences: Extent | None,
    not_covered: Sequence[NotCovered] = (),
    not_in_use: Mapping[str, frozenset[Coordinates]] | None = None,
) -> Statements:
    """
    The tables and extremes that answer one question.

    Parameters
    ----------
    question
        The question's number.
    tables
        Safe tables of any questions.
    extremes
        Safe extremes of any questions.
    offences
        What the question's offences cover by reference data only; None: any offence. (What they
        cover in an extract depends on the pairs of class and code in it.)
    not_covered
        Rows of days that the extract does not cover.
    not_in_use
        By name of a table, its cells that disclosure control took as publicly known to be 0.

    Returns
    -------
    Statements
        What is printed for that question.
    """
    asked = {} if offences is None else {OFFENCE: offences}
    known = not_in_use or {}
    return Statements(
        tuple(
            _printed(table, asked, tuple(not_covered), known.get(table.name, frozenset()))
            for table in tables
            if table.question == question
        ),
        tuple(extreme for extreme in extremes if extreme.question == question),
    )


def _printed(
    table: SafeTable,
    asked: Mapping[str, Extent],
    not_covered: tuple[NotCovered, ...],
    not_in_use: frozenset[Coordinates],
) -> PrintedTable:
    extents = tuple((name, asked.get(name, extent)) for name, extent in table.population.extents)
    own = {dimension.variable for dimension in table.dimensions}
    return print_table(
        table,
        restricted_to=extents,
        dimensions=tuple(map(_by_reference, table.dimensions)),
        not_covered=tuple(row for row in not_covered if row.variable in own),
        not_in_use=not_in_use,
    )


def _by_reference(dimension: Dimension) -> Dimension:
    if dimension.variable != OFFENCE:
        return dimension
    return replace(dimension, categories=tuple(map(_offence_by_reference, dimension.categories)))


def _offence_by_reference(category: Category) -> Category:
    """
    An offence's row with what its label means by reference data: a class, a code, or "88A: 071/17".
    """
    if category.parent is None:
        return category
    label = category.label
    if ": " in label:
        name, code = label.split(": ", 1)
        return replace(category, covers=offence_extent([(name, code)]))
    named = offence_extent(pairs_of_class(label) | pairs_of_code(label))
    return replace(category, covers=Extent(values=named.values | {label}))
