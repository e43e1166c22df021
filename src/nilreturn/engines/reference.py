"""
The oracle: every count by plain loops over plain records.

It is never optimised and never used in production. The other engines must give exactly its tables.
"""

from __future__ import annotations

import itertools
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nilreturn.engines.dimensions import Path as KeyPath
from nilreturn.engines.planning import (
    NO_KEY,
    AgeCondition,
    BreakdownPlan,
    Condition,
    DateKey,
    DayCondition,
    Key,
    Plan,
    TextKey,
    plan,
)
from nilreturn.engines.protocol import Mention, mentions_file
from nilreturn.engines.tabulation import Cells, ExtremeFound, Mentioned, tabulate
from nilreturn.periods import number_of
from nilreturn.questions import (
    CRIMES,
    OLDEST,
    YOUNGEST,
    OffenceSelection,
    Pair,
    Question,
    unknown_label,
)
from nilreturn.schema import WEIGHT, Column, Extract
from nilreturn.tables import UNKNOWN, RawExtreme, RawTable

Record = dict[str, Any]
Both = tuple[Record, Record]  # a crime, and one of its victims or {}


class ReferenceEngine:
    """Reads the whole extract into memory as Python objects."""

    def tabulate(
        self, extract: Extract, question: Question, *, mentions: Path | None = None
    ) -> tuple[RawTable | RawExtreme, ...]:
        return tabulate(_Loops(extract, mentions_file(question, mentions)), extract, question)

    def records_behind(
        self, extract: Extract, question: Question, *, mentions: Path
    ) -> tuple[Mention, ...]:
        loops = _Loops(extract, mentions_file(question, mentions))
        refs = {crime["crime_ref"] for crime in loops.crimes_of(plan(question, extract))}
        found = [
            (keyword, mention["crime_ref"], mention["written"])
            for keyword in question.mentions
            for mention in sorted(loops.mentions, key=lambda mention: str(mention["crime_ref"]))
            if mention["keyword"] == keyword and mention["crime_ref"] in refs
        ]
        return tuple(found)


class _Loops:
    def __init__(self, extract: Extract, mentions: Path | None) -> None:
        self.crimes = _records(extract.crimes)
        self.victims = _records(extract.victims)
        self.mentions = _records(mentions) if mentions else []
        self.by_crime: dict[str, list[Record]] = {}
        for victim in self.victims:
            self.by_crime.setdefault(victim["crime_ref"], []).append(victim)

    def crimes_of(self, plan: Plan) -> Iterator[Record]:
        """
        The crimes that the plan counts; where the plan restricts victims, those with a victim that
        applies.
        """
        for crime in self._whatever_victims(plan):
            victims = self.by_crime.get(crime["crime_ref"], [])
            if not plan.of_victims or any(_all(plan.of_victims, victim) for victim in victims):
                yield crime

    def _whatever_victims(self, plan: Plan) -> Iterator[Record]:
        for crime in self.crimes:
            if _is_offence(plan.offences, crime) and _all(plan.of_crimes, crime):
                yield crime

    def _counted(self, plan: Plan) -> Iterator[Both]:
        if plan.unit == CRIMES:
            yield from ((crime, {}) for crime in self.crimes_of(plan))
            return
        for crime in self._whatever_victims(plan):
            for victim in self.by_crime.get(crime["crime_ref"], []):
                if _all(plan.of_victims, victim):
                    yield crime, victim

    def cells(self, plan: Plan) -> Cells:
        tally: Tally[tuple[KeyPath, ...]] = Tally()
        for both in self._counted(plan):
            units = _units(plan, both)
            paths = [tuple(_key(key, both) for key in facet.keys) for facet in plan.facets]
            ancestors = [[path[:depth] for depth in range(len(path) + 1)] for path in paths]
            for cell in itertools.product(*ancestors):
                tally[cell] += units
        tally.setdefault(tuple(() for _ in plan.facets), 0)
        return tally

    def present(self, facet: BreakdownPlan) -> Sequence[KeyPath]:
        table = facet.keys[0].column.table
        records = self.crimes if table == CRIMES else self.victims
        return list({(_key(facet.keys[0], (record, record)),) for record in records})

    def pairs(self, plan: Plan) -> Sequence[Pair]:
        return [
            (_known(crime["offence_class"], UNKNOWN), _known(crime["offence_code"], UNKNOWN))
            for crime in self.crimes
            if _is_offence(plan.offences, crime)
        ]

    def extreme(self, plan: Plan, kind: str, also: Sequence[Column]) -> ExtremeFound | None:
        known = [
            (victim["age"], tuple(_value(column, (crime, victim)) for column in also))
            for crime, victim in self._counted(plan)
            if _units(plan, (crime, victim))
            and victim["age"] is not None
            and YOUNGEST <= victim["age"] <= OLDEST
        ]
        if not known:
            return None
        ages = [age for age, _ in known]
        best = min(ages) if kind == "minimum" else max(ages)
        return ExtremeFound(best, tuple({values for age, values in known if age == best}))

    def mentioned(self, plan: Plan, keywords: Sequence[str]) -> Mentioned:
        units = {crime["crime_ref"]: _units(plan, (crime, {})) for crime in self.crimes_of(plan)}
        by_keyword: dict[str, dict[bool, int]] = {
            keyword: {True: 0, False: 0} for keyword in keywords
        }
        by_crime: dict[str, list[bool]] = {}
        for mention in self.mentions:
            if mention["crime_ref"] in units and mention["keyword"] in by_keyword:
                by_keyword[mention["keyword"]][mention["written"]] += units[mention["crime_ref"]]
                by_crime.setdefault(mention["crime_ref"], []).append(mention["written"])
        counts = {keyword: (forms[True], forms[False]) for keyword, forms in by_keyword.items()}
        written = sum(units[reference] for reference, forms in by_crime.items() if any(forms))
        return Mentioned(
            sum(units.values()), counts, (written, sum(units[ref] for ref in by_crime) - written)
        )


def _units(plan: Plan, both: Both) -> int:
    """The number of units that a record stands for: one, or its weight."""
    crime, victim = both
    return int((crime if plan.unit == CRIMES else victim)[WEIGHT]) if plan.is_weighted else 1


def _records(path: Path) -> list[Record]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return list(file.read().to_pylist())


def _is_offence(offences: OffenceSelection | None, crime: Record) -> bool:
    if offences is None:
        return True
    code, name = crime.get("offence_code"), crime.get("offence_class")
    if name is None and code in offences.classless:
        return True
    return code in offences.codes or name in offences.classes


def _all(conditions: Sequence[Condition | DayCondition | AgeCondition], record: Record) -> bool:
    return all(_applies(condition, record) for condition in conditions)


def _applies(condition: Condition | DayCondition | AgeCondition, record: Record) -> bool:
    value = record[condition.column.name]
    if isinstance(condition, Condition):
        return condition.with_blank if value is None else value in condition.values
    if value is None:
        return False
    if isinstance(condition, DayCondition):
        return value in condition.period
    return any(first <= value <= last for first, last in condition.ages.ranges)


def _key(key: Key, both: Both) -> str | int:
    record = both[0] if key.column.table == CRIMES else both[1]
    value = record[key.column.name]
    if isinstance(key, TextKey):
        return _known(value, key.unknown)
    if value is None:
        return NO_KEY
    if isinstance(key, DateKey):
        return number_of(key.grain, value)
    for number, band in enumerate(key.bands):
        if any(first <= value <= last for first, last in band.ages.ranges):
            return number
    return NO_KEY


def _value(column: Column, both: Both) -> str:
    return str(_key(TextKey(column, unknown_label(column)), both))


def _known(value: str | None, unknown: str) -> str:
    return unknown if value is None else value
