import itertools
import os
import sys
from pathlib import Path

import pytest

from nilreturn.errors import Stopped
from nilreturn.files import atomic_file, atomic_folder, locked, remove_abandoned, sha256


def test_sha256_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert (
        sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_atomic_file_appears_only_when_whole(tmp_path: Path) -> None:
    final = tmp_path / "answer.csv"
    with atomic_file(final) as part:
        part.write_text("new")
        assert not final.exists()
    assert final.read_text() == "new"
    assert os.listdir(tmp_path) == ["answer.csv"]


def test_atomic_file_keeps_the_old_file_after_an_error(tmp_path: Path) -> None:
    final = tmp_path / "answer.csv"
    final.write_text("old")
    with pytest.raises(RuntimeError), atomic_file(final) as part:
        part.write_text("half")
        raise RuntimeError
    assert final.read_text() == "old"
    assert os.listdir(tmp_path) == ["answer.csv"]


def test_atomic_folder_appears_only_when_whole(tmp_path: Path) -> None:
    final = tmp_path / "extract"
    with atomic_folder(final) as part:
        (part / "a").write_text("1")
        assert not final.exists()
    assert (final / "a").read_text() == "1"
    assert os.listdir(tmp_path) == ["extract"]


def test_atomic_folder_leaves_nothing_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), atomic_folder(tmp_path / "extract") as part:
        (part / "a").write_text("1")
        raise RuntimeError
    assert os.listdir(tmp_path) == []


def stop_at(moment: int):
    """A trace function that presses Ctrl-C before one line of `nilreturn.files` runs."""
    lines = 0

    def trace(frame, event, _):
        nonlocal lines
        if not frame.f_code.co_filename.endswith("nilreturn/files.py"):
            return None
        lines += event == "line"
        if event == "line" and lines == moment:
            raise Stopped
        return trace

    return trace


@pytest.mark.parametrize("atomic", [atomic_file, atomic_folder])
def test_ctrl_c_at_any_line_of_the_beginning_leaves_nothing(tmp_path: Path, atomic) -> None:
    before = sys.gettrace()
    for moment in itertools.count(1):
        beginning = atomic(tmp_path / "final")
        sys.settrace(stop_at(moment))
        try:
            beginning.__enter__()
        except Stopped:
            assert os.listdir(tmp_path) == []
        else:
            break
        finally:
            sys.settrace(before)
    beginning.__exit__(Stopped, Stopped(), None)
    assert os.listdir(tmp_path) == []
    assert moment > 8  # lines at which it was stopped


def test_atomic_folder_never_touches_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "extract").mkdir()
    with pytest.raises(FileExistsError), atomic_folder(tmp_path / "extract"):
        pass


def test_files_are_readable_as_the_umask_allows(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "a") as part:
        part.write_text("1")
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~umask


def test_what_a_killed_run_left_is_removed_and_what_a_living_one_writes_is_not(
    tmp_path: Path,
) -> None:
    dead, young, old, other = (
        tmp_path / f".answer.{name}.part" for name in ("dead", "young", "old", "file")
    )
    for folder in (dead, young, old):
        folder.mkdir()
    (dead / "letter.html").write_text("half")
    other.write_text("no folder of ours")
    os.utime(old, (0, 0))
    with atomic_folder(tmp_path / "answer") as alive:
        (alive / "letter.html").write_text("half")
        remove_abandoned(tmp_path / "answer")
        assert (alive / "letter.html").exists()
    assert sorted(os.listdir(tmp_path)) == [".answer.file.part", ".answer.young.part", "answer"]


def test_a_link_is_never_followed_to_what_is_removed(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    (tmp_path / ".answer.link.part").symlink_to(tmp_path / "mine")
    remove_abandoned(tmp_path / "answer")
    assert (tmp_path / "mine" / "letter.txt").exists()


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    asked: list[int] = []

    def waiting() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise TimeoutError

    with (
        locked(tmp_path / "lock"),
        pytest.raises(TimeoutError),
        locked(tmp_path / "lock", waiting=waiting),
    ):
        pass
    with locked(tmp_path / "lock", waiting=waiting):
        assert len(asked) == 3
