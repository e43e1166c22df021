"""
A user's mistake, on every command: one line on standard error, its own exit code, no traceback,
nothing written.
"""

import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT
from tests.architecture.test_every import all_commands
from tests.support.command_line import nilreturn

ANSWER = ["answer", "none.yaml", "--policy", "none.yaml", "--authority", "none.toml", "--to", "new"]
MISTAKES = {
    "nilreturn import": (
        ["import", "none.csv", "--mapping", "connect", "--as-at", "2021-06-14", "--to", "new"],
        3,
    ),
    "nilreturn mapping draft": (["mapping", "draft", "none.csv"], 3),
    "nilreturn mapping show": (["mapping", "show", "nonsense"], 4),
    "nilreturn mapping check": (["mapping", "check", "connect", "none.csv"], 3),
    "nilreturn answer": ([*ANSWER, "--extract", "none"], None),
    "nilreturn prepare": (["prepare", *ANSWER[1:], "--extract", "none", "--by", "x"], None),
    "nilreturn release": (["release", "none", "--to", "new", "--by", "x"], 13),
    "nilreturn demo": (["demo", "."], 3),
    "nilreturn protect": (["protect", "none.csv", "--policy", "none.yaml", "--out", "new"], 3),
    "nilreturn audit": (["audit", "none.csv"], 3),
    "nilreturn verify": (["verify", "none"], 3),
    "nilreturn register new": (["register", "new", "mine.txt"], 3),
    "nilreturn register add": (["register", "add", "none.csv", "--register", "new"], 3),
    "nilreturn register show": (["register", "show", "none"], 3),
    "nilreturn register verify": (["register", "verify", "none"], 3),
    "nilreturn register withdraw": (
        ["register", "withdraw", "x", "--register", "none", "--reason", "x"],
        3,
    ),
    "nilreturn mentions": (["mentions", "none", "--out", "new.csv"], 5),
    "nilreturn offences": (["offences", "nonsense"], 6),
    "nilreturn key new": (["key", "new", "mine.txt"], 3),
    "nilreturn extract verify": (["extract", "verify", "none"], 5),
    "nilreturn extract show": (["extract", "show", "none"], 5),
    "nilreturn policy new": (["policy", "new", "new.yaml", "--from", "nonsense"], 8),
    "nilreturn policy check": (["policy", "check", "none.yaml"], 3),
}


def run(arguments, folder):
    """The command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "nilreturn", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_every_command_is_tried():
    groups = {
        "nilreturn",
        *(f"nilreturn {group}" for group in ("extract", "key", "mapping", "policy", "register")),
    }
    assert set(all_commands()) - groups == set(MISTAKES)


@pytest.mark.parametrize("command", MISTAKES)
def test_what_is_not_there_is_told_in_one_line(command, tmp_path):
    arguments, code = MISTAKES[command]
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = nilreturn(*arguments, cwd=tmp_path)
    assert done.returncode == code if code else 2 < done.returncode < 14, done.stderr
    assert done.stderr.startswith("nilreturn: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("command", MISTAKES)
def test_a_wrong_option_is_told_with_the_usage(command, tmp_path):
    done = run([*command.split()[1:], "--nonsense"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: nilreturn ")
    assert "Traceback" not in done.stderr
