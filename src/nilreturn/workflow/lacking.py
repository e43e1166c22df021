"""
What a reply may say of records that were lost, or that lack a value that a question is restricted
by.

Their number is a count like any other: in a small extract, an exact share would disclose it. A
reply therefore says the same for all numbers from one *step* to the next, and no step distinguishes
two counts below the policy's threshold, except none from some. The steps that a number lies between
are published, and are entered into the account of disclosure control (`row_statements`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nilreturn.disclosure import NO_UPPER, Policy
from nilreturn.questions import CRIMES, Question, find, reach_of, unknown_label
from nilreturn.schema import Extract
from nilreturn.sources import MOST_LOST, RULES, Action
from nilreturn.tables import UNKNOWN, RawTable, SafeTable

OFFENCE = "crime.offence"
TIMES = 10  # a share is given only of numbers of at least so many times the threshold
SHARES = (50, 10, 1)  # per cent: "more than 50%"


@dataclass(frozen=True, slots=True)
class Care:
    """
    How carefully numbers are given: counts below the `threshold` are not distinguished, except none
    from some where that is allowed.
    """

    threshold: int
    tells_none: bool


@dataclass(frozen=True, slots=True)
class Lacking:
    """
    How many of a `whole` lack a value of `variable`: crimes, or for "" rows that were given. For
    offences `part` says which is lacking, "code" or "class".
    """

    variable: str
    number: int
    whole: int
    part: str = ""
    blank: str = UNKNOWN

    def is_blank(self, value: str) -> bool:
        """Whether the value, as extents have it, is that of a record without one."""
        if not self.part:
            return value == self.blank
        name, _, code = value.partition(" ")
        return (code if self.part == "code" else name) == UNKNOWN


def care_of(tables: Iterable[RawTable | SafeTable], policy: Policy) -> Care:
    """The care that the strictest rule of all the tables asks for."""
    rules = [
        policy.rule(
            table.name,
            [dimension.variable for dimension in table.dimensions],
            [variable for variable, _ in table.population.extents],
        )
        for table in tables
    ]
    threshold = max([policy.threshold.value, *(rule.threshold for rule in rules)])
    is_printed = policy.zeros.treatment == "printed" and all(rule.zeros_printed for rule in rules)
    return Care(threshold, is_printed)


def lost_rows(extract: Extract) -> Lacking:
    """The rows that could not be read as records, of all that were given."""
    lost = sum(
        check["rows"]
        for check in extract.manifest.get("checks", ())
        if check["action"] == Action.ROW_REJECTED.value and RULES[check["rule"]].is_loss
    )
    return Lacking("", lost, extract.manifest["rows"].get("in", 0))


def without_day(question: Question, extract: Extract) -> Iterator[Lacking]:
    """The records without a day of the kind asked for."""
    if reach := reach_of(question, extract):
        yield Lacking(reach.variable, reach.coverage.undated, _records(reach.variable, extract))


def without_offence(question: Question, extract: Extract) -> Iterator[Lacking]:
    """
    The crimes without a code, where a code is asked for, and those without a class.

    A crime that has a class counts for it whatever its code, and one that has a code counts for it
    whatever its class.
    """
    kinds = {reading.kind for reading in question.filters.offences}
    for kind in sorted(kinds):
        whole = _records(CRIMES, extract)
        is_there = find(f"offence_{kind}", extract.columns) is not None
        number = _without(f"crime.offence_{kind}", extract) if is_there else whole
        yield Lacking(OFFENCE, number, whole, kind)


def lacks_of_people(question: Question, extract: Extract) -> bool:
    """
    Whether the question is restricted by the age or another column of victims. The number that lack
    it is not used, since it is a count of people.
    """
    columns = [find(one_of.column, extract.columns) for one_of in question.filters.one_of]
    return question.filters.ages is not None or any(
        column is None or column.table != CRIMES for column in columns
    )


def lacking(question: Question, extract: Extract) -> tuple[Lacking, ...]:
    """Everything for which the question's figures may lack records."""
    found = [
        lost_rows(extract),
        *without_day(question, extract),
        *without_offence(question, extract),
    ]
    for one_of in question.filters.one_of:
        column = find(one_of.column, extract.columns)
        if (
            column is not None
            and column.table == CRIMES
            and unknown_label(column) not in one_of.values
        ):
            number = _without(column.variable, extract)
            found.append(
                Lacking(
                    column.variable, number, _records(CRIMES, extract), blank=unknown_label(column)
                )
            )
    return tuple(found)


def may_lack_records(question: Question, extract: Extract, care: Care) -> bool:
    """
    Whether a 0 may be due to missing records, so that it is not a nil return.

    That is so when more than 1% of the records were lost or lack what the question is restricted
    by; where 1% of them is below the threshold, when any are.
    """
    return lacks_of_people(question, extract) or any(
        not is_negligible(each, care) for each in lacking(question, extract)
    )


def is_negligible(lacking: Lacking, care: Care) -> bool:
    """Whether a 0 is a nil return despite what is lacking."""
    limit = _negligible(lacking, care)
    return limit is not None and lacking.number <= limit


def share_told(lacking: Lacking, care: Care) -> int:
    """The percentage that a reply may say the number exceeds; 0 where it says nothing about it."""
    return next((share for share in SHARES if lacking.number >= _first_of(share, lacking, care)), 0)


def range_told(lacking: Lacking, care: Care) -> tuple[int, int]:
    """The lowest and the highest number for which a reply says the same."""
    limit = _negligible(lacking, care)
    steps = [_first_of(share, lacking, care) for share in SHARES] + (
        [] if limit is None else [limit + 1]
    )
    low = max((step for step in steps if step <= lacking.number), default=0)
    high = min((step - 1 for step in steps if step > lacking.number), default=NO_UPPER)
    return low, high


def _negligible(lacking: Lacking, care: Care) -> int | None:
    """The highest number with which a 0 is a nil return; None where there is no such number."""
    most = int(MOST_LOST * lacking.whole)
    if most >= care.threshold:
        return most
    return 0 if care.tells_none else None


def _first_of(share: int, lacking: Lacking, care: Care) -> int:
    """The lowest number of which a reply says that it is more than this share."""
    return max(share * lacking.whole // 100 + 1, TIMES * care.threshold)


def _without(variable: str, extract: Extract) -> int:
    """
    The number without a value. An extract of an earlier version does not state it; then all may be
    without.
    """
    if extract.without_value is None:
        return _records(CRIMES, extract)
    return extract.without_value.get(variable, 0)


def _records(variable: str, extract: Extract) -> int:
    table = find(variable, extract.columns)
    return int(extract.manifest["rows"].get(table.table if table else CRIMES, 0))
