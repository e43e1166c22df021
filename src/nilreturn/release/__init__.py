"""Writes the files of a reply: workbook, tables, letter and manifest. It takes safe tables only."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.release.answer import (
        Answer,
        AnsweredQuestion,
        Claim,
        ClassExpansion,
        ExtractFacts,
        MentionSearch,
        PolicyFacts,
        Remark,
        TableRule,
    )
    from nilreturn.release.authority import Authority, load_authority
    from nilreturn.release.bundle import FORMATS, chosen_formats, release, writable_formats
    from nilreturn.release.internal import INTERNAL, InternalPapers, write_internal
    from nilreturn.release.library import check_claims
    from nilreturn.release.provenance import bindings
    from nilreturn.release.references import with_reference
    from nilreturn.release.statements import Statements, statements_of
    from nilreturn.release.wording import Wording, load_wording, shipped_wording

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
    "Remark",
    "Statements",
    "TableRule",
    "Wording",
    "bindings",
    "check_claims",
    "chosen_formats",
    "load_authority",
    "load_wording",
    "release",
    "shipped_wording",
    "statements_of",
    "with_reference",
    "writable_formats",
    "write_internal",
]

open_door(__name__)
