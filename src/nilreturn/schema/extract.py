"""
An imported extract: an immutable folder of Parquet files with a manifest. Written by `sources`,
read by engines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nilreturn.errors import ExtractError
from nilreturn.files import canonical_json, sha256_of
from nilreturn.periods import Grain, grain_named
from nilreturn.schema.columns import Column, Kind, Sensitivity
from nilreturn.schema.coverage import Coverage, read_coverage, selecting_date
from nilreturn.schema.tables import TABLES

MANIFEST = "manifest.json"
# Derived from the extract and remade at will, so no part of what its manifest seals.
INDEX = "index"
KIND = "nilreturn extract"
CONTENTS = "contents"  # of a file in a manifest: the hash of its rows
WEIGHT = "weight"  # of crimes and victims that were published as counts: no question asks about it


@dataclass(frozen=True, slots=True)
class Extract:
    """
    An extract on disk. `hash` is the SHA-256 of its manifest, which names the SHA-256 of every
    other file: it stands for the whole extract in the manifest of an answer.
    """

    folder: Path
    manifest: Mapping[str, Any]
    hash: str

    @property
    def contents(self) -> str:
        """
        The SHA-256 of the rows of all tables, and of what they are counted as. It stands for the
        records: the same records have it whichever release of a library wrote the files. An extract
        without it is known by its `hash`.
        """
        files = self.manifest.get("files", {})
        tables = [name for name in TABLES if f"{name}.parquet" in files]
        rows = {name: files[f"{name}.parquet"].get(CONTENTS) for name in tables}
        if not rows or None in rows.values():
            return self.hash
        known_by = {
            "system": self.manifest["system"],
            "units": self.units,
            "weighted": self.is_weighted,
            "rows": rows,
        }
        return sha256_of(canonical_json(known_by))

    @property
    def crimes(self) -> Path:
        return self.folder / "crimes.parquet"

    @property
    def victims(self) -> Path:
        return self.folder / "victims.parquet"

    @property
    def tables(self) -> dict[str, int]:
        """
        The tables that this extract has, with their numbers of records (of cells: of the units that
        they count).
        """
        rows = self.manifest["rows"]
        return {name: rows[name] for name in TABLES if name in rows}

    @property
    def index(self) -> Path:
        """
        Where indexes of the free text are kept: within the extract, so that who may read it may
        read them.
        """
        return self.folder / INDEX

    @property
    def columns(self) -> tuple[Column, ...]:
        """
        The columns of crimes and victims that this extract really has, the source's own at the end.
        """
        return tuple(
            column for column in self.every_column if column.table in ("crimes", "victims")
        )

    @property
    def every_column(self) -> tuple[Column, ...]:
        """The columns of all tables that this extract really has, the source's own at the end."""
        present = set(map(tuple, self.manifest["columns"]))
        own = tuple(
            Column(
                extra["name"],
                extra["table"],
                Kind(extra.get("kind", "category")),
                Sensitivity(extra.get("sensitivity", "open")),
                extra["description"],
            )
            for extra in self.manifest["own_columns"]
        )
        canonical = (column for table in TABLES.values() for column in table.columns)
        return (*(column for column in canonical if (column.table, column.name) in present), *own)

    @property
    def units(self) -> tuple[str, ...]:
        """
        What may be counted: "crimes", "victims", or both. Published counts of victims say nothing
        of crimes.
        """
        return tuple(self.manifest.get("units", ("crimes", "victims")))

    @property
    def is_weighted(self) -> bool:
        """
        Whether each row is a published cell that stands for as many units as its column `WEIGHT`
        says.
        """
        return bool(self.manifest.get("weighted", False))

    @property
    def precision(self) -> Mapping[str, Grain]:
        """
        The variables whose dates are not known to the day, and how they are known: by the month
        (kept as its first day), the quarter or the year. A period that cuts a month in two cannot
        be answered from months.
        """
        return {
            variable: grain_named(name)
            for variable, name in self.manifest.get("precision", {}).items()
        }

    @property
    def coverage(self) -> Mapping[str, Coverage]:
        """
        The days that each date column covers; a column of which no record has a day is not in it.
        """
        return read_coverage(self.manifest)

    @property
    def selected_by(self) -> str:
        """
        The date column that its crimes were selected by, as a rule; "" where no crime has a day.
        """
        return selecting_date(
            [variable for variable in self.coverage if variable.startswith("crime.")]
        )

    @property
    def without_value(self) -> Mapping[str, int] | None:
        """
        By variable of crimes, how many have no value; "crime.offence" are those with neither code
        nor class. None in an extract of an earlier version, which does not say.
        """
        found = self.manifest.get("without_value")
        return None if found is None else dict(found)

    @property
    def as_at(self) -> date:
        """The day that the records are as at."""
        return date.fromisoformat(self.manifest["as_at"][:10])


def open_extract(folder: Path) -> Extract:
    """
    The extract in `folder`. Its hashes are not recomputed: `nilreturn extract verify` does that.

    Raises `ExtractError` when the folder is not an extract of ours.
    """
    import hashlib

    path = folder / MANIFEST
    try:
        text = path.read_bytes()
        manifest = json.loads(text)
    except FileNotFoundError:
        raise ExtractError(
            f"{folder}: no extract here (no {MANIFEST}); make one with 'nilreturn import'"
        ) from None
    except (OSError, ValueError) as error:
        raise ExtractError(f"{path}: cannot be read; import the extract again") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise ExtractError(
            f"{path}: not the manifest of an extract; make one with 'nilreturn import'"
        )
    return Extract(folder, manifest, hashlib.sha256(text).hexdigest())
