"""Who answers; and the papers that stay inside."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from nilreturn.errors import FileError, ReleaseError
from nilreturn.files import canonical_json, sha256, sha256_of
from nilreturn.release import INTERNAL, Authority, InternalPapers, load_authority, write_internal
from tests.support.answers import model_answer

FILE = """
name = "Example Constabulary"
department = "Freedom of Information Unit"
address = ["Police Headquarters, 1 Example Street", "Exampleton EX1 1EX"]
email = "foi@constabulary.example"
"""
CERTIFICATE = {"kind": "certificate", "cells": 3, "audit": "passed"}


def load(tmp_path: Path, text: str) -> Authority:
    (tmp_path / "authority.toml").write_text(text, encoding="utf-8")
    return load_authority(tmp_path / "authority.toml")


def test_authority_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, FILE) == model_answer().authority


def test_every_mistake_in_an_authority_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError) as caught:
        load(tmp_path, 'nam = "x"\ndepartment = 3\naddress = "one line"\nemail = "foi@x.example"\n')
    assert [(one.line, one.field, one.message) for one in caught.value.mistakes] == [
        (0, "name", "is missing"),
        (1, "nam", "there is no such setting"),
        (2, "department", "must be text"),
        (3, "address", "must be a list of lines"),
    ]


@pytest.mark.parametrize("address", ["", "foi", "a@b?subject=x y", "javascript:alert(1)", "a@b@c"])
def test_mail_address_must_be_one(address: str) -> None:
    with pytest.raises(ReleaseError) as caught:
        replace(model_answer().authority, email=address)
    assert any(detail.startswith("email:") for detail in caught.value.details)


def test_file_that_is_not_toml_or_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is not TOML"):
        load(tmp_path, "name: x")
    with pytest.raises(FileError, match="there is no such authority file"):
        load_authority(tmp_path / "none.toml")


@pytest.fixture
def papers() -> InternalPapers:
    return InternalPapers(
        "20210999",
        pa.table(
            {
                "crime_ref": ["=1+1", "C2", None],
                "reason": ["no victim details", "victim over 18", "x"],
            }
        ),
        CERTIFICATE,
        records={
            "q4_mentions": pa.table({"keyword": ["Kik"], "crime_ref": ["C9"], "written": [True]})
        },
        extract={"rows": {"crimes": 412}},
        report={"hidden": 4},
        forms={"q4": pa.table({"keyword": ["Kik"], "form": ["kik"], "records": [1]})},
        bindings={"release_reference": None},
    )


def test_internal_papers_are_in_a_folder_that_says_so(
    papers: InternalPapers, tmp_path: Path
) -> None:
    folder = write_internal(tmp_path, papers)
    assert folder == tmp_path / INTERNAL
    assert "not-for-release" in folder.name
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert readme.startswith("OFFICIAL-SENSITIVE: not for release\n")
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "README.txt",
        "bindings.json",
        "certificate.json",
        "data-quality-queries.csv",
        "extract.json",
        "forms-q4.csv",
        "records-q4-mentions.csv",
        "report.json",
    ]


def test_internal_papers_are_their_owners_alone(papers: InternalPapers, tmp_path: Path) -> None:
    folder = write_internal(tmp_path, papers)
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}


def test_data_quality_queries_open_as_text(papers: InternalPapers, tmp_path: Path) -> None:
    content = (write_internal(tmp_path, papers) / "data-quality-queries.csv").read_text(
        encoding="utf-8-sig"
    )
    assert content.splitlines() == [
        '"crime_ref","reason"',
        '"\'=1+1","no victim details"',
        '"C2","victim over 18"',
        ',"x"',
    ]


def test_certificate_on_file_has_the_hash_that_the_bindings_have(
    papers: InternalPapers, tmp_path: Path
) -> None:
    path = write_internal(tmp_path, papers) / "certificate.json"
    assert json.loads(path.read_text(encoding="utf-8")) == CERTIFICATE
    assert sha256(path) == sha256_of(canonical_json(CERTIFICATE))


def test_internal_papers_twice_are_the_same_bytes(papers: InternalPapers, tmp_path: Path) -> None:
    first, second = write_internal(tmp_path / "a", papers), write_internal(tmp_path / "b", papers)
    for path in first.iterdir():
        assert (second / path.name).read_bytes() == path.read_bytes()


def test_internal_papers_never_go_into_a_release(papers: InternalPapers, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(ReleaseError, match="beside it, not into it"):
        write_internal(tmp_path, papers)


def test_internal_papers_are_not_overwritten(papers: InternalPapers, tmp_path: Path) -> None:
    write_internal(tmp_path, papers)
    with pytest.raises(ReleaseError, match="already there"):
        write_internal(tmp_path, papers)
