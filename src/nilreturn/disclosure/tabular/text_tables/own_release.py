"""
Our own release read as a reader has it: what the lines above a table say of its unit, its records
and its columns.

The words are those that a worksheet is written with (`release.workbook.content`,
`questions.describing`): the two packages are siblings, and a test holds them together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from nilreturn.ages import parse_ages
from nilreturn.disclosure.tabular.text_tables.description import (
    COLUMNS,
    Column,
    TableDescription,
    Told,
)
from nilreturn.errors import FileError
from nilreturn.periods import parse

MANIFEST, KIND = "manifest.json", "nilreturn release"
MENTIONS, MENTION_FORM = "crime.mentions", "crime.mention_form"
ANY_KEYWORD, NO_KEYWORD, SEARCHED, ANY_FORM = (
    "Any of these", "None of these", "Records searched", "Written in any form",
)  # fmt: skip
_ONE_TABLE = "This worksheet contains one table"
_UNIT = re.compile(r"Number of (.+)\. Answers question (.+)\.")
_TITLE = re.compile(r"Table [0-9]+: (.+)")
_DATES = re.compile(r"(.+?) from (.+), both days included")
_DATED = re.compile(r"(?:.* )?(recorded|reported|committed.*|given their outcome)", re.IGNORECASE)
_NO_RESTRICTION = (
    "Counted", "Broken down by", "Sought", "Keywords", "Source", "Notes that apply to this table",
    "How the table was made safe to publish",
)  # fmt: skip


def described_above(
    lines: Sequence[str], headings: Sequence[str], labels: Iterable[Sequence[str]]
) -> TableDescription | None:
    """
    What the lines above a table of ours say; None where they are another's. `labels` are the row
    labels by column.
    """
    unit = next((found for line in lines if (found := _UNIT.fullmatch(line))), None)
    if unit is None or not any(line.startswith(_ONE_TABLE) for line in lines):
        return None
    told = dict(line.split(": ", 1) for line in lines if ": " in line)
    by_column = list(labels)
    title = next((found[1] for line in lines if (found := _TITLE.fullmatch(line))), "")
    return TableDescription(
        title=title,
        unit=unit[1],
        source=told.get("Source", ""),
        restricted_to=_restrictions(told, headings, unit[2], by_column[0]),
        columns=_columns(
            told, headings, by_column, title, is_long=headings[-1].casefold() == unit[1].casefold()
        ),
    )


def label_columns(headings: Sequence[str], described: TableDescription) -> int:
    """
    How many columns of a table of ours hold labels: all but the last, or all that it is broken down
    by but one.
    """
    if headings[-1].casefold() == described.unit.casefold():
        return len(headings) - 1
    return max(1, sum(heading in described.columns for heading in headings))


def _restrictions(
    told: dict[str, str], headings: Sequence[str], question: str, keywords: Sequence[str]
) -> dict[str, Told]:
    restricted: dict[str, Told] = {}
    for heading, text in told.items():
        if heading in _NO_RESTRICTION or heading.startswith(("Table ", "[")):
            continue
        if heading == "Dates" and (found := _DATES.fullmatch(text)):
            restricted[_date_variable(found[1])] = _days(found[2])
        elif heading == "Age of the victim":
            restricted["age"] = [
                parse_ages(part) for part in re.sub(r".*\((.+)\).*", r"\1", text).split(", ")
            ]
        else:
            restricted[heading.casefold()] = list(text.split(" or "))
    if headings[0] == "Victim details" and len(restricted) > 3:
        # The crimes behind a question of victims: which of its restrictions hold for them is not
        # said.
        restricted["question"] = [question]
    if headings[0] == "Keyword":
        # The keywords are the rows, where the criteria do not list them.
        restricted[MENTIONS] = list(
            _keywords(told) or [label for label in keywords if label != ANY_KEYWORD]
        )
    return restricted


def _columns(
    told: dict[str, str],
    headings: Sequence[str],
    labels: list[Sequence[str]],
    title: str,
    *,
    is_long: bool,
) -> dict[str, Column]:
    """
    The columns of a table: one line a cell (`is_long`), or the last breakdown across the page.
    """
    if headings[0] == "Keyword":
        form = Column(variable=MENTION_FORM, total=ANY_FORM, qualifies=MENTIONS)
        across = headings[1] if is_long else COLUMNS
        return {
            "Keyword": Column(variable=MENTIONS, total=ANY_KEYWORD, overlapping=True),
            across: form,
        }
    if headings[0] == "Keywords":
        keywords = _keywords(told)
        if not keywords:
            return {"Keywords": Column(total=SEARCHED)}
        covers: dict[str, Told] = {ANY_KEYWORD: list(keywords)}
        return {
            "Keywords": Column(
                variable=MENTIONS, total=SEARCHED, covers=covers, none_of={NO_KEYWORD: keywords}
            )
        }
    if headings[0] == "Counted":
        return {"Counted": Column(total=title)}
    down = {
        heading: _column(heading, found)
        for heading, found in zip(headings[:-1], labels, strict=False)
    }
    broken = _broken_down_by(told, title)
    if is_long or len(broken) < 2:
        return down if is_long else dict(list(down.items())[:1])
    number = len(broken) - 1
    return {**dict(list(down.items())[:number]), COLUMNS: _column(broken[-1], headings[number:])}


def _broken_down_by(told: dict[str, str], title: str) -> list[str]:
    """
    What a table is broken down by, as its criteria say, or else its title ("Victims by age and
    sex").
    """
    if "Broken down by" in told:
        parts = [re.sub(r" \(.*", "", part) for part in told["Broken down by"].split("; ")]
    else:
        parts = re.split(r", | and ", title.partition(" by ")[2])
    return [re.sub(r"^age .*", "age", part) for part in parts]


def _column(name: str, labels: Sequence[str]) -> Column:
    """A column of days has them covered; any other is known by its name."""
    dated = _DATED.fullmatch(name)
    if dated is None:
        return Column(variable=name.casefold())
    covers: dict[str, Told] = {}
    for label in labels:
        days = _days(label)
        if isinstance(days, tuple):
            covers[label] = days
    parents = {label: parent for label in covers if (parent := _smallest_around(label, covers))}
    return Column(variable=_date_variable(dated[1]), covers=covers, parents=parents)


def _smallest_around(label: str, covers: dict[str, Told]) -> str:
    """The part of the calendar that another lies in."""
    first, last = covers[label]
    around = [
        (end.toordinal() - start.toordinal(), other)  # type: ignore[union-attr]
        for other, (start, end) in covers.items()
        if other != label and start <= first and last <= end and (start, end) != (first, last)  # type: ignore[operator]
    ]
    return min(around)[1] if around else ""


def _days(text: str) -> Told:
    """The days that words mean; the words themselves where they mean none ("Unknown")."""
    try:
        period = parse(re.sub(r" \(.*\)", "", text))
    except ValueError:
        return [text]
    return date.fromordinal(period.first_on.toordinal()), date.fromordinal(
        period.last_on.toordinal()
    )


def _date_variable(words: str) -> str:
    return f"crime.{words.casefold()}_on"


def _keywords(told: dict[str, str]) -> tuple[str, ...]:
    return tuple(told["Keywords"].split(", ")) if "Keywords" in told else ()


# Folders ------------------------------------------------------------------------------------------


def files_of(folder: Path) -> tuple[Path, ...]:
    """
    The files of tables in a folder: of a release of ours its workbook, or its CSV files where there
    is none; of another all CSV files and workbooks. Raises `FileError` where there are none.
    """
    found = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in (".csv", ".xlsx", ".ods")
    )
    if read_manifest(folder) is not None:
        for suffix in (".xlsx", ".ods"):
            if books := [path for path in found if path.suffix.lower() == suffix]:
                return tuple(books)
    if not found:
        raise FileError(f"{folder}: holds no table; name a folder with CSV, XLSX or ODS files")
    return tuple(found)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a release of ours; None where the folder has none."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and content.get("kind") == KIND else None


def lines_of_manifest(path: Path) -> tuple[str, ...]:
    """
    What the worksheet of a table says above it, for its CSV file in a release of ours, from the
    manifest.
    """
    manifest = read_manifest(path.parent)
    number = re.search(r"-table-([0-9]+)-", path.name)
    if manifest is None or number is None:
        return ()
    for question in manifest.get("questions", []):
        for table in question.get("tables", []):
            if str(table.get("number")) == number[1]:
                extract = manifest.get("extract", {})
                return (
                    f"Table {number[1]}: {table.get('title', '')}",
                    f"{_ONE_TABLE}.",
                    (
                        f"Number of {table.get('unit', '')}. Answers question "
                        f"{question.get('number', '')}."
                    ),
                    *(
                        f"{each['heading']}: {each['text']}"
                        for each in question.get("criteria", [])
                    ),
                    (
                        f"Source: {extract.get('system', '')}, records as they stood on "
                        f"{extract.get('as_at', '')}"
                    ),
                )
    return ()
