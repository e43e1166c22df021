"""
An imported extract: an immutable folder of Parquet files with a manifest. `sources` writes it and
engines read it.
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
# Derived from the extract and can be rebuilt, so its manifest does not list it.
INDEX = "index"
KIND = "nilreturn extract"
CONTENTS = "contents"  # of a file in a manifest: the hash of its rows
WEIGHT = "weight"  # units that a published cell stands for; no question asks about it


@dataclass(frozen=True, slots=True)
class Extract:
    """
    An extract on disk.

    Attributes
    ----------
    folder
        The extract's folder.
    manifest
        Its manifest, as plain JSON values.
    hash
        The SHA-256 of the manifest, which names the SHA-256 of every other file. It stands for the
        whole extract in the manifest of an answer.
    """

    folder: Path
    manifest: Mapping[str, Any]
    hash: str

    @property
    def contents(self) -> str:
        """
        The SHA-256 of the rows of all tables and of the units they are counted in.

        The same records have the same hash, whichever release of a library wrote the files. An
        extract without it is identified by its `hash`.
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
        """The Parquet file of crimes."""
        return self.folder / "crimes.parquet"

    @property
    def victims(self) -> Path:
        """The Parquet file of victims."""
        return self.folder / "victims.parquet"

    @property
    def tables(self) -> dict[str, int]:
        """
        The tables that this extract has, by name, with their numbers of records (for published
        counts: the units that they count).
        """
        rows = self.manifest["rows"]
        return {name: rows[name] for name in TABLES if name in rows}

    @property
    def index(self) -> Path:
        """
        The folder of the text index. It is within the extract, so that it has the same readers as
        the text.
        """
        return self.folder / INDEX

    @property
    def columns(self) -> tuple[Column, ...]:
        """
        The columns of crimes and victims that this extract has, with the source's own at the end.
        """
        return tuple(
            column for column in self.every_column if column.table in ("crimes", "victims")
        )

    @property
    def every_column(self) -> tuple[Column, ...]:
        """The columns of all tables that this extract has, with the source's own at the end."""
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
        What may be counted: "crimes", "victims", or both. Published counts of victims do not give a
        number of crimes.
        """
        return tuple(self.manifest.get("units", ("crimes", "victims")))

    @property
    def is_weighted(self) -> bool:
        """
        Whether each row is a published cell that stands for the number of units in its column
        `WEIGHT`.
        """
        return bool(self.manifest.get("weighted", False))

    @property
    def precision(self) -> Mapping[str, Grain]:
        """
        The date variables that are not known to the day, with the part of the calendar that they
        are known by.

        A month is kept as its first day, and likewise a quarter or a year. A period that divides a
        month cannot be answered from months.
        """
        return {
            variable: grain_named(name)
            for variable, name in self.manifest.get("precision", {}).items()
        }

    @property
    def coverage(self) -> Mapping[str, Coverage]:
        """
        By variable, the days that each date column covers. A column in which no record has a day is
        not listed.
        """
        return read_coverage(self.manifest)

    @property
    def selected_by(self) -> str:
        """
        The date column by which its crimes were probably selected; "" where no crime has a day.
        """
        return selecting_date(
            [variable for variable in self.coverage if variable.startswith("crime.")]
        )

    @property
    def without_value(self) -> Mapping[str, int] | None:
        """
        By variable, the number of crimes without a value; "crime.offence" counts those with neither
        code nor class. None in an extract of an earlier version, which does not state it.
        """
        found = self.manifest.get("without_value")
        return None if found is None else dict(found)

    @property
    def as_at(self) -> date:
        """The day that the records are as at."""
        return date.fromisoformat(self.manifest["as_at"][:10])


def open_extract(folder: Path) -> Extract:
    """
    Open the extract in a folder.

    Its hashes are not recomputed; `nilreturn.sources.verify_extract` does that.

    Parameters
    ----------
    folder
        The folder that `nilreturn import` made.

    Returns
    -------
    Extract
        The extract, with its manifest read.

    Raises
    ------
    ExtractError
        When the folder is not an extract, or its manifest cannot be read.
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
