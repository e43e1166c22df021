"""
What the steps of an answer take and give: objects, none of them a path that a step would read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from nilreturn.disclosure import Policy, Protection, Register
    from nilreturn.engines import Engine
    from nilreturn.narrative import KeywordSearch
    from nilreturn.narrative.lexicon import Lexicon
    from nilreturn.narrative.review import Decision
    from nilreturn.questions import Questions
    from nilreturn.release import Answer, Authority, Wording
    from nilreturn.schema import Extract
    from nilreturn.tables import RawExtreme, RawTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """
    What an answer is made from. `answered_on` is the letter's date: given, never the clock's.
    `decisions` are those on spellings; `wording` are the force's own words, None for those shipped.
    `formats` are the files of the release, all of them where none is named. `files` names what the
    objects were read from, for the force's own papers: by what each is, its name and its SHA-256.
    """

    questions: Questions
    extract: Extract
    policy: Policy
    authority: Authority
    answered_on: date
    engine: Engine
    lexicon: Lexicon | None = None
    decisions: tuple[Decision, ...] = ()
    formats: tuple[str, ...] = ()
    wording: Wording | None = None
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextSearch:
    """What the free text says: what was found, and the Parquet file that engines count it from."""

    found: KeywordSearch
    mentions: Path


@dataclass(frozen=True, slots=True)
class Counted:
    """
    The true figures of every question, and behind each count of mentions the records and the
    spellings found in them. None of it may be printed.
    """

    tables: tuple[RawTable, ...]
    extremes: tuple[RawExtreme, ...]
    records: Mapping[str, pa.Table] = field(default_factory=dict, repr=False)
    forms: Mapping[str, pa.Table] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        """Names alone: the counts are not for a log."""
        return f"Counted({', '.join(table.name for table in self.tables)})"


@dataclass(frozen=True, slots=True)
class Prepared:
    """
    An answer that is counted, protected and composed, and not written: its figures, the proof, and
    what the letter and the workbook will say. `earlier` has the references of the earlier releases
    that it was checked against.
    """

    inputs: Inputs
    counted: Counted
    protection: Protection
    composed: Answer
    report: Mapping[str, object] = field(repr=False)
    earlier: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """
    Where everything lies: what to send, the force's own papers, and what later answers are checked
    against. `register` is the register of releases as the answer was compared with it, `entry` its
    own name in there.
    """

    release: Path
    internal: Path
    published: Path
    protection: Protection
    register: Register | None = None
    entry: str = ""
