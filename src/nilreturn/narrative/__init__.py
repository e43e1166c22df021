"""
Free text: what is mentioned in it, however it is spelt.

`text` and `tokens` make tokens, `lexicon` says what is looked for, `matching` which forms may mean
it and whether they count where they stand. `index` keeps an extract's text ready to be looked up,
with where a lexicon's forms occur in it; `mentions` and `search` count; `review` is for the people
who check the forms.
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
