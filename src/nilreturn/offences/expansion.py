"""
Which codes count towards a class, or stand for an offence, on each day of a period.

The codes of a class change: 071/17 came into class 88A on 3 April 2017, and a repealed code has a
successor. A code whose first day is not in the reference tables is treated as always valid, and the
answer names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from nilreturn.errors import OffenceError
from nilreturn.offences.codes import normalise, readings
from nilreturn.offences.reference_lists import Entry, Label, Note, Succession, table
from nilreturn.periods import Period

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offence:
    """
    All that the lists state about one code.

    Attributes
    ----------
    code
        The code in the form NNN/NN.
    entries
        The rows of all lists about it; those of the Notifiable Offence List come first.
    """

    code: str
    entries: tuple[Entry, ...]

    @property
    def compact(self) -> str:
        """The five digits that the Ministry of Justice and some forces write."""
        return self.code.replace("/", "")

    @property
    def title(self) -> str:
        """
        The title in the first list. Where several offences share the code, `entries` has the other
        titles.
        """
        return next(entry.title or entry.heading for entry in self.entries)

    @property
    def classes(self) -> tuple[str, ...]:
        """
        The classes in which it may be counted. Which of them applies depends on the crime's own
        record, not on the code.
        """
        return tuple(dict.fromkeys(entry.class_code for entry in self.entries if entry.class_code))

    @property
    def victim_or_state(self) -> tuple[str, ...]:
        """
        Whether the offence is against a victim ("V"), the state ("S") or either ("S/V"), as the
        lists state it.
        """
        return tuple(
            dict.fromkeys(entry.victim_or_state for entry in self.entries if entry.victim_or_state)
        )

    @property
    def commenced_on(self) -> date | None:
        """Its first day, or None where no list states it."""
        return _first_day(
            self.entries, [entry.commenced_on for entry in self.entries if _tells_dates(entry)]
        )

    @property
    def ceased_on(self) -> date | None:
        """Its last day, or None while it is in force or where no list states it."""
        days = [entry.ceased_on for entry in self.entries if _tells_dates(entry)] or [
            self.entries[0].ceased_on
        ]
        return None if None in days else max(day for day in days if day)

    @property
    def successions(self) -> tuple[Succession, ...]:
        """The successions in which it was replaced or replaced another code."""
        return tuple(s for s in table().successions if self.code in (s.repealed, s.successor))

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader of counts of this code must know."""
        return table().notes_on(self.code)


@dataclass(frozen=True, slots=True)
class OffenceClass:
    """
    All that the lists state about one class.

    Attributes
    ----------
    code
        The class: "88A".
    labels
        Its title and group in each list.
    codes
        Every code that is or was counted in it.
    """

    code: str
    labels: tuple[Label, ...]
    codes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title in the first list."""
        return self.labels[0].title

    @property
    def is_expired(self) -> bool:
        """Whether every list that has the class keeps it for older crimes only."""
        return all(label.is_expired for label in self.labels)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader of counts of this class must know."""
        return table().notes_on(self.code)


@dataclass(frozen=True, slots=True)
class Expansion:
    """
    The codes that are valid throughout a period.

    Attributes
    ----------
    period
        The days, both ends included.
    codes
        The codes valid on all of these days, in order.
    undated
        Those of the codes whose first day is not known; they are treated as always valid.
    predecessors
        Repealed codes in force on these days whose successor comes into the class later. Their
        class is not in the reference tables, so they are counted only where a question asks for
        them by code.
    """

    period: Period
    codes: tuple[str, ...]
    undated: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()


def offence(code: str) -> Offence:
    """
    The offence that a code names.

    Parameters
    ----------
    code
        The code in any usual spelling.

    Returns
    -------
    Offence
        What the lists state about it.

    Raises
    ------
    OffenceError
        When the text does not name a code, or may be a class.

    Examples
    --------
    >>> offence("7117").code
    '071/17'
    """
    reading = normalise(code)
    if reading.kind != "code":
        raise OffenceError(
            f"'{reading.code}' is an offence class; write one of its codes, such as "
            f"{_examples(reading.code)}"
        )
    return Offence(reading.code, table().entries[reading.code])


def offence_class(class_code: str) -> OffenceClass:
    """
    The class that a text names.

    A text that is exactly a class always means the class: "4/10" is class 4/10 here, and not code
    004/10.

    Parameters
    ----------
    class_code
        The class in any usual spelling.

    Returns
    -------
    OffenceClass
        What the lists state about it.

    Raises
    ------
    OffenceError
        When the text does not name a class.

    Examples
    --------
    >>> offence_class("class 88a").codes
    ('071/17', '088/01', '088/02')
    """
    meant = next((reading for reading in readings(class_code) if reading.kind == "class"), None)
    if meant is None:
        reading = normalise(class_code)
        classes = " or ".join(
            f"'{name}'" for name in Offence(reading.code, table().entries[reading.code]).classes
        )
        raise OffenceError(
            f"'{reading.code}' is an offence code; its class is "
            f"{classes or 'not in the reference tables'}"
        )
    members = table().members.get(meant.code, ())
    return OffenceClass(
        meant.code,
        table().labels[meant.code],
        tuple(dict.fromkeys(entry.code for entry in members)),
    )


def expand(class_code: str, period: Period) -> tuple[Expansion, ...]:
    """
    The codes that count towards a class in each part of a period; of a code, that code and the
    repealed code that it replaced.

    Parameters
    ----------
    class_code
        A class or a code. A text that may be a class means the class, as in `offence_class`; a code
        in its full form (004/10) is always the code.
    period
        The days asked about.

    Returns
    -------
    tuple of Expansion
        Parts in order that together are the period; another part begins where the codes change. A
        class that the lists name without codes has parts without codes.

    Raises
    ------
    OffenceError
        When the text is unknown.

    Examples
    --------
    >>> from nilreturn.periods import calendar_year
    >>> [(str(part.period), part.codes) for part in expand("88A", calendar_year(2017))]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('1 January 2017 to 2 April 2017', ('088/01', '088/02')),
     ('3 April 2017 to 31 December 2017', ('071/17', '088/01', '088/02'))]
    """
    for reading in readings(class_code):  # a class comes first
        if reading.kind == "class":
            return _expand_class(table().members.get(reading.code, ()), period)
    return _expand_code(normalise(class_code).code, period)


def _expand_class(members: tuple[Entry, ...], period: Period) -> tuple[Expansion, ...]:
    by_code: dict[str, list[Entry]] = {}
    for entry in members:
        by_code.setdefault(entry.code, []).append(entry)
    replaced = {s.successor: s for s in table().successions if s.successor in by_code}
    changes = {
        day for entry in members for day in (entry.first_on, _day_after(entry.ceased_on)) if day
    }
    changes |= {s.ceased_on + _ONE_DAY for s in replaced.values()}
    found = []
    for part in period.split_at(*changes):
        valid = {
            code: rows
            for code, rows in by_code.items()
            if any(_in_force(row, part.first_on) for row in rows)
        }
        undated = tuple(
            code
            for code, rows in valid.items()
            if _first_day(tuple(rows), [r.first_on for r in rows]) is None
        )
        before = tuple(
            s.repealed
            for code, s in replaced.items()
            if code not in valid and part.last_on <= s.ceased_on
        )
        found.append(Expansion(part, tuple(sorted(valid)), undated, before))
    return _joined(found)


def _expand_code(code: str, period: Period) -> tuple[Expansion, ...]:
    chain = [s for s in table().successions if code == s.successor]
    subject = Offence(code, table().entries[code])
    changes = [
        subject.commenced_on,
        _day_after(subject.ceased_on),
        *(_day_after(s.ceased_on) for s in chain),
    ]
    found = []
    for part in period.split_at(*(day for day in changes if day)):
        codes = tuple(s.repealed for s in chain if part.last_on <= s.ceased_on)
        if subject.commenced_on is None or part.first_on >= subject.commenced_on:
            ceased_on = subject.ceased_on
            codes = (code,) if ceased_on is None or part.last_on <= ceased_on else codes
        undated = tuple(c for c in codes if Offence(c, table().entries[c]).commenced_on is None)
        found.append(Expansion(part, codes, undated))
    return _joined(found)


def _joined(parts: list[Expansion]) -> tuple[Expansion, ...]:
    """Join neighbouring parts that have the same codes."""
    kept: list[Expansion] = []
    for part in parts:
        last = kept[-1] if kept else None
        if last and (last.codes, last.undated, last.predecessors) == (
            part.codes,
            part.undated,
            part.predecessors,
        ):
            kept[-1] = Expansion(Period(last.period.first_on, part.period.last_on), *_rest(part))
        else:
            kept.append(part)
    return tuple(kept)


def _rest(part: Expansion) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return part.codes, part.undated, part.predecessors


def _in_force(entry: Entry, day: date) -> bool:
    return (entry.first_on is None or entry.first_on <= day) and (
        entry.ceased_on is None or day <= entry.ceased_on
    )


def _first_day(entries: tuple[Entry, ...], days: list[date | None]) -> date | None:
    """The earliest of `days`; None when a row has no day, since the code is then not limited."""
    return None if None in days or not days or not entries else min(day for day in days if day)


def _tells_dates(entry: Entry) -> bool:
    """Whether the entry's list gives commencement dates: the Ministry's does not."""
    return bool(entry.class_code or entry.act)


def _day_after(day: date | None) -> date | None:
    return day + _ONE_DAY if day else None


def _examples(class_code: str) -> str:
    codes = dict.fromkeys(entry.code for entry in table().members.get(class_code, ()))
    return (
        " or ".join(f"'{code}'" for code in list(codes)[:3])
        or "none: the reference tables have none of its codes"
    )
