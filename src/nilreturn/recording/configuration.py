"""
What a force settles about recording: the facts of which no published text could be read, as data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from nilreturn.authored import Mistakes, line_at, mistakes_of_model, parse_toml
from nilreturn.errors import RecordError

_WHAT = "recording configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """
    A force's own rules of recording.

    Attributes
    ----------
    hours_to_record
        Hours after the report within which a crime is recorded without a reason for being late.
    cancellation_codes
        By code, the reason for which a crime is cancelled or transferred, in words.
    cancellation_parts
        By code, the part that it requires besides those that every code requires.
    transfer_code
        The code that transfers a crime instead of cancelling it.
    registrar_classes
        The offence classes whose cancellation the registrar alone authorises.
    besides_principal
        The offence classes that are recorded besides the principal crime of an incident.
    """

    hours_to_record: int
    cancellation_codes: Mapping[str, str]
    cancellation_parts: Mapping[str, Literal["other reference", "further information"]]
    transfer_code: str
    registrar_classes: frozenset[str]
    besides_principal: frozenset[str]


@cache
def shipped_configuration() -> Configuration:
    """
    The configuration that comes with the software.

    Returns
    -------
    Configuration
        24 hours to record, codes C1 to C5, and the registrar alone for rape.
    """
    written = (files("nilreturn.recording") / "configuration.toml").read_text(encoding="utf-8")
    return read_configuration(written)


def read_configuration(text: str) -> Configuration:
    """
    Read a force's own configuration.

    Parameters
    ----------
    text
        TOML with every setting of the shipped configuration.

    Returns
    -------
    Configuration
        The configuration that the text gives.

    Raises
    ------
    RecordError
        When the text is not TOML, or a setting is missing, unknown or of the wrong kind. The
        details name the mistakes.
    """
    from pydantic import ValidationError

    values, lines = parse_toml(_WHAT, text, "configuration", RecordError)
    mistakes = Mistakes(_WHAT, RecordError)
    try:
        given = _file().model_validate(values)
    except ValidationError as error:
        mistakes_of_model(error.errors(), lines, _file(), mistakes)
    else:
        for field, what in _inconsistent(given):
            mistakes.add(line_at(lines, tuple(field.split("."))), what, field=field)
    mistakes.raise_if_any()
    return Configuration(
        hours_to_record=given.hours_to_record,
        cancellation_codes=given.cancellation_codes,
        cancellation_parts=given.cancellation_parts,
        transfer_code=given.authorisation.transfer_code,
        registrar_classes=frozenset(given.authorisation.registrar_classes),
        besides_principal=frozenset(given.counting.besides_principal),
    )


def _inconsistent(given: Any) -> Iterator[tuple[str, str]]:
    """The settings that name what there is not, and what is wrong with each."""
    from nilreturn.offences import table

    codes = given.cancellation_codes
    for code in given.cancellation_parts:
        if code not in codes:
            yield f"cancellation_parts.{code}", "no such code"
    if given.authorisation.transfer_code not in codes:
        yield "authorisation.transfer_code", "no such code"
    lists = {
        "authorisation.registrar_classes": given.authorisation.registrar_classes,
        "counting.besides_principal": given.counting.besides_principal,
    }
    for field, classes in lists.items():
        for each in classes:
            if each not in table().labels:
                yield field, f"{each!r} is no offence class"


@cache
def _file() -> Any:
    from pydantic import BaseModel, ConfigDict, Field

    class Strict(BaseModel):
        model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    class Authorisation(Strict):
        transfer_code: str
        registrar_classes: list[str]

    class Counting(Strict):
        besides_principal: list[str]

    class File(Strict):
        hours_to_record: Annotated[int, Field(ge=1, le=10_000)]
        cancellation_codes: Annotated[dict[str, str], Field(min_length=1)]
        cancellation_parts: dict[str, Literal["other reference", "further information"]]
        authorisation: Authorisation
        counting: Counting

    return File
