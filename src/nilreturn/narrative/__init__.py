"""
Free text: which keywords it mentions, in any spelling.

`text` and `tokens` make tokens. `lexicon` lists what is searched for, and `matching` decides which
forms may mean it and whether they count where they occur. `index` keeps an extract's text ready for
look-up, with the places of a lexicon's forms in it. `mentions` and `search` count, and `review` is
for the people who check the forms.
"""

from nilreturn.narrative.mentions import MENTIONS, Verdicts, find_in_batch, write_mentions
from nilreturn.narrative.search import KeywordSearch, search_keywords

__all__ = [
    "MENTIONS",
    "KeywordSearch",
    "Verdicts",
    "find_in_batch",
    "search_keywords",
    "write_mentions",
]
