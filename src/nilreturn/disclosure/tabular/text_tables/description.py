"""
What the columns of a table mean, when their headings do not say it all: a small file beside the
table.

`ages.csv` is described by `ages.yaml`: which unit is counted, what the table is restricted to,
which variable a column divides, which categories add up into which, what ages or days a label
covers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from nilreturn.ages import parse_ages
from nilreturn.authored import compose_yaml, day, mistakes_of_model, not_a_day, values_of
from nilreturn.disclosure.model import UNNAMED
from nilreturn.errors import TableError
from nilreturn.tables import TOTAL, Category, Dimension, Extent, Population

COLUMNS = "columns"  # how a description names the headings of the columns of counts
UPPER = "columns above"  # and the upper of two rows of headings

# The word for "everyone", as tables print it.
_TOTAL = re.compile(
    r"(?:(?:grand|overall|row|column|force|sub)[ -])?"
    r"(?:totals?|sum|all|overall|total \((?:all )?[a-z ]+\))"
    r"|all (?:ages|areas|persons|people|victims|sexes|offences|crimes|categories|districts"
    r"|years|months|records)"
    r"|both sexes|total (?:crimes|offences|victims|records|number)",
    re.IGNORECASE,
)

Whole = Annotated[int, Field(strict=True, ge=0, le=date.max.toordinal())]
Day = Annotated[date, BeforeValidator(day)]
Range = tuple[Whole, Whole] | tuple[Day, Day]
# A text that looks like a day is never taken for a word: tables of other days would be strangers.
Word = Annotated[str, AfterValidator(not_a_day)]
Told = Annotated[Range | list[Word | Range], Field(union_mode="left_to_right")]


class Column(BaseModel):
    """One column (or, under the name "columns", the headings of the columns of counts)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    variable: str = ""
    total: str = ""
    parents: dict[str, str] = {}
    covers: dict[str, Told] = {}
    overlapping: bool = False
    qualifies: str = ""
    none_of: dict[str, tuple[str, ...]] = {}


class Percentage(BaseModel):
    """
    A column of percentages: of which column of `counts` (where there are several), and `within`
    which columns they add up to 100; of the grand total where none is named.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    counts: str = ""
    within: tuple[str, ...] = ()


class TableDescription(BaseModel):
    """
    What a table means where its headings do not say it. Every part may be left out.

    Attributes
    ----------
    title : str
        Heading for readers.
    unit : str
        What is counted, such as "victims".
    source : str
        The records: an extract or a publication.
    restricted_to : dict of str to values or ranges
        The part of each variable that the table is restricted to.
    columns : dict of str to Column
        By heading: its variable, total, hierarchy and what its labels cover.
    percentages : dict of str to Percentage
        By heading of a column of percentages: what they are shares of.
    tables : dict of str to TableDescription
        For a file with several tables: the description of each, by the name of the sheet or table.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    unit: str = "records"
    source: str = ""
    restricted_to: dict[str, Told] = {}
    columns: dict[str, Column] = {}
    percentages: dict[str, Percentage] = {}
    tables: dict[str, TableDescription] = {}

    def of_table(self, *names: str) -> TableDescription:
        """
        What is told of one table of a file with several: what is said of it, else what is said of
        all.
        """
        own = next((self.tables[name] for name in names if name in self.tables), None)
        if own is None:
            return self
        told = {name: getattr(own, name) for name in own.model_fields_set}
        return self.model_copy(
            update={"columns": {**self.columns, **told.pop("columns", {})}, **told}
        )

    @property
    def population(self) -> Population:
        return Population(
            self.unit,
            tuple((v, _extent(told)) for v, told in self.restricted_to.items()),
            self.source,
        )

    def dimension(self, heading: str, labels: Sequence[str]) -> Dimension:
        """
        The dimension of a column with these labels.

        Raises `TableError` for two totals, duplicated labels, and a hierarchy that runs in a circle
        or names a label that is not there.
        """
        column = self.columns.get(heading, Column())
        twice = next((label for label, times in Counter(labels).items() if times > 1), None)
        if twice is not None:
            raise TableError(
                f"{heading}: category {twice!r} appears twice; merge the two or rename one"
            )
        total = column.total or self._total(heading, labels)
        parents = {
            label: column.parents.get(label, total)
            for label in (*labels, *column.parents)
            if label != total
        }
        unknown = [p for p in parents.values() if p != total and p not in parents]
        if unknown:
            raise TableError(
                f"{heading}: {unknown[0]!r} has parts and is no category itself; add it or correct "
                f"the hierarchy"
            )
        variable = column.variable or _variable(
            heading, [label for label in parents if label != total]
        )
        categories = [
            Category(total),
            *_in_order(heading, total, parents, self._covers(heading, variable, column)),
        ]
        return Dimension(
            variable, heading, tuple(categories), not column.overlapping, column.qualifies
        )

    @staticmethod
    def _total(heading: str, labels: Sequence[str]) -> str:
        found = [label for label in labels if is_total(label)]
        if len(found) > 1:
            raise TableError(
                f"{heading}: {found[0]!r} and {found[1]!r} both read like a total; name the one "
                f"that is meant"
            )
        return found[0] if found else TOTAL

    @staticmethod
    def _covers(heading: str, variable: str, column: Column) -> Mapping[str, Extent | None]:
        return _Covers(
            {
                **{label: _extent(told) for label, told in column.covers.items()},
                **{label: Extent.without(*values) for label, values in column.none_of.items()},
            },
            is_age="age" in re.split(r"\W", variable),
        )


def is_total(label: str) -> bool:
    """Whether a label reads as the word for everyone: "Total", "All", "Grand total"."""
    return _TOTAL.fullmatch(label.strip()) is not None


def _variable(heading: str, labels: Sequence[str]) -> str:
    """
    The variable of a column that nothing is told of: its heading, or where it has none, as the
    columns of counts, all its categories: one table's may be sexes and another's areas.
    """
    if heading not in (COLUMNS, UPPER, ""):
        return heading.strip().casefold()
    return UNNAMED + ", ".join(sorted(label.casefold() for label in labels))


class _Covers(dict[str, Extent | None]):
    """What each label covers: as told, or for ages as it reads, or what it says for itself."""

    def __init__(self, told: Mapping[str, Extent], *, is_age: bool) -> None:
        super().__init__(told)
        self.is_age = is_age

    def __missing__(self, label: str) -> Extent | None:
        return age_band(label) if self.is_age else None


def age_band(label: str) -> Extent | None:
    """
    The ages that a label names; None when it names none.

    >>> [age_band(label) for label in ("12-15", "under 12")] == [
    ...     Extent.between(12, 15), Extent.between(0, 11)]
    True
    """
    try:
        return Extent.between(*parse_ages(label))
    except ValueError:
        return None


def read_description(table: Path) -> TableDescription:
    """
    What lies beside a table as its description; an empty one when nothing does.

    Raises `TableError` with every mistake in it.
    """
    path = table.with_suffix(".yaml")
    if not path.exists():
        return TableDescription()
    node, mistakes = compose_yaml(path, "description", TableError)
    if node is None:
        return TableDescription()
    content, lines = values_of(node, mistakes)
    if content is not None and not isinstance(content, dict):
        raise TableError(
            f"{path}: is no description; write names and values, such as unit: victims"
        )
    described = TableDescription()
    try:
        described = TableDescription.model_validate(content or {})
    except ValidationError as error:
        mistakes_of_model(error.errors(), lines, TableDescription, mistakes, whole="description")
    mistakes.raise_if_any()
    return described


def _extent(described: Told) -> Extent:
    if isinstance(described, tuple):
        return Extent.between(*_ends(described))
    ranges = tuple(_ends(part) for part in described if isinstance(part, tuple))
    return Extent(ranges, frozenset(part for part in described if isinstance(part, str)))


def _ends(told: Range) -> tuple[int, int]:
    first, last = (end.toordinal() if isinstance(end, date) else end for end in told)
    if first > last:
        raise TableError(
            f"a range runs backwards: {told[0]} to {told[1]}; write its lower end first"
        )
    return first, last


def _in_order(
    heading: str, total: str, parents: Mapping[str, str], covers: Mapping[str, Extent | None]
) -> list[Category]:
    """The categories with each parent before its parts, otherwise as they come."""
    below: dict[str, list[str]] = {}
    for label, parent in parents.items():
        below.setdefault(parent, []).append(label)
    ordered: list[Category] = []
    waiting = list(reversed(below.get(total, [])))
    while waiting:
        label = waiting.pop()
        ordered.append(Category(label, parents[label], covers[label]))
        waiting += reversed(below.get(label, []))
    found = {category.label for category in ordered}
    lost = [label for label in parents if label not in found]
    if lost:
        raise TableError(
            f"{heading}: the hierarchy runs in a circle through {lost[0]!r}; a category adds up "
            f"into one above it"
        )
    return ordered
