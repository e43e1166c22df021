"""Tables drawn as text: records to count, and the answer as it would stand on paper."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from nilreturn.schema import COLUMNS, Kind
from nilreturn.tables import RawExtreme, RawTable


def records(drawn: str, table: str, *, own: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """
    The records of a drawn table, a column for each heading; an empty place is a blank, which the
    record leaves out.

    >>> records('''
    ...     recorded_on | online_flag
    ...     2020-07-01  | Yes
    ...                 | No
    ... ''', "crimes")
    [{'recorded_on': datetime.date(2020, 7, 1), 'online_flag': 'Yes'}, {'online_flag': 'No'}]
    """
    lines = [[cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines()]
    if not lines:
        return []
    kinds = {column.name: column.kind for column in COLUMNS if column.table == table}
    for heading in lines[0]:
        assert heading in kinds or heading in own, (
            f"a drawn table of {table} has no column {heading!r}"
        )
    return [
        {
            name: _value(cell, kinds.get(name))
            for name, cell in zip(lines[0], line, strict=True)
            if cell
        }
        for line in lines[1:]
    ]


def drawn(answer: RawTable | RawExtreme) -> str:
    """The answer as text: the last breakdown across, the others down."""
    if isinstance(answer, RawExtreme):
        also = "".join(f"; {heading}: {text}" for heading, text in answer.also)
        return f"{answer.title}: {'nobody' if answer.value is None else f'{answer.value}{also}'}"
    if not answer.dimensions:
        return f"{answer.title}: {answer.count()}"
    return f"{answer.title}\n{_aligned(_lines(answer))}"


def _lines(table: RawTable) -> list[list[str]]:
    *down, across = table.dimensions
    if not down:
        return [
            [across.title, table.unit],
            *([label, str(table.count(label))] for label in across.labels),
        ]
    lines = [[*(dimension.title for dimension in down), *across.labels]]
    for labels in itertools.product(*(dimension.labels for dimension in down)):
        lines.append([*labels, *(str(table.count(*labels, label)) for label in across.labels)])
    return lines


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    return "\n".join(line.rstrip() for line in padded)


def _value(cell: str, kind: Kind | None) -> Any:
    if kind is Kind.DATE:
        return date.fromisoformat(cell)
    return int(cell) if kind is Kind.NUMBER else cell
