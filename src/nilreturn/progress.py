"""
Progress callback for long-running functions. The command line draws a bar; a library user may pass
nothing.
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the step's name, the units done and the units in all (0 when not known)."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


def no_progress(step: str, done: int, total: int) -> None:
    """Tell nobody."""
