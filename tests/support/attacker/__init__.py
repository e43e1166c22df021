"""
An attacker who has only what is printed, and knows what the figures mean at the level of records.

It shares nothing with `nilreturn.disclosure` but the form of tables, so that it cannot forget what
that package forgets. `figures` says what each printed figure counts and `layout` which record types
there are; `search` (integer programmes) and `enumeration` (every table, counted by dynamic
programming) say which values a figure can have; `verdicts` tells what is exactly known, what is
narrowed, and what one person in a cell of 1 learns of others.
"""
