"""The fixed words of a reply, found by key and filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Wording:
    """
    The fixed words of a reply.

    Attributes
    ----------
    sentences
        By key ("letter.opening.received"), a sentence with places like {reference}.
    paragraphs
        By key ("rights.review"), several sentences or lines.
    templates
        By file name ("letter.typ"), the layout of the letter.
    """

    sentences: dict[str, str] = field(hash=False, repr=False)
    paragraphs: dict[str, tuple[str, ...]] = field(hash=False, repr=False)
    templates: dict[str, str] = field(hash=False, repr=False)

    def say(self, key: str, **places: object) -> str:
        """
        The sentence of the letter with its places filled in; "opening.title" is in `letter.toml`.
        """
        return self.of(f"letter.{key}", **places)

    def of(self, key: str, **places: object) -> str:
        """The sentence of any file with its places filled in: "workbook.cover.about"."""
        return self.sentences[key].format(**places)

    def listed(self, words: Iterable[str]) -> str:
        """Words in a row: "1, 2 and 4"."""
        *first, last = [*words] or [""]
        return f"{', '.join(first)}{self.sentences['letter.list.and']}{last}" if first else last

    def day(self, day: date) -> str:
        """A day in words."""
        month = self.paragraphs["letter.date.months"][day.month - 1]
        return self.say("date.day", day=day.day, month=month, year=day.year)
