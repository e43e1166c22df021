"""
What only a whole column shows: words that no mapping knows, days far from others, the order of day
and month.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nilreturn.errors import SourceError
from nilreturn.schema import Kind
from nilreturn.sources.judging.columns import NOTHING, RULE_NUMBERS, Column
from nilreturn.sources.judging.staging import BORN, CLASS, CODE, STATUS, Staging
from nilreturn.sources.parsing import SPACES, SPREADSHEET_ERRORS
from nilreturn.wording import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAR = 20 * 365.25  # days
MOST_WORDS = 20
_WORDS = re.compile(r"[A-Za-z][A-Za-z /&'()-]{0,39}")


def check_statuses(staging: Staging, columns: Mapping[str, Column]) -> None:
    """
    Raise `SourceError` with the words of a status that the mapping does not know: a crime with an
    unknown status would be in no count. Words are shown; other texts are only counted.
    """
    if STATUS not in staging.present:
        return
    column = columns[STATUS]
    counts = column.seen
    words: dict[str, int] = {}
    odd = blank = 0
    for number in np.flatnonzero((column.values == NOTHING) & (counts > 0)):
        text = " ".join((column.texts[number] or "").strip(SPACES).split())
        rows = int(counts[number])
        if not column.has_said(int(number)):
            blank += rows
        elif _WORDS.fullmatch(text) or text.upper() in SPREADSHEET_ERRORS:
            words[text] = words.get(text, 0) + rows
        else:
            odd += rows
    details = [
        f"'{word}': {counted(number, 'row')}"
        for word, number in sorted(words.items(), key=lambda item: (-item[1], item[0]))
    ]
    if len(details) > MOST_WORDS:
        details[MOST_WORDS:] = [f"and {counted(len(details) - MOST_WORDS, 'other word')}"]
    if blank:
        details.append(f"no status: {counted(blank, 'row')}; say with when_blank what that means")
    if odd:
        details.append(
            f"texts that are not words: {counted(odd, 'row')}; see whether this is the column of "
            f"the status"
        )
    if details:
        raise SourceError(
            f"the mapping '{staging.mapping.name}' does not know what each status means; give each "
            f"a meaning under "
            f'[columns."{STATUS}".values], such as "word" = "Recorded"',
            details=tuple(details),
        )


def check_order_of_dates(staging: Staging, columns: Mapping[str, Column]) -> None:
    """
    Raise `SourceError` where some days of a column can only be written month first, none can only
    be day first, and others could be either, which would be read as other days.
    """
    for variable in staging.dates:
        dates = columns[variable].dates
        if dates and dates.saw_month_first and dates.saw_ambiguous and not dates.saw_day_first:
            raise SourceError(
                f"the dates of '{variable}' are written with the month before the day; name their "
                f"form in the mapping, "
                'such as dates = { formats = ["%m/%d/%Y"] }'
            )


def found_by_column(
    staging: Staging, columns: Mapping[str, Column]
) -> dict[str, NDArray[np.uint8]]:
    """
    By variable, the number of the rule that each of its texts broke, 0 for none. Only variables
    with a breach are there.
    """
    found = {variable: _far(columns[variable]) for variable in staging.dates if variable != BORN}
    for variable in staging.judged:
        is_open = staging.mapping.column(variable).kind is Kind.CATEGORY and variable not in (
            CODE,
            CLASS,
        )
        if is_open and not staging.mapping.column(variable).categories:
            found[variable] = _differing_in_case(columns[variable])
    return {variable: faults for variable, faults in found.items() if faults.any()}


def _far(column: Column) -> NDArray[np.uint8]:
    """Days with a gap of decades before or after them, except the stretch with most rows."""
    values, counts = column.values, column.seen
    faults = np.zeros(len(values), np.uint8)
    is_day = (values != NOTHING) & (counts > 0)
    days = np.unique(values[is_day])
    stretches = np.cumsum(np.diff(days, prepend=days[:1]) > FAR)
    if not len(days) or not stretches[-1]:
        return faults
    stretch = stretches[np.searchsorted(days, values[is_day])]
    rows = np.bincount(stretch, weights=counts[is_day])
    faults[np.flatnonzero(is_day)[stretch != rows.argmax()]] = RULE_NUMBERS["decades_from_others"]
    return faults


def _differing_in_case(column: Column) -> NDArray[np.uint8]:
    """Texts that differ only in capital letters from one that more rows have."""
    values, counts = column.values, column.seen
    faults = np.zeros(len(values), np.uint8)
    labels = column.labels
    rows = np.bincount(
        np.where(values == NOTHING, len(labels), values), weights=counts, minlength=len(labels) + 1
    )
    by_words: dict[str, list[int]] = {}
    for label, words in enumerate(labels):
        if rows[label]:
            by_words.setdefault(words.casefold(), []).append(label)
    for same in by_words.values():
        if len(same) > 1:
            usual = max(same, key=lambda label: (rows[label], -label))
            faults[np.isin(values, [label for label in same if label != usual])] = RULE_NUMBERS[
                "differs_in_case"
            ]
    return faults
