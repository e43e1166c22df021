"""How much of what was given is lost, and whether the user has accepted that."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nilreturn.errors import SourceError
from nilreturn.sources.judging.columns import RULE_NAMES, Column
from nilreturn.sources.judging.staging import Staging
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
    Raises `SourceError` where more than 1% of `rows` or of the dates of one column are lost, and more rows and dates
    together than the user has `accepted`. `broken` has the rows that broke each rule in each column.
    """
    rejected = {rule: n for (variable, rule), n in broken.items() if variable is None and _loses_rows(rule)}
    details = [f"{counted(n, 'row')}: {RULES[rule].description}" for rule, n in rejected.items()]
    lost = sum(rejected.values())
    is_too_much = lost > MOST_LOST * rows
    shares = [f"{lost:,} of {counted(rows, 'row')}"] if is_too_much else []
    for variable in staging.dates:
        dates = {rule: n for rule, n in _lost_dates(columns[variable]).items() if n}
        details += [f"{counted(n, 'date')} of '{variable}': {RULES[rule].description}" for rule, n in dates.items()]
        said = int(columns[variable].seen[columns[variable].said].sum())
        if sum(dates.values()) > MOST_LOST * said:
            shares.append(f"{sum(dates.values()):,} of {counted(said, 'date')} of '{variable}'")
        lost += sum(dates.values())
    if shares and lost > accepted:
        raise SourceError(
            f"more than 1% would be lost: {', '.join(shares)}; put the report or the mapping right, or, where that is "
            f"as it should be, repeat with --accept-rejects {lost}",
            details=tuple(details),
        )


def _loses_rows(rule: str) -> bool:
    return RULES[rule].is_loss and RULES[rule].action is Action.ROW_REJECTED


def _lost_dates(column: Column) -> dict[str, int]:
    """Rows that are kept whose date is lost, by rule."""
    is_loss = np.array([False, *(rule.is_loss for rule in RULES.values())])
    faults, counts = column.faults, column.seen
    lost = np.bincount(faults[is_loss[faults]], weights=counts[is_loss[faults]], minlength=len(RULE_NAMES))
    return {RULE_NAMES[number]: int(lost[number]) for number in np.flatnonzero(lost)}
