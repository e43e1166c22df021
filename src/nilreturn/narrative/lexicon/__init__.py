"""
What is searched for: entries with their spellings, cues for the words around them, and lists of
ordinary words.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.narrative.lexicon.cues import Cue
    from nilreturn.narrative.lexicon.lexicon import SHIPPED, Entry, Lexicon, load_lexicon
    from nilreturn.narrative.lexicon.word_lists import FUNCTION_WORD, is_name, kind_of, nearest_word

__all__ = [
    "FUNCTION_WORD",
    "SHIPPED",
    "Cue",
    "Entry",
    "Lexicon",
    "is_name",
    "kind_of",
    "load_lexicon",
    "nearest_word",
]

open_door(__name__)
