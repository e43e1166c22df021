"""The progress bar: on stderr, only on a terminal, only for what takes over a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from nilreturn.progress import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """
    A `Progress` that draws one bar a step, once the step has run for a second, with the time it is
    likely still to take; bars go when they are done.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        TaskID,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    began: dict[str, float] = {}
    tasks: dict[str, TaskID] = {}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def show(step: str, done: int, total: int) -> None:
            first = began.setdefault(step, time.monotonic())
            if step not in tasks and time.monotonic() - first > 1:
                tasks[step] = bars.add_task(step, total=total or None)
            if step in tasks:
                bars.update(tasks[step], completed=done, total=total or None)

        yield show
