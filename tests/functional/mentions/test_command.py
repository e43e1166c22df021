"""`nilreturn mentions` from end to end: review, decide, review again, the next extract."""

from __future__ import annotations

import csv
import hashlib

import pytest

from tests.support.command_line import nilreturn
from tests.support.extracts import make_extract

TEXTS = [
    "SUSP CONTACTED IP VIA SNAPCHAT",
    "IP MESSAGED ON SNPCHAT BY SUSP",
    "LEAD TAKEN FROM ROOF",
    "FIREWOOD AND TINDER STOLEN",
    "IP MET SUSP ON TINDER APP",
]


def run(*arguments, cwd):
    return nilreturn("mentions", *arguments, cwd=cwd, COLUMNS="200")


@pytest.fixture
def extract(tmp_path):
    return make_extract(
        tmp_path / "june", [{"narrative": text, "online_flag": "No"} for text in TEXTS]
    )


def hashes(extract):
    files = [path for path in extract.folder.iterdir() if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def fill_in(path, form, decision, by):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["form"] == form:
            row |= {"decision": decision, "by": by}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_review_decide_and_review_again(extract, tmp_path):
    before = hashes(extract)
    first = run(extract.folder, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "snpchat" in first.stdout
    assert "5 records searched" in first.stdout

    fill_in(tmp_path / "mentions-review.csv", "snpchat", "reject", "A. Reviewer")
    second = run(extract.folder, cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "1 new decision kept" in second.stdout
    history = (tmp_path / "mentions-decisions.csv").read_text().splitlines()
    assert history[1].startswith("snpchat,Snapchat,reject,A. Reviewer,20")
    assert hashes(extract) == before  # no record, and no officer's flag, is ever changed

    later = make_extract(tmp_path / "july", [{"narrative": text} for text in [*TEXTS, TEXTS[1]]])
    third = run(later.folder, "--out", "july.csv", cwd=tmp_path)
    assert third.returncode == 0, third.stderr
    with (tmp_path / "july.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["form"] == "snpchat")
    assert (row["records"], row["counted"], row["decision"], row["by"]) == (
        "2",
        "0",
        "reject",
        "A. Reviewer",
    )


def test_a_bad_file_of_decisions_is_told_by_row(extract, tmp_path):
    (tmp_path / "bad.csv").write_text("form,platform,decision,by,at\nx,Snapchta,maybe,,\n")
    done = run(extract.folder, "--decisions", "bad.csv", cwd=tmp_path)
    assert done.returncode == 11
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert lines[0].startswith("nilreturn: bad.csv: 4 mistakes")
    assert all("bad.csv, row 2" in line for line in lines[1:])
    assert not (tmp_path / "mentions-review.csv").exists()


def test_no_extract_is_told_in_one_line(tmp_path):
    done = run("nowhere", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (5, 1)


def test_no_word_of_a_record_is_in_a_message(tmp_path):
    extract = make_extract(tmp_path / "june", [{"narrative": "ZEBEDEE QWFPGJ VIA SNAPCHAT"}])
    done = run(extract.folder, cwd=tmp_path)
    assert (
        "zebedee"
        not in (
            done.stdout + done.stderr + (tmp_path / "mentions-review.csv").read_text()
        ).casefold()
    )
