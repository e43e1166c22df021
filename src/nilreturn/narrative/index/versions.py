"""
Versions of what is kept beside an extract. What another version made is not read but made again.

Raise a version whenever the code makes something else from the same text; a golden test shows when
it does.
"""

# The tokens of a text and how they lie on disk: `text`, `tokens`, `token_store`.
TOKENS = 1
# What a form may mean, and whether it counts where it stands: `matching` and `occurrences`.
# The word lists need no version: their contents are part of the key.
MATCHING = 1
