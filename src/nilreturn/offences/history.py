"""
When codes and classes were in use: before and after, no crime could be recorded under them.

Days come from the reference tables alone. Where these give no day, a code or class is taken to have
been in use always: that nothing can be there is never claimed without a source.
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
    The first and the last day on which a code or class could be recorded, None where none is known.
    """

    first_on: date | None = None
    last_on: date | None = None

    def meets(self, period: Period) -> bool:
        """Whether it was in use on any day of the period."""
        begun = self.first_on is None or self.first_on <= period.last_on
        return begun and (self.last_on is None or self.last_on >= period.first_on)

    def spans(self, period: Period) -> bool:
        """Whether it was in use on every day of the period."""
        begun = self.first_on is None or self.first_on <= period.first_on
        return begun and (self.last_on is None or self.last_on >= period.last_on)


def in_use(reading: OffenceRef) -> InUse:
    """
    The days on which the code or class was in use.

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
    Whether the code could be recorded in that class on a day of the period; of pairs that no list
    has, yes.
    """
    if not in_use(OffenceRef("class", class_code)).meets(period):
        return False
    entries = [entry for entry in table().members.get(class_code, ()) if entry.code == code]
    return not entries or any(
        InUse(entry.first_on, entry.ceased_on).meets(period) for entry in entries
    )


def successors(reading: OffenceRef) -> tuple[OffenceRef, ...]:
    """What took its place."""
    if reading.kind == "code":
        return tuple(
            OffenceRef("code", s.successor)
            for s in table().successions
            if s.repealed == reading.code
        )
    known = history_of(reading.code)
    return tuple(OffenceRef("class", name) for name in known.successors) if known else ()


def predecessors(reading: OffenceRef) -> tuple[OffenceRef, ...]:
    """What it took the place of."""
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
    """What is known of the class's first and last day."""
    return table().histories.get(class_code)
