"""
The register of earlier releases: a folder with what was printed before, by us or by others.

A release of ours is there as the JSON that went out with it; a table that somebody else made as CSV, with its
description beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nilreturn.disclosure.published import PublishedTable, published_from_json
from nilreturn.disclosure.shares import shares_from_csv
from nilreturn.disclosure.tabular import printed_from_csv
from nilreturn.errors import FileError, TableError

OF_A_RELEASE = "published.json"


def load_register(folder: Path) -> tuple[PublishedTable, ...]:
    """
    Every published table in a folder of earlier releases and its subfolders, in the order of the files' names.

    A JSON file holds one table, a list of tables, or a mapping with a list under "published" (a release's manifest);
    other JSON files are none of the register's business and are passed over. A CSV file is a printed table; where a
    `published.json` lies beside it or above it, it is one of those in there, and not read twice.

    Raises `FileError` when the folder or a file cannot be read, `TableError` when a table in it is malformed.
    """
    if not folder.is_dir():
        raise FileError(f"{folder}: there is no such folder of earlier releases; name an existing one")
    found: list[PublishedTable] = []
    for path in sorted((*folder.rglob("*.json"), *folder.rglob("*.csv"))):
        release = path.relative_to(folder).as_posix().removesuffix(path.suffix)
        if path.suffix == ".json":
            found += _of_json(path, release)
        elif not any((above / OF_A_RELEASE).exists() for above in _above(path, folder)):
            found += _of_csv(path, release)
    return tuple(found)


def _above(path: Path, folder: Path) -> Iterator[Path]:
    """The folders that a file is in, as far up as the register."""
    for above in path.parents:
        yield above
        if above == folder:
            return


def _of_csv(path: Path, release: str) -> Iterator[PublishedTable]:
    table = printed_from_csv(path)
    yield replace(table, release=release)
    share = shares_from_csv(path)
    if share is not None:
        yield replace(share, release=release)


def _of_json(path: Path, release: str) -> list[PublishedTable]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        # A register that is read in part would hide an earlier release: refuse.
        raise FileError(f"{path}: is not JSON ({type(error).__name__}); restore or remove the file") from None
    return [_of_file(table, path, release) for table in _tables_in(content)]


def _tables_in(content: object) -> list[Mapping[str, Any]]:
    if isinstance(content, dict) and "published" in content:
        content = content["published"]
    listed = content if isinstance(content, list) else [content]
    return [item for item in listed if isinstance(item, dict) and "nilreturn published" in str(item.get("format"))]


def _of_file(content: Mapping[str, Any], path: Path, release: str) -> PublishedTable:
    try:
        return published_from_json({**content, "release": content.get("release") or release})
    except TableError as error:
        raise TableError(f"{path}: {error}") from None
