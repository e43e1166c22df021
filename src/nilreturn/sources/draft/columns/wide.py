"""
Tables with a column for each month or year: found by their headers, and turned into rows as an
import would.
"""

from __future__ import annotations

import re
from collections import Counter

from nilreturn.sources.draft.columns.dates import form_of
from nilreturn.sources.mapping import Unpivot
from nilreturn.sources.reading import SourceRows

PERIOD, COUNT = "Period", "Count"
_FEWEST = 3  # columns of one form


def turned_columns(rows: SourceRows) -> Unpivot | None:
    """
    The columns whose headers are parts of the calendar, all written in one form; None where they
    are few.
    """
    forms = {header: form for header in map(str.strip, rows.headers) if (form := form_of(header))}
    if not forms:
        return None
    form, number = Counter(forms.values()).most_common(1)[0]
    taken = {header.strip().casefold() for header in rows.headers} & {
        PERIOD.casefold(),
        COUNT.casefold(),
    }
    if number < _FEWEST or form.precision == "day" or taken:
        return None
    patterns = dict.fromkeys(
        pattern_of(header) for header, of_header in forms.items() if of_header == form
    )
    return Unpivot(re.compile("|".join(patterns)), PERIOD, COUNT)


def pattern_of(header: str) -> str:
    """
    A regular expression that matches headers written like this one.

    >>> pattern_of("202101"), pattern_of("Jan-21")
    ('[0-9]{6}', '[A-Za-z]+-[0-9]{2}')
    """
    pieces = re.findall(r"[0-9]+|[A-Za-z]+|[^0-9A-Za-z]", header)
    return "".join(
        f"[0-9]{{{len(piece)}}}"
        if piece[0].isdigit()
        else "[A-Za-z]+"
        if piece[0].isalpha()
        else _escaped(piece)
        for piece in pieces
    )


def _escaped(piece: str) -> str:
    return piece if piece in "-/ _" else re.escape(piece)
