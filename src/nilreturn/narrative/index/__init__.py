"""An extract's free text kept ready to be looked up, and where the forms of a lexicon occur in it."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.narrative.index.occurrences import Flags, Sightings, settle, sight, sightings_of, union
    from nilreturn.narrative.index.token_store import Index, Stream, index_text, open_batch

__all__ = [
    "Flags",
    "Index",
    "Sightings",
    "Stream",
    "index_text",
    "open_batch",
    "settle",
    "sight",
    "sightings_of",
    "union",
]

open_door(__name__)
