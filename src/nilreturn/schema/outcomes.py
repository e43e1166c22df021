"""The Home Office outcome types in words. Many records systems keep only their numbers."""

from __future__ import annotations

import csv
import functools
import io
import re
from importlib.resources import files

# The variable of a crime's outcome.
OUTCOME = "crime.outcome"
_CODE = re.compile(r"(?:outcome )?(?:type )?0*(?P<code>[0-9]{1,2}a?)", re.IGNORECASE)


@functools.cache
def outcome_types() -> dict[str, str]:
    """The words of each outcome type, by its code: "0" to "22", with "1A", "2A" and "3A"."""
    written = (files("nilreturn.schema") / "outcomes.csv").read_text(encoding="utf-8")
    return {row["code"]: row["words"] for row in csv.DictReader(io.StringIO(written, newline=""))}


def outcome_code(value: str) -> str | None:
    """
    The code of the outcome type that is written, or None where no type is.

    >>> outcome_code("Type 08"), outcome_code("1a"), outcome_code("Charged"), outcome_code("99")
    ('8', '1A', None, None)
    """
    found = _CODE.fullmatch(value.strip())
    code = found["code"].upper() if found else ""
    return code if code in outcome_types() else None


def with_words(value: str) -> str:
    """
    An outcome as it is printed.

    Parameters
    ----------
    value
        The outcome as the records have it.

    Returns
    -------
    str
        The value, followed by the type's words where it is only a code of the Home Office list.

    Examples
    --------
    >>> with_words("8"), with_words("Type 08"), with_words("Community resolution"), with_words("99")
    ('8: Community resolution', 'Type 08: Community resolution', 'Community resolution', '99')
    """
    code = outcome_code(value)
    return f"{value}: {outcome_types()[code]}" if code else value
