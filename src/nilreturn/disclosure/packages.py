"""A protection on disk: what to print in one folder, the force's own papers in another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nilreturn.disclosure.description import description_of
from nilreturn.disclosure.picture import MOST_DRAWN, PICTURES, draw
from nilreturn.disclosure.protect import Protection
from nilreturn.disclosure.published import published_to_json
from nilreturn.disclosure.tabular import csv_of
from nilreturn.files import canonical_json, folder_beside
from nilreturn.keys import NO_KEY


def write(protection: Protection, folder: Path) -> None:
    """
    Write `release/` (a CSV and its description a table; all as JSON for the register) and `internal/` (certificate,
    report, pictures, what the printed reference binds; readable by its owner alone) into a new folder, all or nothing.
    The same protection gives the same bytes. Raises `FileExistsError` when the folder exists.
    """
    with folder_beside(folder) as part:
        release, internal = part / "release", part / "internal"
        release.mkdir()
        internal.mkdir()
        for table in protection.tables:
            (release / f"{table.name}.csv").write_text(csv_of(table), encoding="utf-8", newline="")
            if table.dimensions:
                (release / f"{table.name}.yaml").write_text(description_of(table), encoding="utf-8", newline="")
            if sum(1 for _ in table.cells()) <= MOST_DRAWN:
                for suffix in PICTURES:
                    draw(table, internal / f"{table.name}{suffix}")
        published = [published_to_json(table) for table in protection.published]
        _json(release / "published.json", published)
        _json(release / "manifest.json", {"release_reference": protection.reference or None})
        (internal / "certificate.json").write_bytes(canonical_json(protection.certificate))
        _json(internal / "report.json", protection.report.as_json())
        _json(internal / "bindings.json", _bindings(protection))
        for path in internal.iterdir():
            path.chmod(0o600)


def _bindings(protection: Protection) -> dict[str, Any]:
    """What the reference stands for, and without a key what to do to have one."""
    bound = {"release_reference": protection.reference or None, "certificate_sha256": protection.certificate_sha256}
    return bound if protection.reference else {**bound, "note": NO_KEY}


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
