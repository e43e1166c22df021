"""Every kind of file that can be imported, by the ending of its name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from nilreturn.errors import FileError
from nilreturn.progress import Progress
from nilreturn.sources.mapping import NOTHING, Asked
from nilreturn.sources.reading import columnar, delimited
from nilreturn.sources.reading.open_paths import check_is_file
from nilreturn.sources.reading.rows import SourceRows
from nilreturn.sources.reading.unpacking import PACKED
from nilreturn.sources.reading.unpivoting import unpivot
from nilreturn.sources.reading.workbooks import read_workbook

Reader = Callable[[Path, Collection[str], Path, Progress, Asked], tuple[SourceRows, ...]]
_TEXT = (".csv", ".tsv", ".txt")
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
READERS: dict[str, Reader] = {
    **dict.fromkeys(_TEXT, delimited.read),
    **dict.fromkeys(_WORKBOOKS, read_workbook),
    ".parquet": columnar.read,
}


def check_kind(path: Path) -> None:
    """Raise `FileError` for a path that is not a file, or a kind of file that is not read."""
    check_is_file(path)
    if _ending(path) not in READERS:
        raise FileError(
            f"{path}: not a kind of file that can be imported; export it as CSV, TSV or text (also "
            ".gz), XLSX, XLSM, XLSB, XLS, ODS or Parquet"
        )


def read(
    path: Path, known: Collection[str], scratch: Path, progress: Progress, asked: Asked = NOTHING
) -> tuple[SourceRows, ...]:
    """
    The rows of a file of any kind; of a workbook, those of each sheet that is asked for.

    `known` are the folded headers of the mapping; copies are written to `scratch` and beside it.
    Raises `FileError` for a file that is damaged, empty or of another kind than its name says, and
    `SourceError` where it is not clear what to read.
    """
    found = READERS[_ending(path)](path, known, scratch, progress, asked)
    return tuple(unpivot(rows, asked.unpivot) for rows in found) if asked.unpivot else found


def _ending(path: Path) -> str:
    """The ending of the name; of a compressed file, that of what is in it."""
    if path.suffix.lower() != PACKED:
        return path.suffix.lower()
    inner = path.with_suffix("").suffix.lower()
    return inner if inner in _TEXT else PACKED
