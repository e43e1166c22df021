"""The engine that holds an import's rows: on disk beside the target, within a limit of memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nilreturn.errors import FileError
from nilreturn.progress import Progress

if TYPE_CHECKING:
    import duckdb

MEMORY = "2GB"


@contextmanager
def open_engine(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in `scratch` that keeps rows in the order they are read."""
    import duckdb

    with duckdb.connect(
        str(scratch / "rows.duckdb"),
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            "threads": "1",
        },
    ) as engine:
        # Rows stay in the order of the file: one thread, for several would pass each other at a join, and joins keep
        # their sides, so that the large one is streamed. Reading CSV row by row in order is one thread's work anyway.
        # Without "in_clause" a list of words stays a comparison; it would become a join for each.
        engine.execute("SET disabled_optimizers = 'join_order,build_side_probe_side,in_clause'")
        engine.execute("SET enable_progress_bar = true")
        engine.execute("SET enable_progress_bar_print = false")
        yield engine


def run(
    engine: duckdb.DuckDBPyConnection, statement: str, step: str, progress: Progress, path: Path | None = None
) -> None:
    """Execute, telling how far the engine thinks it is. Its errors may quote a record, so they are not shown."""
    import duckdb

    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            # A statement that streams rows ends at a third of what the engine takes for its whole work.
            estimate = max(0.0, engine.query_progress()) * (1 if statement.startswith("CREATE TABLE several") else 3)
            progress(step, min(99, int(estimate)), 100)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        engine.execute(statement)
    except duckdb.OutOfMemoryException:
        raise FileError(f"{path or 'import'}: needs more than {MEMORY} of memory or the disk is full") from None
    except duckdb.Error as error:
        if path and not isinstance(error, (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)):
            raise FileError(f"{path}: cannot be read as rows ({_kind(error)}); export it again") from None
        if isinstance(error, duckdb.IOException):
            raise FileError("the extract cannot be written; see whether the disk is full") from None
        raise RuntimeError(f"the engine failed at '{step}' ({type(error).__name__})") from None
    finally:
        done.set()
        watcher.join()


def _kind(error: Exception) -> str:
    message = str(error)
    if "maximum" in message.lower() and "line" in message.lower():
        return "a row is longer than 4 MB: look for a quotation mark that is never closed"
    return "damaged or cut short"
