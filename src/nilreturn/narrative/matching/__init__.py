"""Which forms may mean an entry of a lexicon, and whether a form counts where it stands."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.narrative.matching.matcher import Matcher
    from nilreturn.narrative.matching.name_fragments import LEAST_LETTERS, NameFragments
    from nilreturn.narrative.matching.spellings import SOME_CONTEXT, Candidate

__all__ = ["LEAST_LETTERS", "SOME_CONTEXT", "Candidate", "Matcher", "NameFragments"]

open_door(__name__)
