"""
Whether the texts of a column of the source's own may be printed as the labels of a table.

The rows of a released table are headed by a column's values. Names, addresses or remarks would be
printed there beside hidden counts. That cannot be recognised for certain, so a column is open only
where its texts look like categories, or where the mapping states that a person has looked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from nilreturn.errors import SourceError
from nilreturn.schema import Kind, Sensitivity
from nilreturn.sources.judging.columns import NOTHING, Column
from nilreturn.sources.judging.staging import Staging
from nilreturn.wording import counted

MOST_VALUES = 1000  # London has 680 wards; more is a list of streets or of people
RARE_SHARE = 0.2  # of the rows, in values that only one row has
FEWEST_ROWS = 10  # with fewer rows, a value in one row proves nothing

_STREET = (
    "street|road|lane|avenue|close|drive|way|court|crescent|grove|terrace|place|gardens|row|walk|hill|square|"
    "st|rd|ln|ave|cl|dr|ct"
)
_PATTERNS = {
    "addresses": re.compile(
        rf"(?i)\b(?:flat|apt|unit)\s*\d|\b\d{{1,4}}[a-d]?,?\s+(?:[a-z'.-]+\s+){{1,4}}(?:{_STREET})\b"
    ),
    "postcodes": re.compile(r"(?i)\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b"),
    "telephone numbers": re.compile(r"(?:\+44|\b0)[\d ]{9,12}\b"),
    "e-mail addresses": re.compile(r"[^\s@]@[^\s@]+\.[a-z]"),
    "names of people": re.compile(
        r"\b(?:Mr|Mrs|Ms|Miss|Dr|Master|PC|DC|PS|DS|Sgt)\.?\s+[A-Z]|"
        r"\b[A-Z]\.\s?(?:[A-Z]\.\s?)?[A-Z][a-z]+|^[A-Z][A-Z'-]+, [A-Z][a-z]+"
    ),
}


def doubt(texts: Mapping[str, int], most_values: int = MOST_VALUES) -> str | None:
    """
    Why the texts (each with its number of rows) do not look like categories, in words that follow
    "it"; None where they do. The words contain no text of the column.
    """
    rows = sum(texts.values())
    if len(texts) > most_values:
        return f"has {counted(len(texts), 'different value')}, more than {most_values:,}"
    for kind, pattern in _PATTERNS.items():
        if any(pattern.search(text) for text in texts):
            return f"has values that look like {kind}"
    rare = sum(1 for count in texts.values() if count == 1)
    if rows >= FEWEST_ROWS and rare > RARE_SHARE * rows:
        return f"has {counted(rare, 'value')} in one row only, of {counted(rows, 'row')}"
    return None


def sensitivities(
    staging: Staging, columns: Mapping[str, Column]
) -> tuple[dict[str, Sensitivity], tuple[str, ...]]:
    """
    The sensitivity of each column of the source's own, with a warning for each that does not look
    like categories and is therefore restricted.

    What the mapping states is kept, but an open column with too many values is a `SourceError`.
    """
    found: dict[str, Sensitivity] = {}
    warnings = []
    for variable, own in staging.mapping.own.items():
        if variable not in staging.present:
            continue
        found[variable] = Sensitivity(own.sensitivity or "open")
        if (
            staging.mapping.column(variable).kind is not Kind.CATEGORY
            or found[variable] is not Sensitivity.OPEN
        ):
            continue
        most = own.most_values or MOST_VALUES
        texts = _labels(columns[variable])
        why = doubt(texts, most)
        if own.sensitivity and len(texts) > most:
            raise SourceError(
                f"the column '{variable}' is open and {why}; set its sensitivity to 'restricted', "
                "or most_values to what its categories need"
            )
        if why and not own.sensitivity:
            found[variable] = Sensitivity.RESTRICTED
            warnings.append(
                f"the column '{variable}' {why}, so no question may print its values; where they "
                "are categories, say sensitivity = 'open' in the mapping"
            )
    return found, tuple(warnings)


def _labels(column: Column) -> dict[str, int]:
    """The values of records, with their numbers of rows."""
    labels = column.labels
    counted: Counter[str] = Counter()
    for value, rows in zip(column.values.tolist(), column.seen.tolist(), strict=True):
        if rows and value != NOTHING:
            counted[labels[value]] += rows
    return dict(counted)
