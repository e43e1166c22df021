"""
The reference tables. They are read once, at their first use, with the standard library only.

Three published lists are kept apart, each with its own vintage: the Notifiable Offence List ("nol":
codes, classes, acts, dates), the Ministry of Justice's code table ("moj": further codes, some of
them repealed, without classes) and the classes that the Office for National Statistics used for
2017/18 ("ons": some of them expired, without codes). Their groupings differ, so a group is always
named with its list.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Source:
    """
    A published list.

    Attributes
    ----------
    key
        "nol", "moj" or "ons".
    name
        Its name.
    publisher
        Who publishes it.
    vintage
        Its edition, as printed.
    licence
        The licence that it is published under.
    address
        Where it was obtained: a web address.
    """

    key: str
    name: str
    publisher: str
    vintage: str
    licence: str
    address: str

    def __str__(self) -> str:
        return f"{self.name}, {self.publisher}, {self.vintage}"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One row of a list about a code.

    A code has several rows where several offences share it or where its class depends on the victim
    (26 codes). Where the list says nothing, a field is empty or None.

    Attributes
    ----------
    source
        The list.
    code
        The code in the form NNN/NN.
    class_code
        The class in which it is counted.
    title
        The offence's title.
    act
        The act of Parliament.
    section
        The section of the act.
    mode
        How it is tried: "I" on indictment only, "E" either way, "S" summarily.
    most_years
        The maximum sentence, as the list writes it.
    victim_or_state
        "V", "S" or "S/V".
    commenced_on
        The first day of the code.
    ceased_on
        The last day of the code.
    in_class_from
        The day on which the code came into the class.
    moved_from
        The class in which it was before.
    heading
        A heading, where the list gives no class.
    group
        A group, where the list gives no class.
    comment
        The list's own comment.
    is_generic
        Whether it is to be used only where the subcode cannot be determined.
    """

    source: Source
    code: str
    class_code: str
    title: str
    act: str = ""
    section: str = ""
    mode: str = ""  # I: indictable only, E: either way, S: summary
    most_years: str = ""
    victim_or_state: str = ""  # V, S or S/V
    commenced_on: date | None = None
    ceased_on: date | None = None
    in_class_from: date | None = None
    moved_from: str = ""
    heading: str = ""
    group: str = ""
    comment: str = ""
    is_generic: bool = False  # to be used only where the subcode cannot be determined

    @property
    def first_on(self) -> date | None:
        """
        The first day on which it may be counted in its class, or None where the day is not known.
        """
        known = [day for day in (self.commenced_on, self.in_class_from) if day]
        return max(known) if known else None


@dataclass(frozen=True, slots=True)
class Label:
    """
    A class as one list names and groups it.

    Attributes
    ----------
    source
        The list.
    class_code
        The class.
    title
        The class's title.
    group
        The group that the list puts it in.
    subgroup
        The subgroup; empty where there is none.
    is_expired
        Whether the list keeps it for outcomes of older crimes only.
    """

    source: Source
    class_code: str
    title: str
    group: str
    subgroup: str
    is_expired: bool  # kept by the list for outcomes of older crimes only


@dataclass(frozen=True, slots=True)
class Succession:
    """
    A repealed code and the code that took its place.

    Attributes
    ----------
    repealed
        The earlier code.
    ceased_on
        Its last day; the successor begins on the day after.
    successor
        The later code.
    note
        Why, in words.
    """

    repealed: str
    ceased_on: date
    successor: str
    note: str


@dataclass(frozen=True, slots=True)
class ClassHistory:
    """
    The days on which a class was in use.

    Attributes
    ----------
    class_code
        The class.
    first_on
        The first day; None where it is not known.
    last_on
        The last day; None where it is not known or has not come.
    successors
        The classes that took its place.
    source
        Where this is stated.
    """

    class_code: str
    first_on: date | None
    last_on: date | None
    successors: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Note:
    """
    What a reader of counts of a code or class must know.

    Attributes
    ----------
    subject
        The code or class.
    from_on
        The day from which it holds; None: always.
    text
        A sentence.
    """

    subject: str
    from_on: date | None
    text: str


class Table:
    """The lists, indexed by code and by class. `table()` reads them once."""

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The published lists, by key."""
        return {row["source"]: Source(*row.values()) for row in _rows("sources.csv")}

    @cached_property
    def entries(self) -> dict[str, tuple[Entry, ...]]:
        """By code, the rows about it; those of the Notifiable Offence List come first."""
        found: dict[str, list[Entry]] = {}
        for entry in (*self._notifiable(), *self._ministry()):
            found.setdefault(entry.code, []).append(entry)
        return {code: tuple(entries) for code, entries in found.items()}

    @cached_property
    def labels(self) -> dict[str, tuple[Label, ...]]:
        """
        By class, its title and group in each list; that of the Notifiable Offence List comes first.
        """
        found: dict[str, list[Label]] = {}
        for row in _rows("classes.csv"):
            names = (row["class"], row["title"], row["group"], row["subgroup"])
            found.setdefault(row["class"], []).append(
                Label(self.sources[row["source"]], *names, is_expired=row["expired"] == "1")
            )
        return {class_code: tuple(labels) for class_code, labels in found.items()}

    @cached_property
    def members(self) -> dict[str, tuple[Entry, ...]]:
        """
        By class, the entries that are or were counted in it. A code that has moved since is here
        until the day before.
        """
        found: dict[str, list[Entry]] = {}
        for entry in itertools.chain.from_iterable(self.entries.values()):
            if entry.class_code:
                found.setdefault(entry.class_code, []).append(entry)
            if entry.moved_from and entry.in_class_from:
                until = entry.in_class_from - timedelta(days=1)
                earlier = replace(
                    entry, class_code=entry.moved_from, ceased_on=until, in_class_from=None
                )
                found.setdefault(earlier.class_code, []).append(earlier)
        return {class_code: tuple(entries) for class_code, entries in found.items()}

    @cached_property
    def successions(self) -> tuple[Succession, ...]:
        """Every repealed code with its successor."""
        return tuple(
            Succession(
                row["repealed"], date.fromisoformat(row["ceased_on"]), row["successor"], row["note"]
            )
            for row in _rows("successions.csv")
        )

    @cached_property
    def histories(self) -> dict[str, ClassHistory]:
        """By class, the days on which it was in use, where something is known of them."""
        return {
            row["class"]: ClassHistory(
                row["class"],
                _day(row["first_on"]),
                _day(row["last_on"]),
                tuple(row["successors"].split()),
                row["source"],
            )
            for row in _rows("class_history.csv")
        }

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        return tuple(
            Note(row["subject"], _day(row["from"]), row["note"]) for row in _rows("notes.csv")
        )

    def notes_on(self, subject: str) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.subject == subject)

    def _notifiable(self) -> Iterator[Entry]:
        source, acts = self.sources["nol"], {row["act"]: row["name"] for row in _rows("acts.csv")}
        for row in _rows("nol.csv"):
            heading, group = self._headings.get(row["heading"], ("", ""))
            yield Entry(
                source,
                row["code"],
                row["class"],
                row["title"],
                acts.get(row["act"], ""),
                row["section"],
                row["mode"],
                row["most_years"],
                row["victim_or_state"],
                _day(row["commenced_on"]),
                _day(row["ceased_on"]),
                _day(row["in_class_from"]),
                row["moved_from"],
                heading,
                group,
                row["comment"],
            )

    def _ministry(self) -> Iterator[Entry]:
        ceased = {succession.repealed: succession.ceased_on for succession in self.successions}
        for row in _rows("moj.csv.gz"):
            heading, group = self._headings[row["heading"]]
            yield Entry(
                self.sources["moj"],
                row["code"],
                "",
                row["title"],
                ceased_on=ceased.get(row["code"]),
                heading=heading,
                group=group,
                is_generic=row["generic"] == "1",
            )

    @cached_property
    def _headings(self) -> dict[str, tuple[str, str]]:
        return {row["heading"]: (row["title"], row["group"]) for row in _rows("headings.csv")}


@lru_cache(maxsize=1)
def table() -> Table:
    """
    The reference tables.

    Returns
    -------
    Table
        The one instance of this process, read at the first call.

    Examples
    --------
    >>> table().entries["071/17"][0].class_code
    '88A'
    """
    return Table()


def _rows(name: str) -> Iterator[dict[str, str]]:
    stored = (files("nilreturn.offences") / "reference" / name).read_bytes()
    plain = gzip.decompress(stored) if name.endswith(".gz") else stored
    return csv.DictReader(io.StringIO(plain.decode(), newline=""))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
