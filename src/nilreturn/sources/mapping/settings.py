"""What each setting of a mapping file means, for its reference page and its JSON Schema."""

from __future__ import annotations

from typing import Any

from nilreturn.periods import Grain
from nilreturn.sources.mapping.model import SourceMapping
from nilreturn.sources.mapping.variables import MAPPABLE, ROWS

_COLUMNS = "The columns that are read, by variable: [columns.'crime.recorded_on']"
_OWN = (
    "Columns that the source has and canonical records do not have, by a name of yours: "
    "[own.'crime.ward']"
)
_REPORT = {
    "row": "What a row is",
    "columns": _COLUMNS,
    "own": _OWN,
    "flags": "Flags that a crime may have several values of: [[flags]]",
    "constants": "The value of a variable that every record has and no column gives: crime.force",
    "ignore": "Headers of columns that are not imported",
    "only": "Keeps the rows that have these values, by header; the others are passed over",
    "leave_out": "Passes over the rows that have one of these values, by header",
    "reference": "'row number' where the source has no references: rows are numbered",
    "cells": "Of rows that are published counts: where the count is and of what",
    "keep": "Which rows of a crime are kept where several files have it: 'first', all of them "
    "together, or 'last'",
    "keep_by": "With keep = 'last': the column of days by which rows are later; else by the order "
    "of the files",
}
DESCRIPTIONS: dict[str, dict[str, str]] = {
    "Mapping": {
        **_REPORT,
        "name": "The mapping's name",
        "description": "What the records are, in one line",
        "system": "The records system, as a letter calls it",
        "text_characters": "Where the report cuts its free text off, in characters",
        "sheet": "The sheet, or the sheets, of a workbook that is read",
        "first_row": "The row that the table begins in, the first being 1, where it is not to be "
        "looked for",
        "column_names": "The columns, in order, of files that have no row of headers",
        "unpivot": "Columns that are values, such as one for each month, turned into rows",
        "reports": "Further reports of the same system, by a name of yours: [reports.suspects]",
        "blank": "Words that stand for no value, in any case",
        "unknown": "Words that state that a value is not known, in any case",
        "dates": "How dates are written",
        "ages": "How ages are written",
    },
    "Report": _REPORT,
    "MappedColumn": {
        "headers": "The names that the column may have; compared without case, spaces and "
        "punctuation",
        "combine": "Columns whose texts are read as one, with a space between: a year and a month",
        "otherwise": "Columns that are read in turn where the first is blank",
        "split": "The value is one part of the text",
        "required": "Whether a file without the column is refused",
        "values": "What the source's words mean, in any case: { live = 'Recorded' }",
        "when_blank": "The value where the column is blank",
        "precision": "Of a date: how exactly it is known",
    },
    "OwnColumn": {
        "description": "What it is, as tables and letters call it",
        "kind": "What its values are; only a category may head the rows of a table",
        "sensitivity": "Whether its values may be labels of a released table (open), counts "
        "(personal), or neither",
        "most_values": "The most different values that it may have and be open",
    },
    "Flag": {
        "flag": "The name of the flag",
        "separator": "What separates the values in one cell",
        "value": "The value that a cell says yes or no to",
    },
    "Split": {"at": "What separates the parts", "part": "Which part, the first being 1"},
    "UnpivotedColumns": {
        "columns": "A regular expression that the headers of these columns match as a whole",
        "as": "The header that the rows then have for them; their cells are under that of the "
        "count",
    },
    "Dates": {
        "formats": "How dates are written, tried in turn: %d/%m/%Y, or 'day number' as "
        "spreadsheets count days (44287)",
        "defaults": "Days that systems write where there is no date",
    },
    "Ages": {
        "unknown": "Numbers that stand for an unknown age",
        "oldest": "The highest age that is believed",
    },
    "Cells": {"count_header": "The header of the counts", "unit": "What is counted"},
}


def described_settings(model: str) -> dict[str, str]:
    """The settings of a part of a mapping file, with what each means."""
    inherited = DESCRIPTIONS["MappedColumn"] if model in ("OwnColumn", "Flag") else {}
    return {**inherited, **DESCRIPTIONS.get(model, {})}


def json_schema() -> dict[str, Any]:
    """
    The JSON Schema of a mapping file. It accepts every file that `read_mapping` reads; the reader
    also finds mistakes that a schema cannot express.
    """
    schema = SourceMapping.model_json_schema()
    parts = {"Mapping": schema, **schema["$defs"]}
    for name, part in parts.items():
        part.pop("description", None)
        for setting, field in part.get("properties", {}).items():
            field.pop("title", None)
            if words := described_settings(name).get(setting):
                field["description"] = words
        if "row" in part.get("properties", {}):
            part["properties"]["columns"]["propertyNames"] = {"enum": list(MAPPABLE)}
            part["properties"]["row"] |= {"enum": list(ROWS)}
    if "Grain" in parts:
        parts["Grain"]["enum"] = [grain.value for grain in Grain] + [
            grain.words for grain in Grain if grain.words != grain.value
        ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "A mapping",
    }
