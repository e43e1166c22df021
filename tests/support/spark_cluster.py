"""A Spark master with two workers on loopback, started and stopped here."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark

WORKERS = 2
_LAUNCHER = Path(pyspark.__file__).parent / "bin" / "spark-class"
LOOPBACK = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "127.0.0.1"}


@contextmanager
def spark_cluster(folder: Path) -> Iterator[str]:
    """
    The master's address, once both workers have joined it. Logs and working folders are in
    `folder`.
    """
    with ExitStack() as running:
        log = folder / "master.log"
        arguments = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
        running.enter_context(_started("master.Master", arguments, log))
        master = _said(log, r"Starting Spark master at (spark://\S+)")
        for number in range(WORKERS):
            arguments = [
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                "1",
                "--memory",
                "1g",
            ]
            work = ["--work-dir", str(folder / f"work-{number}"), master]
            running.enter_context(
                _started("worker.Worker", arguments + work, folder / f"worker-{number}.log")
            )
        for number in range(WORKERS):
            _said(folder / f"worker-{number}.log", r"Successfully registered with master")
        yield master


@contextmanager
def _started(name: str, arguments: list[str], log: Path) -> Iterator[None]:
    command = [str(_LAUNCHER), f"org.apache.spark.deploy.{name}", *arguments]
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=LOOPBACK)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _said(log: Path, pattern: str, *, seconds: float = 120) -> str:
    """What the log says, once it does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found[found.re.groups]
        time.sleep(0.2)
    raise TimeoutError(f"{log} does not say {pattern!r}: {log.read_text(errors='replace')[-2000:]}")
