"""Describes a question in plain words, as the letter prints its search criteria."""

from __future__ import annotations

from nilreturn.offences import OffenceRef, expand, offence, offence_class
from nilreturn.periods import Period
from nilreturn.questions.ages import written_ages
from nilreturn.questions.columns import find, title, unknown_label
from nilreturn.questions.model import (
    CRIMES,
    RECORDS,
    VICTIMS,
    Breakdown,
    ByAge,
    ByColumn,
    ByDate,
    Question,
)
from nilreturn.questions.offence_selection import replaced_by
from nilreturn.schema import COLUMNS, OUTCOME, Extract, with_words

_COUNTED = {
    CRIMES: "Crimes",
    VICTIMS: "Victims of crimes; a crime may have several victims, or none on record",
    RECORDS: "Crime records that mention a keyword; a record may mention more than one",
}
_DATES = {
    "recorded_on": "recorded",
    "reported_on": "reported",
    "committed_from": "committed (first possible day)",
    "committed_to": "committed (last possible day)",
    "outcome_on": "given their outcome",
}


def describe(question: Question, extract: Extract | None = None) -> tuple[tuple[str, str], ...]:
    """
    What a question counts, in plain words.

    Parameters
    ----------
    question
        The question to describe.
    extract
        With it, the days that it covers are given where the question names none.

    Returns
    -------
    tuple of (str, str)
        Heading and text of each criterion, in the order to print them.
    """
    filters = question.filters
    lines = [("Counted", _COUNTED[question.unit])]
    period = filters.dates.period if filters.dates else None
    if filters.offences:
        lines.append(
            ("Offences", "; ".join(_offence(reading, period) for reading in filters.offences))
        )
    if filters.dates:
        dates = (
            f"{date_words(filters.dates.column)} from {filters.dates.period}, both days included"
        )
        lines.append(("Dates", dates[:1].upper() + dates[1:]))
    elif extract is not None and extract.selected_by:
        days = extract.coverage[extract.selected_by].period
        words = date_words(extract.selected_by)
        lines.append(
            ("Dates", f"No days were asked for; the records counted are those {words} from {days}")
        )
    lines.append(("Status of the record", _one_of("status", filters.status)))
    if filters.ages:
        lines.append(
            (
                "Age of the victim",
                f"{filters.ages.label} ({written_ages(filters.ages.ages)}); age known",
            )
        )
    lines += [
        (column_title(one_of.column), _one_of(one_of.column, one_of.values))
        for one_of in filters.one_of
    ]
    if question.breakdowns:
        lines.append(
            (
                "Broken down by",
                "; ".join(_breakdown(breakdown) for breakdown in question.breakdowns),
            )
        )
    if question.extreme:
        lines.append(("Sought", _extreme(question)))
    if question.mentions:
        lines.append(("Keywords", ", ".join(question.mentions)))
    return tuple(lines)


def column_title(name: str) -> str:
    """
    The heading of a column.

    Parameters
    ----------
    name
        Any name of the column: "online_flag", "crime.online_flag", or one of the source's own.

    Returns
    -------
    str
        Words with a capital letter.

    Examples
    --------
    >>> column_title("crime.online_flag")
    'Online flag'
    """
    known = find(name, COLUMNS)
    if known:
        return title(known)
    words = name.split(".", 1)[-1].replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def date_words(column: str) -> str:
    """
    What happened to a record on the day in the column: "recorded", "committed (first possible
    day)".
    """
    name = column.split(".", 1)[-1]
    return _DATES.get(name, name.replace("_", " "))


def breakdown_title(breakdown: Breakdown) -> str:
    """
    The heading of a breakdown.

    Parameters
    ----------
    breakdown
        By a column, by a date or by age.

    Returns
    -------
    str
        Like "Age", "Month recorded" or "Offence class and offence code".
    """
    if isinstance(breakdown, ByAge):
        return "Age"
    if isinstance(breakdown, ByColumn):
        titles = [column_title(level) for level in breakdown.levels]
        return " and ".join([titles[0], *(text[:1].lower() + text[1:] for text in titles[1:])])
    grains = " and ".join(grain.value.replace("_", " ") for grain in breakdown.grains)
    return f"{grains[:1].upper()}{grains[1:]} {date_words(breakdown.column)}"


def _breakdown(breakdown: Breakdown) -> str:
    words = breakdown_title(breakdown)
    words = words[:1].lower() + words[1:]
    if isinstance(breakdown, ByAge):
        return (
            f"age at the date of the offence "
            f"({', '.join(band.label for band in breakdown.bands)}, unknown)"
        )
    if isinstance(breakdown, ByDate):
        return words
    known = find(breakdown.levels[-1], COLUMNS)
    blank = unknown_label(known).lower() if known else "unknown"
    return f"{words} (with those {blank})"


def _offence(reading: OffenceRef, period: Period | None) -> str:
    if reading.kind == "code":
        told = f"{reading.code} {offence(reading.code).title}"
        earlier = replaced_by(reading, period) if period else ()
        return told + "".join(
            f", with {code} {offence(code).title}, which it replaced" for code in earlier
        )
    told = f"class {reading.code} {offence_class(reading.code).title}, as stored on the crime"
    if period is None:
        return told
    parts = [
        (part.period, part.codes) for part in expand(f"class {reading.code}", period) if part.codes
    ]
    if not parts:
        return told
    if len(parts) == 1 and parts[0][0] == period:
        return f"{told} (codes {', '.join(parts[0][1])})"
    spans = [f"codes {', '.join(codes)} from {span}" for span, codes in parts]
    return f"{told} ({'; '.join(spans)})"


def _extreme(question: Question) -> str:
    assert question.extreme is not None  # noqa: S101  # the caller has looked
    who = "youngest" if question.extreme.kind == "minimum" else "oldest"
    asked = " and ".join(["Age", *(column_title(name).lower() for name in question.extreme.also)])
    return f"{asked} of the {who} victim whose age is known"


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return " or ".join(map(with_words, values) if f"crime.{column}" == OUTCOME else values)
