"""A draft between two people: what is released is what was prepared, and nothing else can be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nilreturn.disclosure.register import new_register, open_register
from nilreturn.errors import DisclosureError, ReleaseError
from nilreturn.release import INTERNAL
from nilreturn.workflow import AnswerFiles, Draft, answer, prepare, read_draft, read_inputs, release
from nilreturn.workflow.drafts import DRAFT


@pytest.fixture(scope="module")
def draft(asked: AnswerFiles, tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return prepare(
        read_inputs(asked), tmp_path_factory.mktemp("drafts") / "draft", prepared_by="A. Clerk"
    )


@pytest.fixture
def copy(draft: Draft, tmp_path: Path) -> Path:
    shutil.copytree(draft.folder, tmp_path / "draft")
    return tmp_path / "draft"


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_released_is_the_draft_and_what_answer_writes(
    draft: Draft, asked: AnswerFiles, tmp_path: Path
) -> None:
    released = release(draft.folder, tmp_path / "released", approved_by="B. Officer")
    assert files_in(released.release) == files_in(draft.folder / "release")
    assert files_in(released.release) == files_in(answer(asked, tmp_path / "answer").release)
    approval = json.loads((released.internal / "approval.json").read_bytes())
    assert (approval["prepared_by"], approval["approved_by"]) == ("A. Clerk", "B. Officer")


def test_a_draft_is_readable_by_its_owner_alone(draft: Draft) -> None:
    assert draft.folder.stat().st_mode & 0o077 == 0
    assert draft.internal.stat().st_mode & 0o077 == 0


def test_a_draft_read_back_is_the_same_counts_and_the_same_protection(draft: Draft) -> None:
    again = read_draft(draft.folder)
    assert again.counted.tables == draft.counted.tables
    assert again.counted.extremes == draft.counted.extremes
    assert {name: table.to_pylist() for name, table in again.counted.records.items()} == {
        name: table.to_pylist() for name, table in draft.counted.records.items()
    }
    assert [list(table.cells()) for table in again.protection.tables] == [
        list(table.cells()) for table in draft.protection.tables
    ]
    assert again.protection.report == draft.protection.report
    assert again.protection.review == draft.protection.review
    assert again.protection.certificate_sha256 == draft.protection.certificate_sha256


def test_the_review_lists_every_hidden_cell_within_the_range_that_readers_have(
    draft: Draft,
) -> None:
    hidden = sum(table.hidden for table in draft.protection.tables)
    assert hidden
    assert len(draft.protection.review) == hidden
    for cell in draft.protection.review:
        assert cell.low <= cell.count
        assert cell.high is None or cell.count <= cell.high
        assert cell.high != cell.low
        assert cell.reason
    lines = (draft.internal / "review.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == hidden + 1


@pytest.mark.parametrize(
    "path", ["release/manifest.json", f"{INTERNAL}/protection.json", "published.json"]
)
def test_a_draft_that_was_changed_is_not_released(copy: Path, tmp_path: Path, path: str) -> None:
    (copy / path).write_bytes((copy / path).read_bytes() + b" ")
    with pytest.raises(ReleaseError, match="is not as it was prepared"):
        release(copy, tmp_path / "answer", approved_by="B. Officer")
    assert not (tmp_path / "answer").exists()


@pytest.mark.parametrize("name", ["release/more.csv", "note.txt"])
def test_a_file_beside_those_that_were_prepared_is_not_released(
    copy: Path, tmp_path: Path, name: str
) -> None:
    (copy / name).write_text("x", encoding="utf-8")
    with pytest.raises(ReleaseError, match="is not as it was prepared"):
        release(copy, tmp_path / "answer", approved_by="B. Officer")


def test_a_draft_whose_hidden_count_was_filled_in_is_refused_whatever_its_hashes_say(
    copy: Path, tmp_path: Path
) -> None:
    from nilreturn.files import canonical_json, sha256

    path = copy / INTERNAL / "protection.json"
    stored = json.loads(path.read_bytes())
    cell = next(cell for table in stored["tables"] for cell in table["cells"] if cell[0] is None)
    cell[0], cell[1] = 3, "safe"
    path.write_bytes(canonical_json(stored))
    facts = json.loads((copy / DRAFT).read_bytes())
    facts["files"][f"{INTERNAL}/protection.json"] = sha256(path)
    (copy / DRAFT).write_bytes(canonical_json(facts))
    with pytest.raises(DisclosureError, match="not the ones that were audited"):
        release(copy, tmp_path / "answer", approved_by="B. Officer")


@pytest.mark.parametrize("content", ["", "[" * 100_000, '{"format": 1, "format": 2}', "[]"])
def test_what_is_no_list_of_a_draft_is_said_to_be_none(
    copy: Path, tmp_path: Path, content: str
) -> None:
    (copy / DRAFT).write_text(content, encoding="utf-8")
    with pytest.raises(ReleaseError, match="is no draft"):
        release(copy, tmp_path / "answer", approved_by="B. Officer")


@pytest.mark.parametrize("name", ["A. Clerk", " a.  CLERK "])
def test_nobody_approves_what_they_prepared(draft: Draft, tmp_path: Path, name: str) -> None:
    with pytest.raises(ReleaseError, match="let another person approve it"):
        release(draft.folder, tmp_path / "answer", approved_by=name)


def test_a_draft_of_an_older_state_of_the_register_is_prepared_again(
    asked: AnswerFiles, tmp_path: Path
) -> None:
    register = tmp_path / "register"
    new_register(register)
    inputs = read_inputs(asked)
    for name in ("first", "second"):
        prepare(inputs, tmp_path / name, prepared_by="A. Clerk", register=register)
    with pytest.raises(ReleaseError, match="with a register; name it"):
        release(tmp_path / "first", tmp_path / "none", approved_by="B. Officer")
    done = release(
        tmp_path / "first", tmp_path / "answer", approved_by="B. Officer", register=register
    )
    assert [entry.name for entry in open_register(register).entries] == [done.entry]
    with pytest.raises(ReleaseError, match="prepare the answer again"):
        release(tmp_path / "second", tmp_path / "late", approved_by="B. Officer", register=register)
    assert len(open_register(register).entries) == 1
