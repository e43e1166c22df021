"""
A protection on disk, laid out as an answer is: what to print, the tables for the register, the force's own papers.

    FOLDER/release/         a CSV and its description a table, and a manifest
    FOLDER/published.json   what readers are told, for the register of releases
    FOLDER/internal/        certificate, report, pictures, and the SHA-256 of every file: not for release
"""

from __future__ import annotations

from pathlib import Path

from nilreturn.disclosure.description import description_of
from nilreturn.disclosure.picture import MOST_DRAWN, PICTURES, draw
from nilreturn.disclosure.protect import Protection
from nilreturn.disclosure.published import published_to_json
from nilreturn.disclosure.register.tables import PUBLISHED, indented_json, published_bytes
from nilreturn.disclosure.tabular import csv_of
from nilreturn.files import canonical_json, folder_beside, sha256
from nilreturn.keys import keyed_hash

RELEASE, INTERNAL = "release", "internal"
CERTIFICATE, KNOWN, FILES, MANIFEST = "certificate.json", "known.json", "files.json", "manifest.json"


def write(protection: Protection, folder: Path, *, key: bytes | None = None) -> None:
    """
    Write a protection into a new folder, all or nothing; internal papers are for their owner alone. The same protection
    and key give the same bytes. Raises `FileExistsError` when the folder exists.
    """
    with folder_beside(folder) as part:
        release, internal = part / RELEASE, part / INTERNAL
        release.mkdir()
        internal.mkdir(mode=0o700)
        for table in protection.tables:
            (release / f"{table.name}.csv").write_text(csv_of(table), encoding="utf-8", newline="")
            if table.dimensions:
                (release / f"{table.name}.yaml").write_text(description_of(table), encoding="utf-8", newline="")
            if sum(1 for _ in table.cells()) <= MOST_DRAWN:
                for suffix in PICTURES:
                    draw(table, internal / f"{table.name}{suffix}")
        (release / MANIFEST).write_bytes(indented_json(_manifest(protection, key)))
        (part / PUBLISHED).write_bytes(published_bytes(protection.published))
        (internal / CERTIFICATE).write_bytes(canonical_json(protection.certificate))
        (internal / KNOWN).write_bytes(published_bytes(protection.known))
        (internal / "report.json").write_bytes(indented_json(protection.report.as_json()))
        hashes = {path.relative_to(part).as_posix(): sha256(path) for path in part.rglob("*") if path.is_file()}
        (internal / FILES).write_bytes(indented_json(hashes))
        for path in internal.iterdir():
            path.chmod(0o600)


def _manifest(protection: Protection, key: bytes | None) -> dict[str, object]:
    """
    What is in the release. Its reference to the certificate rests on what is released and on the key alone, so that it
    confirms no guess at what is hidden; without a key there is none.
    """
    manifest: dict[str, object] = {
        "kind": "nilreturn protected tables",
        "tables": [{"name": table.name, "title": table.title, "unit": table.unit} for table in protection.tables],
    }
    if key is not None:
        released = canonical_json([published_to_json(table, release="") for table in protection.published])
        manifest["certificate"] = keyed_hash(key, "certificate", released)
    return manifest
