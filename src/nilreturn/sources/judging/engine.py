"""
The engine that reads a source's rows: their texts in the order of the file, within a limit of
memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.errors import FileError, UnevenRowsError

if TYPE_CHECKING:
    import duckdb

    from nilreturn.sources.reading import SourceRows

MEMORY = "800MB"
ROWS_AT_ONCE = 122_880


@contextmanager
def open_engine(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that reads on every core and keeps rows in the order they are read."""
    import duckdb

    with (
        _memory_kept(),
        duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "memory_limit": MEMORY,
                "temp_directory": str(scratch),
            },
        ) as engine,
    ):
        engine.execute("SET enable_progress_bar = true")
        engine.execute("SET enable_progress_bar_print = false")
        yield engine


@contextmanager
def _memory_kept() -> Iterator[None]:
    """
    Use an allocator that keeps memory between batches.

    Arrow's usual allocator returns the memory of each batch to the system and asks for it again for
    the next; clearing the pages each time took a tenth of an import. Of the others jemalloc, which
    Windows does not have, uses least.
    """
    import pyarrow as pa

    before = pa.default_memory_pool()
    has_jemalloc = "jemalloc" in pa.supported_memory_backends()
    pa.set_memory_pool(pa.jemalloc_memory_pool() if has_jemalloc else pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def stream(rows: SourceRows, opened: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    """
    The Arrow record batches of the rows.

    A reader's errors may quote a record, so they are not shown. Raises `UnevenRowsError` where the
    rows may be read in another way.
    """
    import duckdb
    import pyarrow as pa

    path = rows.path
    try:
        yield from _ahead(opened())
    except duckdb.OutOfMemoryException:
        raise FileError(f"{path}: needs more than {MEMORY} of memory or the disk is full") from None
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise RuntimeError(f"the engine cannot read {path.name} ({type(error).__name__})") from None
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if rows.otherwise:
            raise UnevenRowsError from None
        raise FileError(
            f"{path}: cannot be read as rows ({_kind(error)}); export it again"
        ) from None


def _ahead(batches: Iterator[Any]) -> Iterator[Any]:
    """Read the next batch while one is used."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = beside.submit(next, batches, None)
            yield batch


def _kind(error: Exception) -> str:
    message = str(error).lower()
    if "maximum" in message and "line" in message:
        return "a row is longer than 4 MB: look for a quotation mark that is never closed"
    return "damaged or cut short"
