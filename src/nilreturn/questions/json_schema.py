"""The JSON Schema of a question file: what an editor checks while one is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nilreturn.periods import BREAKDOWN_GRAINS
from nilreturn.questions import keys


def json_schema() -> dict[str, Any]:
    """
    The JSON Schema of a file of questions.

    It accepts every file that `load_questions` reads. The reader also finds mistakes that a schema
    cannot express: unknown offences, impossible days, bands with gaps, columns that the extract
    does not have.

    Returns
    -------
    dict
        A schema of draft 2020-12, ready for `json.dumps`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A request's questions",
        **_mapping(keys.FILE),
        "$defs": {
            "question": _mapping(keys.QUESTION)
            | {"oneOf": [{"required": ["unit"]}, {"required": ["answer"]}]},
            "filters": _mapping(keys.FILTERS) | {"additionalProperties": keys.SCALARS},
            "breakdown": {"anyOf": [{"type": "string", "minLength": 1}, _breakdown()]},
        },
    }


def _mapping(listed: Sequence[keys.Key]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key.name: {**key.schema, "description": key.meaning} for key in listed},
        "required": [key.name for key in listed if key.is_required],
        "additionalProperties": False,
    }


def _breakdown() -> dict[str, Any]:
    grain = "(" + "|".join(grain.value for grain in BREAKDOWN_GRAINS) + ")"
    return {
        "type": "object",
        "properties": {"age": keys.SCALARS},
        "patternProperties": {f"^{grain}( *> *{grain})*$": {"type": "string"}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
