from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nilreturn.engines import Engine, engine_named
from nilreturn.periods import Period
from nilreturn.questions import RECORDS, DateFilter, Question, Questions
from nilreturn.questions.validation import inconsistencies, mistakes_without_extract
from nilreturn.schema import Extract
from nilreturn.tables import RawExtreme, RawTable
from tests.support import generated
from tests.support.examples import examples
from tests.support.extracts import make_extract, make_mentions
from tests.support.untimed import SHARED_FIXTURES

Records = list[dict[str, Any]]
Mentions = list[tuple[str, str, bool]]
Coverage = dict[str, Period]

asked = {
    "crimes": generated.crimes(),
    "victims": generated.victims(),
    "mentions": generated.mentions,
    "question": generated.questions(),
    "covers": generated.coverage,
}


@settings(max_examples=examples(100), deadline=None)
@given(**asked)
def test_duckdb_answers_as_plain_loops_do(
    crimes: Records, victims: Records, mentions: Mentions, question: Question, covers: Coverage
) -> None:
    _compare(engine_named("duckdb"), crimes, victims, mentions, question, covers)


@settings(max_examples=25, deadline=None, suppress_health_check=SHARED_FIXTURES)
@given(**asked)
def test_spark_connect_answers_as_plain_loops_do(
    sail: Engine,
    crimes: Records,
    victims: Records,
    mentions: Mentions,
    question: Question,
    covers: Coverage,
) -> None:
    _compare(sail, crimes, victims, mentions, question, covers)


@settings(max_examples=examples(50), deadline=None)
@given(
    **{
        **asked,
        "covers": generated.covered,
        "asks": generated.covered,
        "column": generated.date_columns,
    }
)
def test_no_record_of_a_day_that_is_not_covered_is_counted(
    crimes: Records,
    victims: Records,
    mentions: Mentions,
    question: Question,
    covers: Period,
    asks: Period,
    column: str,
) -> None:
    """With these records taken out, every total is what it was."""
    part = asks.intersect(covers)
    assume(part)
    assert part
    question = replace(question, filters=replace(question.filters, dates=DateFilter(column, asks)))
    numbered = [{"crime_ref": str(place), **crime} for place, crime in enumerate(crimes, 1)]
    within = [crime for crime in numbered if crime[column] is None or crime[column] in covers]
    with tempfile.TemporaryDirectory() as folder:
        path = make_mentions(Path(folder) / "mentions.parquet", mentions)
        every, some = (
            engine_named("duckdb").tabulate(
                make_extract(
                    Path(folder) / name,
                    records,
                    victims,
                    own=generated.OWN,
                    covers={column: covers},
                ),
                question,
                mentions=path,
            )
            for name, records in (("every", numbered), ("some", within))
        )
    for one, other in zip(every, some, strict=True):
        assert part == asks or one.title.endswith(f", {part.brief}")
        assert one.title == other.title
        if isinstance(one, RawTable) and isinstance(other, RawTable):
            assert one.counts[(0,) * one.counts.ndim] == other.counts[(0,) * other.counts.ndim]


@settings(max_examples=25, deadline=None)
@given(
    crimes=generated.crimes(),
    victims=generated.victims(),
    question=generated.questions(),
    order=st.randoms(),
)
def test_order_of_records_changes_nothing(
    crimes: Records, victims: Records, question: Question, order: Any
) -> None:
    numbered = [{"crime_ref": str(place), **crime} for place, crime in enumerate(crimes, 1)]
    shuffled = order.sample(numbered, len(numbered)), order.sample(victims, len(victims))
    engine = engine_named("duckdb")
    with tempfile.TemporaryDirectory() as folder:
        mentions = make_mentions(Path(folder) / "mentions.parquet", [])
        one, other = (
            engine.tabulate(_extract(Path(folder) / name, *records), question, mentions=mentions)
            for name, records in (("one", (numbered, victims)), ("other", shuffled))
        )
    assert one == other


@settings(max_examples=examples(50), deadline=None)
@given(crimes=generated.crimes(), victims=generated.victims(), question=generated.questions())
def test_margins_are_the_sums_of_what_lies_under_them(
    crimes: Records, victims: Records, question: Question
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        extract = make_extract(Path(folder) / "extract", crimes, victims, own=generated.OWN)
        mentions = make_mentions(Path(folder) / "mentions.parquet", [])
        tables = engine_named("duckdb").tabulate(extract, question, mentions=mentions)
    for table in tables:
        if isinstance(table, RawTable):
            _assert_adds_up(table)


def _extract(folder: Path, crimes: Records, victims: Records) -> Extract:
    """With a hash that does not tell in which order the records are."""
    return replace(make_extract(folder, crimes, victims, own=generated.OWN), hash="0" * 64)


def _compare(
    engine: Engine,
    crimes: Records,
    victims: Records,
    mentions: Mentions,
    question: Question,
    covers: Coverage,
) -> None:
    request = Questions("R1", "Northshire Police", date(2026, 1, 5), (question,))
    assert not list(inconsistencies(question))
    assert not mistakes_without_extract(request)
    with tempfile.TemporaryDirectory() as folder:
        extract = make_extract(
            Path(folder) / "extract", crimes, victims, own=generated.OWN, covers=covers
        )
        path = make_mentions(Path(folder) / "mentions.parquet", mentions)
        expected = engine_named("reference").tabulate(extract, question, mentions=path)
        assert engine.tabulate(extract, question, mentions=path) == expected
        if question.unit == RECORDS:
            behind = engine.records_behind(extract, question, mentions=path)
            assert behind == engine_named("reference").records_behind(
                extract, question, mentions=path
            )
            _assert_counts_are_those_of(behind, expected, question)


def _assert_counts_are_those_of(
    behind: tuple[tuple[str, str, bool], ...],
    tables: tuple[RawTable | RawExtreme, ...],
    question: Question,
) -> None:
    by_keyword = tables[0]
    assert isinstance(by_keyword, RawTable)
    for keyword in question.mentions:
        forms = [written for found, _, written in behind if found == keyword]
        assert by_keyword.count(keyword, "As written") == forms.count(True)
        assert by_keyword.count(keyword, "Only in another spelling") == forms.count(False)


def _assert_adds_up(table: RawTable) -> None:
    for axis, dimension in enumerate(table.dimensions):
        if not dimension.additive:
            continue
        for place, category in enumerate(dimension.categories):
            children = [
                dimension.labels.index(child.label) for child in dimension.children(category.label)
            ]
            if children:
                under = table.counts.take(children, axis).sum(axis)
                assert (under == table.counts.take(place, axis)).all(), (
                    dimension.title,
                    category.label,
                )
