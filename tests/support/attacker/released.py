"""
A release folder as its reader has it: figures and marks of the tables, the letter's words, the
manifest.

The reader knows what they asked, so the meaning of a table comes from the question; every figure
comes from the files.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np

from nilreturn.disclosure import PublishedTable
from nilreturn.tables import RawTable
from tests.support.asked import Asked, Crime, victim_details
from tests.support.attacker.verdicts import NO_CEILING, Attack, Leak, beyond, with_everything_hidden

HIDDEN = "[c]"
HASH = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Released:
    """
    The tables by name, each with its figure (None: hidden) by labels; the letter's words; the
    manifest.
    """

    folder: Path
    tables: dict[str, dict[tuple[str, ...], int | None]]
    letter: str
    manifest: dict[str, Any]


def read(folder: Path) -> Released:
    """What is in a release folder."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    names = {table["number"]: table["name"] for q in manifest["questions"] for table in q["tables"]}
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        number = re.search(r"-table-([0-9]+)-", path.name)
        assert number, f"{path.name} has no number"
        tables[names[int(number[1])]] = _table(path)
    assert set(tables) == set(names.values())
    (letter,) = folder.glob("*.html")
    return Released(folder, tables, words_of(letter), manifest)


def _table(path: Path) -> dict[tuple[str, ...], int | None]:
    with path.open(newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.reader(lines))[1:]
    return {tuple(row[:-1]): None if row[-1] == HIDDEN else int(row[-1]) for row in rows}


def words_of(letter: Path) -> str:
    """The words of a letter in HTML, a line for each piece of text."""
    text = re.sub(
        r"<(style|script).*?</\1>", "", letter.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    lines = (line.strip() for line in unescape(re.sub(r"<[^>]+>", "\n", text)).splitlines())
    return "\n".join(line for line in lines if line)


def figures_of_workbook(path: Path) -> set[int]:
    """Every number in the cells of a workbook (XLSX)."""
    found = set()
    with ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                for cell in ElementTree.fromstring(book.read(name)).iter():
                    value = cell.find("{*}v") if cell.tag.endswith("}c") else None
                    if value is not None and cell.get("t", "n") == "n" and value.text:
                        found.add(int(float(value.text)))
    return found


def told_tables(
    released: Released, asked: Sequence[Asked], crimes: Sequence[Crime]
) -> tuple[list[PublishedTable], list[RawTable]]:
    """
    What the release tells of each table asked for; and the true tables, to see afterwards what is
    small.
    """
    raw = [table for question in asked for table in question.tables(crimes)]
    raw += [victim_details(question, crimes) for question in asked if question.unit == "victims"]
    raw = [replace(table, name=table.name) for table in raw if table.name in released.tables]
    assert {table.name for table in raw} == set(released.tables), (
        "a table that this reader does not know"
    )
    return [_told(table, released.tables[table.name]) for table in raw], raw


def _told(table: RawTable, printed: dict[tuple[str, ...], int | None]) -> PublishedTable:
    low, high = (
        np.zeros(table.counts.shape, dtype=np.int64),
        np.full(table.counts.shape, NO_CEILING),
    )
    hidden = np.zeros(table.counts.shape, dtype=bool)
    figures = (
        [printed[labels] for labels, _ in table.cells()]
        if table.dimensions
        else [*printed.values()]
    )
    assert len(figures) == len(printed), f"{table.name}: other rows than asked for"
    for place, figure in zip(np.ndindex(table.counts.shape), figures, strict=True):
        low[place] = 1 if figure is None else figure
        high[place] = NO_CEILING if figure is None else figure
        hidden[place] = figure is None
    return PublishedTable(
        table.name, table.name, table.population, table.dimensions, low, high, hidden
    )


def attack_releases(
    releases: Sequence[tuple[Released, Sequence[Asked]]], crimes: Sequence[Crime], *, threshold: int
) -> list[Leak]:
    """
    What a reader of these releases, in this order, learns that hiding everything of the last would
    have kept.
    """
    listed = [told_tables(released, asked, crimes) for released, asked in releases]
    (last, last_raw), before = listed[-1], listed[:-1]
    known = [table for told, _ in before for table in told]
    known_raw = [table for _, raw in before for table in raw]
    found = Attack(last, last_raw, known=known, known_raw=known_raw).leaks(threshold)
    everything = with_everything_hidden(last, last_raw)
    least = Attack(everything, last_raw, known=known, known_raw=known_raw).leaks(threshold)
    return beyond(found, least) + [
        leak for leak in least if leak.kind == "exact" and 1 <= leak.count < threshold
    ]
