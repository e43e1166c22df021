"""Decisions: all mistakes at once, the last holds, and what stands in the file stays."""

from __future__ import annotations

from datetime import date

import pytest

from nilreturn.errors import FileError, LexiconError
from nilreturn.narrative.mentions import Verdict
from nilreturn.narrative.review import Decision, keep_decisions, read_decisions, verdicts
from tests.unit.narrative.indexing import matcher

HEADER = "form,platform,decision,by,at\n"
LEXICON = matcher().lexicon


def written(tmp_path, rows, header=HEADER):
    path = tmp_path / "decisions.csv"
    path.write_text(header + rows, encoding="utf-8")
    return path


def test_every_mistake_is_told_with_its_row(tmp_path):
    path = written(
        tmp_path,
        "snpchat,Snapchat,accept,A,2026-11-24\n,Snapchta,yes,,tomorrow\nkik,Kik,,,\nkick,Kik,reject,B,31/02/2026\n",
    )
    with pytest.raises(LexiconError, match="6 mistakes") as raised:
        read_decisions(path, LEXICON)
    told = "\n".join(raised.value.details)
    assert [detail.split(": ")[0].split(", ")[1] for detail in raised.value.details] == [
        "row 3"
    ] * 5 + ["row 5"]
    for words in (
        "form is empty",
        "did you mean 'Snapchat'",
        "'yes' is not one of accept, reject",
        "names who made it",
    ):
        assert words in told


@pytest.mark.parametrize(
    "text", ["form,platform\nx,y\n", "", 'form,platform,decision,by,at\n"kik,Kik']
)
def test_what_is_no_file_of_decisions_is_refused(tmp_path, text):
    path = tmp_path / "decisions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError):
        read_decisions(path, LEXICON)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match="UTF-8"):
        read_decisions(path, LEXICON)


def test_no_file_yet_means_no_decisions_unless_one_was_named(tmp_path):
    assert read_decisions(tmp_path / "none.csv", LEXICON) == ()
    with pytest.raises(FileError, match="no such file"):
        read_decisions(tmp_path / "none.csv", LEXICON, must_exist=True)


def test_a_spreadsheets_ways_are_understood(tmp_path):
    path = written(
        tmp_path, "Snap-Chat ,snapchat,ONLY IN  CONTEXT,A,24/11/2026\n", header="\ufeff" + HEADER
    )
    assert read_decisions(path, LEXICON) == (
        Decision("snap chat", "Snapchat", Verdict.ONLY_IN_CONTEXT, "A", date(2026, 11, 24)),
    )


def test_the_last_decision_holds_and_the_first_stays_in_the_file(tmp_path):
    path = written(tmp_path, "kick,Kik,accept,A,2026-11-01\n")
    before = path.read_text()
    kept = read_decisions(path, LEXICON)
    same = Decision("kick", "Kik", Verdict.ACCEPT, "B", date(2026, 11, 2))
    other = Decision("kick", "Kik", Verdict.REJECT, "B", date(2026, 11, 3))
    known = keep_decisions(path, kept, [same, other])
    assert path.read_text() == before + "kick,Kik,reject,B,2026-11-03\n"
    assert read_decisions(path, LEXICON) == known == (*kept, other)
    assert verdicts(known) == {("kick", "Kik"): Verdict.REJECT}


def test_nothing_new_changes_nothing(tmp_path):
    path = tmp_path / "decisions.csv"
    assert keep_decisions(path, (), ()) == ()
    assert not path.exists()
