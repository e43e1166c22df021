"""
Progress callback for long-running functions. The command line draws a bar; other callers may leave
it out.
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """
    Called with the step's name, the units done and the total of units (0 where it is not known).
    """

    def __call__(self, step: str, done: int, total: int) -> None: ...


def no_progress(step: str, done: int, total: int) -> None:
    """Ignore progress."""
