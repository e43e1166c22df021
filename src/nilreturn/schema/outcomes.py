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
    found = _CODE.fullmatch(value.strip())
    words = outcome_types().get(found["code"].upper()) if found else None
    return f"{value}: {words}" if words else value
