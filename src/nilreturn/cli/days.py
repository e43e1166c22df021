"""Days as people type them."""

from __future__ import annotations

from datetime import date

from nilreturn.errors import UsageError


def day(text: str, option: str) -> date:
    """The day given with an option. Raises `UsageError` when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option}: '{text}' is not a day; write it like 2021-06-29") from None
