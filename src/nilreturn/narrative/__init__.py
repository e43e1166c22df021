"""
Free text: what is mentioned in it, however it is spelt.

`text` makes tokens, `lexicon` says what is looked for, `variants` which forms may mean it, `context` what the words
around it say, `matcher` puts them together. `index` keeps an extract's text ready to be looked up, `sightings` what a
lexicon finds in it, `mentions` counts it; `review`, `decisions` and `discovery` are for the people who check the forms.
"""
