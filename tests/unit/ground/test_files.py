import os
from pathlib import Path

import pytest

from nilreturn.files import folder_beside, sha256, written_beside


def test_sha256_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_written_beside_appears_only_when_whole(tmp_path: Path) -> None:
    final = tmp_path / "answer.csv"
    with written_beside(final) as part:
        part.write_text("new")
        assert not final.exists()
    assert final.read_text() == "new"
    assert os.listdir(tmp_path) == ["answer.csv"]


def test_written_beside_keeps_the_old_file_after_an_error(tmp_path: Path) -> None:
    final = tmp_path / "answer.csv"
    final.write_text("old")
    with pytest.raises(RuntimeError), written_beside(final) as part:
        part.write_text("half")
        raise RuntimeError
    assert final.read_text() == "old"
    assert os.listdir(tmp_path) == ["answer.csv"]


def test_folder_beside_appears_only_when_whole(tmp_path: Path) -> None:
    final = tmp_path / "extract"
    with folder_beside(final) as part:
        (part / "a").write_text("1")
        assert not final.exists()
    assert (final / "a").read_text() == "1"
    assert os.listdir(tmp_path) == ["extract"]


def test_folder_beside_leaves_nothing_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), folder_beside(tmp_path / "extract") as part:
        (part / "a").write_text("1")
        raise RuntimeError
    assert os.listdir(tmp_path) == []


def test_folder_beside_never_touches_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "extract").mkdir()
    with pytest.raises(FileExistsError), folder_beside(tmp_path / "extract"):
        pass


def test_files_are_readable_as_the_umask_allows(tmp_path: Path) -> None:
    with written_beside(tmp_path / "a") as part:
        part.write_text("1")
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~umask
