"""
Free text: what is mentioned in it, however it is spelt.

`text` makes tokens, `lexicon` says what is looked for, `variants` which forms may mean it, `context` what the words
around it say, `matcher` puts them together.
"""
