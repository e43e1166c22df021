"""
`nilreturn demo`, as a user runs it: what it prints, what it writes, and that it needs no network.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# Whatever opens a socket to a machine ends the process at once, in Python and in the libraries that
# call Python's.
WITHOUT_NETWORK = """
import socket, sys
def refuse(*_, **__): raise OSError("this test has no network")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = refuse
from nilreturn.cli import main
sys.argv = ["nilreturn", *sys.argv[1:]]
main()
"""


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}
    command = [sys.executable, "-c", WITHOUT_NETWORK, "demo", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shown") / "demo"
    done = demo(folder)
    assert done.returncode == 0, done.stderr
    return folder, done


def table(folder: Path, name: str) -> list[list[str]]:
    (path,) = (folder / "answer-20210999" / "release").glob(f"*-{name}.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_it_says_where_everything_lies(shown):
    folder, done = shown
    release = folder / "answer-20210999" / "release"
    for suffix in ("letter.docx", "letter.pdf", "letter.html", "tables.xlsx", "tables.ods"):
        assert str(release / f"foi-20210999-{suffix}") in done.stdout
        assert (release / f"foi-20210999-{suffix}").stat().st_size > 1_000
    assert str(release / "manifest.json") in done.stdout


def test_the_published_figures_come_out(shown):
    folder, _ = shown
    mentions = {
        keyword: count
        for keyword, form, count in table(folder, "q4")
        if form == "Written in any form"
    }
    asked = ("WhatsApp", "Facebook", "Twitter", "Instagram", "Snapchat", "Kik")
    assert {keyword: mentions[keyword] for keyword in asked} == {
        "WhatsApp": "2",
        "Facebook": "7",
        "Twitter": "0",
        "Instagram": "10",
        "Snapchat": "7",
        "Kik": "1",
    }


def test_the_letter_says_nil_return_and_refuses_the_youngest_victim(shown):
    folder, _ = shown
    letter = (folder / "answer-20210999" / "release" / "foi-20210999-letter.html").read_text(
        encoding="utf-8"
    )
    assert "nil return" in letter
    assert "Age and sex of the youngest victim (question 3)" in letter
    assert "A crime may have no victim recorded" in letter


def test_tables_are_those_that_were_asked_for(shown):
    folder, _ = shown
    release = folder / "answer-20210999" / "release"
    names = sorted(path.name.removeprefix("foi-20210999-table-") for path in release.glob("*.csv"))
    assert names == ["1-q1.csv", "2-q2.csv", "3-q4.csv", "4-q4-searched.csv"]


def test_small_counts_of_victims_are_hidden_and_flags_are_not(shown):
    folder, _ = shown
    cells = table(folder, "q2")[1:]
    assert any(count == "[c]" for *_, count in cells)
    assert not any(count.isdigit() and 0 < int(count) < 5 for *_, count in cells)
    assert {row[0] for row in table(folder, "q1")[1:]} == {"Total", "Yes", "No", "Not recorded"}


def test_large_counts_of_victims_are_printed_and_few_small_ones_hidden(shown):
    folder, done = shown
    cells = {(age, sex): count for age, sex, count in table(folder, "q2")[1:]}
    assert cells["12-15", "Total"] == "146"
    assert cells["12-15", "Female"] == "112"
    assert cells["Total", "Total"] == "185"
    assert sum(count == "[c]" for count in cells.values()) <= 11
    assert all(count != "[c]" for (age, _), count in cells.items() if age == "Total")
    assert "proposal  merging " in done.stdout


def test_proposals_stay_with_the_force(shown):
    folder, _ = shown
    answer = folder / "answer-20210999"
    (report,) = answer.rglob("report.json")
    assert "release" not in report.relative_to(answer).parts
    assert json.loads(report.read_text(encoding="utf-8"))["proposals"]
    for path in (answer / "release").iterdir():
        assert b"merging" not in path.read_bytes()


def test_victims_over_18_are_referred_to_the_force_alone(shown):
    folder, _ = shown
    answer = folder / "answer-20210999"
    (queries,) = (
        path
        for path in answer.rglob("data-quality-queries.csv")
        if "release" not in path.relative_to(answer).parts
    )
    with queries.open(encoding="utf-8-sig", newline="") as file:
        reasons = [row["reason"] for row in csv.DictReader(file)]
    assert sum("18 or over" in reason for reason in reasons) == 4
    assert any("No victim details" in reason for reason in reasons)


def test_no_reference_of_a_record_leaves(shown):
    """References begin with 42/; the free text has phrases that no letter would have."""
    folder, _ = shown
    for path in (folder / "answer-20210999" / "release").iterdir():
        if path.suffix in (".csv", ".json", ".html"):
            text = path.read_text(encoding="utf-8-sig")
            assert "42/00" not in text
            assert "Device booked in" not in text


def test_a_second_run_replaces_the_first_with_the_same_bytes(shown):
    folder, _ = shown
    before = written(folder)
    done = demo(folder)
    assert done.returncode == 0, done.stderr
    assert len(before) > 10
    assert written(folder) == before


@pytest.mark.parametrize("change", ["a file of one's own", "a changed file", "a removed file"])
def test_a_second_run_deletes_nothing_that_is_the_users(shown, tmp_path, change):
    folder = tmp_path / "demo"
    shutil.copytree(shown[0], folder)
    changed = folder / ("notes.txt" if change.startswith("a file") else "request.yaml")
    changed.unlink() if change == "a removed file" else changed.write_text("mine")
    before = written(folder)
    done = demo(folder)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert f"{changed.name} is not as the demonstration wrote it" in done.stderr
    assert written(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo"]


def test_a_folder_like_a_demonstration_and_its_working_name_are_left_alone(tmp_path):
    (tmp_path / ".demo.new").mkdir()
    (tmp_path / ".demo.new" / "notes.txt").write_text("mine")
    (tmp_path / "demo" / "answer-20210999").mkdir(parents=True)
    for name in ("connect-report.csv", "request.yaml"):
        (tmp_path / "demo" / name).write_text("mine")
    assert "something other than a demonstration" in demo(tmp_path / "demo").stderr
    assert (tmp_path / "demo" / "request.yaml").read_text() == "mine"
    assert (tmp_path / ".demo.new" / "notes.txt").read_text() == "mine"


def written(folder: Path) -> dict[str, bytes]:
    """
    What was answered, file by file. (The index of the free text, beside the extract, is a cache.)
    """
    answer = folder / "answer-20210999"
    return {
        path.relative_to(answer).as_posix(): path.read_bytes()
        for path in answer.rglob("*")
        if path.is_file()
    }


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    done = demo(tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith("nilreturn: ")
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
