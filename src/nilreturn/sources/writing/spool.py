"""
Stores records on disk on their way to an extract's tables: numbers of texts, and the texts that are
kept as they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.sources import text_bytes as texts
from nilreturn.sources.judging import Batch, Staging, Values

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PART = 64 << 20  # bytes: a part that is read is mapped into memory completely


@dataclass(frozen=True, slots=True)
class Records:
    """A batch of records; `first` is the number of its first record, from 0 over all files."""

    first: int
    data: Any  # an Arrow record batch

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def numbers(self, name: str) -> NDArray[Any]:
        """
        A column of numbers: "file", "row", "age", "basis", "has_victim", or a judged variable's
        texts.
        """
        return np.asarray(self.data.column(name).to_numpy(zero_copy_only=False))

    def texts(self, variable: str) -> Any:
        return self.data.column(variable)


class Spool(AbstractContextManager["Spool"]):
    """Records in parts in `folder`, written file after file and then read any number of times."""

    def __init__(self, folder: Path, staging: Staging, judged: tuple[str, ...]) -> None:
        self.size = 0
        self._folder = folder
        self._staging = staging
        self._judged = judged
        self._parts: list[_Part] = []
        self._begun = 0  # number of parts before the source file whose records are added
        self._file: Any = None
        self._writer: Any = None

    @property
    def references(self) -> list[NDArray[np.uint64]]:
        """The hash of each record's reference."""
        return [each for part in self._parts for each in part.references]

    def begin(self) -> None:
        """Begin the records of the next source file."""
        self.finish()
        self._begun = len(self._parts)

    def discard(self) -> None:
        """Remove the records added since `begin`."""
        self.finish()
        for part in self._parts[self._begun :]:
            part.path.unlink()
            self.size -= part.size
        del self._parts[self._begun :]

    def add(self, file: int, batch: Batch, values: Values, is_record: NDArray[np.bool_]) -> None:
        import pyarrow as pa

        size = int(is_record.sum())
        if not size:
            return
        columns: dict[str, Any] = {
            "file": pa.array(np.full(len(batch), file, np.int16)),
            "row": pa.array(batch.rows),
            "age": pa.array(values.ages),
            "basis": pa.array(values.bases),
            "has_victim": pa.array(values.has_victim),
            **{name: pa.array(batch.numbers[name]) for name in self._judged},
            **{name: batch.texts[name] for name in self._staging.texts},
        }
        data = pa.record_batch(list(columns.values()), names=list(columns))
        data = data if size == len(batch) else data.filter(pa.array(is_record))
        if self._writer is None:
            self._parts.append(_Part(self._folder / f"records-{len(self._parts)}.arrow"))
            self._file = pa.OSFile(str(self._parts[-1].path), "wb")
            self._writer = pa.ipc.new_stream(self._file, data.schema)
        part = self._parts[-1]
        self._writer.write_batch(data)
        if self._staging.reference:
            part.references.append(reference_hashes(data, self._staging.reference))
        part.size += size
        self.size += size
        if self._file.tell() >= _PART:
            self.finish()

    def finish(self) -> None:
        """Close the part that is being written."""
        if self._writer is not None:
            self._writer.close()
            self._file.close()
            self._writer = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.finish()

    def read(self) -> Iterator[Records]:
        import pyarrow as pa

        first = 0
        for part in self._parts:
            # Mapped, its bytes are not copied. Windows does not delete a file that an array has
            # mapped.
            opened = (
                pa.memory_map(str(part.path)) if os.name == "posix" else pa.OSFile(str(part.path))
            )
            with opened as file, pa.ipc.open_stream(file) as reader:
                for data in reader:
                    yield Records(first, data)
                    first += data.num_rows


@dataclass(slots=True)
class _Part:
    path: Path
    references: list[NDArray[np.uint64]] = field(default_factory=list)
    size: int = 0


def reference_hashes(data: Any, reference: str) -> NDArray[np.uint64]:
    """
    A hash of the reference of each row of an Arrow batch; a hash of its own for each row without a
    reference.
    """
    given = data.column(reference)
    hashes = texts.hashes(given)
    if not given.null_count:
        return hashes
    places = data.column("row").to_numpy().astype(np.uint64) << np.uint64(16)
    places |= data.column("file").to_numpy().astype(np.uint64)
    is_given = given.is_valid().to_numpy(zero_copy_only=False)
    return np.where(is_given, hashes, places * np.uint64(0x9E37_79B9_7F4A_7C15))
