"""
Writes Parquet files in row groups of one size, so that the same rows give the same bytes in
whatever batches they come.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.schema import CONTENTS
from nilreturn.sources.judging import NOTHING
from nilreturn.sources.writing.contents import Contents

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROW_GROUP = 122_880


class ParquetFile(AbstractContextManager["ParquetFile"]):
    """
    Writes on a thread of its own; `add` waits for what was given before. `plain` columns have no
    dictionary. The file's own metadata has the hash of its rows (`Contents`).
    """

    def __init__(self, path: Path, schema: Any, plain: Sequence[str] = ()) -> None:
        import pyarrow.parquet as pq

        coded = [name for name in schema.names if name not in plain]
        self.rows = 0
        self._writer = pq.ParquetWriter(
            path, schema, compression="zstd", use_dictionary=coded or False, store_schema=False
        )
        self._contents = Contents(schema)
        self._waiting: list[Any] = []
        self._held = 0
        self._thread = ThreadPoolExecutor(1)
        self._task: Future[None] | None = None

    def add(self, batch: Any) -> None:
        """Add an Arrow record batch of the schema."""
        self._waiting.append(batch)
        self._held += batch.num_rows
        self.rows += batch.num_rows
        if self._held >= ROW_GROUP:
            self._write(self._held // ROW_GROUP * ROW_GROUP)

    def _write(self, size: int) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._waiting)
        rest = table.slice(size)
        self._waiting = rest.to_batches()
        self._held = rest.num_rows
        if self._task:
            self._task.result()
        self._task = self._thread.submit(self._put, table.slice(0, size))

    def _put(self, table: Any) -> None:
        """
        Write each row group in one piece, because the writer ends its pages where the pieces end.
        """
        self._contents.add(table)
        for begin in range(0, table.num_rows, ROW_GROUP):
            self._writer.write_table(
                table.slice(begin, ROW_GROUP).combine_chunks(), row_group_size=ROW_GROUP
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None and self._held:
                self._write(self._held)
            if error is None and self._task:
                self._task.result()
            self._writer.add_key_value_metadata({CONTENTS: self._contents.hexdigest()})
        finally:
            self._thread.shutdown(wait=True)
            self._writer.close()


def labelled(values: NDArray[np.int32], labels: Sequence[str], kind: Any) -> Any:
    """
    An Arrow array of the labels with these numbers, null where there is `NOTHING`.

    A label that is given twice is made one: for the second, the writer would put arbitrary bytes of
    memory into the file.
    """
    import pyarrow as pa

    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    if len(places) < len(labels):
        unique = np.array([places[label] for label in labels], np.int32)
        values = np.where(
            values == NOTHING, NOTHING, unique[np.where(values == NOTHING, 0, values)]
        )
    indices = pa.array(values, pa.int32(), mask=values == NOTHING)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(places), pa.string())).cast(kind)
