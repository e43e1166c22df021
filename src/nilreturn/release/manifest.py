"""
The manifest: what was asked, how it was counted, and the hash of each released file.

It contains no hash of records, of the certificate or of another request: such a hash could be
compared with that of all possible records. The internal papers state what a release was made from
(`bindings.json`).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from nilreturn.files import sha256
from nilreturn.offences import Expansion
from nilreturn.release.answer import Answer, AnsweredQuestion
from nilreturn.release.library import caveats_of, engaged
from nilreturn.tables import PrintedTable


def manifest(answer: Answer, folder: Path) -> dict[str, Any]:
    """The facts of an answer, and the SHA-256 of each file in `folder`."""
    return {
        **facts(answer),
        "files": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }


def facts(answer: Answer) -> dict[str, Any]:
    """What was asked, and how it was counted and made safe."""
    policy = answer.policy
    return {
        "kind": "nilreturn release",
        "reference": answer.reference,
        **({"release_reference": answer.release_reference} if answer.release_reference else {}),
        "received_on": answer.received_on.isoformat(),
        "answered_on": answer.answered_on.isoformat(),
        "authority": answer.authority.name,
        "software": answer.software,
        "extract": {"system": answer.extract.system, "as_at": answer.extract.as_at.isoformat()},
        "policy": {
            "name": policy.name,
            "version": policy.version,
            "rules": [dataclasses.asdict(rule) for rule in policy.rules],
        },
        **({"earlier_releases": list(answer.earlier_releases)} if answer.earlier_releases else {}),
        "questions": [_question(answer, question) for question in answer.questions],
        "caveats": list(dict.fromkeys(caveat.key for caveat in caveats_of(answer))),
        "exemptions": list(
            dict.fromkeys(cited.key for each in engaged(answer) for cited in each.citations)
        ),
    }


def _question(answer: Answer, question: AnsweredQuestion) -> dict[str, Any]:
    search = question.mentions
    return {
        "number": question.number,
        "words": question.words,
        "criteria": [{"heading": heading, "text": text} for heading, text in question.criteria],
        "expansions": [
            {
                "offence_class": expansion.offence_class,
                "parts": [_part(part) for part in expansion.parts],
            }
            for expansion in question.expansions
        ],
        "keywords": list(search.keywords) if search else [],
        "tables": [_table(answer, table) for table in question.tables],
        "extremes": [
            {"title": extreme.title, "given": not extreme.refusal} for extreme in question.extremes
        ],
        "in_words": [{"answer": each.kind.value, "what": each.what} for each in question.in_words],
    }


def _part(part: Expansion) -> dict[str, Any]:
    return {
        "first_on": part.period.first_on.isoformat(),
        "last_on": part.period.last_on.isoformat(),
        "codes": list(part.codes),
        "undated": list(part.undated),
        "predecessors": list(part.predecessors),
    }


def _table(answer: Answer, table: PrintedTable) -> dict[str, Any]:
    return {
        "number": answer.table_number(table),
        "name": table.name,
        "title": table.title,
        "unit": table.unit,
        "hidden": table.hidden,
        "method": table.method,
    }
