"""
A letter as neutral blocks. It is composed once and written in three formats, so that these never
differ. Each block makes its text printable, for all formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nilreturn.release.layout import Grid
from nilreturn.release.plain import printable


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. Level 1 is the letter's title; no level is skipped."""

    level: int
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines that belong together: an address."""

    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(map(printable, self.lines)))


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(map(printable, self.items)))


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of a term and its explanation."""

    pairs: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "pairs", tuple((printable(term), printable(text)) for term, text in self.pairs)
        )


@dataclass(frozen=True, slots=True)
class LetterTable:
    caption: str
    grid: Grid

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", printable(self.caption))


Block = Heading | Paragraph | Lines | Bullets | Terms | LetterTable


def figure(value: int | str) -> str:
    """
    A cell of a letter's table as text.

    >>> figure(12345), figure("[c]")
    ('12,345', '[c]')
    """
    return f"{value:,}" if isinstance(value, int) else value


def texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Every text of a letter in reading order: exactly what each format must contain."""
    for block in blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                yield text
            case Lines(lines=several) | Bullets(items=several):
                yield from several
            case Terms(pairs=pairs):
                for term, text in pairs:
                    yield f"{term}: {text}"
            case LetterTable(caption=caption, grid=grid):
                yield caption
                for row in (grid.headers, *grid.rows):
                    yield from map(figure, row)
