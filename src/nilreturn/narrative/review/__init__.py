"""
For the people who check forms: a review file that names no person, their decisions, and names that
are in no lexicon.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.narrative.review.decisions import (
        Decision,
        keep_decisions,
        read_decisions,
        verdicts,
    )
    from nilreturn.narrative.review.discovery import Discovery, discover
    from nilreturn.narrative.review.forms import Reviewed, review, write_review

__all__ = [
    "Decision",
    "Discovery",
    "Reviewed",
    "discover",
    "keep_decisions",
    "read_decisions",
    "review",
    "verdicts",
    "write_review",
]

open_door(__name__)
