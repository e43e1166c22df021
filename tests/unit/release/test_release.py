"""A release as a whole: what it takes, what it writes, and that it writes the same twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from nilreturn.errors import ReleaseError
from nilreturn.files import sha256
from nilreturn.release import FORMATS, Answer, Claim, release
from nilreturn.tables import Population, RawTable
from tests.support.answers import answer_with, mentions_tables, model_answer, safe_table


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(model_answer(), tmp_path_factory.mktemp("answers") / "release").parent


def test_release_writes_each_format_and_a_manifest(released: Path) -> None:
    names = sorted(path.name for path in released.iterdir())
    assert names == [
        "foi-20210999-letter.docx",
        "foi-20210999-letter.html",
        "foi-20210999-letter.pdf",
        "foi-20210999-table-1-q1.csv",
        "foi-20210999-table-2-q2.csv",
        "foi-20210999-table-3-q4.csv",
        "foi-20210999-table-4-q4-searched.csv",
        "foi-20210999-tables.ods",
        "foi-20210999-tables.xlsx",
        "manifest.json",
    ]


def test_release_twice_gives_the_same_bytes(released: Path, tmp_path: Path) -> None:
    # The archive formats note times to two seconds; the first release is older than that or its
    # times are fixed.
    again = release(model_answer(), tmp_path / "again").parent
    for path in released.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_manifest_names_every_other_file_by_its_hash(released: Path) -> None:
    manifest = json.loads((released / "manifest.json").read_text(encoding="utf-8"))
    others = {
        path.name: sha256(path) for path in released.iterdir() if path.name != "manifest.json"
    }
    assert manifest["files"] == others


def test_manifest_says_what_was_asked_and_how_it_was_counted(released: Path) -> None:
    manifest = json.loads((released / "manifest.json").read_text(encoding="utf-8"))
    assert (
        manifest["questions"][2]["words"]
        == "Please tell me the age and gender of the youngest victim."
    )
    assert manifest["extract"] == {"system": "Connect", "as_at": "2021-06-14"}
    assert manifest["release_reference"] == "ab" * 32
    assert manifest["earlier_releases"] == ["cd" * 32]
    assert manifest["exemptions"] == ["s40(2)"]
    assert manifest["questions"][2]["extremes"] == [
        {"title": "Age and sex of the youngest victim", "given": False}
    ]


def test_formats_can_be_chosen(tmp_path: Path) -> None:
    folder = release(model_answer(), tmp_path / "some", formats=["html", "xlsx"]).parent
    assert {path.suffix for path in folder.iterdir()} == {".html", ".xlsx", ".json"}


def test_unknown_format_names_near_ones(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"'xls' is unknown.*did you mean.*'xlsx'"):
        release(model_answer(), tmp_path / "none", formats=["xls"])


def test_letter_without_its_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="add xlsx, ods or csv"):
        release(model_answer(), tmp_path / "none", formats=["pdf"])


def test_existing_folder_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ReleaseError, match="never changed"):
        release(model_answer(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_failed_release_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(answer: Answer, folder: Path) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setitem(FORMATS, "html", fail)
    with pytest.raises(RuntimeError):
        release(model_answer(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_raw_table_is_refused() -> None:
    raw = RawTable("raw", "Crimes", Population("crimes"), (), np.array(3, dtype=np.int64))
    with pytest.raises(TypeError, match="PrintedTable only, not RawTable"):
        answer_with(raw)  # type: ignore[arg-type]


def test_time_of_day_is_refused() -> None:
    with pytest.raises(TypeError, match="without a time"):
        replace(model_answer(), answered_on=datetime(2021, 6, 29, 9, 30))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reference": " / "}, "reference: has no letter or digit"),
        ({"answered_on": date(2021, 5, 1)}, "before the request was received"),
        ({"answered_on": date(2021, 6, 10)}, "before the extract was taken"),
        ({"questions": ()}, "there is no question"),
    ],
)
def test_answer_that_cannot_be_right_says_why(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ReleaseError) as caught:
        replace(model_answer(), **changes)
    assert any(says in detail for detail in caught.value.details)


def test_two_tables_of_one_name_are_refused() -> None:
    with pytest.raises(ReleaseError) as caught:
        answer_with(safe_table((), {(): 3}), safe_table((), {(): 4}))
    assert caught.value.details == ("table table: appears twice",)


def test_question_without_an_answer_is_refused() -> None:
    with pytest.raises(ReleaseError) as caught:
        answer_with()
    assert "nothing would answer it" in caught.value.details[0]


def test_claim_is_refused_where_nothing_is_withheld(tmp_path: Path) -> None:
    answer = answer_with(*mentions_tables(), claims=(Claim("s44(1)", "1", "The Act forbids it."),))
    with pytest.raises(ReleaseError, match="nothing is withheld from question 1"):
        release(answer, tmp_path / "out")
