"""
Crime records by the million, and how long and how much memory their import takes.

    python -m benchmarks.import_rows 1000000 10000000
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ROWS = """
WITH drawn AS (
    SELECT
        i,
        (i - (i % 20 = 19)::INTEGER)::INTEGER AS crime,
        -- Independent draws: the hash of the seed, the crime (for a victim's details the row) and the draw's number.
        [(hash({seed}, if(draw < 10, crime, i), draw) % 1000000)::INTEGER FOR draw IN range(1, 13)] AS d,
    FROM range({rows}) AS numbers(i)
), crimes AS (
    SELECT
        i,
        crime,
        d,
        DATE '2016-04-01' + d[1] % 2190 AS recorded_on,
        [
            ['071/17', '88A'], ['088/01', '88A'], ['008/06', '8N'], ['105/01', '105A'], ['195/94', '8L'],
            ['028/03', '28E'], ['046/00', '46'], ['058/00', '58A'], ['049/10', '49'], ['008/67', '8U']
        ][1 + d[2] % 10] AS offence,
    FROM drawn
)
SELECT
    -- One crime in twenty has a second victim: the next row has the same reference.
    format('{{:02d}}/{{:08d}}/{{:02d}}', 40 + crime % 20, crime, 16) AS "Crime Reference",
    strftime(recorded_on, '%d/%m/%Y') AS "Recorded Date",
    strftime(recorded_on - d[4] % 2, '%d/%m/%Y') AS "Reported Date",
    strftime(recorded_on - d[4] % 2 - d[5] % 60, '%d/%m/%Y') AS "Committed From Date",
    strftime(recorded_on - d[4] % 2 - d[5] % 20, '%d/%m/%Y') AS "Committed To Date",
    offence[1] AS "HO Code",
    offence[2] AS "HO Class",
    CASE WHEN d[6] < 20000 THEN 'Cancelled' WHEN d[6] < 25000 THEN 'Transferred' ELSE 'Recorded' END AS "Crime Status",
    CASE WHEN d[7] < 300000 THEN 'Y' WHEN d[7] < 900000 THEN 'N' ELSE '' END AS "Online Crime Indicator",
    format('LPA {{:02d}}', 1 + d[8] % 14) AS "LPA",
    CASE WHEN d[10] < 30000 THEN '' WHEN d[10] < 35000 THEN '-1' ELSE (d[10] % 95)::VARCHAR END AS "Victim Age",
    CASE
        WHEN d[10] < 35000 OR d[11] < 500000 THEN ''
        ELSE strftime(recorded_on - (d[10] % 95 * 365.25 + 90)::INTEGER, '%d/%m/%Y')
    END AS "Victim DOB",
    CASE
        WHEN d[10] < 30000 THEN '' WHEN d[12] < 550000 THEN 'Female' WHEN d[12] < 980000 THEN 'Male'
        WHEN d[12] < 990000 THEN 'Unknown' ELSE 'Unspecified'
    END AS "Victim Sex",
    'Report received by ' || ['telephone', 'web form', 'front counter', 'letter'][1 + d[9] % 4] || CASE
        WHEN d[9] < 40000
        THEN '; contact was made over ' || ['WhatsApp', 'Facebook', 'Instagram', 'Snapchat'][1 + d[5] % 4]
        ELSE ''
    END || '. Recording officer confirmed the details with the reporting person.' AS "Initial MO",
FROM crimes
ORDER BY i
"""


def generate(rows: int, path: Path, seed: int = 1) -> None:
    """
    Write `rows` rows, one a crime and victim, to `path` as CSV under the headers of the `connect` mapping.
    The same rows and seed give the same bytes. Every word is administrative.
    """
    import duckdb

    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.execute("SET memory_limit = '1GB'")
        query = _ROWS.format(rows=int(rows), seed=int(seed))
        target = str(path).replace("'", "''")
        database.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER true)")


def measure(source: Path, target: Path) -> tuple[float, float, float]:
    """Seconds, CPU seconds and peak megabytes of a process of its own that imports `source` into `target`."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "nilreturn", "import", str(source), "--mapping", "connect", "--to", str(target)]
    importing = subprocess.Popen([*command, "--as-at", "2026-04-01"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(importing.pid, 0)
    importing.returncode = os.waitstatus_to_exitcode(status)
    if importing.returncode:
        raise SystemExit(f"the import failed with exit code {importing.returncode}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [1_000_000, 10_000_000]
    print(f"{'rows':>12}  {'CSV, MB':>8}  {'seconds':>8}  {'CPU s':>6}  {'peak, MB':>8}  {'extract, MB':>11}")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder) / "rows.csv", Path(folder) / "extract"
            generate(rows, source)
            seconds, cpu, peak = measure(source, target)
            kept = sum(path.stat().st_size for path in target.iterdir())
            size = source.stat().st_size
            print(
                f"{rows:>12,}  {size / 1e6:>8,.0f}  {seconds:>8.1f}  {cpu:>6.1f}  {peak:>8,.0f}  {kept / 1e6:>11,.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
