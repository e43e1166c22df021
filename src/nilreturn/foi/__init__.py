"""
The Freedom of Information Act 2000 as data and pure functions: on what ground a request may be
refused, and what a refusal must say.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.foi.exemptions import (
        COST_LIMIT_HOURS,
        Citation,
        Ground,
        Kind,
        Need,
        Standing,
        cite,
        cite_denial,
        grounds,
    )
    from nilreturn.foi.notice import (
        Estimate,
        Missing,
        PublicInterest,
        Refusal,
        missing,
        missing_rights,
        unclaimable,
    )

__all__ = [
    "COST_LIMIT_HOURS",
    "Citation",
    "Estimate",
    "Ground",
    "Kind",
    "Missing",
    "Need",
    "PublicInterest",
    "Refusal",
    "Standing",
    "cite",
    "cite_denial",
    "grounds",
    "missing",
    "missing_rights",
    "unclaimable",
]

open_door(__name__)
