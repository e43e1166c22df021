"""Keeps an extract's free text ready for look-up, and the places of a lexicon's forms in it."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.narrative.index.occurrences import (
        Flags,
        Occurrences,
        find_occurrences,
        occurrences_of,
        settle,
        union,
    )
    from nilreturn.narrative.index.token_store import Index, TokenStore, index_text, open_batch

__all__ = [
    "Flags",
    "Index",
    "Occurrences",
    "TokenStore",
    "find_occurrences",
    "index_text",
    "occurrences_of",
    "open_batch",
    "settle",
    "union",
]

open_door(__name__)
