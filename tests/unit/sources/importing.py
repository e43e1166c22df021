"""Drawing small files and importing them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from nilreturn.schema import Extract
from nilreturn.sources import SourceMapping, import_extract, mapping_named, read_mapping

AS_AT = date(2021, 6, 29)
ANY_NUMBER = 10**9  # of rows and dates lost: most of these files are small and wrong on purpose


def import_text(
    folder: Path, text: str, mapping: SourceMapping | str = "connect", name: str = "report.csv"
) -> Extract:
    """Import a CSV drawn as an indented text."""
    return import_bytes(folder, textwrap.dedent(text).lstrip("\n").encode(), mapping, name)


def import_bytes(
    folder: Path, written: bytes, mapping: SourceMapping | str = "connect", name: str = "report.csv"
) -> Extract:
    path = folder / name
    path.write_bytes(written)
    return import_files(folder, [path], mapping)


def import_files(
    folder: Path, paths: Sequence[Path], mapping: SourceMapping | str = "connect"
) -> Extract:
    chosen = mapping_named(mapping) if isinstance(mapping, str) else mapping
    return import_extract(
        paths, mapping=chosen, to=folder / "extract", as_at=AS_AT, accept_rejects=ANY_NUMBER
    )


def own_mapping(folder: Path, text: str) -> SourceMapping:
    path = folder / "mapping.toml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return read_mapping(path)


def column(extract: Extract, table: str, name: str) -> list[Any]:
    return pq.read_table(extract.folder / f"{table}.parquet", columns=[name])[name].to_pylist()


def records(extract: Extract, table: str, *names: str) -> list[tuple[Any, ...]]:
    found = pq.read_table(extract.folder / f"{table}.parquet", columns=list(names)).to_pylist()
    return [tuple(record[name] for name in names) for record in found]


def faults(extract: Extract) -> list[tuple[int, str | None, str]]:
    """Each listed row, column and rule."""
    return records(extract, "rejects", "row", "column", "rule")
