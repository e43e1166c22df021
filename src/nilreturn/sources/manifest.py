"""
What an extract states about itself: its origin, what was found at import, and the hash of each of
its files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import nilreturn
from nilreturn.extras import versions
from nilreturn.files import sha256
from nilreturn.periods import Grain
from nilreturn.schema import CONTENTS, KIND, MANIFEST, Column, Sensitivity
from nilreturn.sources.judging import NARRATIVE, Staging
from nilreturn.sources.reading import SourceRows
from nilreturn.sources.writing import Written, columns_of


def manifest(
    stagings: Sequence[Staging],
    written: Sequence[Written],
    files: Sequence[SourceRows],
    found: Sequence[dict[str, int]],
    as_at: date | datetime,
    part: Path,
    summary: dict[str, Any],
) -> dict[str, Any]:
    """
    The manifest of the tables in `part`, by report and by file. It does not depend on the time or
    place of the import, and contains no value of a record except the first and last days.
    """
    mapping = stagings[0].mapping
    grains = {variable: grain for staging in stagings for variable, grain in staging.grains.items()}
    return {
        "kind": KIND,
        "software": f"nilreturn {nilreturn.__version__}",
        "libraries": versions(("duckdb", "pyarrow")),  # that decide the bytes of the files
        "mapping": {
            "name": mapping.name,
            "description": mapping.description,
            "sha256": mapping.sha256,
        },
        "system": mapping.system,
        "as_at": as_at.isoformat(),
        "free_text": {"fields": _text_fields(files, found), "characters": mapping.text_characters},
        "units": list(stagings[0].units),
        "weighted": mapping.cells is not None,
        "sources": [
            {
                "name": rows.name,
                **rows.found,
                "columns_absent": _absent(stagings, place),
            }
            for rows, place in zip(files, found, strict=True)
        ],
        **summary,
        "columns": [[column.table, column.name] for column in columns_of(written)],
        "own_columns": [
            _own_column(staging.mapping.column(variable), sensitivity)
            for staging, each in zip(stagings, written, strict=True)
            for variable, sensitivity in each.own.items()
        ],
        "precision": {
            variable: grain.value for variable, grain in grains.items() if grain is not Grain.DAY
        },
        "files": files_of(part),
    }


def files_of(part: Path) -> dict[str, dict[str, Any]]:
    """The hash and size of each table's file, and the hash of its rows."""
    tables = sorted(part.glob("*.parquet"))
    return {
        path.name: {"sha256": sha256(path), "bytes": path.stat().st_size, CONTENTS: _contents(path)}
        for path in tables
    }


def _contents(path: Path) -> str:
    import pyarrow.parquet as pq

    return str(pq.read_metadata(path).metadata[CONTENTS.encode()].decode())


def write_manifest(described: dict[str, Any], part: Path) -> None:
    (part / MANIFEST).write_text(
        json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _absent(stagings: Sequence[Staging], place: dict[str, int]) -> list[str]:
    """The variables that a file does not have and other files of its report do."""
    of_file = next(staging for staging in stagings if set(staging.present) & set(place))
    return [variable for variable in of_file.present if variable not in place]


def _own_column(column: Column, sensitivity: Sensitivity) -> dict[str, str]:
    return {
        "name": column.name,
        "table": column.table,
        "kind": column.kind.value,
        "sensitivity": sensitivity.value,
        "description": column.description,
    }


def _text_fields(files: Sequence[SourceRows], found: Sequence[dict[str, int]]) -> list[str]:
    """The source's names for the field that the free text comes from."""
    names = [
        rows.headers[place[NARRATIVE]]
        for rows, place in zip(files, found, strict=True)
        if NARRATIVE in place
    ]
    return list(dict.fromkeys(names))
