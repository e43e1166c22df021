"""Two processes at one register, and one that is killed."""

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from datetime import date

import pytest

from nilreturn.disclosure import a_total, open_register
from nilreturn.disclosure.register import (
    PUBLISHED,
    changing,
    entering,
    new_register,
    published_bytes,
)
from nilreturn.errors import FileError
from nilreturn.files import atomic_folder
from nilreturn.tables import Population
from tests.architecture.source import SOURCE
from tests.functional.disclosure import register_steps

DAY = date(2021, 6, 29)


def published():
    return {PUBLISHED: published_bytes([a_total("q1", Population("victims"), 52)])}


def command(*words):
    return [sys.executable, register_steps.__file__, *map(str, words)]


ENVIRONMENT = os.environ | {"PYTHONPATH": str(SOURCE.parent)}


def start(register, answer, count):
    return subprocess.Popen(command("enter", register, answer, "20210999", count), env=ENVIRONMENT)


@pytest.fixture
def steps(tmp_path):
    """
    The folders that a run killed at each of its steps left, in order; the last one's was not
    killed.
    """
    folder = tmp_path / "steps"
    subprocess.run(command("kill", folder), env=ENVIRONMENT, check=True, timeout=100)
    return sorted(folder.iterdir(), key=lambda each: int(each.name))


@pytest.mark.parametrize("next_run", ["reads", "enters"])
def test_a_run_killed_at_any_step_leaves_a_release_or_nothing(steps, next_run):
    """What is left is read by a run that changes nothing, or by the next run that enters."""
    outcomes = [what_is_left(folder, next_run) for folder in steps]
    first = outcomes.index("released")
    assert first > 10
    assert len(outcomes) > first + 2  # it is killed after the release has its name, too
    assert set(outcomes[:first]) == {"nothing"}
    assert set(outcomes[first:]) == {"released"}


def what_is_left(folder, next_run):
    register = folder / "register"
    released = (folder / "answer").exists()
    if next_run == "reads":
        entries = open_register(register).entries
    else:
        with entering(register) as desk:
            entries = desk.register.entries
    assert [entry.name for entry in entries] == ["20210999"] * released
    inside = {path.name for path in register.iterdir()} - {".lock"}
    assert inside == {"register.json", *(entry.name for entry in entries)}
    register_steps.release(register, folder / ("again" if released else "answer"), "20210999", 52)
    assert len(open_register(register).entries) == 1 + released
    left = [path for path in folder.iterdir() if path.name not in ("register", "answer", "again")]
    assert not [path for path in left if any(path.iterdir())]
    return "released" if released else "nothing"


def test_a_run_stopped_by_an_error_leaves_nothing(tmp_path):
    new_register(tmp_path / "register")
    before = (tmp_path / "register" / "register.json").read_bytes()
    with (
        pytest.raises(KeyboardInterrupt),
        entering(tmp_path / "register") as desk,
        atomic_folder(tmp_path / "answer") as part,
    ):
        (part / "letter.html").write_text("x")
        desk.enter("20210999", "answer", DAY, published(), part=part, final=tmp_path / "answer")
        raise KeyboardInterrupt
    assert (tmp_path / "register" / "register.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["register"]
    assert open_register(tmp_path / "register").entries == ()


def test_an_error_after_the_release_has_its_name_keeps_the_entry(tmp_path):
    new_register(tmp_path / "register")
    with pytest.raises(OSError, match="late"), entering(tmp_path / "register") as desk:
        with atomic_folder(tmp_path / "answer") as part:
            desk.enter("20210999", "answer", DAY, published(), part=part, final=tmp_path / "answer")
        raise OSError("late")
    assert [entry.name for entry in open_register(tmp_path / "register").entries] == ["20210999"]


def test_a_folder_that_somebody_removed_after_a_kill_may_have_been_released(steps):
    """It cannot be told from one that was, so what it would have shown counts as known."""
    unnamed = [folder for folder in steps if not (folder / "answer").exists()]
    folder = [each for each in unnamed if (each / "register" / "20210999").exists()][-1]
    for part in folder.glob(".answer.*.part"):
        shutil.rmtree(part)
    assert [entry.name for entry in open_register(folder / "register").entries] == ["20210999"]


def test_a_journal_never_removes_what_nilreturn_did_not_make(tmp_path):
    new_register(tmp_path / "register")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine")
    journal, index = (
        tmp_path / "register" / "entering.json",
        tmp_path / "register" / "register.json",
    )
    for name in ("20210999", "../mine", "register.json"):
        journal.write_text(f'{{"entry": "{name}", "part": "{mine}"}}')
        # Which names the journal, where no run of ours can have left it.
        with contextlib.suppress(FileError):
            open_register(tmp_path / "register")
        assert (mine / "letter.txt").exists()
        assert index.exists()


def test_a_journal_of_another_history_removes_nothing(tmp_path):
    """
    The register was restored from a backup, say: what it does not list may have been released.
    """
    register = tmp_path / "register"
    new_register(register)
    (register / "20210999").mkdir()
    (register / "20210999" / PUBLISHED).write_text("[]")
    (register / "entering.json").write_text(
        f'{{"entry": "20210999", "part": null, "follows": "{"0" * 63}1"}}'
    )
    with pytest.raises(FileError) as caught:
        open_register(register)
    assert len(caught.value.details) == 2
    assert (register / "20210999" / PUBLISHED).exists()


@pytest.mark.parametrize("full", ["entering.json", PUBLISHED, "register.json"])
def test_a_full_disk_leaves_the_register_as_it_was(tmp_path, monkeypatch, full):
    register = tmp_path / "register"
    new_register(register)
    before = (register / "register.json").read_bytes()
    real = changing._write

    def write(path, content):
        if path.name == full:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, content)

    with pytest.raises(FileError, match="No space left"), entering(register) as desk:
        monkeypatch.setattr(changing, "_write", write)
        desk.enter("20210999", "answer", DAY, published())
    assert (register / "register.json").read_bytes() == before
    assert open_register(register).entries == ()


def test_of_two_at_once_the_second_waits_and_sees_the_first(tmp_path):
    register = tmp_path / "register"
    new_register(register)
    with entering(register) as desk:
        second = start(register, tmp_path / "second", 53)
        time.sleep(1)
        assert second.poll() is None  # it waits
        assert open_register(register).entries == ()  # and who only reads does not
        desk.enter("20210999", "answer", DAY, published())
    assert second.wait(timeout=100) == 0
    assert [entry.name for entry in open_register(register).entries] == ["20210999", "20210999-2"]


def test_many_at_once_are_all_entered(tmp_path):
    register = tmp_path / "register"
    new_register(register)
    failures: list[BaseException] = []
    over = threading.Event()

    def read():
        while not over.is_set():
            try:
                open_register(register)
            except FileError as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    running = [start(register, tmp_path / f"answer-{n}", 50 + n) for n in range(6)]
    codes = [process.wait(timeout=100) for process in running]
    over.set()
    reader.join()
    assert codes == [0] * 6
    assert not failures
    names = [entry.name for entry in open_register(register).entries]
    assert names == ["20210999", *(f"20210999-{n}" for n in range(2, 7))]
