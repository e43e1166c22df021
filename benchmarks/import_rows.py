"""
The import of crime records beside what others do with the same CSV, at 1 and 10 million rows of 23
columns:

- nilreturn: read, judged against every rule, grouped into crimes and victims, written with what
broke a rule;
- DuckDB, polars and pandas: read as text, and written as one Parquet file. They judge and group
nothing.

Each is a process of its own, started in turn; CPU seconds are those of all its threads.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from datetime import date
from importlib.abc import MetaPathFinder
from pathlib import Path

from benchmarks.measured import measure

_ROWS = """
WITH drawn AS (
    SELECT
        i,
        (i - (i % 20 = 19)::INTEGER)::INTEGER AS crime,
        -- Independent draws: the hash of the seed, the crime (for a victim's
        -- details the row) and the draw's number.
        [
            (hash({seed}, if(draw < 10, crime, i), draw) % 1000000)::INTEGER
            FOR draw IN range(1, 13)
        ] AS d,
    FROM range({rows}) AS numbers(i)
), crimes AS (
    SELECT
        i,
        crime,
        d,
        DATE '2016-04-01' + d[1] % 2190 AS recorded_on,
        [
            ['071/17', '88A'], ['088/01', '88A'], ['008/06', '8N'], ['105/01', '105A'],
            ['195/94', '8L'], ['028/03', '28E'], ['046/00', '46'], ['058/00', '58A'],
            ['049/10', '49'], ['008/67', '8U']
        ][1 + d[2] % 10] AS offence,
    FROM drawn
)
SELECT
    -- One crime in twenty has a second victim: the next row has the same reference.
    format('{{:02d}}/{{:08d}}/{{:02d}}', 40 + crime % 20, crime, 16) AS "Crime Reference",
    'Northshire Police' AS "Force",
    strftime(recorded_on, '%d/%m/%Y') AS "Recorded Date",
    strftime(recorded_on - d[4] % 2, '%d/%m/%Y') AS "Reported Date",
    strftime(recorded_on - d[4] % 2 - d[5] % 60, '%d/%m/%Y') AS "Committed From Date",
    strftime(recorded_on - d[4] % 2 - d[5] % 20, '%d/%m/%Y') AS "Committed To Date",
    offence[1] AS "HO Code",
    offence[2] AS "HO Class",
    CASE
        WHEN d[6] < 20000 THEN 'Cancelled' WHEN d[6] < 25000 THEN 'Transferred' ELSE 'Recorded'
    END AS "Crime Status",
    CASE WHEN d[6] < 20000 THEN 'C' || (1 + d[6] % 5) END AS "Cancel Code",
    (d[7] % 22)::VARCHAR AS "Outcome",
    format('LPA {{:02d}}', 1 + d[8] % 14) AS "LPA",
    format('B{{:03d}}', 1 + d[8] % 140) AS "Beat",
    CASE
        WHEN d[7] < 300000 THEN 'Y' WHEN d[7] < 900000 THEN 'N' ELSE ''
    END AS "Online Crime Indicator",
    ['Y', 'N', 'N', 'N', ''][1 + d[3] % 5] AS "Domestic Abuse Flag",
    ['Y', 'N', 'N', 'N', ''][1 + d[3] % 7 % 5] AS "Hate Crime Flag",
    ['Y', 'N', 'N', 'N', ''][1 + d[5] % 5] AS "Knife Flag",
    'Report ' || crime || ' received by '
    || ['telephone', 'web form', 'front counter', 'letter'][1 + d[9] % 4] || CASE
        WHEN d[9] < 40000
        THEN '; contact was made over '
            || ['WhatsApp', 'Facebook', 'Instagram', 'Snapchat'][1 + d[5] % 4]
        ELSE ''
    END || '. Recording officer confirmed the details with the reporting person.' AS "Initial MO",
    'V' || i AS "Victim Reference",
    CASE
        WHEN d[10] < 30000 THEN '' WHEN d[10] < 35000 THEN '-1' ELSE (d[10] % 95)::VARCHAR
    END AS "Victim Age",
    CASE
        WHEN d[10] < 35000 OR d[11] < 500000 THEN ''
        ELSE strftime(recorded_on - (d[10] % 95 * 365.25 + 90)::INTEGER, '%d/%m/%Y')
    END AS "Victim DOB",
    CASE
        WHEN d[10] < 30000 THEN '' WHEN d[12] < 550000 THEN 'Female' WHEN d[12] < 980000 THEN 'Male'
        WHEN d[12] < 990000 THEN 'Unknown' ELSE 'Unspecified'
    END AS "Victim Sex",
    'Person' AS "Victim Type",
FROM crimes
ORDER BY i
"""


def generate(rows: int, path: Path, seed: int = 1) -> None:
    """
    Write `rows` rows, one a crime and victim, to `path` as CSV under the headers of the `connect`
    mapping. The same rows and seed give the same bytes. Every word is administrative.
    """
    import duckdb

    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.execute("SET memory_limit = '1GB'")
        query = _ROWS.format(rows=int(rows), seed=int(seed))
        target = str(path).replace("'", "''")
        database.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER true)")


class _NoPandas(MetaPathFinder):
    """
    As nilreturn's users have it: it does not need pandas, but Arrow loads pandas where it is there.
    """

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


WAYS: dict[str, Callable[[Path, Path], int]] = {}


def way(run: Callable[[Path, Path], int]) -> Callable[[Path, Path], int]:
    WAYS[run.__name__.strip("_")] = run
    return run


@way
def _nilreturn(source: Path, target: Path) -> int:
    sys.meta_path.insert(0, _NoPandas())

    from nilreturn.sources import import_extract, mapping_named

    extract = import_extract(
        [source], mapping=mapping_named("connect"), to=target, as_at=date(2022, 4, 1)
    )
    return int(extract.manifest["rows"]["kept"])


@way
def _duckdb(source: Path, target: Path) -> int:
    import duckdb

    options = (
        "header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', "
        "auto_detect = true"
    )
    target.mkdir()
    with duckdb.connect() as engine:
        ((rows,),) = engine.execute(
            f"COPY (FROM read_csv('{source}', {options})) TO '{target}/rows.parquet' (FORMAT "
            f"parquet, COMPRESSION zstd)"
        ).fetchall()
    return int(rows)


@way
def _polars(source: Path, target: Path) -> int:
    import polars

    target.mkdir()
    rows = polars.scan_csv(source, infer_schema=False)
    rows.sink_parquet(target / "rows.parquet", compression="zstd")
    return int(polars.scan_parquet(target / "rows.parquet").select(polars.len()).collect().item())


@way
def _pandas(source: Path, target: Path) -> int:
    import pandas

    target.mkdir()
    rows = pandas.read_csv(source, dtype=str, keep_default_na=False, engine="pyarrow")
    rows.to_parquet(target / "rows.parquet", compression="zstd")
    return len(rows)


def run(folder: Path, rows: int) -> None:
    """Print the comparison at a tenth of `rows` and at `rows`."""
    print(
        f"{'rows':>12}  {'way':<10}  {'CPU s':>6}  {'seconds':>8}  {'peak, MB':>8}  "
        f"{'written, MB':>11}"
    )
    for size in (rows // 10, rows):
        source, target = folder / f"import-{size}.csv", folder / "imported"
        # In a process of its own: a child is charged with the memory its parent has had.
        if not source.exists():
            measure("benchmarks.import_rows", ["generate", str(source), str(size)])
        for name in WAYS:
            shutil.rmtree(target, ignore_errors=True)
            used = measure("benchmarks.import_rows", [name, str(source), str(target)])
            written = sum(path.stat().st_size for path in target.iterdir()) / 1e6
            print(
                f"{used.printed:>12,}  {name:<10}  {used.cpu:>6.1f}  {used.seconds:>8.1f}  "
                f"{used.memory:>8,.0f}  {written:>11,.1f}",
                flush=True,
            )
    shutil.rmtree(target, ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1] == "generate":
        print(json.dumps(generate(int(sys.argv[3]), Path(sys.argv[2]))))
    else:
        print(json.dumps(WAYS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))))
