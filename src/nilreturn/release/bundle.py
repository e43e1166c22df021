"""The release: every file of an answer and a manifest, in a folder that appears whole or not at all."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nilreturn.errors import ReleaseError, did_you_mean
from nilreturn.files import folder_beside, sha256
from nilreturn.offences import Expansion
from nilreturn.release.answer import Answer, AnsweredQuestion, check
from nilreturn.release.caveats import caveats_of
from nilreturn.release.csv import write_csv
from nilreturn.release.docx import write_docx
from nilreturn.release.exemptions import engaged
from nilreturn.release.html import write_html
from nilreturn.release.ods import write_ods
from nilreturn.release.pdf import write_pdf
from nilreturn.release.scan import scan
from nilreturn.release.sheets import range_name
from nilreturn.release.xlsx import write_xlsx
from nilreturn.tables import SafeTable

MANIFEST = "manifest.json"


def _one_file(kind: str, suffix: str, write: Callable[[Answer, Path], None]) -> Callable[[Answer, Path], None]:
    def write_to(answer: Answer, folder: Path) -> None:
        write(answer, folder / f"{file_stem(answer)}-{kind}.{suffix}")

    return write_to


def _write_csvs(answer: Answer, folder: Path) -> None:
    for number, table in enumerate(answer.tables, start=1):
        write_csv(table, folder / f"{file_stem(answer)}-{range_name(number, table).replace('_', '-')}.csv")


# Each writes its files of an answer into a folder.
FORMATS: dict[str, Callable[[Answer, Path], None]] = {
    "xlsx": _one_file("tables", "xlsx", write_xlsx),
    "ods": _one_file("tables", "ods", write_ods),
    "csv": _write_csvs,
    "docx": _one_file("letter", "docx", write_docx),
    "pdf": _one_file("letter", "pdf", write_pdf),
    "html": _one_file("letter", "html", write_html),
}


def release(answer: Answer, folder: Path, *, formats: Iterable[str] = tuple(FORMATS)) -> Path:
    """
    Write the release of `answer` to `folder`, which must not exist yet, and give back its manifest's path.

    Every file is scanned for hidden content before the folder gets its name. The same answer and formats give the
    same bytes. Raises `ReleaseError`.
    """
    chosen = _chosen(formats)
    check(answer)
    try:
        with folder_beside(folder) as part:
            for name in chosen:
                FORMATS[name](answer, part)
            scan(answer, part)
            _write_manifest(answer, part)
    except FileExistsError as error:
        raise ReleaseError(f"{folder}: already there; a release is never changed, so name another folder") from error
    return folder / MANIFEST


def file_stem(answer: Answer) -> str:
    """How the names of the answer's files begin: its reference, in letters that every system takes."""
    return f"foi-{re.sub('[^a-z0-9]+', '-', answer.reference.lower()).strip('-').removeprefix('foi-')}"[:60].rstrip("-")


def _chosen(formats: Iterable[str]) -> tuple[str, ...]:
    wanted = set(formats)
    for name in sorted(wanted - set(FORMATS)):
        near = did_you_mean(name, list(FORMATS))
        raise ReleaseError(f"format {name!r} is unknown; there are {', '.join(FORMATS)}{near}")
    if not wanted & {"xlsx", "ods", "csv"}:
        raise ReleaseError("no format for the tables is chosen; the letter refers to them: add xlsx, ods or csv")
    return tuple(name for name in FORMATS if name in wanted)


def _write_manifest(answer: Answer, folder: Path) -> None:
    text = json.dumps(manifest(answer, folder), indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def manifest(answer: Answer, folder: Path) -> dict[str, Any]:
    """What was asked, what it was counted from and how, and the SHA-256 of each file in `folder`."""
    policy = answer.policy
    return {
        "kind": "nilreturn release",
        "reference": answer.reference,
        "received_on": answer.received_on.isoformat(),
        "answered_on": answer.answered_on.isoformat(),
        "authority": answer.authority.name,
        "software": answer.software,
        "extract": {
            "system": answer.extract.system,
            "as_at": answer.extract.as_at.isoformat(),
            "sha256": answer.extract.hash,
        },
        "policy": {
            "name": policy.name,
            "version": policy.version,
            "rules": [dataclasses.asdict(rule) for rule in policy.rules],
        },
        "inputs": dict(answer.inputs),
        "certificate_sha256": answer.certificate_hash,
        "questions": [_question(answer, question) for question in answer.questions],
        "caveats": [caveat.key for caveat in caveats_of(answer)],
        "exemptions": [each.exemption.key for each in engaged(answer)],
        "files": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }


def _question(answer: Answer, question: AnsweredQuestion) -> dict[str, Any]:
    search = question.mentions
    return {
        "number": question.number,
        "words": question.words,
        "criteria": [{"heading": heading, "text": text} for heading, text in question.criteria],
        "expansions": [
            {"offence_class": expansion.offence_class, "parts": [_part(part) for part in expansion.parts]}
            for expansion in question.expansions
        ],
        "keywords": list(search.keywords) if search else [],
        "tables": [_table(answer, table) for table in question.tables],
        "extremes": [{"title": extreme.title, "given": not extreme.refusal} for extreme in question.extremes],
    }


def _part(part: Expansion) -> dict[str, Any]:
    return {
        "first_on": part.period.first_on.isoformat(),
        "last_on": part.period.last_on.isoformat(),
        "codes": list(part.codes),
        "undated": list(part.undated),
        "predecessors": list(part.predecessors),
    }


def _table(answer: Answer, table: SafeTable) -> dict[str, Any]:
    return {
        "number": answer.table_number(table),
        "name": table.name,
        "title": table.title,
        "unit": table.unit,
        "hidden": table.hidden,
        "method": table.method,
    }
