"""
When codes and classes were in use. Before and after, no crime could be recorded under them.

The days come from the reference tables only. Where these give no day, a code or class is treated as
always in use, so that a cell is never called impossible without a source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nilreturn.offences.codes import OffenceRef
from nilreturn.offences.expansion import Offence
from nilreturn.offences.reference_lists import ClassHistory, table
from nilreturn.periods import Period


@dataclass(frozen=True, slots=True)
class InUse:
    """
    The days on which a code or class could be recorded.

    Attributes
    ----------
    first_on
        The first day; None where it is not known.
    last_on
        The last day; None where it is not known or has not come.
    """

    first_on: date | None = None
    last_on: date | None = None

    def meets(self, period: Period) -> bool:
        """
        Whether it was in use on at least one day of a period.

        Parameters
        ----------
        period
            The days asked about.

        Returns
        -------
        bool
            True also where the limiting day is not known.
        """
        begun = self.first_on is None or self.first_on <= period.last_on
        return begun and (self.last_on is None or self.last_on >= period.first_on)

    def spans(self, period: Period) -> bool:
        """
        Whether it was in use on every day of a period.

        Parameters
        ----------
        period
            The days asked about.

        Returns
        -------
        bool
            True also where the limiting day is not known.
        """
        begun = self.first_on is None or self.first_on <= period.first_on
        return begun and (self.last_on is None or self.last_on >= period.last_on)


def in_use(reading: OffenceRef) -> InUse:
    """
    The days on which a code or class was in use.

    Parameters
    ----------
    reading
        A code or class of the reference tables.

    Returns
    -------
    InUse
        Its first and last day, where they are known.

    Examples
    --------
    >>> in_use(OffenceRef("class", "28E"))
    InUse(first_on=datetime.date(2017, 4, 1), last_on=datetime.date(2023, 3, 31))
    """
    if reading.kind == "code":
        offence = Offence(reading.code, table().entries[reading.code])
        return InUse(offence.commenced_on, offence.ceased_on)
    known = history_of(reading.code)
    if known is not None:
        return InUse(known.first_on, known.last_on)
    begun = [entry.in_class_from for entry in table().members.get(reading.code, ())]
    return InUse(None if None in begun or not begun else min(day for day in begun if day))


def was_in_class(class_code: str, code: str, period: Period) -> bool:
    """
    Whether a code could be recorded in a class on at least one day of a period.

    Parameters
    ----------
    class_code
        A class of the reference tables.
    code
        A code in the form NNN/NN.
    period
        The days asked about.

    Returns
    -------
    bool
        True where no list has the pair but the class was in use.
    """
    if not in_use(OffenceRef("class", class_code)).meets(period):
        return False
    entries = [entry for entry in table().members.get(class_code, ()) if entry.code == code]
    return not entries or any(
        InUse(entry.first_on, entry.ceased_on).meets(period) for entry in entries
    )


def successors(reading: OffenceRef) -> tuple[OffenceRef, ...]:
    """
    The codes or classes that took the place of one.

    Parameters
    ----------
    reading
        A code or class of the reference tables.

    Returns
    -------
    tuple of OffenceRef
        Of the same kind; empty where it was not replaced.

    Examples
    --------
    >>> [str(reading) for reading in successors(OffenceRef("code", "008/71"))]
    ['code 088/15']
    """
    if reading.kind == "code":
        return tuple(
            OffenceRef("code", s.successor)
            for s in table().successions
            if s.repealed == reading.code
        )
    known = history_of(reading.code)
    return tuple(OffenceRef("class", name) for name in known.successors) if known else ()


def predecessors(reading: OffenceRef) -> tuple[OffenceRef, ...]:
    """
    The codes or classes whose place one took.

    Parameters
    ----------
    reading
        A code or class of the reference tables.

    Returns
    -------
    tuple of OffenceRef
        Of the same kind; empty where it replaced nothing.

    Examples
    --------
    >>> [str(reading) for reading in predecessors(OffenceRef("code", "088/15"))]
    ['code 008/71']
    """
    if reading.kind == "code":
        return tuple(
            OffenceRef("code", s.repealed)
            for s in table().successions
            if s.successor == reading.code
        )
    return tuple(
        OffenceRef("class", name)
        for name, known in table().histories.items()
        if reading.code in known.successors
    )


def history_of(class_code: str) -> ClassHistory | None:
    """The days and successors of a class, where they are known."""
    return table().histories.get(class_code)
