"""
Ctrl-C, a full disk, a folder without permission, a system without POSIX locks: one line, nothing
half written.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from benchmarks.import_rows import generate

ROOT = Path(__file__).parents[3]
HEADERS = "Crime Ref,Recorded Date,HO Code,Victim Age,Victim Sex,Initial MO\n"
ROW = "A1,01/07/2020,71/17,7,Female,x\n"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def command(path, to):
    asked = ["--mapping", "connect", "--to", str(to), "--as-at", "2026-04-01"]
    return [sys.executable, "-m", "nilreturn", "import", str(path), *asked]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "report.csv"
    generate(200_000, path)
    return path


MOMENTS = {
    "as it begins": lambda folder: True,
    "while it imports": lambda folder: any(folder.glob(".extract.*.part")),
    "while it reads": lambda folder: any(folder.glob(".extract.*.part/scratch/*")),
    "while it writes": lambda folder: any(folder.glob(".extract.*.part/crimes.parquet")),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_at_any_moment_is_one_line_and_leaves_nothing(tmp_path, large, moment):
    importing = subprocess.Popen(
        command(large, tmp_path / "extract"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    time.sleep(0.2)  # until Python has begun
    while importing.poll() is None and not MOMENTS[moment](tmp_path):
        time.sleep(0.002)
    importing.send_signal(signal.SIGINT)
    _, said = importing.communicate(timeout=100)
    if (tmp_path / "extract").exists():  # it had just finished
        return
    assert importing.returncode == 130, said
    assert said.count("\n") == 1, said
    assert "stopped before it was done" in said
    assert list(tmp_path.iterdir()) == []


def limited(path, to, limit):
    """The import, with no file larger than `limit` bytes, as on a disk that is full."""
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); "
        "from nilreturn.__main__ import main; sys.argv[0] = 'nilreturn'; main()"
    )
    arguments = command(path, to)[3:]
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )


@pytest.mark.parametrize("limit", [0, 2_000, 300_000])
def test_a_full_disk_is_one_line_that_names_what_was_written_and_not_the_report(
    tmp_path, large, limit
):
    done = limited(large, tmp_path / "extract", limit)
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert str(large) not in done.stderr
    assert "export it again" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_permission_is_named(tmp_path):
    (tmp_path / "report.csv").write_text(HEADERS + ROW)
    (tmp_path / "closed").mkdir(mode=0o500)
    done = subprocess.run(
        command(tmp_path / "report.csv", tmp_path / "closed" / "extract"),
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "closed" in done.stderr


WITHOUT_POSIX = """
import os, shutil, sys, types
import asyncio, multiprocessing, platform, subprocess, tempfile, uuid, zipfile  # as they are here
shutil._use_fd_functions = False
held, real_open = {}, os.open
def locking(handle, mode, size):
    key = (os.fstat(handle).st_dev, os.fstat(handle).st_ino)
    if held.setdefault(key, handle) != handle:
        raise PermissionError(13, "Permission denied")
def opened(path, flags, mode=0o777, **more):
    if os.path.isdir(path):
        raise PermissionError(13, "Permission denied", path)
    return real_open(path, flags, mode, **more)
sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
here, sys.platform = sys.platform, "win32"
import nilreturn.locks
import nilreturn.files
sys.platform = here
assert not nilreturn.locks.FOLDERS_CAN_BE_LOCKED
for name in ("O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK"):
    delattr(os, name)
os.open = opened
nilreturn.locks.sys = types.SimpleNamespace(platform="win32")
from nilreturn.files import atomic_folder, locked, remove_abandoned, atomic_file
from nilreturn.sources.leftovers import locked_scratch, remove_stale
from pathlib import Path
folder = Path(sys.argv[1])
with atomic_folder(folder / "made") as part, locked_scratch(part) as scratch:
    (scratch / "a").write_text("half")
    (part / "b").write_text("whole")
    remove_abandoned(folder / "made")
    remove_stale(folder / "made")
    assert (part / "b").exists()
with atomic_file(folder / "file") as part:
    part.write_text("whole")
with locked(folder / "lock"):
    pass
(folder / ".made.dead.part").mkdir()
(folder / ".made.dead.part" / "half").write_text("half")
remove_abandoned(folder / "made")
print(sorted(os.listdir(folder)), sorted(os.listdir(folder / "made")))
"""


def test_locks_and_whole_folders_need_nothing_that_windows_has_not(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_POSIX, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['file', 'lock', 'made'] ['b']"
