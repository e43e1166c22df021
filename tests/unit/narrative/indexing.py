"""Texts as an indexed extract would hold them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nilreturn.narrative.index import Index, index_text
from nilreturn.narrative.lexicon import load_lexicon
from nilreturn.narrative.matching import Matcher


@cache
def matcher() -> Matcher:
    return Matcher(load_lexicon())


def write_texts(folder: Path, texts: Sequence[str | None], *, rows_a_group: int = 1000) -> Path:
    table = pa.table(
        {
            "crime_ref": [f"C{n}" for n in range(len(texts))],
            "narrative": pa.array(texts, pa.string()),
        }
    )
    pq.write_table(table, folder / "crimes.parquet", row_group_size=rows_a_group)
    return folder / "crimes.parquet"


def index_of(path: Path, *, source: str = "one") -> Index:
    return index_text(
        path, path.parent / "index", record="crime_ref", text="narrative", source=source
    )


def indexed(folder: Path, texts: Sequence[str | None]) -> Index:
    return index_of(write_texts(folder, texts))
