"""
Reports Ctrl-C and faults of the machine in one line. Python would print a traceback, and the engine
only says that it was interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from nilreturn.errors import Stopped

STOPPED = 130  # the exit code that shells use for a command ended by Ctrl-C
_SAID = "nilreturn: stopped before it was done; what was half made is removed\n"


class Stopping:
    """Whether Ctrl-C was pressed."""

    def __init__(self) -> None:
        self.asked = False
        self.is_running = False

    def listen(self) -> None:
        """
        Make Ctrl-C raise `Stopped` while `is_running`, and end the process at once before that.
        """
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        if not self.is_running:
            os.write(2, _SAID.encode())
            os._exit(STOPPED)
        raise Stopped

    def say(self) -> int:
        """Print the line on stderr, below a progress bar if there is one; return the exit code."""
        sys.stderr.write(f"\n{_SAID}" if sys.stderr.isatty() else _SAID)
        return STOPPED


STOPPING = Stopping()


def fault(error: OSError) -> str:
    """What the machine refused, and where, in one line."""
    why = os.strerror(error.errno) if error.errno else type(error).__name__
    place = error.filename if isinstance(error.filename, str) else "a file"
    return f"nilreturn: {place}: cannot be read or written ({why})\n"
