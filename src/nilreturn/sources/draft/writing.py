"""A proposal written as the TOML of a mapping, every doubt a comment that begins with CHECK."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nilreturn.errors import FileError
from nilreturn.periods import Grain
from nilreturn.schema import Kind
from nilreturn.sources.draft import toml
from nilreturn.sources.draft.columns import (
    ColumnLook,
    DateSettings,
    Place,
    date_settings,
    word_list,
)
from nilreturn.sources.draft.columns import header_words as words_of
from nilreturn.sources.draft.meanings import Meanings
from nilreturn.sources.draft.proposing import Proposal
from nilreturn.sources.mapping import MAPPABLE
from nilreturn.wording import counted

CHECK = "CHECK"
_RECORDED_DAY = "crime.recorded_on"
_ROWS = {"cell": "published count"}
_REFERENCES = {
    "crime": "crime_ref",
    "suspect": "crime_ref",
    "stop": "stop_ref",
    "incident": "incident_ref",
}
_PRECISIONS = {grain.value for grain in Grain}


@dataclass(frozen=True, slots=True)
class Draft:
    """
    The draft of a mapping.

    Attributes
    ----------
    text
        The mapping in TOML.
    doubts
        The number of doubts; each is a comment that begins with CHECK.
    """

    text: str
    doubts: int

    def save(self, to: Path) -> None:
        """
        Write the text to a new file that only its owner may read.

        Parameters
        ----------
        to
            The file to create.

        Raises
        ------
        FileError
            When the file exists or cannot be created.
        """
        try:
            handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise FileError(f"{to}: is there already; name another file") from None
        except OSError as error:
            raise FileError(
                f"{to}: cannot be written ({error.strerror}); name a file in a folder of yours"
            ) from None
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(self.text)


def write(name: str, source: str, proposal: Proposal, words: dict[str, Meanings]) -> Draft:
    """
    The text of a mapping called `name` for the file `source`. `words` are the meanings of the
    closed columns, for the whole file.
    """
    dates = date_settings({name: place.look for name, place in proposal.variables.items()})
    body = list(_body(name, proposal, dates, words))
    doubts = sum(line.startswith(f"# {CHECK}") for line in body)
    return Draft("\n".join([*_opening(source, doubts), *body]) + "\n", doubts)


def _opening(source: str, doubts: int) -> Iterator[str]:
    number = counted(doubts, "doubt")
    yield from toml.comment(
        f"Drafted from the headers and values of {source}. INTERNAL: it holds words and numbers of "
        f"records; keep it within the force. {number}: each is a comment that begins with {CHECK}. "
        "Settle them, then run 'nilreturn mapping check' with this file and the report."
    )


def _body(
    name: str, proposal: Proposal, dates: DateSettings, words: dict[str, Meanings]
) -> Iterator[str]:
    yield f"name = {toml.text(name)}"
    yield f"description = {toml.text(f'{name}, one row a {_ROWS.get(proposal.row, proposal.row)}')}"
    yield f'row = "{proposal.row}"'
    if not proposal.count:
        yield from _references(proposal)
    if turned := proposal.turned:
        yield (
            f"unpivot = {{ columns = {toml.text(turned.columns.pattern)}, as = "
            f"{toml.text(turned.name)} }}"
        )
        yield from _check(
            "columns named like parts of the calendar are turned into rows; check that all are "
            "counts"
        )
    for doubt in (*_missing(proposal), *dates.doubts):
        yield from _check(doubt)
    yield from _ignored(proposal)
    if place := proposal.count:
        yield from _cells(place, proposal)
    for variable, place in proposal.variables.items():
        yield ""
        yield from _column(variable, place, dates, words.get(variable))
    for own, place in proposal.own.items():
        yield ""
        yield from _own(own, place)
    yield from _settings(dates, proposal)


def _check(doubt: str) -> Iterator[str]:
    yield from toml.comment(f"{CHECK}: {doubt}")


def _references(proposal: Proposal) -> Iterator[str]:
    """The lines about rows without a reference, where there are such rows."""
    variable = f"{proposal.table}.{_REFERENCES[proposal.table]}"
    place = proposal.columns.get(variable)
    may_be_numbered = proposal.row in ("crime", "incident", "stop")
    if place is None:
        if may_be_numbered:
            yield 'reference = "row number"'
        then = "rows are named by their number" if may_be_numbered else "a mapping needs one"
        yield from _check(
            f"no column was recognised as the reference, so {then}; add [columns.'{variable}']"
        )
    elif may_be_numbered and place.look.rows_with_value < place.look.rows:
        yield 'reference = "row number"'
        yield from _check("some rows have no reference; they are named by their number, and kept")


def _missing(proposal: Proposal) -> Iterator[str]:
    """What most questions ask by and the file does not have, as far as its headers show."""
    if proposal.table == "crime":
        if _RECORDED_DAY not in proposal.columns:
            yield (
                "no column was recognised as the day a crime was recorded, by which most "
                "questions ask"
            )
        if not {"crime.offence_code", "crime.offence_class"} & set(proposal.columns):
            yield "no column was recognised as the Home Office offence code or class"
    elif (
        not any(MAPPABLE[variable].kind is Kind.DATE for variable in proposal.variables)
        and proposal.row != "suspect"
    ):
        yield "no column was recognised as the day of it, by which most questions ask"


def _ignored(proposal: Proposal) -> Iterator[str]:
    if not proposal.left:
        return
    yield ""
    yield from toml.comment(
        "Columns that are not imported, and why. Move one to [columns] or [own] to import it."
    )
    yield "ignore = ["
    for left in proposal.left:
        hint = f'; [own."{left.own}"] would import it' if left.own else ""
        yield f"    {toml.text(left.look.header)},  # {left.reason}{hint}"
    yield "]"


def _cells(place: Place, proposal: Proposal) -> Iterator[str]:
    unit = (
        "victims"
        if any(v.startswith("victim.") for v in (*proposal.columns, *proposal.own))
        else "crimes"
    )
    yield ""
    yield "[cells]"
    yield f"count_header = {toml.text(place.look.header)}"
    yield f'unit = "{unit}"'
    yield from _check(f"say whether the counts are of crimes or of victims; {unit} is a guess")
    looks = [place.look for place in proposal.own.values()] + [left.look for left in proposal.left]
    telling = [
        look
        for look in looks
        if set(words_of(look.header)) & word_list("tables", "words") and look.distinct > 1
    ]
    for look in telling:
        header, number = toml.text(look.header), counted(look.distinct, "value")
        yield from _check(
            f"{header} may tell several tables of the same records apart (it has {number}), which "
            f"would be added up: choose one with only = {{ {header} = ... }}"
        )
    if not telling:
        yield from _check(
            "a table of counts may hold totals beside their parts: choose rows with [only] where "
            "it does"
        )


def _column(
    variable: str, place: Place, dates: DateSettings, words: Meanings | None
) -> Iterator[str]:
    yield from toml.comment(MAPPABLE[variable].description)
    for doubt in place.doubts:
        yield from _check(doubt)
    yield f'[columns."{variable}"]'
    yield f"headers = [{toml.text(place.look.header)}]"
    if variable.partition(".")[2] in _REFERENCES.values() or variable == _RECORDED_DAY:
        yield "required = true"
    if MAPPABLE[variable].kind is Kind.DATE:
        yield from _precision(dates.precision.get(variable, "day"))
    if words:
        yield from _values(variable, place.look, words)


def _precision(precision: str) -> Iterator[str]:
    if precision == "day":
        return
    if precision in _PRECISIONS:
        yield f'precision = "{precision}"'
        return
    yield from _check(
        f"the values are of the precision '{precision.replace('_', ' ')}', which cannot be imported"
    )


def _values(variable: str, look: ColumnLook, words: Meanings) -> Iterator[str]:
    """
    The words and their meanings. A word whose meaning is not known is left out, and the import then
    stops at it.
    """
    ours = ", ".join(MAPPABLE[variable].categories)
    missing = look.rows - look.rows_with_value
    if variable == "crime.status" and missing:
        yield from _check(
            f"some rows have no status; say what that means: when_blank = one of {ours}"
        )
    if words.hidden:
        yield from _check(
            "it has words that are not like those of such a column; check that it is the right one"
        )
    if words.alone:
        yield from _check(
            f"words that stand in one row each, not shown: {words.alone:,}; see them in the report"
        )
    written = [word for word in words.words if not word.is_known or variable == "crime.status"]
    if not written:
        return
    for word in words.unclear:
        yield from _check(
            f"what does {toml.text(word.word)} mean ({counted(word.rows, 'row')})? {ours}"
        )
    yield f'[columns."{variable}".values]'
    for word in written:
        line = f"{toml.text(word.word)} = {toml.text(word.ours or '?')}"
        yield (
            f"{line}  # {counted(word.rows, 'row')}"
            if word.ours
            else f"# {line}  # {counted(word.rows, 'row')}"
        )


def _own(own: str, place: Place) -> Iterator[str]:
    for doubt in place.doubts:
        yield from _check(doubt)
    number = place.look.distinct
    yield from _check(
        f"its {counted(number, 'different value')} will be printed as row headings: check that "
        "none "
        "is a name, an address or a remark"
    )
    yield f'[own."{own}"]'
    yield f"headers = [{toml.text(place.look.header)}]"
    yield f"description = {toml.text(place.look.header)}"
    if set(words_of(place.look.header)) & word_list("personal", "words"):
        yield 'sensitivity = "personal"'


def _settings(dates: DateSettings, proposal: Proposal) -> Iterator[str]:
    if dates.formats or dates.defaults:
        yield ""
        yield from toml.comment(
            "How dates are written, tried in turn, and the days that stand for no date."
        )
        yield "[dates]"
        if dates.formats:
            yield f"formats = {toml.texts(dates.formats)}"
        if dates.defaults:
            yield f"defaults = {toml.texts(dates.defaults)}"
    if place := proposal.columns.get("victim.age"):
        unknown = _stand_for_unknown(place.look)
        if unknown:
            yield ""
            yield from _check(
                "numbers that no age has; keep those that the system writes for an unknown age"
            )
            yield "[ages]"
            yield f"unknown = [{', '.join(map(str, unknown))}]"


def _stand_for_unknown(look: ColumnLook) -> list[int]:
    """Numbers that cannot be an age and that several rows have."""
    found = {-1}
    for text, rows in look.texts.items():
        bare = text.removeprefix("-")
        if (
            rows > 1
            and bare.isascii()
            and bare.isdecimal()
            and len(bare) <= 4
            and not 0 <= int(text) <= 119
        ):
            found.add(int(text))
    return sorted(found) if found != {-1} else []
