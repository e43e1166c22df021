"""
Writes an answer to a folder: what to send, the force's own papers, and the tables for the register.

    FOLDER/release/                             what is sent
    FOLDER/OFFICIAL-SENSITIVE-not-for-release/  true counts, the reviewer's list, certificate,
                                                records: 0700
    FOLDER/published.json                       what is published, for the register of releases
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.workflow.objects import Prepared

if TYPE_CHECKING:
    import pyarrow as pa

RELEASE = "release"
PUBLISHED = "published.json"


def write_parts(prepared: Prepared, part: Path, register: Path | None) -> bytes:
    """
    Write the release, the internal papers and the published tables to the folder `part`, and return
    the bytes of the published tables. `register` is the folder of the register whose files the
    papers name.
    """
    from nilreturn.data_quality import find_queries
    from nilreturn.disclosure import protection_to_json
    from nilreturn.disclosure.register import published_bytes
    from nilreturn.release import InternalPapers, bindings, release, write_internal
    from nilreturn.workflow.counted import counted_to_json

    inputs, protection, composed = prepared.inputs, prepared.protection, prepared.composed
    published = published_bytes(
        [replace(table, release=composed.reference) for table in protection.published]
    )
    manifest = release(composed, part / RELEASE, formats=inputs.formats)
    bound = bindings(
        composed,
        extract=inputs.extract,
        certificate=protection.certificate,
        inputs=inputs.files,
        register=register,
        earlier=prepared.earlier,
        manifest=manifest,
    )
    papers = InternalPapers(
        reference=composed.reference,
        data_quality_queries=find_queries(inputs.extract),
        certificate=protection.certificate,
        report=prepared.report,
        records=prepared.counted.records,
        forms=prepared.counted.forms,
        extract=inputs.extract.manifest,
        bindings=bound,
        known=published_bytes(protection.known),
        review=review_of(prepared),
        stored={
            "counted": counted_to_json(prepared.counted),
            "protection": protection_to_json(protection),
        },
    )
    write_internal(part, papers)
    (part / PUBLISHED).write_bytes(published)
    return published


def review_of(prepared: Prepared) -> pa.Table:
    """
    What a reviewer decides by: each cell that is hidden or changed, its true count, why, and the
    lowest and highest number that a reader can infer for it (`most` is null where there is no upper
    bound).
    """
    import pyarrow as pa

    questions: Mapping[str, str] = {
        table.name: table.question for table in prepared.protection.tables
    }
    titles = {table.name: table.title for table in prepared.protection.tables}
    rows: list[dict[str, Any]] = [
        {
            "question": questions[cell.table],
            "table": titles[cell.table],
            "cell": " / ".join(cell.labels),
            "count": cell.count,
            "least": cell.low,
            "most": cell.high,
            "reason": cell.reason,
        }
        for cell in prepared.protection.review
    ]
    kinds = {"count": pa.int64(), "least": pa.int64(), "most": pa.int64()}
    names = ("question", "table", "cell", "count", "least", "most", "reason")
    return pa.Table.from_pylist(
        rows, schema=pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    )
