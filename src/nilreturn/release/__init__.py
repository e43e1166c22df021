"""The files of a reply: workbook, tables, letter and manifest, out of safe tables and nothing else."""

from nilreturn.release.answer import (
    Answer,
    AnsweredQuestion,
    Authority,
    Claim,
    ClassExpansion,
    ExtractFacts,
    MentionSearch,
    PolicyFacts,
    ThresholdFacts,
)
from nilreturn.release.bundle import FORMATS, release

__all__ = [
    "FORMATS",
    "Answer",
    "AnsweredQuestion",
    "Authority",
    "Claim",
    "ClassExpansion",
    "ExtractFacts",
    "MentionSearch",
    "PolicyFacts",
    "ThresholdFacts",
    "release",
]
