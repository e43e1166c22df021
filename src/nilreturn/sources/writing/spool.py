"""Records on their way to an extract's tables, on disk: numbers of texts and the texts that are kept as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.sources.judging import texts
from nilreturn.sources.judging.batches import Batch
from nilreturn.sources.judging.staging import REFERENCE, Staging
from nilreturn.sources.judging.values import Values

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Records:
    """A batch of records, the `first` of them counted from 0 over all files."""

    first: int
    data: Any  # an Arrow record batch

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def numbers(self, name: str) -> NDArray[Any]:
        """ "file", "row", "age", "basis", "has_victim", or a judged variable's texts."""
        return np.asarray(self.data.column(name).to_numpy(zero_copy_only=False))

    def texts(self, variable: str) -> Any:
        return self.data.column(variable)


class Spool(AbstractContextManager["Spool"]):
    """Written once, from first to last, then read as often as wanted."""

    def __init__(self, path: Path, staging: Staging, judged: tuple[str, ...]) -> None:
        self.references: list[NDArray[np.uint64]] = []  # the hash of each record's reference
        self.size = 0
        self._path = path
        self._staging = staging
        self._judged = judged
        self._file: Any = None
        self._writer: Any = None

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
            self._file = pa.OSFile(str(self._path), "wb")
            self._writer = pa.ipc.new_stream(self._file, data.schema)
        self._writer.write_batch(data)
        if self._staging.has_groups:
            self.references.append(texts.hashes(data.column(REFERENCE)))
        self.size += size

    def finish(self) -> None:
        """Nothing can be added any more."""
        if self._writer is not None:
            self._writer.close()
            self._file.close()
            self._writer = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish()

    def read(self) -> Iterator[Records]:
        import pyarrow as pa

        if not self.size:
            return
        first = 0
        with pa.OSFile(str(self._path), "rb") as file, pa.ipc.open_stream(file) as reader:
            for data in reader:
                yield Records(first, data)
                first += data.num_rows
