"""`nilreturn protect` and `nilreturn audit` as they are typed."""

import csv
import hashlib
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nilreturn.files import sha256
from tests.architecture.source import SOURCE
from tests.support.command_line import nilreturn

# A force's published table in other words: 52 in all; 22, 2 and 22 shown; a "Sum" that was added
# after the hiding.
ADDED_AFTER_HIDING = Path(__file__).parent / "added_after_hiding.csv"

POLICY = """\
name: Small numbers
version: 1
threshold: {value: 5, reason: a test}
zeros: {treatment: printed, reason: a test}
"""
TABLE = (
    "Age,Female,Male,Total\n11 and under,10,2,12\n12 to 15,22,8,30\n16 and "
    "over,9,7,16\nTotal,41,17,58\n"
)


def begun(*words):
    """The command in a process of its own, which goes on beside the test."""
    command = [sys.executable, "-m", "nilreturn", *map(str, words)]
    environment = os.environ | {"PYTHONPATH": str(SOURCE.parent)}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def test_the_audit_finds_what_the_published_table_gives_away():
    done = nilreturn("audit", ADDED_AFTER_HIDING, "--total", 52)
    assert done.returncode == 10, done.stderr
    assert "52 less the shown 22, 2 and 22 leaves 6 for three hidden cells" in done.stdout
    assert "11 and under / Sum 0 leaves 0 for one hidden cell" in done.stdout
    assert "looks added up after the small numbers were hidden" in done.stdout
    assert done.stderr == ""


def test_taken_at_its_word_the_sum_pins_all_three():
    done = nilreturn("audit", ADDED_AFTER_HIDING, "--zeros", "hidden", "--form", "json")
    assert done.returncode == 10
    found = json.loads(done.stdout)
    assert [(c["lowest"], c["highest"], c["verdict"]) for c in found["hidden_cells"]] == [
        (0, 0, "exposed")
    ] * 3


def test_a_cell_that_follows_is_named_with_its_sum(tmp_path):
    path = tmp_path / "ages.csv"
    path.write_text("Age,count\n11 and under,*\n12 to 15,22\n16 and over,24\nTotal,52\n")
    done = nilreturn("audit", path, "--form", "csv")
    assert done.returncode == 10
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["cell"], row["lowest"], row["highest"], row["verdict"]) == (
        "11 and under",
        "6",
        "6",
        "exposed",
    )
    assert (
        row["reason"]
        == (
            "ages: Total 52 less the shown 22 and 24 leaves 6 for one hidden cell (11 and under): "
            "so it is exactly 6"
        )
        or "Total 52 less the shown 22 and 24 leaves 6 for one hidden cell (11 and under)"
        in row["reason"]
    )


def test_what_withstands_has_exit_code_0(tmp_path):
    path = tmp_path / "ages.csv"
    path.write_text("Age,count\n11 and under,*\n12 to 15,*\n16 and over,24\nTotal,52\n")
    done = nilreturn("audit", path)
    assert done.returncode == 0, done.stdout
    assert "Safe: two hidden cells" in done.stdout


def test_a_cell_narrowed_below_the_threshold_is_not_safe(tmp_path):
    path = tmp_path / "ages.csv"
    path.write_text("Age,count\n11 and under,<5\n12 to 15,<5\n16 and over,24\nTotal,27\n")
    done = nilreturn("audit", path)
    assert done.returncode == 10
    assert "NARROW" in done.stdout


def test_an_earlier_release_counts(tmp_path):
    path = tmp_path / "ages.csv"
    path.write_text("Age,count\n11 and under,*\n12 to 15,*\n16 and over,24\nTotal,52\n")
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("Age,count\n12 to 15,20\n16 and over,24\n")
    assert nilreturn("audit", path, earlier).returncode == 10


@pytest.fixture
def work(tmp_path):
    (tmp_path / "policy.yaml").write_text(POLICY)
    (tmp_path / "ages.csv").write_text(TABLE)
    return tmp_path


def protect(work, out="out"):
    return nilreturn(
        "protect", work / "ages.csv", "--policy", work / "policy.yaml", "--out", work / out
    )


def test_protect_writes_what_to_print_and_what_to_keep_apart(work):
    done = protect(work)
    assert done.returncode == 0, done.stderr
    released = {p.name for p in (work / "out" / "release").iterdir()}
    assert released == {"ages.csv", "ages.yaml", "manifest.json"}
    internal = {
        p.name: stat.S_IMODE(p.stat().st_mode) for p in (work / "out" / "internal").iterdir()
    }
    assert internal.keys() == {
        "certificate.json", "known.json", "bindings.json", "report.json", "ages.png", "ages.svg",
        "ages.html"
    }  # fmt: skip
    assert set(internal.values()) == {0o600}
    assert stat.S_IMODE((work / "out" / "internal").stat().st_mode) == 0o700
    printed = (work / "out" / "release" / "ages.csv").read_text()
    assert printed.count("[c]") == 4
    assert nilreturn("audit", work / "out" / "release" / "ages.csv").returncode == 0


def test_only_a_keyed_reference_is_released_and_the_internal_papers_bind_it(work):
    protect(work)
    manifest = work / "out" / "release" / "manifest.json"
    assert json.loads(manifest.read_text()) == {"release_reference": None}
    bindings = json.loads((work / "out" / "internal" / "bindings.json").read_text())
    assert "nilreturn key new" in bindings["note"]
    assert nilreturn("key", "new", work / "key").returncode == 0
    assert (work / "key").stat().st_mode & 0o777 == 0o600
    (work / "policy.yaml").write_text(f"{POLICY}\nkey_file: key\n")
    protect(work, out="keyed")
    printed = json.loads((work / "keyed" / "release" / "manifest.json").read_text())[
        "release_reference"
    ]
    internal = work / "keyed" / "internal"
    bound = json.loads((internal / "bindings.json").read_text())
    assert bound["release_reference"] == printed
    assert bound["certificate_sha256"] == sha256(internal / "certificate.json")
    assert {path.stat().st_mode & 0o077 for path in internal.iterdir()} == {0}
    protect(work, out="again")
    assert (
        json.loads((work / "again" / "release" / "manifest.json").read_text())["release_reference"]
        == printed
    )


@pytest.mark.parametrize("key", ["", "key_file: key\n"])
def test_what_is_released_binds_its_certificate_with_the_key_alone(work, key):
    """A hash of the certificate would confirm a guess at the hidden counts."""
    (work / "policy.yaml").write_text(POLICY + key)
    (work / "key").write_bytes(bytes(32))
    assert protect(work).returncode == 0
    printed = (work / "out/release/manifest.json").read_text()
    bound = json.loads((work / "out/internal/bindings.json").read_text())
    assert json.loads(printed) == {"release_reference": bound["release_reference"]}
    assert (bound["release_reference"] is not None) == bool(key)
    certificate = (work / "out/internal/certificate.json").read_bytes()
    assert bound["certificate_sha256"] == hashlib.sha256(certificate).hexdigest()
    assert bound["files"]["internal/certificate.json"] == bound["certificate_sha256"]
    assert not [sha for sha in bound["files"].values() if sha in printed]


def test_what_is_released_verifies_and_stands_in_a_register(work):
    from nilreturn.disclosure import load_register, verify

    protect(work)
    register = work / "register"
    entered = nilreturn("register", "add", work / "out", "--register", register)
    assert entered.returncode == 0, entered.stderr
    certificate = json.loads((work / "out" / "internal" / "certificate.json").read_text())
    assert verify(load_register(register), certificate) == ()
    again = nilreturn(
        "protect",
        work / "ages.csv",
        "--policy",
        work / "policy.yaml",
        "--register",
        register,
        "--out",
        work / "again",
    )
    assert again.returncode == 0, again.stderr
    assert "compared with 1 table of 1 release\n" in again.stdout
    assert (work / "again" / "release" / "ages.csv").read_bytes() == (
        work / "out" / "release" / "ages.csv"
    ).read_bytes()
    text = nilreturn("audit", work / "again/release/ages.csv", "--register", register)
    assert "compared with 2 tables of 2 releases\n" in text.stdout
    found = nilreturn(
        "audit", work / "again/release/ages.csv", "--register", register, "--form", "json"
    )
    assert json.loads(found.stdout)
    assert found.stderr == "compared with 2 tables of 2 releases\n"


def test_protecting_again_gives_the_same_bytes(work):
    protect(work)
    protect(work, "again")
    first = {
        p.relative_to(work / "out"): p.read_bytes()
        for p in (work / "out").rglob("*")
        if p.is_file()
    }
    second = {
        p.relative_to(work / "again"): p.read_bytes()
        for p in (work / "again").rglob("*")
        if p.is_file()
    }
    assert first == second


def test_an_existing_folder_is_left_alone(work):
    (work / "out").mkdir()
    done = protect(work)
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert not list((work / "out").iterdir())


def test_the_methods_are_compared_and_nothing_is_written(work):
    done = nilreturn(
        "protect", work / "ages.csv", "--policy", work / "policy.yaml", "--alternatives"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].split()[:2] == ["suppression", "yes"]
    assert {p.name for p in work.iterdir()} == {"policy.yaml", "ages.csv"}


def test_no_small_count_is_printed_on_the_screen_when_it_is_refused(work):
    (work / "policy.yaml").write_text(POLICY + "method: rounding\nbase: 3\nkey_file: key\n")
    (work / "key").write_bytes(bytes(32))
    (work / "ages.csv").write_text("Age,count\nA,4\nB,4\nC,73\nTotal,81\n")
    done = protect(work)
    assert done.returncode == 10
    assert not (work / "out").exists()
    assert "nothing is released" in done.stderr
    assert " 4" not in done.stderr
    assert "73" not in done.stderr


def test_a_printed_small_count_fails_a_policy_and_is_told_in_any_case(work):
    found = nilreturn("audit", work / "ages.csv")
    assert found.returncode == 0
    assert "ages: 11 and under / Male: 2" in found.stdout
    assert nilreturn("audit", work / "ages.csv", "--policy", work / "policy.yaml").returncode == 10
    protect(work)
    assert (
        nilreturn(
            "audit", work / "out/release/ages.csv", "--policy", work / "policy.yaml"
        ).returncode
        == 0
    )


def test_what_is_released_carries_the_hierarchy_that_its_audit_needs(work):
    (work / "ages.csv").write_text("Area,count\nForce,60\nWest,30\nLeeds,2\nYork,28\nEast,30\n")
    (work / "ages.yaml").write_text(
        "columns: {Area: {total: Force, parents: {Leeds: West, York: West}}}\n"
    )
    assert protect(work).returncode == 0
    found = nilreturn("audit", work / "out/release/ages.csv", "--form", "json")
    assert {(c["lowest"], c["highest"]) for c in json.loads(found.stdout)["hidden_cells"]} == {
        (1, 29)
    }


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_a_percentage_is_knowledge_of_the_audit(work, form):
    (work / "ages.csv").write_text(
        "Age,Count,%\n0-11,*,4.8%\n12-15,*,22.2%\n16+,46,73.0%\nTotal,63,100%\n"
    )
    found = nilreturn("audit", work / "ages.csv", "--form", form)
    assert found.returncode == 10, found.stderr
    assert "The percentage column of ages prints it" in found.stdout or form != "text"
    refused = protect(work)
    assert refused.returncode == 9
    assert "percentages" in refused.stderr


def test_a_structural_zero_is_no_secret(work):
    (work / "policy.yaml").write_text(POLICY.replace("printed", "hidden"))
    (work / "ages.csv").write_text("Age,F,M\nx,10,0\ny,22,8\nz,9,[z]\n")
    assert protect(work).returncode == 0
    printed = (work / "out/release/ages.csv").read_text().splitlines()
    assert printed[4].endswith(",0")
