"""What the architecture tests look at: the repository's tracked files, and Python run apart."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import nilreturn

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "nilreturn"


def tracked_files() -> list[Path]:
    """
    Every file of the repository; where git is absent, every file of the folders that are in it.
    """
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout
        names = [ROOT / name for name in listed.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        folders = ("src", "tests", "docs", "scripts", "benchmarks")
        names = [
            path
            for folder in folders
            for path in (ROOT / folder).rglob("*")
            if "__pycache__" not in path.parts
        ]
    return [path for path in names if path.is_file()]


def modules() -> list[str]:
    """The name of every module of the package but the one that runs it."""
    found = pkgutil.walk_packages(nilreturn.__path__, "nilreturn.")
    return ["nilreturn", *(module.name for module in found if module.name != "nilreturn.__main__")]


def run_apart(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`code` in a new interpreter that has imported nothing of ours."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
