"""
Mentions of the 93 platforms of the lexicon in generated free text, beside the usual ways of looking
for them:

- nilreturn: an index made once, the lexicon's forms found in it once, and then a search, again and
again;
- pandas: the names as exact substrings, any case;
- DuckDB: the same with ILIKE in one query, and as whole words with a regular expression a platform.

Each is a process of its own, whole processes are measured, and the search alone beside them. The
counts differ, for the scans miss misspellings and take "kicked" for Kik; what is compared is the
cost. Text of 100,000 and a million records shows how the index grows; `python -m
benchmarks.mentions compare FOLDER 10000000` shows ten million.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measured import Measured, measure

MODULE = "benchmarks.mentions"
MOST = 1_000_000
TAIL = 300_000
"""
Rare words (names of streets, makes, references) that the text draws from, the commonest far more
often.
"""

SOURCE = "generated"  # stands for the hash that the manifest of an extract has


def run(folder: Path, rows: int) -> None:
    """Print the comparison at 100,000 records and at a million, or as many as `rows` allows."""
    for size in sorted({min(rows, 100_000), min(rows, MOST)}):
        compare(folder, size, peers=size == min(rows, MOST))


def compare(folder: Path, rows: int, *, peers: bool) -> None:
    """
    Print what each way costs on `rows` records; the text is kept in `folder`, the index is made
    anew.
    """
    # Apart, for a child's memory is never less than its parent's.
    measure(MODULE, ["generate", str(folder), str(rows)])
    text = folder / f"mentions-{rows}.parquet"
    kept = folder / f"mentions-{rows}-index"
    shutil.rmtree(kept, ignore_errors=True)
    print(
        f"Mentions of 93 platforms in {rows:,} generated records ({text.stat().st_size / 1e6:,.0f} "
        f"MB)",
        flush=True,
    )
    _heading()
    made = _row("nilreturn: make the index", measure(MODULE, ["index", str(text), str(kept)]))
    _row("nilreturn: find the lexicon in it", measure(MODULE, ["sight", str(text), str(kept)]))
    search = _row("nilreturn: search", measure(MODULE, ["search", str(text), str(kept)]))
    size = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())
    print(
        f"  {made['records']:,} records, {made['forms']:,} distinct forms; the index holds "
        f"{size / 1e6:,.0f} MB"
    )
    if not peers:
        print()
        return
    scans = {
        way: _row(label, measure(MODULE, [way, str(text)]))
        for way, label in (
            ("pandas", "pandas, substrings"),
            ("ilike", "DuckDB, ILIKE"),
            ("regex", "DuckDB, regex of words"),
        )
    }
    for way, scan in scans.items():
        print(
            f"  a search takes {scan['cpu'] / search['cpu']:,.0f} times less of the processor than "
            f"{way}"
        )
    one = _row(
        "nilreturn: record by record, of a sample", measure(MODULE, ["reference", str(text)])
    )
    print(
        f"  record by record, all would take {one['cpu'] * rows / one['records']:,.0f} CPU s\n",
        flush=True,
    )


def _heading() -> None:
    print(
        f"  {'':<42}{'whole s':>9}{'CPU s':>8}{'MB':>7}{'alone s':>10}{'CPU s':>8}{'mentions':>11}"
    )


def _row(label: str, measured: Measured) -> dict[str, Any]:
    printed: dict[str, Any] = measured.printed
    whole = f"{measured.seconds:>9.1f}{measured.cpu:>8.1f}{measured.memory:>7.0f}"
    alone = f"{printed['seconds']:>10.3f}{printed['cpu']:>8.2f}{printed.get('mentions', ''):>11}"
    print(f"  {label:<42}{whole}{alone}", flush=True)
    return printed


# -- the text --------------------------------------------------------------------------------------


def generate(folder: Path, number: Path) -> dict[str, Any]:
    """
    A Parquet file of references and texts of about 135 characters, the same for the same number of
    rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = int(str(number))
    path = folder / f"mentions-{rows}.parquet"
    if path.exists():
        return {}
    part = path.with_suffix(".part")
    schema = pa.schema([("crime_ref", pa.string()), ("narrative", pa.string())])
    with pq.ParquetWriter(part, schema) as writer:
        texts = _texts(rows)
        for first in range(0, rows, 50_000):
            some = [next(texts) for _ in range(min(50_000, rows - first))]
            references = [f"{first + place:09d}" for place in range(len(some))]
            writer.write_table(pa.table([references, some], schema=schema))
    part.rename(path)
    return {}


def _texts(rows: int) -> Iterator[str]:
    """
    One record in eight speaks of a platform or looks as if it did; the others are plain; all have
    rare words.
    """
    import csv

    from benchmarks.text_generated import SENTENCES, generated
    from nilreturn.narrative.lexicon import load_lexicon

    draw = random.Random(4)
    speaking = [
        record["text"] for record in generated(load_lexicon(), hard=False, seed=4, records=20_000)
    ]
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        plain = [row["text"] for row in csv.DictReader(file) if row["kind"] == "plain"]
    rare = _rare_words(draw)
    for _ in range(rows):
        street, name = (rare[int(TAIL * draw.random() ** 3)] for _ in range(2))
        start = draw.choice(speaking) if draw.random() < 0.125 else draw.choice(plain)
        yield f"{start}. {street} ROAD, {draw.choice(plain)} BY {name} REF {draw.randrange(10**4)}"


def _rare_words(draw: random.Random) -> list[str]:
    """Distinct words that can be said and mean nothing."""
    starts = [
        "b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n",
        "p", "pl", "qu", "r", "s", "sh", "sl", "st", "t", "th", "tr", "v", "w", "wh", "y",
    ]  # fmt: skip
    ends = [
        "ck",
        "d",
        "dge",
        "ft",
        "ld",
        "ll",
        "m",
        "mp",
        "n",
        "nd",
        "ng",
        "nt",
        "p",
        "rd",
        "rk",
        "rn",
        "rt",
        "s",
        "sh",
        "sk",
        "st",
        "t",
        "th",
        "tch",
        "x",
    ]
    vowels = "a ai e ea ee i o oa oo ou u".split()  # noqa: SIM905
    found: dict[str, None] = {}
    while len(found) < TAIL:
        parts = [
            draw.choice(starts) + draw.choice(vowels) for _ in range(draw.choice((1, 2, 2, 3)))
        ]
        found["".join([*parts, draw.choice(ends)]).upper()] = None
    return list(found)


# -- the ways --------------------------------------------------------------------------------------


def _index(text: Path, kept: Path) -> Any:
    from nilreturn.narrative.index import index_text

    return index_text(text, kept, record="crime_ref", text="narrative", source=SOURCE)


def _matcher() -> Any:
    from nilreturn.narrative.lexicon import load_lexicon
    from nilreturn.narrative.matching import Matcher

    return Matcher(load_lexicon())


def make_index(text: Path, kept: Path) -> dict[str, Any]:
    index = _index(text, kept)
    return {"records": len(index), "forms": len(index.words)}


def make_sightings(text: Path, kept: Path) -> dict[str, Any]:
    from nilreturn.narrative.index import occurrences_of

    occurrences_of(_index(text, kept), _matcher())
    return {}


def search(text: Path, kept: Path) -> dict[str, Any]:
    from nilreturn.narrative.mentions import find_mentions

    index, matcher = _index(text, kept), _matcher()
    began, cpu = time.perf_counter(), time.process_time()
    found = find_mentions(index, matcher)
    return {
        "mentions": len(found.table),
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
    }


def by_pandas(text: Path) -> dict[str, Any]:
    import pandas as pd

    texts = pd.read_parquet(text, columns=["narrative"])["narrative"].str.lower()
    total = 0
    for aliases in _aliases():
        found = texts.str.contains(aliases[0], regex=False)
        for alias in aliases[1:]:
            found |= texts.str.contains(alias, regex=False)
        total += int(found.sum())
    return {"mentions": total}


def by_ilike(text: Path) -> dict[str, Any]:
    tests = (
        " OR ".join(f"narrative ILIKE '%{alias}%'" for alias in aliases) for aliases in _aliases()
    )
    return _by_duckdb(text, tests)


def by_regex(text: Path) -> dict[str, Any]:
    import re

    tests = (
        rf"regexp_matches(narrative, '(?i)\b({'|'.join(map(re.escape, aliases))})\b')"
        for aliases in _aliases()
    )
    return _by_duckdb(text, tests)


def _by_duckdb(text: Path, tests: Iterator[str]) -> dict[str, Any]:
    import duckdb

    counts = ", ".join(f"count(*) FILTER ({test})" for test in tests)
    found = duckdb.sql(f"SELECT {counts} FROM '{text}'").fetchall()
    return {"mentions": sum(found[0])}


def by_record(text: Path) -> dict[str, Any]:
    import pyarrow.parquet as pq

    matcher = _matcher()
    batch = next(pq.ParquetFile(text).iter_batches(2000, columns=["narrative"]))
    found = sum(
        len({mention.entry.name for mention in matcher.mentions(one)})
        for one in batch[0].to_pylist()
    )
    return {"mentions": found, "records": len(batch)}


def _aliases() -> list[list[str]]:
    """Each platform's aliases, those that need context among them: a scan has no context."""
    from nilreturn.narrative.lexicon import load_lexicon

    return [[*entry.aliases, *entry.context_aliases] for entry in load_lexicon().entries]


WAYS: dict[str, Callable[..., dict[str, Any]]] = {
    "generate": generate, "index": make_index, "sight": make_sightings, "search": search,
    "pandas": by_pandas, "ilike": by_ilike, "regex": by_regex, "reference": by_record,
}  # fmt: skip


def main(argv: list[str]) -> None:
    """compare FOLDER ROWS, or one way with its paths."""
    if argv[0] == "compare":
        compare(Path(argv[1]), int(argv[2]), peers=int(argv[2]) <= MOST)
        return
    import pyarrow.parquet  # noqa: F401  # what every way loads is no part of its time

    began, cpu = time.perf_counter(), time.process_time()
    printed = WAYS[argv[0]](*map(Path, argv[1:]))
    print(
        json.dumps(
            {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, **printed}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
