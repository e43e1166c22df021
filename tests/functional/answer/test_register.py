"""Answers and the register of releases: killed at any moment, and two at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nilreturn.disclosure import audit, load_register, open_register
from nilreturn.disclosure.register import entering, new_register
from nilreturn.workflow import AnswerFiles
from tests.architecture.source import SOURCE
from tests.functional.answer import killed_answer

# The command line, without the proposals of merges, which take most of the time of an answer.
COMMAND_LINE = """
from nilreturn.disclosure import proposals
proposals.MOST_TRIES = 0
from nilreturn.cli import main
main()
"""
ENVIRONMENT = os.environ | {"PYTHONPATH": str(SOURCE.parent)}


def files(asked: AnswerFiles) -> list[str]:
    return [str(path) for path in (asked.questions, asked.extract, asked.policy, asked.authority)]


def start(asked: AnswerFiles, register: Path, to: Path) -> subprocess.Popen[str]:
    questions, extract, policy, authority = files(asked)
    command = [
        sys.executable,
        "-c",
        COMMAND_LINE,
        "answer",
        questions,
        "--extract",
        extract,
        "--policy",
        policy,
    ]
    command += ["--authority", authority, "--register", str(register), "--to", str(to)]
    return subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("moment", killed_answer.MOMENTS)
def test_an_answer_killed_at_any_moment_leaves_a_release_in_the_register_or_none(
    asked: AnswerFiles, tmp_path: Path, moment: str
) -> None:
    register, to = tmp_path / "register", tmp_path / "answer"
    new_register(register)
    command = [
        sys.executable,
        killed_answer.__file__,
        moment,
        *files(asked),
        str(register),
        str(to),
    ]
    assert subprocess.run(command, env=ENVIRONMENT, check=False).returncode == -9
    assert to.exists() == (moment == "the journal is gone")
    with entering(register) as desk:
        assert [entry.name for entry in desk.register.entries] == ["20210999"] * to.exists()
    left = {path.name for path in tmp_path.iterdir()} - {"register", "answer"}
    assert all(name.startswith(".answer.") for name in left)
    if moment == "the internal papers are whole":
        again = start(asked, register, to)
        said, wrong = again.communicate(timeout=100)
        assert again.returncode == 0, wrong
        assert "compared with 0 tables of 0 releases" in said
        assert {path.name for path in tmp_path.iterdir()} == {"register", "answer"}


def test_of_two_answers_at_once_the_second_waits_and_is_compared_with_the_first(
    asked: AnswerFiles, tmp_path: Path
) -> None:
    register = tmp_path / "register"
    new_register(register)
    both = [start(asked, register, tmp_path / name) for name in ("one", "two")]
    said = sorted(process.communicate(timeout=200)[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    tables = len(open_register(register).of_entry["20210999"])
    compared = sorted(
        line for text in said for line in text.splitlines() if line.startswith("compared")
    )
    assert compared == [
        f"compared with 0 tables of 0 releases, and entered in {register} as 20210999",
        f"compared with {tables} tables of 1 release, and entered in {register} as 20210999-2",
    ]
    assert audit(load_register(register)).is_safe
