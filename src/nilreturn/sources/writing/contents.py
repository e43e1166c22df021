"""
A hash of the rows of a table, independent of the file that holds them and of the library's release
that wrote it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np


class Contents:
    """
    SHA-256 of an Arrow table that comes in parts.

    It covers the names of the columns and, for each column, which rows have a value and the values.
    The division into parts and the order of a dictionary do not matter.
    """

    def __init__(self, schema: Any) -> None:
        self._columns = [_Column(field.name) for field in schema]

    def add(self, table: Any) -> None:
        """Add a `pyarrow.Table` of the schema."""
        for column, values in zip(self._columns, table.columns, strict=True):
            for chunk in values.chunks:
                column.add(chunk)

    def hexdigest(self) -> str:
        return hashlib.sha256(
            "\n".join(column.hexdigest() for column in self._columns).encode()
        ).hexdigest()


class _Column:
    """
    Two streams: fixed widths (which rows have a value, lengths of texts, numbers) and the bytes of
    texts.
    """

    def __init__(self, name: str) -> None:
        self._fixed, self._values, self._texts = (hashlib.sha256() for _ in range(3))
        self._texts.update(name.encode())
        self._labels: dict[str, int] = {}  # of a dictionary, numbered as they first appear

    def add(self, chunk: Any) -> None:
        import pyarrow as pa

        kind = chunk.type
        self._fixed.update(np.asarray(chunk.is_valid()).astype(np.uint8).tobytes())
        held = chunk.drop_null()
        if pa.types.is_dictionary(kind):
            self._values.update(self._numbered(held).tobytes())
        elif (
            pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_decimal(kind)
        ):
            self._add_texts(held.cast(pa.string()).cast(pa.large_string()))
        else:
            self._values.update(np.ascontiguousarray(_as_numbers(held)).tobytes())

    def _numbered(self, held: Any) -> Any:
        """
        The numbers of a dictionary's labels. A label that was not seen before gets the next number,
        in the order of the rows.
        """
        import pyarrow.compute as pc

        labels = held.dictionary.to_pylist()
        numbers = np.zeros(len(labels), np.int32)
        for place in pc.unique(held.indices).to_pylist():
            numbers[place] = self._labels.setdefault(labels[place], len(self._labels))
        return numbers[np.asarray(held.indices)]

    def _add_texts(self, held: Any) -> None:
        if not len(held):
            return
        _, offsets, texts = held.buffers()
        bounds = np.frombuffer(offsets, np.int64)[held.offset : held.offset + len(held) + 1]
        self._values.update(np.diff(bounds).tobytes())
        if texts is not None:
            self._texts.update(memoryview(texts)[int(bounds[0]) : int(bounds[-1])])

    def hexdigest(self) -> str:
        for label in self._labels:
            self._texts.update(f"{len(label)}:{label}".encode())
        return " ".join(stream.hexdigest() for stream in (self._fixed, self._values, self._texts))


def _as_numbers(held: Any) -> Any:
    """Days, moments, flags and numbers as 64 bits."""
    import pyarrow as pa

    if pa.types.is_floating(held.type):
        return np.asarray(held.cast(pa.float64()))
    if pa.types.is_date32(held.type) or pa.types.is_time32(held.type):
        held = held.cast(pa.int32())
    return np.asarray(held.cast(pa.int64()))
