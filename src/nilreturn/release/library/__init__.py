"""
What a reply says beside its figures, chosen by what it holds: caveats, exemptions, decisions, and
the marks that stand for a figure.
"""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.release.library.caveats import Caveat, applies, caveats_of, said
    from nilreturn.release.library.decisions import decision, decisions_of
    from nilreturn.release.library.exemptions import (
        Engaged,
        check_claims,
        engaged,
        engaged_by,
        named,
    )
    from nilreturn.release.library.symbols import (
        CONFIDENTIAL,
        NOT_APPLICABLE,
        NOT_AVAILABLE,
        legends,
        printed_cell,
    )

__all__ = [
    "CONFIDENTIAL",
    "NOT_APPLICABLE",
    "NOT_AVAILABLE",
    "Caveat",
    "Engaged",
    "applies",
    "caveats_of",
    "check_claims",
    "decision",
    "decisions_of",
    "engaged",
    "engaged_by",
    "legends",
    "named",
    "printed_cell",
    "said",
]

open_door(__name__)
