from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spec.engines.cases import SECTIONS
from tests.support.engines import MASTER
from tests.support.spark_cluster import LOOPBACK, WORKERS, spark_cluster

ROOT = Path(__file__).parents[3]


@pytest.mark.cluster
@pytest.mark.timeout(1800)
def test_every_case_holds_on_a_spark_master_with_two_workers(tmp_path: Path) -> None:
    """In a process of its own: one process cannot hold both this Spark and Spark Connect."""
    with spark_cluster(tmp_path) as master:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "tests/spec/engines/test_behaviour.py",
            "-k",
            "answered",
            "-n",
            "0",
        ]
        ran = subprocess.run(
            command, cwd=ROOT, env={**LOOPBACK, MASTER: master}, capture_output=True, text=True
        )
    assert ran.returncode == 0, ran.stdout[-4000:]
    passed = re.search(r"(\d+) passed", ran.stdout + ran.stderr)
    cases = sum(map(len, SECTIONS.values()))
    assert passed, ran.stdout
    assert int(passed[1]) == cases
    work = [tmp_path / f"work-{number}" for number in range(WORKERS)]
    assert all(any(folder.glob("app-*")) for folder in work), "a worker was given nothing to do"
