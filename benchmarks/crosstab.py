"""
The cross-tabulation of victims by age and sex, as question 2 of the request asks for it, four ways
on the same rows:

- nilreturn, from the imported extract: with every margin, and the crimes that have no victim on
record;
- SQL written by hand and run by DuckDB on the same Parquet: the same margins and the same second
figure;
- pandas, from the same Parquet, and from the CSV that the extract was imported from.

Each is a process of its own, started in turn; the answers must be equal. Beside whole processes
(start-up included) the query alone is compared, for the start-up weighs the same whatever the
number of rows.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measured import Measured, measure

PERIOD = ("2020-07-01", "2021-03-31")
CODE = "071/17"
BANDS = ("11 and under", "12-15", "16 and over")

REQUEST = f"""
reference: BENCH
force: Northshire Police
received_on: 2022-04-01
questions:
  - number: 2
    words: The age and gender of the victim, broken down into age groups
    unit: victims
    filters: {{offences: {CODE}, period: {PERIOD[0]} to {PERIOD[1]}}}
    breakdowns: [age: [11 and under, 12-15, 16 and over], sex]
"""

BY_HAND = f"""
SELECT
    CASE
        WHEN age <= 11 THEN '11 and under' WHEN age <= 15 THEN '12-15'
        WHEN age >= 16 THEN '16 and over' ELSE 'Unknown'
    END AS band,
    coalesce(sex, 'Unknown') AS sex,
    count(*)
FROM '{{crimes}}' AS c JOIN '{{victims}}' AS v USING (crime_ref)
WHERE offence_code = '{CODE}' AND status = 'Recorded'
  AND recorded_on BETWEEN '{PERIOD[0]}' AND '{PERIOD[1]}'
GROUP BY CUBE (band, coalesce(sex, 'Unknown'))
"""
WITHOUT_VICTIMS = f"""
SELECT count(*)
FROM '{{crimes}}' AS c
WHERE offence_code = '{CODE}' AND status = 'Recorded'
  AND recorded_on BETWEEN '{PERIOD[0]}' AND '{PERIOD[1]}'
  AND NOT EXISTS (FROM '{{victims}}' AS v WHERE v.crime_ref = c.crime_ref)
"""

# "cells" by band and sex, "without": crimes without a victim, "seconds" and "cpu" of the query
Answer = dict[str, Any]


def run(folder: Path, rows: int) -> None:
    """
    Print the comparison on `rows` generated rows; they and their extract are kept in `folder` for
    the next run.
    """
    csv, extract = prepared(folder, rows)
    print(f"Question 2 on {rows:,} generated rows of crimes and victims", flush=True)
    ways = {
        "nilreturn": ("nilreturn", extract),
        "DuckDB, SQL by hand": ("by_hand", extract),
        "pandas, from Parquet": ("pandas_parquet", extract),
        "pandas, from CSV": ("pandas_csv", csv),
    }
    found = {
        name: measure("benchmarks.crosstab", [way, str(path)]) for name, (way, path) in ways.items()
    }
    first = found["nilreturn"].printed
    for name, measured in found.items():
        for part in ("cells", "without"):
            assert measured.printed[part] == first[part], (
                f"{name} counts otherwise: {measured.printed[part]}"
            )
    _print(found)


def prepared(folder: Path, rows: int) -> tuple[Path, Path]:
    """
    The CSV of so many rows and the extract imported from it, made where they are not there yet.
    """
    from benchmarks.import_rows import generate
    from nilreturn.files import atomic_file
    from nilreturn.sources import import_extract, mapping_named

    csv, extract = folder / f"rows-{rows}.csv", folder / f"extract-{rows}"
    if not csv.exists():
        print(f"making {csv.name}, once", file=sys.stderr)
        with atomic_file(csv) as part:
            generate(rows, part)
    if not extract.exists():
        print(f"importing {csv.name}, once", file=sys.stderr)
        import_extract([csv], mapping=mapping_named("connect"), to=extract, as_at=date(2022, 4, 1))
    return csv, extract


def _print(found: dict[str, Measured]) -> None:
    ours = found["nilreturn"]
    print(f"{'':24}{'whole process':>34}{'':4}{'reading and counting':>25}")
    print(f"{'':24}{'seconds':>10}{'CPU s':>8}{'peak MB':>9}{'x ours':>7}{'':4}", end="")
    print(f"{'seconds':>10}{'CPU s':>8}{'x ours':>7}")
    for name, way in found.items():
        query = way.printed
        print(
            f"{name:24}{way.seconds:10.2f}{way.cpu:8.2f}{way.memory:9.0f}"
            f"{way.cpu / ours.cpu:7.2f}{'':4}",
            end="",
        )
        print(
            f"{query['seconds']:10.2f}{query['cpu']:8.2f}{query['cpu'] / ours.printed['cpu']:7.2f}"
        )
    hand, csv = found["DuckDB, SQL by hand"], found["pandas, from CSV"]
    count, whole = ours.printed["cpu"] / hand.printed["cpu"], ours.cpu / hand.cpu
    print(
        f"Beside SQL by hand: {count:.2f} times the CPU to count, {whole:.2f} times as a whole "
        f"process (aim: 1.2)."
    )
    clock, cpu, memory = csv.seconds / ours.seconds, csv.cpu / ours.cpu, ours.memory / csv.memory
    print(
        f"Beside pandas from CSV: {clock:.0f} times faster by the clock (aim: 20), {cpu:.0f} times "
        f"by CPU; ",
        end="",
    )
    print(f"{memory:.0%} of the memory.")


def nilreturn(extract: Path) -> Callable[[], tuple[dict[str, int], int]]:
    import tempfile

    from nilreturn.engines import engine_named
    from nilreturn.questions import load_questions
    from nilreturn.schema import open_extract
    from nilreturn.tables import RawTable

    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(REQUEST)
        file.flush()
        opened = open_extract(extract)
        (question,) = load_questions(Path(file.name), extract=opened).questions
    engine = engine_named("duckdb")

    def count() -> tuple[dict[str, int], int]:
        table, details = engine.tabulate(opened, question)
        assert isinstance(table, RawTable)
        assert isinstance(details, RawTable)
        return {"|".join(labels): count for labels, count in table.cells()}, details.count(
            "Not recorded"
        )

    return count


def by_hand(extract: Path) -> Callable[[], tuple[dict[str, int], int]]:
    import duckdb

    files = {
        name: str(extract / f"{name}.parquet").replace("'", "''") for name in ("crimes", "victims")
    }

    def count() -> tuple[dict[str, int], int]:
        with duckdb.connect() as connection:
            rows = connection.execute(BY_HAND.format(**files)).fetchall()
            ((without,),) = connection.execute(WITHOUT_VICTIMS.format(**files)).fetchall()
        return {f"{band or 'Total'}|{sex or 'Total'}": count for band, sex, count in rows}, without

    return count


def pandas_parquet(extract: Path) -> Callable[[], tuple[dict[str, int], int]]:
    import pandas as pd

    def count() -> tuple[dict[str, int], int]:
        wanted = ["crime_ref", "offence_code", "status", "recorded_on"]
        crimes = pd.read_parquet(extract / "crimes.parquet", columns=wanted)
        victims = pd.read_parquet(extract / "victims.parquet", columns=["crime_ref", "age", "sex"])
        first_on, last_on = map(date.fromisoformat, PERIOD)
        asked = crimes[
            (crimes["offence_code"] == CODE)
            & (crimes["status"] == "Recorded")
            & (crimes["recorded_on"] >= first_on)
            & (crimes["recorded_on"] <= last_on)
        ]
        return _cross_tabulated(asked, victims)

    return count


def pandas_csv(csv: Path) -> Callable[[], tuple[dict[str, int], int]]:
    import pandas as pd

    def count() -> tuple[dict[str, int], int]:
        names = {
            "Crime Reference": "crime_ref",
            "Recorded Date": "recorded_on",
            "Committed From Date": "committed_from",
            "HO Code": "offence_code",
            "Crime Status": "status",
            "Victim Age": "age",
            "Victim DOB": "born_on",
            "Victim Sex": "sex",
        }
        rows = pd.read_csv(csv, usecols=list(names)).rename(columns=names)
        recorded_on = pd.to_datetime(rows["recorded_on"], format="%d/%m/%Y")
        asked = rows[
            (rows["offence_code"] == CODE)
            & (rows["status"] == "Recorded")
            & recorded_on.between(*PERIOD)
        ].copy()
        born_on = pd.to_datetime(asked["born_on"], format="%d/%m/%Y")
        committed = pd.to_datetime(asked["committed_from"], format="%d/%m/%Y")
        birthday_to_come = (committed.dt.month * 100 + committed.dt.day) < (
            born_on.dt.month * 100 + born_on.dt.day
        )
        by_birth = committed.dt.year - born_on.dt.year - birthday_to_come
        asked["age"] = by_birth.where(born_on.notna(), asked["age"].where(asked["age"] >= 0))
        there = asked[asked[["age", "born_on", "sex"]].notna().any(axis=1)]
        return _cross_tabulated(asked.drop_duplicates("crime_ref")[["crime_ref"]], there)

    return count


def _cross_tabulated(crimes: Any, victims: Any) -> tuple[dict[str, int], int]:
    import pandas as pd

    joined = crimes.merge(victims[["crime_ref", "age", "sex"]], on="crime_ref")
    bands = pd.cut(joined["age"].astype("float64"), [-1, 11, 15, 1000], labels=BANDS)
    bands = bands.cat.add_categories("Unknown").fillna("Unknown")
    table = pd.crosstab(bands, joined["sex"].fillna("Unknown"), margins=True, margins_name="Total")
    cells = {f"{band}|{sex}": int(count) for (band, sex), count in table.stack().items()}
    return cells, int((~crimes["crime_ref"].isin(joined["crime_ref"])).sum())


WAYS = {way.__name__: way for way in (nilreturn, by_hand, pandas_parquet, pandas_csv)}


def main(way: str, path: Path) -> None:
    """
    Answer in one way, and print it with what the counting alone took; importing libraries is not
    counting.
    """
    count = WAYS[way](path)
    began, used = time.monotonic(), _cpu()
    cells, without = count()
    measured = {"seconds": time.monotonic() - began, "cpu": _cpu() - used}
    # SQL and pandas leave zeros out.
    shown = {labels: count for labels, count in sorted(cells.items()) if count}
    print(json.dumps({"cells": shown, "without": without, **measured}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
