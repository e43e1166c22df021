"""
The rules that rows and values are held against. What breaks one is listed by row, column and rule, never by value.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Action(enum.Enum):
    """What became of it."""

    ROW_REJECTED = "row rejected"
    UNKNOWN = "value unknown"
    KEPT = "value kept"


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    action: Action
    description: str


_ROW, _UNKNOWN, _KEPT = Action.ROW_REJECTED, Action.UNKNOWN, Action.KEPT
RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("repeated_header", _ROW, "The row repeats the headers"),
        Rule("empty_row", _ROW, "Every mapped column of the row is empty"),
        Rule("too_many_values", _ROW, "The row has more values than there are headers"),
        Rule("too_few_values", _ROW, "The row has fewer values than there are headers and no date it was recorded"),
        Rule("values_missing", _KEPT, "The row has fewer values than there are headers; those missing are Unknown"),
        Rule("no_reference", _ROW, "The row has no crime reference"),
        Rule("bad_reference", _ROW, "The crime reference is longer than 64 characters or runs over lines"),
        Rule("bad_count", _ROW, "The count of a cell is not a whole number from 0 to 10,000,000"),
        Rule("not_a_date", _UNKNOWN, "Not a date in any form that the mapping names"),
        Rule("default_date", _UNKNOWN, "A day that systems write where there is no date, such as 1 January 1900"),
        Rule("date_too_early", _UNKNOWN, "A date before 1900"),
        Rule("date_in_future", _UNKNOWN, "A date after the day the extract was taken"),
        Rule("earlier_than_possible", _KEPT, "A date before one that must come first: committed, reported, recorded"),
        Rule("not_an_age", _UNKNOWN, "Not a whole number of years"),
        Rule("age_negative", _UNKNOWN, "An age below zero"),
        Rule("age_stands_for_unknown", _UNKNOWN, "A number that the mapping says stands for an unknown age"),
        Rule("age_too_high", _UNKNOWN, "An age above the highest that the mapping believes (119)"),
        Rule("born_after_offence", _UNKNOWN, "A date of birth after the offence: no age can be worked out from it"),
        Rule("no_offence_date", _UNKNOWN, "A date of birth, but no date of the offence to work out the age at"),
        Rule("unknown_value", _UNKNOWN, "Not one of the values that the column may have"),
        Rule("too_long", _UNKNOWN, "Longer than a category (200 characters) or a text (1,000,000) may be"),
        Rule("unknown_offence", _UNKNOWN, "Not an offence code or class in any form"),
        Rule("offence_not_in_tables", _KEPT, "Written as an offence code or class, but not in the reference tables"),
        Rule(
            "ambiguous_offence", _UNKNOWN, "May be several offence codes or classes, as when a spreadsheet changed it"
        ),
        Rule("class_not_given", _UNKNOWN, "The source gives no class and the offence code has none or several"),
        Rule("differs_within_crime", _KEPT, "Differs from the first row of the same crime, whose value is kept"),
        Rule("repeated_row", _KEPT, "The same in every mapped column as another row of the crime; a victim of its own"),
        Rule("repeated_crime", _ROW, "The same crime as on an earlier row, in a source that has one row a crime"),
        Rule("repeated_victim", _ROW, "The same victim of the same crime as on an earlier row"),
    )
}
