"""What the steps of an answer take and give: objects, not paths that a step would read."""

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
    What an answer is made from.

    Attributes
    ----------
    questions
        The request.
    extract
        The records to count.
    policy
        The disclosure policy.
    authority
        Who answers.
    answered_on
        The letter's date. It is given and never read from the clock.
    engine
        What counts.
    lexicon
        What is searched for in free text; None: the lexicon of platforms that comes with the
        software.
    decisions
        Reviewers' decisions on spellings.
    formats
        The files of the release, by name; empty: all that can be written.
    files
        (file name, SHA-256 in hex) of each file that the objects were read from, by what it is, for
        the force's own papers.
    wording
        The force's own words; None: those that come with the software.
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
    """
    The result of a search of the free text.

    Attributes
    ----------
    found
        What was found.
    mentions
        The Parquet file that engines count it from.
    """

    found: KeywordSearch
    mentions: Path


@dataclass(frozen=True, slots=True)
class Counted:
    """
    The true figures of every question. None of it may be printed.

    Attributes
    ----------
    tables
        True counts of each table.
    extremes
        The true youngest or oldest victim of each question that asks for one.
    records
        By name ("q4"), the records behind each count of mentions: columns `keyword`, `crime_ref`
        and `as_written`.
    forms
        By name ("q4"), the spellings among those records: columns `keyword`, `form` and `records`
        (a count).
    """

    tables: tuple[RawTable, ...]
    extremes: tuple[RawExtreme, ...]
    records: Mapping[str, pa.Table] = field(default_factory=dict, repr=False)
    forms: Mapping[str, pa.Table] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        """Only the names of the tables: counts do not belong in a log."""
        return f"Counted({', '.join(table.name for table in self.tables)})"


@dataclass(frozen=True, slots=True)
class Prepared:
    """
    An answer that is counted, protected and composed, but not written.

    Attributes
    ----------
    inputs
        What it was made from.
    counted
        The true figures.
    protection
        The safe tables and the certificate.
    composed
        What the letter and the workbook will state.
    report
        How the tables were made safe, as plain JSON values, for the force's own papers.
    earlier
        By name, the references of the earlier releases that it was checked against.
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
    Where the files of a written answer are.

    Attributes
    ----------
    release
        The folder to send.
    internal
        The folder of the force's own papers.
    published
        The published tables, which later answers are checked against.
    protection
        The safe tables and the certificate.
    register
        The register as the answer was compared with it; None: there is no register.
    entry
        The answer's name in the register; empty without one.
    """

    release: Path
    internal: Path
    published: Path
    protection: Protection
    register: Register | None = None
    entry: str = ""
