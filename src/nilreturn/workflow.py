"""The story, one function each: search, count, protect, compose, write. The command line and the web call these."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.errors import DisclosureError, QuestionError, ReleaseError, TableError
from nilreturn.extras import require
from nilreturn.progress import Progress, silent

if TYPE_CHECKING:
    import pyarrow as pa

    from nilreturn.disclosure import Policy, Protection, Register
    from nilreturn.disclosure.register import Entering
    from nilreturn.engines import Engine
    from nilreturn.narrative.searching import Searched
    from nilreturn.questions import Question, Questions
    from nilreturn.release import Answer
    from nilreturn.schema import Extract
    from nilreturn.tables import RawExtreme, RawTable

RELEASE = "release"
PUBLISHED = "published.json"


@dataclass(frozen=True, slots=True)
class Request:
    """
    What an answer is made from: files that people wrote, an extract, and how to count. `register` is the folder of
    earlier answers; `answered_on` overrules the request's own date of reply.
    """

    questions: Path
    extract: Path
    policy: Path
    authority: Path
    answered_on: date | None = None
    register: Path | None = None
    lexicon: Path | None = None
    decisions: Path | None = None
    engine: str = "duckdb"
    master: str | None = None
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """What the free text says: what was found, the file that engines count it from, and each keyword's entry."""

    found: Searched
    mentions: Path


@dataclass(frozen=True, slots=True)
class Counted:
    """
    The true figures of every question, and behind each count of mentions the records and the spellings found in them.
    None of it may be printed.
    """

    tables: tuple[RawTable, ...]
    extremes: tuple[RawExtreme, ...]
    records: Mapping[str, pa.Table] = field(default_factory=dict)
    forms: Mapping[str, pa.Table] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """
    Where everything lies: what to send, the force's own papers, and what later answers are checked against. `register`
    is the register of releases as the answer was compared with it, `entry` its own name in there.
    """

    release: Path
    internal: Path
    published: Path
    protection: Protection
    register: Register | None = None
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Origins:
    """
    What an answer was made from besides the records, for the force's own papers: its input files by what they are, the
    register's folder, and the references of the earlier releases in it (none without a key).
    """

    inputs: Mapping[str, Path] = field(default_factory=dict)
    register: Path | None = None
    earlier: Mapping[str, str] = field(default_factory=dict)


def answer(request: Request, to: Path, *, progress: Progress = silent) -> Answered:
    """
    Answer a request into the new folder `to`: `release/` to send, beside it the internal papers and the published
    tables for the register. Nothing is written before everything has been counted, protected and audited.

    A register is held from reading it until the answer is in it and has its folder: another answer waits, and is
    compared with this one. Killed at any moment this leaves nothing that counts as a release: see
    `disclosure.register.changing`.

    Raises the `UserError` of whichever part refuses.
    """
    from nilreturn.disclosure.register import entering
    from nilreturn.files import remove_abandoned

    _refuse_what_is_there(to)
    if request.register is None:
        remove_abandoned(to)
        return _answer(request, to, None, progress)
    if request.register.resolve() in (to.resolve(), *to.resolve().parents):
        raise ReleaseError(f"{to}: is inside the register of releases; name a folder elsewhere")
    with entering(request.register, progress=progress) as desk:
        _refuse_what_is_there(to)  # an answer that this one waited for may have made it
        remove_abandoned(to)  # after the register has settled what they were
        return _answer(request, to, desk, progress)


def _refuse_what_is_there(to: Path) -> None:
    if to.exists():
        raise ReleaseError(f"{to}: already there; an answer is never changed, so name another folder")


def _answer(request: Request, to: Path, desk: Entering | None, progress: Progress) -> Answered:
    from nilreturn.composing import claims_of, compose
    from nilreturn.disclosure import load_policy
    from nilreturn.engines import engine_named
    from nilreturn.lacking import care_of
    from nilreturn.questions import load_questions
    from nilreturn.release import check_claims, chosen_formats, load_authority, writable_formats
    from nilreturn.row_statements import known_zeros, lacking_statements, row_statements
    from nilreturn.sources import verify_extract

    formats = chosen_formats(request.formats or writable_formats())
    engine = engine_named(request.engine, master=request.master)
    policy, authority = load_policy(request.policy), load_authority(request.authority)
    key = policy.key() if policy.key_file is not None else None
    extract = verify_extract(request.extract, progress)
    questions = load_questions(request.questions, extract=extract)
    answered_on = _answered_on(questions, request)
    check_claims(claims_of(questions))
    known = desk.register.tables if desk else ()
    with tempfile.TemporaryDirectory(prefix="nilreturn-") as scratch:
        searched = search(extract, questions, request, Path(scratch), progress=progress)
        counted = count(engine, extract, questions, searched, progress=progress)
    care = care_of(counted.tables, policy)
    rows = (
        *row_statements(questions.questions, extract, counted.tables, known),
        *lacking_statements(questions.questions, extract, counted.tables, care, known),
    )
    zeros = known_zeros(questions.questions, extract, counted.tables)
    protection = protect(counted, policy, (*known, *zeros), rows=rows, progress=progress)
    origins = Origins(_inputs(request), request.register, _earlier(known, key, questions.reference))
    composed = compose(
        questions,
        extract,
        policy,
        authority,
        protection,
        searched.found if searched else None,
        answered_on,
        key=key,
        earlier=tuple(sorted(origins.earlier.values())),
    )
    report = _report(protection, extract, searched, key)
    return write(
        composed,
        extract,
        counted,
        protection,
        to,
        origins,
        report=report,
        formats=formats,
        desk=desk,
        progress=progress,
    )


def search(
    extract: Extract, questions: Questions, request: Request, scratch: Path, *, progress: Progress = silent
) -> Search | None:
    """
    The mentions of every keyword asked for, written into `scratch` for the engines; None where no question asks.

    The index is made at the first search of an extract and kept with it.
    """
    from nilreturn.narrative.decisions import read_decisions, verdicts
    from nilreturn.narrative.lexicon import load_lexicon
    from nilreturn.narrative.mentions import write_mentions
    from nilreturn.narrative.searching import search_keywords

    keywords = tuple(dict.fromkeys(keyword for question in questions.questions for keyword in question.mentions))
    if not keywords:
        return None
    require("text")
    lexicon = load_lexicon(request.lexicon)
    decided = read_decisions(request.decisions, lexicon, must_exist=True) if request.decisions else ()
    found = search_keywords(
        extract.crimes,
        extract.index,
        keywords,
        source=extract.manifest["files"][extract.crimes.name]["sha256"],
        lexicon=lexicon,
        verdicts=verdicts(decided),
        progress=progress,
    )
    mentions = scratch / "mentions.parquet"
    write_mentions(found.mentions, mentions)
    return Search(found, mentions)


def count(
    engine: Engine, extract: Extract, questions: Questions, searched: Search | None, *, progress: Progress = silent
) -> Counted:
    """Every table and extreme of every question, on the engine; nothing of it may be printed yet."""
    import pyarrow as pa

    from nilreturn.tables import RawTable

    mentions = searched.mentions if searched else None
    figures: list[RawTable | RawExtreme] = []
    records, forms = {}, {}
    for number, question in enumerate(questions.questions):
        progress("Counting", number, len(questions.questions))
        figures += engine.tabulate(extract, question, mentions=mentions)
        if question.mentions and mentions and searched:
            behind = engine.records_behind(extract, question, mentions=mentions)
            columns: list[Sequence[Any]] = list(zip(*behind, strict=True)) or [(), (), ()]
            types = (pa.string(), pa.string(), pa.bool_())
            arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
            table = pa.table(arrays, ["keyword", "crime_ref", "as_written"])
            records[records_name(question)] = table
            forms[records_name(question)] = _forms(question, table, searched)
    tables = tuple(figure for figure in figures if isinstance(figure, RawTable))
    extremes = tuple(figure for figure in figures if not isinstance(figure, RawTable))
    return Counted(tables, extremes, records, forms)


def protect(
    counted: Counted,
    policy: Policy,
    known: Sequence[Any],
    *,
    rows: Sequence[Any] = (),
    progress: Progress = silent,
) -> Protection:
    """
    All tables of the answer made safe together, beside what earlier answers printed and what the tables' `rows` tell by
    being there (`row_statements`); audited before it comes out.
    """
    from nilreturn.disclosure.proposals import protect_and_propose
    from nilreturn.disclosure.refusals import in_questions

    try:
        return protect_and_propose(
            counted.tables, policy, extremes=counted.extremes, statements=rows, known=known, progress=progress
        )
    except (DisclosureError, TableError) as refusal:
        raise in_questions(refusal, counted.tables, known) from refusal


def write(
    composed: Answer,
    extract: Extract,
    counted: Counted,
    protection: Protection,
    to: Path,
    origins: Origins,
    *,
    report: Mapping[str, Any],
    formats: Sequence[str] = (),
    desk: Entering | None = None,
    progress: Progress = silent,
) -> Answered:
    """
    The release, the internal papers and the published tables, in a new folder that appears whole or not at all. With a
    `desk` the answer is in that register by the time the folder appears.
    """
    from nilreturn.disclosure.register import entry_name, free_name
    from nilreturn.disclosure.register.tables import published_bytes
    from nilreturn.files import folder_beside
    from nilreturn.release import INTERNAL, InternalPapers, bindings, release, writable_formats, write_internal
    from nilreturn.sources import referrals

    doubts = referrals(extract)
    published = published_bytes([replace(table, release=composed.reference) for table in protection.published])
    register, entry = (desk.register, free_name(desk.register, entry_name(composed.reference))) if desk else (None, "")
    progress("Writing", 0, 1)
    with folder_beside(to) as part:
        manifest = release(composed, part / RELEASE, formats=formats or writable_formats())
        papers = InternalPapers(
            composed.reference,
            doubts,
            protection.certificate,
            report,
            counted.records,
            counted.forms,
            extract.manifest,
            bindings(
                composed,
                extract=extract,
                certificate=protection.certificate,
                inputs=origins.inputs,
                register=origins.register,
                earlier=origins.earlier,
                manifest=manifest,
            ),
            published_bytes(protection.known),
        )
        write_internal(part, papers)
        (part / PUBLISHED).write_bytes(published)
        if desk:
            desk.enter(entry, "answer", composed.answered_on, {PUBLISHED: published}, part=part, final=to)
    return Answered(to / RELEASE, to / INTERNAL, to / PUBLISHED, protection, register, entry)


def records_name(question: Question) -> str:
    """What the set of records behind a question's counts of mentions is called."""
    return f"q{question.number}"


def _inputs(request: Request) -> dict[str, Path]:
    """Each file that the figures depend on besides the extract and the register."""
    from nilreturn.disclosure.policy import policy_path
    from nilreturn.narrative.lexicon import SHIPPED

    files = {"questions": request.questions, "policy": policy_path(request.policy), "authority": request.authority}
    if request.lexicon and str(request.lexicon) not in SHIPPED:
        files["lexicon"] = request.lexicon
    if request.decisions:
        files["decisions"] = request.decisions
    return files


def _earlier(known: Sequence[Any], key: bytes | None, request: str) -> dict[str, str]:
    from nilreturn.disclosure.references import references_of_earlier

    return {} if key is None else references_of_earlier(known, key, request=request)


def _report(protection: Protection, extract: Extract, searched: Search | None, key: bytes | None) -> dict[str, Any]:
    """How the tables were made safe, with what else the force should know and no reply may say."""
    from nilreturn.keys import NO_KEY
    from nilreturn.wording import counted

    report = protection.report.as_json()
    notes = list(report["notes"])
    if key is None:
        notes.append(NO_KEY)
    if searched and searched.found.cut_at and not extract.manifest["free_text"]["characters"]:
        length = counted(searched.found.cut_at, "character")
        notes.append(
            f"many texts are exactly {length} long and none is longer, as if the report cut them off: if it does,"
            " say so in the mapping ('text_characters'), so that the letter tells it"
        )
    return {**report, "notes": notes}


def _answered_on(questions: Questions, request: Request) -> date:
    day = request.answered_on or questions.replied_on
    if day is None:
        raise QuestionError(
            f"{request.questions}: has no 'replied_on', the letter's date; add it, or give --answered-on. It is never "
            "today's by itself, so that a second run writes the same letter"
        )
    return day


def _forms(question: Question, behind: pa.Table, searched: Search) -> pa.Table:
    """Each keyword's spellings among the records counted, those in most records first: for the reviewer alone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = []
    for keyword in question.mentions:
        references = behind.filter(pc.equal(behind["keyword"], keyword))["crime_ref"]
        forms = searched.found.forms(keyword)
        forms = forms.filter(pc.is_in(forms["crime_ref"], value_set=references.combine_chunks()))
        records = forms.group_by("form").aggregate([("crime_ref", "count_distinct")])
        counts = zip(records["form"].to_pylist(), records["crime_ref_count_distinct"].to_pylist(), strict=True)
        found += [(keyword, *each) for each in sorted(counts, key=lambda each: (-each[1], each[0]))]
    columns = list(zip(*found, strict=True)) or [(), (), ()]
    types = (pa.string(), pa.string(), pa.int64())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return pa.table(arrays, ["keyword", "form", "records"])
