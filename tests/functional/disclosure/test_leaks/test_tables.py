"""
Tables protected and audited one by one: what their printed forms, together with others, once gave
away.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from typer.testing import CliRunner

from nilreturn.cli import app
from nilreturn.disclosure import protect
from nilreturn.errors import DisclosureError
from nilreturn.keys import new_key
from nilreturn.tables import Dimension, Extent, Population, RawTable
from tests.architecture.source import SOURCE
from tests.support.attacker.verdicts import Attack, beyond, with_everything_hidden
from tests.support.counts import one_way, policy

HASH = re.compile(r"[0-9a-f]{64}")
EVERYONE = Population("victims", (), "an extract")
RULES = {
    "name": "Test policy",
    "version": "1",
    "threshold": {"value": 5, "reason": "a test"},
    "zeros": {"treatment": "printed", "reason": "a test"},
}


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


# A rounded count in an earlier release ------------------------------------------------------------


@pytest.mark.parametrize("method", ["small-count rounding", "rounding", "cell key"])
def test_a_count_that_was_rounded_is_protected_in_a_later_release(tmp_path, method):
    """
    January 14 and February 3, rounded; later 17 by sex. The later total must not give February
    away.
    """
    # Not a key by chance: with some, the first table alone is refused, and there is no later one.
    (tmp_path / "key").write_bytes(bytes(range(32)))
    extra = {"noise": 2} if method == "cell key" else {"base": 5}
    rounding = policy(
        method=method, key_file=str(tmp_path / "key"), requirement="two values", **extra
    )
    months = Dimension.flat("month", "Month", ("January", "February"))
    first = one_way("first", EVERYONE, months, [17, 14, 3])
    second = one_way(
        "second", EVERYONE, Dimension.flat("sex", "Sex", ("Female", "Male")), [17, 9, 8]
    )
    before = protect([first], rounding)
    try:
        after = protect([second], policy(), known=before.published)
    except DisclosureError as error:
        refusal = f"{error} {' '.join(error.details)}"
    else:
        assert not left_by(after.published, second, before.published, first)
        return
    assert "first" in refusal


def left_by(published, raw, known, known_raw, threshold=5):
    """What follows of one table beside others that hiding all of it would have kept."""
    earlier = {
        "known": known,
        "known_raw": [known_raw] if isinstance(known_raw, RawTable) else known_raw,
    }
    found = Attack(published, [raw], **earlier).leaks(threshold)
    least = Attack(with_everything_hidden(published, [raw]), [raw], **earlier).leaks(threshold)
    return list(map(str, beyond(found, least)))


# Two headings for one variable --------------------------------------------------------------------

AREAS = ("North", "South", "East", "West")


def two_divisions(random):
    """The same people by area and sex, and by area and month."""
    people = np.array(
        [[[random.choice((0, 1, 2, 4, 9, 14)) for _ in range(2)] for _ in range(2)] for _ in AREAS]
    )
    return people.sum(axis=2).tolist(), people.sum(axis=1).tolist()


def by_area(name, variable, labels, counts):
    full = np.pad(np.array(counts), ((1, 0), (1, 0)))
    full[0, 1:], full[1:, 0], full[0, 0] = (
        full[1:, 1:].sum(0),
        full[1:, 1:].sum(1),
        full[1:, 1:].sum(),
    )
    dimensions = (Dimension.flat("area", "Area", AREAS), Dimension.flat(variable, variable, labels))
    return RawTable(name, name, EVERYONE, dimensions, full)


def write_csv(path, heading, columns, counts):
    lines = [",".join([heading, *columns])]
    lines += [f"{area},{','.join(map(str, row))}" for area, row in zip(AREAS, counts, strict=True)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("seed", range(5))
def test_area_and_district_with_the_same_categories_are_not_strangers_in_silence(tmp_path, seed):
    by_sex, by_month = two_divisions(Random(seed))
    write_csv(tmp_path / "a.csv", "Area", ("Female", "Male"), by_sex)
    write_csv(tmp_path / "b.csv", "District", ("January", "February"), by_month)
    rules, out = tmp_path / "policy.yaml", tmp_path / "out"
    rules.write_text(json.dumps(RULES), encoding="utf-8")
    done = run("protect", tmp_path / "a.csv", tmp_path / "b.csv", "--policy", rules, "--out", out)
    if done.exit_code:
        assert {"Area", "District"} <= set(re.findall(r"\w+", f"{done.output} {done.exception}"))
        return
    raw = [
        by_area("a", "sex", ("Female", "Male"), by_sex),
        by_area("b", "month", ("January", "February"), by_month),
    ]
    told = [printed_of(table, out / "release" / f"{table.name}.csv") for table in raw]
    leaks = Attack(told, raw).leaks(5)
    left = beyond(leaks, Attack(with_everything_hidden(told, raw), raw).leaks(5))
    assert not left, "; ".join(map(str, left))


def printed_of(raw, path):
    """A two-way table as its CSV file prints it."""
    from nilreturn.disclosure import printed_from_csv

    table = printed_from_csv(path)
    assert table.low.shape == raw.counts.shape
    return replace(table, name=raw.name, population=raw.population, dimensions=raw.dimensions)


# A hash that confirms a guess ---------------------------------------------------------------------


@pytest.mark.parametrize("with_key", [False, True])
def test_no_printed_hash_confirms_a_guess(tmp_path, with_key):
    """
    A reader who has the program but not the key protects what they guess, and compares every hash.
    """
    new_key(tmp_path / "key")
    true = [[3, 9], [22, 14], [4, 7]]
    guesses = [[[2, 9], [22, 14], [5, 7]], [[3, 8], [22, 14], [4, 8]], [[4, 9], [22, 14], [3, 7]]]
    rules = {**RULES, **({"key_file": str(tmp_path / "key")} if with_key else {})}
    printed, hashes = protected_by_command(tmp_path / "force", true, rules)
    _, own = protected_by_command(tmp_path / "reader", true, RULES)
    assert not hashes & own, "the true table is confirmed by a printed hash"
    for number, guess in enumerate(guesses):
        shown, theirs = protected_by_command(tmp_path / f"reader{number}", guess, RULES)
        assert shown != printed or with_key or theirs == hashes, (
            "a guess is ruled out by a printed hash"
        )


def protected_by_command(folder, counts, rules):
    """What `nilreturn protect` prints of the table, and every hash in the files to be released."""
    folder.mkdir()
    rows = zip(("11 and under", "12-15", "16 and over"), counts, strict=True)
    text = "Age,Female,Male\n" + "".join(f"{label},{a},{b}\n" for label, (a, b) in rows)
    (folder / "ages.csv").write_text(text, encoding="utf-8")
    (folder / "policy.yaml").write_text(json.dumps(rules), encoding="utf-8")
    done = run(
        "protect", folder / "ages.csv", "--policy", folder / "policy.yaml", "--out", folder / "out"
    )
    assert done.exit_code == 0, done.output
    release = folder / "out" / "release"
    hashes = {
        found
        for path in release.iterdir()
        for found in HASH.findall(path.read_text(encoding="utf-8"))
    }
    return (release / "ages.csv").read_text(encoding="utf-8"), hashes


# A percentage beside a hidden total ---------------------------------------------------------------


def test_a_percentage_beside_a_hidden_total_is_read_as_the_range_it_is(tmp_path):
    """Beside 4 others 3 is 42.9%, and no other count is."""
    path = tmp_path / "shares.csv"
    path.write_text(
        "Area,Bicycle,Vehicle,Total,Bicycle "
        "%\nNorth,*,4,*,42.9%\nSouth,12,36,48,25%\nWest,9,27,36,25%\n",
        encoding="utf-8",
    )
    path.with_suffix(".yaml").write_text(
        "percentages:\n  Bicycle %: {counts: Bicycle, within: [Area]}\n"
    )
    done = run("audit", path, "--form", "json")
    assert done.exit_code == 10, done.output
    cells = json.loads(done.output)["hidden_cells"]
    found = {tuple(cell["labels"]): (cell["lowest"], cell["highest"]) for cell in cells}
    assert found["North", "Bicycle"] == (3, 3)
    assert found["North", "Total"] == (7, 7)


# Earlier releases of other parts ------------------------------------------------------------------


def parts_of_one_population(random):
    """
    Tables of some ages, some regions and some sexes, each with categories put together in its own
    way.
    """
    counts = np.array(
        [[[random.choice((0, 1, 2, 3, 6)) for _ in range(2)] for _ in range(3)] for _ in range(3)]
    )
    ways = {"age": range(3), "region": range(3), "sex": range(2)}
    releases = []
    for number in range(random.choice((2, 3, 4))):
        kept = {
            name: sorted(random.sample(list(values), random.randint(2, len(values))))
            for name, values in ways.items()
        }
        kept["age"] = list(range(min(kept["age"]), max(kept["age"]) + 1))
        restricted = [name for name in ways if random.random() < 0.6]
        kept |= {name: list(values) for name, values in ways.items() if name not in restricted}
        divided = random.sample(list(ways), random.choice((1, 2, 2, 3)))
        extents = tuple((name, extent(name, kept[name])) for name in restricted)
        parts = {
            name: grouped(random, kept[name]) if name in divided else [kept[name]] for name in ways
        }
        dimensions, full = [], counts
        for axis, name in enumerate(ways):
            listed = [
                full.take(part, axis=axis).sum(axis=axis)
                for part in ([v for p in parts[name] for v in p], *parts[name])
            ]
            full = np.stack(listed if name in divided else listed[:1], axis=axis)
        for axis, name in reversed(list(enumerate(ways))):
            if name in divided:
                covers = {f"{name} {part}": extent(name, part) for part in parts[name]}
                dimensions.insert(0, Dimension.flat(name, name, tuple(covers), covers=covers))
            else:
                full = full.take(0, axis=axis)
        population = Population("people", extents, "an extract")
        releases.append(
            RawTable(f"r{number}", f"r{number}", population, tuple(dimensions), np.asarray(full))
        )
    return releases


def extent(name, values):
    if name == "age":
        return Extent(tuple((10 + value, 10 + value) for value in values))
    return Extent.of(*(f"{name}{value}" for value in values))


def grouped(random, values):
    """The values in groups of neighbours, each value in one."""
    parts = [[values[0]]]
    for value in values[1:]:
        if random.random() < 0.3:
            parts[-1].append(value)
        else:
            parts.append([value])
    return parts


@pytest.mark.parametrize(
    "seed", [*range(12), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(12, 60))]
)
def test_releases_of_any_parts_end_in_tables_or_in_one_clear_line(seed):
    """Never in a traceback, and what comes out withstands."""
    random = Random(seed)
    known, known_raw = [], []
    rules = policy(threshold={"value": random.choice((4, 5)), "reason": "a test"}, seconds=1)
    for raw in parts_of_one_population(random):
        try:
            done = protect([raw], rules, known=known)
        except DisclosureError:
            continue
        assert not left_by(done.published, raw, known, known_raw, rules.threshold.value)
        known += done.published
        known_raw.append(raw)


# A busy machine -----------------------------------------------------------------------------------

BUSY = """
import hashlib, json, sys
import numpy as np
from nilreturn.disclosure import Policy, protect
from tests.support.counts import policy, table
random = np.random.default_rng(int(sys.argv[1]))
raw = table(random.poisson(random.gamma(0.7, 12, (37, 37))))
done = protect([raw], policy(seconds=2))
cells = [cell.value for _, cell in done.tables[0].cells()]
print(hashlib.sha256(json.dumps([cells, done.certificate], sort_keys=True).encode()).hexdigest())
"""


def protected_in_a_process(seed, *, one_core=False):
    repository = Path(__file__).resolve().parents[4]
    paths = os.pathsep.join([str(SOURCE.parent), str(repository)])
    words = ["taskset", "-c", "0"] if one_core else []
    done = subprocess.run(
        [*words, sys.executable, "-c", BUSY, str(seed)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(3))
def test_a_busy_machine_hides_the_same_cells(seed):
    """1,400 cells: alone, beside work on every core, and on one core."""
    alone = protected_in_a_process(seed)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        beside_others = protected_in_a_process(seed)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert beside_others == alone
    assert protected_in_a_process(seed, one_core=True) == alone
