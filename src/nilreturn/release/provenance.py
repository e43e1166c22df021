"""
What a release was made from, for the force alone: the paper that its printed reference stands for.

By it the force can count again, and prove what was counted and what was considered, long after.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nilreturn.extras import versions
from nilreturn.files import canonical_json, sha256, sha256_of
from nilreturn.keys import NO_KEY
from nilreturn.release.answer import Answer
from nilreturn.schema import Extract

# The libraries that decide the bytes of a release, and which of several equally good choices is
# made.
_DECIDE_BYTES = (
    *("duckdb", "pyarrow", "numpy", "scipy", "highspy", "rapidfuzz", "tantivy"),
    *("xlsxwriter", "python-docx", "lxml", "jinja2", "typst"),
)


def bindings(
    answer: Answer,
    *,
    extract: Extract,
    certificate: Mapping[str, Any],
    inputs: Mapping[str, tuple[str, str]],
    register: Path | None,
    earlier: Mapping[str, str],
    manifest: Path,
) -> dict[str, Any]:
    """
    The hashes that the release's reference binds: of its manifest, the extract, the certificate,
    each of the `inputs` (files by what they are: name and SHA-256) and each file of the register;
    and the references of the `earlier` releases in it. The libraries that decided the bytes are
    named, so that a difference can be told from another answer.
    """
    return {
        "request": answer.reference,
        "release_reference": answer.release_reference or None,
        **({} if answer.release_reference else {"note": NO_KEY}),
        "software": answer.software,
        "libraries": versions(_DECIDE_BYTES),
        "manifest_sha256": sha256(manifest),
        "certificate_sha256": sha256_of(canonical_json(certificate)),
        "extract": {
            "system": answer.extract.system,
            "as_at": answer.extract.as_at.isoformat(),
            "sha256": extract.hash,
            "contents": extract.contents,
        },
        "inputs": {
            what: {"file": name, "sha256": digest} for what, (name, digest) in inputs.items()
        },
        "register": [] if register is None else _files_of(register),
        "earlier_releases": dict(earlier),
    }


def _files_of(register: Path) -> list[dict[str, str]]:
    """
    The register's files but for its lock and what a run has half written: their names begin with a
    dot.
    """
    files = sorted(
        path for path in register.rglob("*") if path.is_file() and not path.name.startswith(".")
    )
    return [
        {"file": path.relative_to(register).as_posix(), "sha256": sha256(path)} for path in files
    ]
