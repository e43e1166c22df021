"""
Conditions on canonical rows, each defined once: `holds` decides for the values of one record, `sql`
says the same to an engine. A comparison with a value that is not known is false in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from nilreturn import sql
from nilreturn.periods import Grain
from nilreturn.schema import NOT_RECORDED

# By variable ("crime.recorded_on"), its value or None; by table, whether it has rows; by lexicon,
# whether it is named.
Values = Mapping[str, Any]

# What DuckDB needs for these expressions: DuckDB 2.0 raises an error of its own where it works out
# beforehand that a comparison with a CASE is always true.
SETTING = "SET disabled_optimizers = 'statistics_propagation'"

# The variables that are known less finely than to the day.
Precision = Mapping[str, Grain]


@dataclass(frozen=True, slots=True)
class Variable:
    """The value of a column."""

    name: str

    def value(self, values: Values) -> Any:
        return values.get(self.name)

    def sql(self) -> str:
        return f"{sql.name(self.name)}"

    def grain(self, precision: Precision) -> Grain:
        return precision.get(self.name, Grain.DAY)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    number: int

    def value(self, values: Values) -> int:
        return self.number

    def sql(self) -> str:
        return str(self.number)

    def grain(self, precision: Precision) -> Grain:
        return Grain.DAY


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a table says of a column's value: nothing where it does not name the value."""

    name: str
    table: Mapping[str, int] | Mapping[str, date] | Mapping[str, str]

    def value(self, values: Values) -> Any:
        return self.table.get(values.get(self.name) or "")

    def sql(self) -> str:
        cases = " ".join(
            f"WHEN {sql.text(key)} THEN {_literal(value)}" for key, value in self.table.items()
        )
        return f"CASE {sql.name(self.name)} {cases} END"

    def grain(self, precision: Precision) -> Grain:
        return Grain.DAY


Operand = Variable | Constant | Lookup


class Condition:
    """What is true or false of a record."""

    __slots__ = ()

    def holds(self, values: Values) -> bool:
        """Whether it is true of these values."""
        raise NotImplementedError

    def sql(self, precision: Precision) -> str:
        """
        The same as an expression over columns that are named as variables are; true or false, never
        unknown.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    """
    One value beside another. Days that are known more or less finely than each other are not
    compared.
    """

    left: Operand
    sign: Literal["<", ">", ">=", "<>"]
    right: Operand

    def holds(self, values: Values) -> bool:
        left, right = self.left.value(values), self.right.value(values)
        if left is None or right is None:
            return False
        if self.sign == "<>":
            return bool(left != right)
        if self.sign == ">=":
            return bool(left >= right)
        return bool(left < right) if self.sign == "<" else bool(left > right)

    def sql(self, precision: Precision) -> str:
        if self.left.grain(precision) is not self.right.grain(precision):
            return "false"
        return _surely(f"({self.left.sql()}) {self.sign} ({self.right.sql()})")


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """A text column has one of these values."""

    name: str
    values: frozenset[str]

    def holds(self, values: Values) -> bool:
        return values.get(self.name) in self.values

    def sql(self, precision: Precision) -> str:
        return _surely(f"{sql.name(self.name)} IN {sql.texts(sorted(self.values))}")


@dataclass(frozen=True, slots=True)
class Unset(Condition):
    """A column has no value, or says that none is recorded."""

    name: str

    def holds(self, values: Values) -> bool:
        return values.get(self.name) in (None, NOT_RECORDED)

    def sql(self, precision: Precision) -> str:
        column = f"CAST({sql.name(self.name)} AS VARCHAR)"
        return f"({column} IS NULL OR {_surely(f'{column} = {sql.text(NOT_RECORDED)}')})"


@dataclass(frozen=True, slots=True)
class NoRows(Condition):
    """The crime has no row in this table."""

    table: str

    def holds(self, values: Values) -> bool:
        return not values.get(self.table)

    def sql(self, precision: Precision) -> str:
        return f"NOT {sql.name(self.table)}"


@dataclass(frozen=True, slots=True)
class Named(Condition):
    """The free text names an entry of this lexicon."""

    lexicon: str

    def holds(self, values: Values) -> bool:
        return bool(values.get(self.lexicon))

    def sql(self, precision: Precision) -> str:
        return sql.name(self.lexicon)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The condition is not true."""

    part: Condition

    def holds(self, values: Values) -> bool:
        return not self.part.holds(values)

    def sql(self, precision: Precision) -> str:
        return f"NOT ({self.part.sql(precision)})"


class All(Condition):
    """Every part is true."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Condition) -> None:
        self.parts = parts

    def holds(self, values: Values) -> bool:
        return all(part.holds(values) for part in self.parts)

    def sql(self, precision: Precision) -> str:
        return " AND ".join(f"({part.sql(precision)})" for part in self.parts)


class AnyOf(Condition):
    """One part or more is true."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Condition) -> None:
        self.parts = parts

    def holds(self, values: Values) -> bool:
        return any(part.holds(values) for part in self.parts)

    def sql(self, precision: Precision) -> str:
        return " OR ".join(f"({part.sql(precision)})" for part in self.parts)


def names_in(condition: Condition) -> Iterator[str]:
    """The columns, tables and lexicons that a condition reads."""
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from names_in(part)
    elif isinstance(condition, Not):
        yield from names_in(condition.part)
    elif isinstance(condition, Compare):
        yield from (
            each.name
            for each in (condition.left, condition.right)
            if not isinstance(each, Constant)
        )
    elif isinstance(condition, OneOf | Unset):
        yield condition.name
    elif isinstance(condition, NoRows):
        yield condition.table
    elif isinstance(condition, Named):
        yield condition.lexicon


def _surely(expression: str) -> str:
    """The expression, false where it is not known."""
    return f"(({expression}) IS NOT DISTINCT FROM true)"


def _literal(value: int | date | str) -> str:
    if isinstance(value, date):
        return f"DATE {sql.text(value.isoformat())}"
    return sql.text(value) if isinstance(value, str) else str(value)
