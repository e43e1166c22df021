"""A child process measured by what the system says it used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """
    Seconds on the clock, CPU seconds (user and system) and the most memory held, in MB, of a whole
    process; and what it printed on its last line, as JSON.
    """

    seconds: float
    cpu: float
    memory: float
    printed: Any


def measure(module: str, arguments: Sequence[str]) -> Measured:
    """Run `python -m module arguments` to its end. Raises `RuntimeError` when it fails."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    began = time.monotonic()
    command = [sys.executable, "-m", module, *arguments]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True)
    assert child.stdout is not None
    printed = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
    seconds = time.monotonic() - began
    lines = printed.strip().splitlines()
    return Measured(
        seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(lines[-1])
    )
