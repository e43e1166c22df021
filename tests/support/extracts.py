"""Small extracts made directly, as an import would have left them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from nilreturn.files import sha256
from nilreturn.periods import Period
from nilreturn.schema import COLUMNS, Column, Coverage, Extract, Kind, open_extract
from nilreturn.sources.accounts import without_value

Record = Mapping[str, Any]
EVER = Period(date(1900, 1, 1), date(2100, 12, 31))

_TYPES = {Kind.DATE: pa.date32(), Kind.NUMBER: pa.int32()}


def make_extract(
    folder: Path,
    crimes: Sequence[Record],
    victims: Sequence[Record] = (),
    *,
    own: Sequence[tuple[str, str]] = (),
    without: Sequence[str] = (),
    covers: Mapping[str, Period] | None = None,
    as_at: date = date(2026, 11, 2),
) -> Extract:
    """
    An extract of these records. What a record leaves out is blank, but its status is Recorded, its
    reference its place (1, 2, …) and a victim's number its place within the crime. `own` are
    further columns (table, name); `without` names columns that the source does not have; `covers`
    the days that a date column covers, every day else.
    """
    folder.mkdir(parents=True)
    numbered = [
        {"crime_ref": str(place), "status": "Recorded", **crime}
        for place, crime in enumerate(crimes, 1)
    ]
    columns = [column for column in COLUMNS if column.name not in without]
    for table, records in (("crimes", numbered), ("victims", list(victims))):
        names = [column for column in columns if column.table == table]
        fields = [pa.field(column.name, _type(column)) for column in names]
        fields += [pa.field(name, pa.string()) for own_table, name in own if own_table == table]
        listed = [{field.name: record.get(field.name) for field in fields} for record in records]
        pq.write_table(
            pa.Table.from_pylist(listed, schema=pa.schema(fields)), folder / f"{table}.parquet"
        )
    manifest = {
        "kind": "nilreturn extract",
        "columns": [[column.table, column.name] for column in columns],
        "own_columns": [{"table": table, "name": name, "description": name} for table, name in own],
        "rows": {
            "in": len(numbered),
            "kept": len(numbered),
            "crimes": len(numbered),
            "victims": len(victims),
        },
        "without_value": without_value(folder),
        "as_at": as_at.isoformat(),
        "coverage": {
            column.variable: Coverage(
                (covers or {}).get(column.name, EVER), True, True, given=True
            ).as_json()
            for column in columns
            if column.kind is Kind.DATE
        },
        "files": {path.name: {"sha256": sha256(path)} for path in sorted(folder.glob("*.parquet"))},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return open_extract(folder)


def make_mentions(path: Path, mentions: Sequence[tuple[str, str, bool]]) -> Path:
    """The file of mentions: (crime_ref, keyword, written as the keyword is spelt)."""
    schema = pa.schema(
        [("crime_ref", pa.string()), ("keyword", pa.string()), ("written", pa.bool_())]
    )
    columns = [list(column) for column in zip(*mentions, strict=True)] or [[], [], []]
    pq.write_table(pa.table(columns, schema=schema), path)
    return path


def _type(column: Column) -> pa.DataType:
    if column.name == "victim_no":
        return pa.int32()
    return _TYPES.get(column.kind, pa.string())
