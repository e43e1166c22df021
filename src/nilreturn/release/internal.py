"""
The papers of an answer that the force keeps and never releases: records to put right, records
behind a count of mentions, the certificate of disclosure control, and the hashes that the printed
reference stands for.

They name records, so they are written to a folder of their own whose name says what it is, and only
its owner can read them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.errors import ReleaseError
from nilreturn.files import atomic_folder, canonical_json
from nilreturn.spreadsheets import FORMULA
from nilreturn.wording import counted

if TYPE_CHECKING:
    import pyarrow as pa

# The name of the folder of internal papers.
INTERNAL = "OFFICIAL-SENSITIVE-not-for-release"


@dataclass(frozen=True, slots=True)
class InternalPapers:
    """
    What is written to the internal folder of an answer.

    Attributes
    ----------
    reference
        The request's reference.
    data_quality_queries
        Columns `crime_ref` and `reason`; one row for each record and reason.
    certificate
        The certificate of disclosure control, as plain JSON values.
    report
        How the tables were made safe, and what was small.
    records
        By name ("q4"), the records behind each figure that has to be reviewed.
    forms
        By name ("q4"), the spellings counted: columns `keyword`, `form` and `records` (a count).
    extract
        The extract's own manifest, with its row counts.
    bindings
        What the release was made from (`bindings`).
    known
        The earlier releases that the certificate relies on, in the format of `published.json`;
        empty: none.
    review
        One row for each cell that is hidden or changed, with its true count and the range that a
        reader can infer.
    stored
        The steps of the answer as JSON values, by name of their file.
    """

    reference: str
    data_quality_queries: pa.Table
    certificate: Mapping[str, Any]
    report: Mapping[str, Any] = field(default_factory=dict)
    records: Mapping[str, pa.Table] = field(default_factory=dict)
    forms: Mapping[str, pa.Table] = field(default_factory=dict)
    extract: Mapping[str, Any] = field(default_factory=dict)
    bindings: Mapping[str, Any] = field(default_factory=dict)
    known: bytes = b""
    review: pa.Table | None = None
    stored: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def write_internal(parent: Path, papers: InternalPapers) -> Path:
    """
    Write the internal papers to a new folder named `INTERNAL`.

    The files are readable by their owner only.

    Parameters
    ----------
    parent
        The folder to create it in; it must not be a release or an extract.
    papers
        What to write.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    ReleaseError
        When the folder exists, or when `parent` is a release or an extract.
    """
    if (parent / "manifest.json").exists():
        raise ReleaseError(
            f"{parent}: is a release or an extract; internal papers go beside it, not into it"
        )
    folder = parent / INTERNAL
    try:
        with atomic_folder(folder, private=True) as part:
            _write(part, papers)
            for path in part.iterdir():
                path.chmod(0o600)
    except FileExistsError as error:
        raise ReleaseError(f"{folder}: already there; name another folder") from error
    return folder


def _write(folder: Path, papers: InternalPapers) -> None:
    (folder / "README.txt").write_text(_readme(papers), encoding="utf-8", newline="\n")
    # As canonical JSON, so that its hash is also `Protection.certificate_sha256`.
    (folder / "certificate.json").write_bytes(canonical_json(papers.certificate))
    if papers.known:
        (folder / "known.json").write_bytes(papers.known)
    _write_records(papers.data_quality_queries, folder / "data-quality-queries.csv")
    for kind, tables in (("records", papers.records), ("forms", papers.forms)):
        for name, table in tables.items():
            _write_records(
                table, folder / f"{kind}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}.csv"
            )
    if papers.review is not None:
        _write_records(papers.review, folder / "review.csv")
    for name, content in papers.stored.items():
        (folder / f"{name}.json").write_bytes(canonical_json(content))
    for name, content in (
        ("report", papers.report),
        ("extract", papers.extract),
        ("bindings", papers.bindings),
    ):
        if content:
            text = json.dumps(content, indent=2, ensure_ascii=False)
            (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _readme(papers: InternalPapers) -> str:
    referred = counted(papers.data_quality_queries.num_rows, "row")
    return (
        "OFFICIAL-SENSITIVE: not for release\n"
        "\n"
        f"Internal papers of the answer to request {papers.reference}. They name records.\n"
        "Do not send them, and do not copy them into the release.\n"
        "\n"
        f"data-quality-queries.csv  records to be put right or reviewed, with the reason: "
        f"{referred}\n"
        "review.csv        each hidden or changed cell: its true count, why, and what a reader can "
        "take it to be\n"
        "records-*.csv     the records behind a figure, for review\n"
        "forms-*.csv       the spellings that were counted, for review\n"
        "certificate.json  the proof that the tables disclose nothing that is hidden\n"
        "known.json        the earlier releases that the proof relies on\n"
        "report.json       how they were made safe, and what was small\n"
        "extract.json      the extract that was counted, with its row counts\n"
        "counted.json      the true figures of every table\n"
        "protection.json   what was decided of every cell\n"
        "bindings.json     what the release was made from: the hash of each file\n"
    )


def _write_records(table: pa.Table, path: Path) -> None:
    """Write CSV that Excel opens correctly, without a text that it would take for a formula."""
    import pyarrow.csv

    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        pyarrow.csv.write_csv(_neutral(table), file)


def _neutral(table: pa.Table) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, column in enumerate(table.schema):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            values = table.column(place)
            quoted = pc.binary_join_element_wise("'", values, "")
            harmless = pc.if_else(pc.match_substring_regex(values, FORMULA), quoted, values)
            table = table.set_column(place, column.name, harmless)
    return table
