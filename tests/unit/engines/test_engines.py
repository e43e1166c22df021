from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
import sqlglot.expressions as sql

from nilreturn.engines import ENGINES, engine_named, plan
from nilreturn.engines.sql import trees
from nilreturn.errors import EngineError, ExtractError, QuestionError
from nilreturn.offences import OffenceRef
from nilreturn.periods import Period
from nilreturn.questions import (
    ByAge,
    ByColumn,
    ByDate,
    CategoryFilter,
    DateFilter,
    Filters,
    Grain,
    Question,
    read_band,
)
from nilreturn.schema import Extract
from tests.support.extracts import make_extract, make_mentions

ANY = Question("1", "How many?", "crimes")


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    return make_extract(tmp_path / "extract", [{"area": "North"}, {"area": "South"}])


def test_engine_is_found_by_name_or_near_ones_are_told() -> None:
    with pytest.raises(EngineError, match="no engine 'duckbd'; did you mean 'duckdb'"):
        engine_named("duckbd")
    with pytest.raises(EngineError, match=f"there are {', '.join(ENGINES)}"):
        engine_named("zzz")


def test_master_of_an_engine_that_has_none_is_refused() -> None:
    with pytest.raises(EngineError, match="leave --master out"):
        engine_named("duckdb", master="local[2]")


def test_spark_that_is_not_installed_is_told_in_one_line(
    extract: Extract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(
        EngineError, match="not installed; install nilreturn with its extra 'spark'"
    ):
        engine_named("spark").tabulate(extract, ANY)


@pytest.mark.parametrize("name", ["duckdb", "reference"])
def test_mentions_need_the_file_of_a_search(name: str, extract: Extract, tmp_path: Path) -> None:
    question = Question("4", "Which?", "records", mentions=("Kik",))
    for missing in (None, tmp_path / "none.parquet"):
        with pytest.raises(
            QuestionError, match="question 4 counts mentions, and the free text was not searched"
        ):
            engine_named(name).tabulate(extract, question, mentions=missing)


def test_records_behind_mentions_are_in_the_order_asked(extract: Extract, tmp_path: Path) -> None:
    found = [
        ("2", "Kik", False),
        ("1", "WhatsApp", True),
        ("1", "Kik", True),
        ("7", "Kik", True),
        ("1", "Line", True),
    ]
    mentions = make_mentions(tmp_path / "mentions.parquet", found)
    question = Question("4", "Which?", "records", mentions=("WhatsApp", "Kik"))
    for name in ("duckdb", "reference"):
        behind = engine_named(name).records_behind(extract, question, mentions=mentions)
        assert behind == (("WhatsApp", "1", True), ("Kik", "1", True), ("Kik", "2", False))


def test_extract_that_cannot_be_read_is_told_in_one_line(extract: Extract) -> None:
    extract.crimes.write_bytes(extract.crimes.read_bytes()[:100])
    with pytest.raises(ExtractError, match="cannot be read; import it again"):
        engine_named("duckdb").tabulate(extract, ANY)
    extract.crimes.unlink()
    with pytest.raises(ExtractError, match="cannot be read; import it again"):
        engine_named("duckdb").tabulate(extract, ANY)


@pytest.mark.parametrize("name", ["a[1]b", "a*b", "a?b", "a'b", 'a"b', "a{1,2}b", "a b%20"])
def test_folder_called_like_a_pattern_is_itself(name: str, tmp_path: Path) -> None:
    extract = make_extract(tmp_path / name, [{}])
    make_extract(tmp_path / "a1b", [{}, {}])
    (table,) = engine_named("duckdb").tabulate(extract, ANY)
    assert table.count() == 1  # type: ignore[union-attr]


def test_breakdown_with_too_many_categories_is_refused(tmp_path: Path) -> None:
    crimes = [{"area": str(number)} for number in range(20_002)]
    extract = make_extract(tmp_path / "extract", crimes)
    question = Question("1", "Where?", "crimes", breakdowns=(ByColumn(("area",)),))
    with pytest.raises(QuestionError, match="breakdown 'Area' has over 20,000 categories"):
        engine_named("duckdb").tabulate(extract, question)


def test_table_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    extract = make_extract(
        tmp_path / "extract", [{"area": str(n), "outcome": str(n)} for n in range(4_000)]
    )
    question = Question(
        "1", "Where?", "crimes", breakdowns=(ByColumn(("area",)), ByColumn(("outcome",)))
    )
    with pytest.raises(QuestionError, match=r"question 1: 16,\d+,\d+ cells, over 10,000,000"):
        engine_named("duckdb").tabulate(extract, question)


def test_question_of_every_kind_becomes_one_statement_with_all_names_quoted(tmp_path: Path) -> None:
    own = [("crimes", 'a"b`c')]
    extract = make_extract(tmp_path / "extract", [{'a"b`c': "x'; DROP TABLE crimes; --"}], own=own)
    period = Period(date(2020, 7, 1), date(2021, 3, 31))
    filters = Filters(
        (OffenceRef("code", "071/17"), OffenceRef("class", "88A")),
        DateFilter("recorded_on", period),
        ages=read_band("12-15"),
        one_of=(
            CategoryFilter('a"b`c', ("x'; DROP TABLE crimes; --",)),
            CategoryFilter("sex", ("Female",)),
        ),
    )
    by = (
        ByDate((Grain.FINANCIAL_YEAR, Grain.MONTH), "recorded_on"),
        ByColumn(('a"b`c',)),
        ByAge((read_band("12-13"), read_band("14-15"))),
    )
    laid = plan(Question("1", "Who?", "victims", filters, by), extract)
    for tree in (trees.cells(laid), trees.extreme(laid, "minimum", ())):
        assert all(name.args["quoted"] for name in tree.find_all(sql.Identifier)), tree.sql(
            "duckdb"
        )
        assert not list(tree.find_all(sql.RegexpLike, sql.Anonymous))
    assert len(list(trees.cells(laid).find_all(sql.GroupingSets))) == 1
    engine_named("duckdb").tabulate(extract, Question("1", "Who?", "victims", filters, by))
