"""
SQL that reads a text as a value of a column's kind, or names the rule that it breaks.

Each function takes SQL expressions and gives SQL expressions: the rows are judged in one pass by the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

from nilreturn.schema import NOT_RECORDED, Column, Kind
from nilreturn.sources.judging import sql
from nilreturn.sources.mapping.model import MappedColumn, Mapping

LONGEST_CATEGORY = 200
LONGEST_TEXT = 1_000_000
LONGEST_REFERENCE = 64
_SPACES = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8203) || chr(65279)"
_WITH_OFFSET = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)"

# What systems write, in any case, for the values of a canonical column. A mapping adds to these.
VOCABULARY: dict[str, dict[str, str]] = {
    "crime.status": {
        "recorded": "Recorded",
        "cancelled": "Cancelled",
        "canceled": "Cancelled",
        "transferred": "Transferred",
    },
    "crime.cancel_code": {code.lower(): code for code in ("C1", "C2", "C3", "C4", "C5")},
    # The source's own words for unknown are kept apart: "Unspecified" is not "Not recorded".
    "victim.sex": {
        "female": "Female",
        "f": "Female",
        "male": "Male",
        "m": "Male",
        "unknown": "Unknown",
        "u": "Unknown",
        "not known": "Not known",
        "not recorded": "Not recorded",
        "not stated": "Not stated",
        "unspecified": "Unspecified",
        "indeterminate": "Indeterminate",
        "other": "Other",
        "non-binary": "Non-binary",
        "intersex": "Intersex",
    },
    "victim.victim_type": {
        "person": "Person",
        "individual": "Person",
        "organisation": "Organisation",
        "business": "Organisation",
        "state": "State",
        "the state": "State",
        "crown": "State",
    },
}
FLAG_WORDS = {"y": "Yes", "yes": "Yes", "true": "Yes", "1": "Yes", "n": "No", "no": "No", "false": "No", "0": "No"}


@dataclass(frozen=True, slots=True)
class Read:
    """The SQL of a value, and of the name of the rule that the text broke (NULL where none)."""

    value: str
    fault: str


def trimmed(raw: str) -> str:
    """
    The text without surrounding white space of any kind. Most texts have none, and the function that removes it is
    twenty times slower than looking at the first letter and the last.
    """
    is_bare = f"{raw} >= '!' AND {raw} < chr(127) AND {raw}[-1] BETWEEN '!' AND '~'"
    return f"CASE WHEN {is_bare} THEN {raw} ELSE trim({raw}, {_SPACES}) END"


def said(trimmed_text: str, blank: list[str]) -> str:
    """The text; NULL where it is empty or a word for nothing."""
    longest = max(map(len, blank), default=0)
    is_word = f"length({trimmed_text}) <= {longest} AND lower({trimmed_text}) IN {sql.texts(blank)}"
    return f"CASE WHEN {trimmed_text} = '' OR {is_word} THEN NULL ELSE {trimmed_text} END"


def parsed_date(text: str, mapping: Mapping, column: MappedColumn) -> str:
    """The SQL of a DATE, NULL where the text is none. Times are local; one with an offset is taken to London's day."""
    if column.precision == "financial year":
        year = f"regexp_extract({text}, '^(\\d{{4}})[/-](\\d{{2}})?(\\d{{2}})$', 1)"
        second = f"regexp_extract({text}, '(\\d{{2}})$', 1)"
        return (
            f"CASE WHEN try_cast({second} AS INTEGER) = (try_cast({year} AS INTEGER) + 1) % 100 "
            f"THEN make_date(try_cast({year} AS INTEGER), 4, 1) END"
        )
    formats = "[" + ", ".join(sql.text(form) for form in mapping.dates.formats) + "]"
    first = "date_trunc('month', {})::DATE" if column.precision == "month" else "{}::DATE"
    offset = f"try_cast({text} AS TIMESTAMPTZ) AT TIME ZONE 'Europe/London'"
    return first.format(
        f"CASE WHEN length({text}) > 16 AND regexp_full_match({text}, {sql.text(_WITH_OFFSET)}) "
        f"THEN {offset} ELSE try_strptime({text}, {formats}) END"
    )


def date(text: str, parsed: str, mapping: Mapping, as_at: str) -> Read:
    """`parsed` is the name of the parsed date; `as_at` the SQL of the day the extract was taken."""
    defaults = "(" + ", ".join(f"DATE {sql.text(day)}" for day in mapping.dates.defaults) + ")"
    fault = (
        f"CASE WHEN {parsed} IS NULL THEN CASE WHEN lower({text}) NOT IN {sql.texts(mapping.unknown)} "
        f"THEN 'not_a_date' END WHEN {parsed} IN {defaults} THEN 'default_date' "
        f"WHEN {parsed} < DATE '1900-01-01' THEN 'date_too_early' WHEN {parsed} > {as_at} THEN 'date_in_future' END"
    )
    return Read(parsed, fault)


def parsed_age(text: str) -> str:
    """A whole number, also where a spreadsheet wrote it with a point; NULL where it is none."""
    return f"CASE WHEN regexp_full_match({text}, '-?\\d{{1,4}}(\\.0+)?') THEN try_cast({text} AS DOUBLE)::INTEGER END"


def age(text: str, parsed: str, mapping: Mapping) -> Read:
    unknown = "(" + (", ".join(str(number) for number in mapping.ages.unknown) or "NULL") + ")"
    fault = (
        f"CASE WHEN {parsed} IS NULL THEN CASE WHEN lower({text}) NOT IN {sql.texts(mapping.unknown)} "
        f"THEN 'not_an_age' END WHEN {parsed} IN {unknown} THEN 'age_stands_for_unknown' "
        f"WHEN {parsed} < 0 THEN 'age_negative' WHEN {parsed} > {mapping.ages.oldest} THEN 'age_too_high' END"
    )
    return Read(parsed, fault)


def age_on(born: str, day: str) -> str:
    """
    Whole years from birth to `day`. Somebody born on 29 February is a year older on 1 March of a common year, as
    English law counts; the engine's own function would say 28 February.
    """
    birthday_to_come = f"(month({day}), day({day})) < (month({born}), day({born}))"
    return f"(year({day}) - year({born}) - ({birthday_to_come})::INTEGER)::INTEGER"


def category(text: str, variable: str, mapped: MappedColumn, column: Column, mapping: Mapping) -> Read:
    """One of a closed list where the column has one, else the source's words on one line."""
    if column.kind is Kind.FLAG:
        return _flag(text, mapped, mapping)
    ours = {**VOCABULARY.get(variable, {}), **{word.lower(): value for word, value in mapped.values.items()}}
    blank = "NULL" if mapped.when_blank is None else sql.text(mapped.when_blank)
    if column.categories or variable in VOCABULARY:
        value = f"CASE WHEN {text} IS NULL THEN {blank} ELSE {_looked_up(text, ours, 'NULL')} END"
        return Read(value, f"CASE WHEN {text} IS NOT NULL AND ({value}) IS NULL THEN 'unknown_value' END")
    one_line = (
        f"CASE WHEN regexp_matches({text}, '[\\x00-\\x1f\\x7f]|  ') "
        f"THEN trim(regexp_replace({text}, '[\\x00-\\x1f\\x7f ]+', ' ', 'g')) ELSE {text} END"
    )
    value = f"CASE WHEN {text} IS NULL THEN {blank} ELSE {_looked_up(text, ours, one_line)} END"
    return Read(value, f"CASE WHEN length({text}) > {LONGEST_CATEGORY} THEN 'too_long' END")


def _flag(text: str, mapped: MappedColumn, mapping: Mapping) -> Read:
    words = {
        **dict.fromkeys(mapping.unknown, NOT_RECORDED),
        **FLAG_WORDS,
        **{word.lower(): value for word, value in mapped.values.items()},
    }
    known = _looked_up(text, words, "NULL")
    blank = sql.text(mapped.when_blank or NOT_RECORDED)
    value = f"CASE WHEN {text} IS NULL THEN {blank} ELSE coalesce({known}, {sql.text(NOT_RECORDED)}) END"
    return Read(value, f"CASE WHEN {text} IS NOT NULL AND ({known}) IS NULL THEN 'unknown_value' END")


def _looked_up(text: str, words: dict[str, str], otherwise: str) -> str:
    if not words:
        return otherwise
    cases = " ".join(f"WHEN {sql.text(word)} THEN {sql.text(value)}" for word, value in words.items())
    return f"CASE lower({text}) {cases} ELSE {otherwise} END"


def text(raw: str) -> Read:
    """Free text as it was written."""
    return Read(f"replace({raw}, chr(0), '')", f"CASE WHEN length({raw}) > {LONGEST_TEXT} THEN 'too_long' END")


def reference(text: str) -> Read:
    bad = f"length({text}) > {LONGEST_REFERENCE} OR regexp_matches({text}, '[\\x00-\\x1f\\x7f]')"
    return Read(text, f"CASE WHEN {text} IS NULL THEN 'no_reference' WHEN {bad} THEN 'bad_reference' END")
