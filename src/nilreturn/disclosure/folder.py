"""
A protection on disk, laid out as an answer is: what to print, the tables for the register, the
force's own papers.

    FOLDER/release/         a CSV and its description a table, and a manifest
    FOLDER/published.json   what readers are told, for the register of releases
    FOLDER/internal/        certificate, report, pictures, and what all of it binds: not for release
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from nilreturn.disclosure.protection import Protection
from nilreturn.disclosure.register import (
    PUBLISHED,
    Entering,
    entry_name,
    free_name,
    indented_json,
    published_bytes,
)
from nilreturn.disclosure.tabular import MOST_DRAWN, csv_of, description_of, draw, drawable
from nilreturn.files import atomic_folder, canonical_json, hashes_below
from nilreturn.keys import NO_KEY

RELEASE, INTERNAL = "release", "internal"
CERTIFICATE, KNOWN, BINDINGS, MANIFEST = (
    "certificate.json",
    "known.json",
    "bindings.json",
    "manifest.json",
)


def write(protection: Protection, folder: Path, desk: Entering | None = None) -> None:
    """
    Write a protection into a new folder, all or nothing; internal papers are for their owner alone.
    The same protection gives the same bytes. With a `desk` the tables are in that register by the
    time the folder appears, under the folder's name. Raises `FileExistsError` when the folder
    exists.
    """
    with atomic_folder(folder) as part:
        release, internal = part / RELEASE, part / INTERNAL
        release.mkdir()
        internal.mkdir(mode=0o700)
        for table in protection.tables:
            (release / f"{table.name}.csv").write_text(csv_of(table), encoding="utf-8", newline="")
            if table.dimensions:
                (release / f"{table.name}.yaml").write_text(
                    description_of(table), encoding="utf-8", newline=""
                )
            if sum(1 for _ in table.cells()) <= MOST_DRAWN:
                for suffix in drawable():
                    draw(table, internal / f"{table.name}{suffix}")
        reference = protection.reference or None
        (release / MANIFEST).write_bytes(indented_json({"release_reference": reference}))
        (part / PUBLISHED).write_bytes(published_bytes(protection.published))
        (internal / CERTIFICATE).write_bytes(canonical_json(protection.certificate))
        (internal / KNOWN).write_bytes(published_bytes(protection.known))
        (internal / "report.json").write_bytes(indented_json(protection.report.as_json()))
        files = hashes_below(part)
        bound = {"certificate_sha256": protection.certificate_sha256, "files": files}
        bound |= {} if reference else {"note": NO_KEY}
        (internal / BINDINGS).write_bytes(indented_json({"release_reference": reference, **bound}))
        for path in internal.iterdir():
            path.chmod(0o600)
        if desk:
            entry = {PUBLISHED: (part / PUBLISHED).read_bytes()}
            name = free_name(desk.register, entry_name(folder.resolve().name))
            desk.enter(name, "tables", date.today(), entry, part=part, final=folder)
