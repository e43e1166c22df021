"""How much of what was given is lost, and whether the user has accepted that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from nilreturn.errors import SourceError
from nilreturn.sources.judging.columns import RULE_NAMES, Column
from nilreturn.sources.judging.staging import CLASS, CODE, Staging
from nilreturn.sources.rules import MOST_LOST, RULES, Action
from nilreturn.wording import counted


def check_losses(
    staging: Staging,
    columns: Mapping[str, Column],
    broken: Mapping[tuple[str | None, str], int],
    rows: int,
    accepted: int,
) -> None:
    """
    Raise `SourceError` where more than 1% of `rows`, or of one column's dates or offences, are
    lost, and more of them together than the user has `accepted`. `broken` has the number of rows
    that broke each rule in each column.
    """
    rejected = {
        rule: n for (variable, rule), n in broken.items() if variable is None and _loses_rows(rule)
    }
    details = [f"{counted(n, 'row')}: {RULES[rule].description}" for rule, n in rejected.items()]
    lost = sum(rejected.values())
    is_too_much = lost > MOST_LOST * rows
    shares = [f"{lost:,} of {counted(rows, 'row')}"] if is_too_much else []
    for variable, what in _looked_at(staging):
        values = _lost_values(columns[variable])
        details += [
            f"{counted(n, what)} of '{variable}': {RULES[rule].description}"
            for rule, n in values.items()
        ]
        said = int(columns[variable].seen[columns[variable].said].sum())
        if sum(values.values()) > MOST_LOST * said:
            shares.append(f"{sum(values.values()):,} of {counted(said, what)} of '{variable}'")
        lost += sum(values.values())
    if shares and lost > accepted:
        raise SourceError(
            f"more than 1% would be lost: {', '.join(shares)}; put the report or the mapping "
            f"right, or, where that is as it should be, repeat with --accept-rejects {lost}",
            details=tuple(details),
        )


def _loses_rows(rule: str) -> bool:
    return RULES[rule].is_loss and RULES[rule].action is Action.ROW_REJECTED


def _looked_at(staging: Staging) -> Iterator[tuple[str, str]]:
    """
    The columns whose losses are counted, and what one of their values is called: a crime without
    such a value is not counted where a question asks by the column.
    """
    yield from ((variable, "date") for variable in staging.dates)
    yield from ((variable, "offence") for variable in (CODE, CLASS) if variable in staging.judged)


def _lost_values(column: Column) -> dict[str, int]:
    """The number of rows that are kept but whose value is lost, by rule."""
    is_loss = np.array([False, *(rule.is_loss for rule in RULES.values())])
    faults, counts = column.faults, column.seen
    lost = np.bincount(
        faults[is_loss[faults]], weights=counts[is_loss[faults]], minlength=len(RULE_NAMES)
    )
    return {RULE_NAMES[number]: int(lost[number]) for number in np.flatnonzero(lost)}
