"""
The rules that rows and values are checked against. A breach is listed by row, column and rule,
never by value.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

# Share of the rows, or of one column's dates or offences; a greater loss stops an import.
MOST_LOST = 0.01


class Action(enum.Enum):
    """
    What becomes of a row or value that breaks a rule.

    Attributes
    ----------
    ROW_REJECTED
        The row is not imported, although it should have been a record.
    PASSED_OVER
        The row is not imported: it is not a record, or not one that the mapping chooses. Nothing is
        lost.
    UNKNOWN
        The row is imported without the value.
    KEPT
        The value is imported, and the breach is listed.
    """

    ROW_REJECTED = "row rejected"
    PASSED_OVER = "row passed over"
    UNKNOWN = "value unknown"
    KEPT = "value kept"


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A rule for rows or for values.

    Attributes
    ----------
    name
        Its name in reports: "empty_row".
    action
        What becomes of a row or value that breaks it.
    description
        What a breach is, in a few words.
    is_loss
        Whether a row, a date or an offence that should have been in a record is lost.
    """

    name: str
    action: Action
    description: str
    is_loss: bool = False


_ROW, _OVER, _UNKNOWN, _KEPT = Action.ROW_REJECTED, Action.PASSED_OVER, Action.UNKNOWN, Action.KEPT
# Every rule by its name.
RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("separator_line", _OVER, "A line that names the delimiter (sep=;)"),
        Rule("title_row", _OVER, "A title or other words above the headers"),
        Rule("header_row", _OVER, "The headers"),
        Rule("empty_row_above", _OVER, "An empty row above the records"),
        Rule("other_population", _OVER, "The mapping chooses other rows ('only')"),
        Rule("left_out", _OVER, "The mapping leaves rows with this value out ('leave_out')"),
        Rule("repeated_header", _OVER, "The row repeats the headers"),
        Rule("empty_row", _OVER, "Every mapped column of the row is empty"),
        Rule(
            "note_below",
            _OVER,
            "A note or a source below the records: words in one column and nothing else",
        ),
        Rule("total_row", _OVER, "A total of other rows, not a record"),
        Rule(
            "required_missing",
            _ROW,
            "The row has no value in any required column but the reference",
            True,
        ),
        Rule("too_many_values", _ROW, "The row has more values than there are headers", True),
        Rule(
            "too_few_values",
            _ROW,
            "The row has fewer values than headers and no date it was recorded",
            True,
        ),
        Rule(
            "values_missing",
            _KEPT,
            "The row has fewer values than there are headers; those missing are Unknown",
        ),
        Rule("no_reference", _ROW, "The row has no crime reference", True),
        Rule(
            "bad_reference",
            _ROW,
            "The crime reference is longer than 64 characters, runs over lines, or is a "
            "spreadsheet's error or 1.2E+11",
            True,
        ),
        Rule(
            "count_missing",
            _ROW,
            "The cell has no count, or a spreadsheet's error in its place",
            True,
        ),
        Rule(
            "count_withheld",
            _ROW,
            "A mark stands in place of the count, such as [c], * or <5",
            True,
        ),
        Rule("count_not_whole", _ROW, "The count of a cell is not a whole number", True),
        Rule(
            "bad_count",
            _ROW,
            "The count of a cell is not a whole number from 0 to 1,000,000,000",
            True,
        ),
        Rule(
            "spreadsheet_error",
            _UNKNOWN,
            "A spreadsheet's error, such as #REF! or #N/A, in place of a value",
            True,
        ),
        Rule(
            "formula_without_result",
            _UNKNOWN,
            "A formula whose result the workbook does not hold",
            True,
        ),
        Rule(
            "cannot_be_split", _UNKNOWN, "Does not have the part that the mapping splits off", True
        ),
        Rule("not_a_date", _UNKNOWN, "Not a date in any form that the mapping names", True),
        Rule(
            "two_digit_year",
            _UNKNOWN,
            "A date whose year has two digits, where no form of the mapping has %y",
            True,
        ),
        Rule(
            "month_first",
            _UNKNOWN,
            "A date with the month before the day, where no form of the mapping has it",
            True,
        ),
        Rule(
            "day_number",
            _UNKNOWN,
            "A number, as spreadsheets have for days (44287); to read it as one, add 'day number' "
            "to dates.formats in the mapping",
            True,
        ),
        Rule(
            "impossible_financial_year",
            _UNKNOWN,
            "A financial year whose years do not follow each other",
            True,
        ),
        Rule(
            "default_date",
            _UNKNOWN,
            "A day that systems write where there is no date, such as 1 January 1900",
        ),
        Rule("date_too_early", _UNKNOWN, "A date before 1900", True),
        Rule("date_in_future", _UNKNOWN, "A date after the day the extract was taken", True),
        Rule(
            "decades_from_others", _KEPT, "A date more than 20 years from all others of its column"
        ),
        Rule(
            "earlier_than_possible",
            _KEPT,
            "A date before one that must come first: committed, reported, recorded",
        ),
        Rule("not_a_number", _UNKNOWN, "Not a whole number from 0 to 1,000,000,000"),
        Rule("not_an_amount", _UNKNOWN, "Not an amount of pounds and pence"),
        Rule("not_a_time", _UNKNOWN, "Not a time of day"),
        Rule("not_an_age", _UNKNOWN, "Not a whole number of years"),
        Rule("age_negative", _UNKNOWN, "An age below zero"),
        Rule(
            "age_stands_for_unknown",
            _UNKNOWN,
            "A number that the mapping says stands for an unknown age",
        ),
        Rule("age_too_high", _UNKNOWN, "An age above the highest that the mapping believes (119)"),
        Rule(
            "born_after_offence",
            _UNKNOWN,
            "A date of birth after the offence: no age can be worked out from it",
        ),
        Rule(
            "no_offence_date",
            _UNKNOWN,
            "A date of birth, but no date of the offence to work out the age at",
        ),
        Rule("unknown_value", _UNKNOWN, "Not one of the values that the column may have"),
        Rule(
            "differs_in_case",
            _KEPT,
            "The same words as another value of the column but for capital letters",
        ),
        Rule(
            "too_long",
            _UNKNOWN,
            "Longer than a category (200 characters) or a text (1,000,000) may be",
        ),
        Rule("unknown_offence", _UNKNOWN, "Not an offence code or class in any form", True),
        Rule(
            "class_for_code",
            _KEPT,
            "An offence class in a column of codes: kept as the class, the code is Unknown",
        ),
        Rule("several_offences", _UNKNOWN, "Several offence codes or classes in one cell", True),
        Rule(
            "offence_changed",
            _KEPT,
            "A date or number that a spreadsheet made of a code; only one can be meant",
        ),
        Rule(
            "offence_not_in_tables",
            _KEPT,
            "Written as an offence code or class, but not in the reference tables",
        ),
        Rule(
            "ambiguous_offence",
            _UNKNOWN,
            "May be several offence codes or classes, as when a spreadsheet changed it",
            True,
        ),
        Rule(
            "class_not_given",
            _UNKNOWN,
            "The source gives no class and the offence code has none or several",
        ),
        Rule(
            "differs_within_crime",
            _KEPT,
            "Differs from the first row of the same crime, whose value is kept",
        ),
        Rule(
            "repeated_row",
            _KEPT,
            "The same in every mapped column as another row of the crime; a victim of its own",
        ),
        Rule(
            "repeated_crime",
            _ROW,
            "The same crime as on an earlier row, in a source that has one row a crime",
        ),
        Rule("replaced", _OVER, "A later file, or a later day, has the crime with the same values"),
        Rule(
            "replaced_differing",
            _OVER,
            "A later file, or a later day, has the crime with other values",
        ),
        Rule("repeated_victim", _ROW, "The same victim of the same crime as on an earlier row"),
        Rule("repeated_record", _ROW, "The same incident or stop as on an earlier row"),
        Rule("no_such_crime", _OVER, "The crime that the row belongs to is not in the extract"),
    )
}
