"""
What a release was made from, for the force only: the paper that the printed reference stands for.

With it the force can repeat the count later, and prove what was counted and which earlier releases
were considered.
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
    The hashes that the reference of a release binds.

    The libraries that decide the bytes of a release are named with their versions, so that a change
    of library can be distinguished from a change of the answer.

    Parameters
    ----------
    answer
        The answer that was released.
    extract
        The extract that was counted.
    certificate
        The certificate of disclosure control, as plain JSON values.
    inputs
        (file name, SHA-256 in hex) of each other input, by what it is.
    register
        The folder of earlier releases; None: there is no register.
    earlier
        References of the earlier releases in the register, by name.
    manifest
        The manifest of the release.

    Returns
    -------
    dict
        Plain JSON values; each file with its SHA-256 in hex.
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
    """The register's files, except its lock and unfinished files, whose names begin with a dot."""
    files = sorted(
        path for path in register.rglob("*") if path.is_file() and not path.name.startswith(".")
    )
    return [
        {"file": path.relative_to(register).as_posix(), "sha256": sha256(path)} for path in files
    ]
