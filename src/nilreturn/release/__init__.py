"""The files of a reply: workbook, tables, letter and manifest, out of safe tables and nothing else."""

from nilreturn.release.answer import (
    Answer,
    AnsweredQuestion,
    Claim,
    ClassExpansion,
    ExtractFacts,
    MentionSearch,
    PolicyFacts,
    TableRule,
)
from nilreturn.release.authority import Authority, load_authority
from nilreturn.release.bundle import FORMATS, release
from nilreturn.release.exemptions import check_claims
from nilreturn.release.internal import INTERNAL, InternalPapers, certificate_hash, write_internal

__all__ = [
    "FORMATS",
    "INTERNAL",
    "Answer",
    "AnsweredQuestion",
    "Authority",
    "Claim",
    "ClassExpansion",
    "ExtractFacts",
    "InternalPapers",
    "MentionSearch",
    "PolicyFacts",
    "TableRule",
    "certificate_hash",
    "check_claims",
    "load_authority",
    "release",
    "write_internal",
]
