"""How many examples a generated test tries; the profiles are in `tests/conftest.py`."""

from __future__ import annotations

from hypothesis import settings


def examples(full: int) -> int:
    """
    All of them under `./run test-all` and bare pytest; under `./run test` (the profile "quick") a
    quarter, and at least 25.
    """
    if settings.get_current_profile_name() == "quick":
        return min(full, max(25, full // 4))
    return full
