"""What an extract says of itself: where it is from, what was found on the way, and the hash of each of its files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import nilreturn
from nilreturn.files import sha256
from nilreturn.schema.extract import KIND
from nilreturn.sources.judging.staging import NARRATIVE, Staging
from nilreturn.sources.reading.rows import Rows
from nilreturn.sources.writing.statements import Writing


def manifest(
    staging: Staging,
    files: Sequence[Rows],
    found: Sequence[dict[str, int]],
    as_at: date | datetime,
    part: Path,
    summary: dict[str, Any],
    writing: Writing,
) -> dict[str, Any]:
    """
    The manifest of the tables in `part`. Nothing in it depends on the time or the place of the import, and no value of
    a record is in it but the first and last days.
    """
    mapping = staging.mapping
    own = [name for name in staging.present if name in mapping.own]
    return {
        "kind": KIND,
        "software": f"nilreturn {nilreturn.__version__}",
        "mapping": {"name": mapping.name, "description": mapping.description, "sha256": mapping.sha256},
        "system": mapping.system,
        "as_at": as_at.isoformat(),
        "free_text": {"fields": _text_fields(files, found), "characters": mapping.text_characters},
        "units": list(staging.units),
        "sources": [
            {
                "name": rows.path.name,
                **rows.found,
                "columns_absent": [variable for variable in staging.present if variable not in place],
            }
            for rows, place in zip(files, found, strict=True)
        ],
        **summary,
        "columns": [[column.table, column.name] for column in writing.columns()],
        "own_columns": [
            {"name": column.name, "table": column.table, "description": column.description}
            for column in map(mapping.column, own)
        ],
        "precision": {
            variable: mapping.mapped[variable].precision
            for variable in staging.present
            if mapping.mapped[variable].precision != "day"
        },
        "files": {
            path.name: {"sha256": sha256(path), "bytes": path.stat().st_size} for path in sorted(part.glob("*.parquet"))
        },
    }


def _text_fields(files: Sequence[Rows], found: Sequence[dict[str, int]]) -> list[str]:
    """What the sources call the field that the free text comes from."""
    names = [rows.headers[place[NARRATIVE]] for rows, place in zip(files, found, strict=True) if NARRATIVE in place]
    return list(dict.fromkeys(names))
