"""
The command line, run in the process of the test: a process of its own costs half a second to start.

Tests that need a process (another thread of work, a signal, a kill, an environment) start one. Each
command is also run as a process, by the tests of the documents and of `tests/architecture`.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from nilreturn.stopping import STOPPING


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def nilreturn(*words: object, cwd: Path | None = None, **environment: str) -> Done:
    """
    Run `nilreturn WORDS` as `python -m nilreturn` does, in the folder `cwd`, with these variables
    added to the environment.

    A fault of the program is raised, where a process would print a traceback.
    """
    from nilreturn.cli import main

    out, err = _Text(), _Text()
    with (
        contextlib.chdir(cwd or Path.cwd()),
        mock.patch.dict(os.environ, environment),
        mock.patch.object(sys, "argv", ["nilreturn", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        _as_it_was(),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    assert isinstance(code, int), f"ended with {code!r}"
    return Done(code, out.text(), err.text())


class _Text(io.TextIOWrapper):
    """Text that is printed, as a pipe takes it: bytes in UTF-8 below."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def text(self) -> str:
        self.flush()
        found = self.buffer.getvalue()  # type: ignore[attr-defined]
        return found.decode("utf-8").replace(os.linesep, "\n")  # type: ignore[no-any-return]


@contextlib.contextmanager
def _as_it_was() -> Iterator[None]:
    """Put back how Ctrl-C is heard, so that pytest still hears it."""
    handler, running = signal.getsignal(signal.SIGINT), STOPPING.is_running
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        STOPPING.is_running = running
