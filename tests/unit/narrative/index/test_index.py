"""
The index: made once, made again when the text differs, never half made, as closed as the extract.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nilreturn.errors import ExtractError, FileError, LexiconError
from nilreturn.narrative.index import index_text, occurrences_of, versions
from nilreturn.narrative.index import token_store as index_module
from nilreturn.narrative.mentions import find_mentions
from tests.unit.narrative.indexing import index_of, indexed, matcher, write_texts


def folders(path: Path) -> list[str]:
    return sorted(item.name for item in (path.parent / "index").iterdir())


def test_index_is_made_once(tmp_path):
    path = write_texts(tmp_path, ["via kik", "via snapchat"])
    first = index_of(path)
    made_at = (first.folder / "tokens.bin").stat().st_mtime_ns
    assert (index_of(path).folder / "tokens.bin").stat().st_mtime_ns == made_at


def test_index_is_made_again_when_the_text_differs_and_the_old_one_goes(tmp_path):
    path = write_texts(tmp_path, ["via kik"])
    old = index_of(path, source="one")
    occurrences_of(old, matcher())
    write_texts(tmp_path, ["via snapchat", "via snapchat"])
    new = index_of(path, source="two")
    assert folders(path) == [new.folder.name]
    assert find_mentions(new, matcher()).table["keyword"].to_pylist() == ["Snapchat", "Snapchat"]


def test_index_says_what_it_was_made_of(tmp_path):
    made_of = indexed(tmp_path, ["via kik, kik", None, ""]).manifest
    assert (made_of["records"], made_of["tokens"], made_of["forms"]) == (3, 3, 2)
    assert (made_of["text"], made_of["source"]) == ("narrative", "one")


def test_index_tells_of_a_limit_of_characters(tmp_path):
    made_of = indexed(tmp_path, ["é" * 40, "a" * 40, "b", None]).manifest
    assert (made_of["longest_text"], made_of["records_of_longest_text"]) == (40, 2)


def test_hash_of_the_text_depends_on_the_text_alone(tmp_path):
    hashes = []
    for number, texts in enumerate(
        (["ab", "c", None], ["ab", "c", None], ["a", "bc", None], ["ab", "c", ""])
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = write_texts(folder, texts, rows_a_group=1 + number)
        hashes.append(index_of(path).manifest["text_sha256"])
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


def test_a_crash_leaves_no_index(tmp_path, monkeypatch):
    path = write_texts(tmp_path, ["via kik"])

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(index_module, "_write_forms", stopped)
        with pytest.raises(KeyboardInterrupt):
            index_of(path)
    assert folders(path) == []
    assert find_mentions(index_of(path), matcher()).naming == 1


def test_index_is_as_closed_as_the_extract(tmp_path):
    path = write_texts(tmp_path, ["via kik"])
    path.chmod(0o640)
    tmp_path.chmod(0o750)
    occurrences_of(index_of(path), matcher())
    inside = [path.parent / "index", *(path.parent / "index").rglob("*")]
    assert {oct(item.stat().st_mode & 0o777) for item in inside if item.is_dir()} == {"0o750"}
    assert {oct(item.stat().st_mode & 0o777) for item in inside if item.is_file()} == {"0o640"}


def test_same_text_gives_the_same_files(tmp_path):
    held = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        index = indexed(tmp_path / name, ["via kik", "on snap chat, ig", None])
        held.append(
            {file.name: file.read_bytes() for file in index.folder.iterdir() if file.is_file()}
        )
    assert held[0] == held[1]


def test_an_extract_without_free_text_is_refused(tmp_path):
    path = tmp_path / "crimes.parquet"
    pq.write_table(pa.table({"crime_ref": ["1"]}), path)
    with pytest.raises(ExtractError, match="no column 'narrative'"):
        index_text(path, tmp_path / "index", record="crime_ref", text="narrative", source="s")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("content", [b"", b"PAR1 and then nothing"])
def test_a_broken_file_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "crimes.parquet"
    path.write_bytes(content)
    with pytest.raises(FileError, match="cannot be read as Parquet"):
        index_text(path, tmp_path / "index", record="crime_ref", text="narrative", source="s")


def test_a_keyword_that_is_no_entry_is_refused_with_near_ones(tmp_path):
    with pytest.raises(LexiconError, match="did you mean 'Snapchat'"):
        find_mentions(indexed(tmp_path, ["x"]), matcher(), keywords=["Snapchta"])


def test_no_record_at_all(tmp_path):
    found = find_mentions(indexed(tmp_path, []), matcher())
    assert (found.searched, found.naming, found.table.num_rows, found.by_form.num_rows) == (
        0,
        0,
        0,
        0,
    )


HOSTILE = {
    "one word a hundred thousand letters long": "x" * 100_000,
    "one letter and a blank, often": "x " * 100_000,
    "apostrophes": "a'" * 100_000,
    "punctuation alone": ".,;- " * 100_000,
    "ten megabytes": "unk male left scene via the rear gate " * 270_000,
    "emoji and marks": "🙂 \u200fsnap\u202e chat \ufeff" * 1000,
    "NULs": "\x00kik\x00 " * 1000,
    "open tags": "<" * 100_000,
    "entities": "&#x61;&amp" * 10_000,
    "combining marks": "e" + "\u0301" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_costs_time_in_proportion_and_hides_nothing(tmp_path, text):
    began = time.process_time()
    found = find_mentions(
        indexed(tmp_path, ["before via snapchat", text, None, "", "after on instagram"]), matcher()
    )
    assert time.process_time() - began < 20
    named = {(row["crime_ref"], row["keyword"]) for row in found.table.to_pylist()}
    assert {("C0", "Snapchat"), ("C4", "Instagram")} <= named
    assert found.searched == 5


def test_manifest_is_valid_json_with_no_text_in_it(tmp_path):
    index = indexed(tmp_path, ["zzyzx via kik"])
    text = (index.folder / "manifest.json").read_text()
    assert json.loads(text)["records"] == 1
    assert "zzyzx" not in text


def test_what_another_version_made_is_made_again(tmp_path, monkeypatch):
    path = write_texts(tmp_path, ["via kik"])
    old = index_of(path)
    occurrences_of(old, matcher())
    before = folders(path)
    monkeypatch.setattr(versions, "MATCHING", versions.MATCHING + 1)
    occurrences_of(old, matcher())
    assert len(set(folders(path)) - set(before)) == 1
    monkeypatch.setattr(versions, "TOKENS", versions.TOKENS + 1)
    assert index_of(path).folder != old.folder
