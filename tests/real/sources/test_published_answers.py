"""Questions asked of the published files are answered with the published figures."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from nilreturn.engines import engine_named
from nilreturn.questions import check_against, load_questions
from nilreturn.sources import SOURCES, import_extract
from nilreturn.tables import RawTable

REAL = Path(__file__).parents[4] / "shared" / "real"
VICTIMS, OFFENCES = REAL / "vawg-victims.parquet", REAL / "vawg-offences.parquet"
HERTS = REAL / "herts_hospital_crimes_rowlevel.csv"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the published files are not in {REAL}")


def answer(folder, source, path, question):
    """The first table of a question asked of a published file."""
    extract = import_extract(
        [path], mapping=SOURCES[source](), to=folder / "extract", as_at=date(2026, 3, 1)
    )
    written = folder / "request.yaml"
    written.write_text(
        "reference: 'REAL 1'\nforce: A force\nreceived_on: 2026-03-02\nquestions:\n"
        f"  - number: 1\n    words: How many?\n{question}",
        encoding="utf-8",
    )
    questions = load_questions(written)
    check_against(questions, extract)
    table = engine_named("duckdb").tabulate(extract, questions.questions[0])[0]
    assert isinstance(table, RawTable)
    return dict(table.cells())


def published(query):
    with duckdb.connect() as engine:
        return {tuple(key): count for *key, count in engine.execute(query).fetchall()}


def non_zero(cells):
    """The cells by their labels, without totals and zeros."""
    return {labels: count for labels, count in cells.items() if count and "Total" not in labels}


@pytest.mark.parametrize(
    ("dates", "column"),
    [
        ("recorded_on", "recorded_date_months"),
        ("committed_from", "date_committed_from_date_months"),
    ],
)
def test_victims_by_age_group_are_those_published_by_either_date(tmp_path, dates, column):
    cells = answer(
        tmp_path,
        "met-vawg-victims-by-age",
        VICTIMS,
        f"    unit: victims\n    filters: {{period: 2021/22, date: {dates}}}\n"
        f"    breakdowns: [age_group, {{month: {dates}}}]\n",
    )
    rows = published(
        f"SELECT coalesce(age_group, 'Unknown'), strftime({column}, '%B %Y'), sum(count)::BIGINT "
        f"FROM '{VICTIMS}' WHERE sheet = 'Victim count by age group' AND {column} >= '2021-04-01' "
        f"AND {column} < '2022-04-01' GROUP BY ALL"
    )
    assert non_zero(cells) == rows
    assert cells["Total", "Total"] == sum(rows.values())


def test_crimes_by_borough_are_those_published(tmp_path):
    cells = answer(
        tmp_path,
        "met-vawg-offences-by-area",
        OFFENCES,
        "    unit: crimes\n    filters:\n      period: 2015/16 to 2024/25\n"
        "    breakdowns: [area, {financial_year: recorded_on}]\n",
    )
    rows = published(
        "SELECT coalesce(borough_name, 'Unknown'), (year(d) || '/' || right((year(d) + "
        "1)::VARCHAR, 2)), n FROM (SELECT borough_name, "
        "date_trunc('year', recorded_date_months - INTERVAL 3 MONTH) AS d, sum(count)::BIGINT n "
        f"FROM '{OFFENCES}' WHERE sheet = 'Offence count location' "
        "AND recorded_date_months >= '2015-04-01' AND recorded_date_months < '2025-04-01' "
        "GROUP BY ALL)"
    )
    assert non_zero(cells) == rows


def test_crimes_at_hospitals_are_those_published(tmp_path):
    cells = answer(
        tmp_path,
        "herts-hospital-crimes",
        HERTS,
        "    unit: crimes\n    filters:\n      period: 2019/20 to 2023/24\n"
        "    breakdowns: [crime_type, {financial_year: recorded_on}]\n",
    )
    rows = published(
        f"SELECT crime_type, left(financial_year, 5) || right(financial_year, 2), count(*) "
        f"FROM read_csv('{HERTS}', all_varchar = true) GROUP BY ALL"
    )
    assert non_zero(cells) == rows
    assert cells["Total", "Total"] == 4492
