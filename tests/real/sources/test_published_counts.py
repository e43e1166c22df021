"""Published counts and rows come out of an import as they were published."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from nilreturn.periods import Grain
from nilreturn.sources import SOURCES, import_extract, verify_extract

REAL = Path(__file__).parents[4] / "shared" / "real"
VICTIMS, OFFENCES = REAL / "vawg-victims.parquet", REAL / "vawg-offences.parquet"
HERTS = REAL / "herts_hospital_crimes_rowlevel.csv"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the published files are not in {REAL}")

# Mapping → file, sheet, and the published column behind each imported one.
SHEETS = {
    "met-vawg-victims-by-area": (
        VICTIMS,
        "Victim count by location",
        {"bcu": "bcu_location", "area": "borough_name", "ward": "ward_name_clean_2"},
    ),
    "met-vawg-victims-by-age": (VICTIMS, "Victim count by age group", {"age_group": "age_group"}),
    "met-vawg-victims-by-ethnicity": (
        VICTIMS,
        "Victim count by ethnic group",
        {"ethnic_appearance": "ethnic_appearance_group_group"},
    ),
    "met-vawg-offences-by-area": (
        OFFENCES,
        "Offence count location",
        {"bcu": "bcu_location", "area": "borough_name", "ward": "ward_name_clean_2"},
    ),
    "met-vawg-offences-by-class": (
        OFFENCES,
        "Offence count classification",
        {
            "offence_group": "crimsec_group",
            "class_title": "crimseccodeexpansion",
            "offence_title": "crimsec_offences",
            "vawg_offence": "vawg_offence",
        },
    ),
}
MONTHS = {
    "recorded_on": "recorded_date_months",
    "committed_from": "date_committed_from_date_months",
}


@pytest.fixture(scope="module", params=SHEETS)
def imported(request, tmp_path_factory):
    path, sheet, columns = SHEETS[request.param]
    folder = tmp_path_factory.mktemp("real") / "extract"
    extract = import_extract(
        [path], mapping=SOURCES[request.param](), to=folder, as_at=date(2026, 3, 1)
    )
    assert verify_extract(folder)
    with duckdb.connect() as engine:
        engine.execute("SET threads = 1")
        engine.execute(f"CREATE VIEW crimes AS FROM '{extract.crimes}'")
        engine.execute(f"CREATE VIEW victims AS FROM '{extract.victims}'")
        engine.execute(f"CREATE VIEW published AS FROM '{path}' WHERE sheet = '{sheet}'")
        yield extract, columns, engine


def counts(engine, query):
    return {tuple(key): count for *key, count in engine.execute(query).fetchall()}


def test_every_published_cell_is_counted_exactly(imported):
    extract, columns, engine = imported
    (unit,) = extract.units
    names = {**MONTHS, **columns}
    source = "crimes" if unit == "crimes" else "crimes JOIN victims USING (crime_ref)"
    ours = counts(
        engine,
        f"SELECT {', '.join(names)}, sum({unit}.weight)::BIGINT AS n FROM {source} GROUP BY ALL",
    )
    # A committed month of January 1900 stands for no date, and a text is kept on one line; nothing
    # else may differ.
    published = ", ".join(
        f"nullif({name}::DATE, '1900-01-01')"
        if name in MONTHS.values()
        else f"regexp_replace({name}, ' +', ' ', 'g')"
        for name in names.values()
    )
    assert ours == counts(
        engine, f"SELECT {published}, sum(count)::BIGINT FROM published GROUP BY ALL"
    )


def test_recorded_and_committed_month_give_different_and_correct_answers(imported):
    _, _, engine = imported
    by_month = {}
    for ours, published in MONTHS.items():
        mine = counts(
            engine,
            f"SELECT {ours}, sum(weight)::BIGINT FROM crimes WHERE year({ours}) = 2021 GROUP BY 1",
        )
        theirs = counts(
            engine,
            f"SELECT {published}::DATE, sum(count)::BIGINT FROM published WHERE year({published}) "
            f"= 2021 GROUP BY 1",
        )
        assert mine == theirs
        by_month[ours] = mine
    assert by_month["recorded_on"] != by_month["committed_from"]


def test_committed_in_january_1900_is_unknown_and_listed_by_cell(imported):
    extract, _, engine = imported
    cells = engine.execute(
        "SELECT count(*) FROM published WHERE date_committed_from_date_months = '1900-01-01'"
    ).fetchone()
    listed = [check for check in extract.manifest["checks"] if check["rule"] == "default_date"]
    assert [(check["column"], check["rows"]) for check in listed] == [
        ("crime.committed_from", *cells)
    ]
    assert extract.manifest["dates"]["crime.committed_from"]["first"] != "1900-01-01"


def test_dates_are_told_to_be_months(imported):
    extract, _, _ = imported
    assert extract.precision == {
        "crime.recorded_on": Grain.MONTH,
        "crime.committed_from": Grain.MONTH,
    }


def test_one_sheet_alone_is_taken_of_several_with_the_same_total(imported):
    extract, _, engine = imported
    (unit,) = extract.units
    totals = {"victims": 1_527_047, "crimes": 1_612_003}
    assert extract.manifest["rows"][unit] == totals[unit]
    assert extract.manifest["rows"]["passed_over"]["other_population"] > 0
    assert engine.execute("SELECT sum(count) FROM published").fetchone() == (totals[unit],)


def test_the_hertfordshire_rows_count_as_published(tmp_path):
    extract = import_extract(
        [HERTS],
        mapping=SOURCES["herts-hospital-crimes"](),
        to=tmp_path / "extract",
        as_at=date(2026, 3, 1),
    )
    rows = extract.manifest["rows"]
    assert (rows["kept"], rows["rejected"], rows["crimes"], rows["victims"]) == (4492, 0, 4492, 0)
    with duckdb.connect() as engine:
        ours = counts(
            engine,
            "SELECT year(recorded_on) || '/' || year(recorded_on) + 1, crime_type, outcome, "
            f"count(*) FROM '{extract.crimes}' GROUP BY ALL",
        )
        published = counts(
            engine,
            "SELECT financial_year, crime_type, outcome, count(*) "
            f"FROM read_csv('{HERTS}', all_varchar = true) GROUP BY ALL",
        )
    assert ours == published
