"""The story, one function each: search, count, protect, compose, write. The command line and the web call these."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nilreturn
from nilreturn.errors import QuestionError, ReleaseError
from nilreturn.progress import Progress, silent

if TYPE_CHECKING:
    import pyarrow as pa

    from nilreturn.disclosure import Policy, Protection
    from nilreturn.engines import Engine
    from nilreturn.narrative.searching import Searched
    from nilreturn.questions import Question, Questions
    from nilreturn.release import Answer, AnsweredQuestion, Authority, Claim, ClassExpansion, TableRule
    from nilreturn.schema import Extract
    from nilreturn.tables import RawExtreme, RawTable

RELEASE = "release"
PUBLISHED = "published.json"
SOFTWARE = f"nilreturn {nilreturn.__version__}"


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
    The true figures of every question, and the records behind each count of mentions. None of it may be printed.
    `caveats` are those that the records themselves call for.
    """

    tables: tuple[RawTable, ...]
    extremes: tuple[RawExtreme, ...]
    records: Mapping[str, pa.Table] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """Where everything lies: what to send, the force's own papers, and what later answers are checked against."""

    release: Path
    internal: Path
    published: Path
    protection: Protection


def answer(request: Request, to: Path, *, progress: Progress = silent) -> Answered:
    """
    Answer a request into the new folder `to`: `release/` to send, beside it the internal papers and the published
    tables for the register. Nothing is written before everything has been counted, protected and audited.

    Raises the `UserError` of whichever part refuses.
    """
    from nilreturn.disclosure import load_policy, load_register
    from nilreturn.engines import engine_named
    from nilreturn.questions import load_questions
    from nilreturn.release import check_claims, load_authority
    from nilreturn.sources import verify_extract

    if to.exists():
        raise ReleaseError(f"{to}: already there; an answer is never changed, so name another folder")
    engine = engine_named(request.engine, master=request.master)
    policy, authority = load_policy(request.policy), load_authority(request.authority)
    extract = verify_extract(request.extract, progress)
    questions = load_questions(request.questions, extract=extract)
    answered_on = _answered_on(questions, request)
    check_claims(_claims(questions))
    known = load_register(request.register) if request.register else ()
    with tempfile.TemporaryDirectory(prefix="nilreturn-") as scratch:
        searched = search(extract, questions, request, Path(scratch), progress=progress)
        counted = count(engine, extract, questions, searched, progress=progress)
    protection = protect(counted, policy, known, progress=progress)
    told = compose(questions, extract, policy, authority, counted, protection, searched, answered_on, _inputs(request))
    return write(told, extract, counted, protection, to, formats=request.formats, progress=progress)


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
    records = {}
    for number, question in enumerate(questions.questions):
        progress("Counting", number, len(questions.questions))
        figures += engine.tabulate(extract, question, mentions=mentions)
        if question.mentions and mentions:
            behind = engine.records_behind(extract, question, mentions=mentions)
            columns: list[Sequence[Any]] = list(zip(*behind, strict=True)) or [(), (), ()]
            types = (pa.string(), pa.string(), pa.bool_())
            arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
            records[records_name(question)] = pa.table(arrays, ["keyword", "crime_ref", "as_written"])
    tables = tuple(figure for figure in figures if isinstance(figure, RawTable))
    extremes = tuple(figure for figure in figures if not isinstance(figure, RawTable))
    referred = any(_has_adult_victims(engine, extract, question) for question in questions.questions)
    return Counted(tables, extremes, records, ("ages-referred",) if referred else ())


def protect(counted: Counted, policy: Policy, known: Sequence[Any], *, progress: Progress = silent) -> Protection:
    """All tables of the answer made safe together, beside what earlier answers printed; audited before it comes out."""
    from nilreturn import disclosure

    return disclosure.protect(counted.tables, policy, extremes=counted.extremes, known=known, progress=progress)


def compose(
    questions: Questions,
    extract: Extract,
    policy: Policy,
    authority: Authority,
    counted: Counted,
    protection: Protection,
    searched: Search | None,
    answered_on: date,
    inputs: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """What the workbook and the letter say: safe figures, how they were counted, and under which policy."""
    from nilreturn.release import Answer, ExtractFacts, PolicyFacts, certificate_hash

    return Answer(
        reference=questions.reference,
        received_on=questions.received_on,
        answered_on=answered_on,
        authority=authority,
        questions=tuple(
            _answered(question, extract, policy, protection, counted, searched) for question in questions.questions
        ),
        extract=ExtractFacts(
            extract.manifest["system"], date.fromisoformat(extract.manifest["as_at"][:10]), extract.hash
        ),
        policy=PolicyFacts(policy.name, policy.version, tuple(_rules(policy, protection))),
        software=SOFTWARE,
        certificate_hash=certificate_hash(protection.certificate),
        caveats=counted.caveats,
        claims=_claims(questions),
        inputs=inputs,
    )


def write(
    told: Answer,
    extract: Extract,
    counted: Counted,
    protection: Protection,
    to: Path,
    *,
    formats: Sequence[str] = (),
    progress: Progress = silent,
) -> Answered:
    """The release, the internal papers and the published tables, in a new folder that appears whole or not at all."""
    from nilreturn.disclosure import published_to_json
    from nilreturn.files import folder_beside
    from nilreturn.release import FORMATS, INTERNAL, InternalPapers, release, write_internal
    from nilreturn.sources import referrals

    papers = InternalPapers(
        told.reference,
        referrals(extract),
        protection.certificate,
        protection.report.as_json(),
        counted.records,
        extract.manifest,
    )
    published = [published_to_json(table, release=told.reference) for table in protection.published]
    progress("Writing", 0, 1)
    with folder_beside(to) as part:
        release(told, part / RELEASE, formats=formats or tuple(FORMATS))
        write_internal(part, papers)
        text = json.dumps({"published": published}, indent=1, ensure_ascii=False)
        (part / PUBLISHED).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return Answered(to / RELEASE, to / INTERNAL, to / PUBLISHED, protection)


def records_name(question: Question) -> str:
    """What the set of records behind a question's counts of mentions is called."""
    return f"q{question.number}"


def _has_adult_victims(engine: Engine, extract: Extract, question: Question) -> bool:
    """Whether a question about victims counts an adult victim of an offence whose victim is always a child."""
    from nilreturn.questions import OLDEST, VICTIMS, AgeBand, OneOf
    from nilreturn.sources import ADULT, offences_against_children
    from nilreturn.tables import Extent, RawTable

    known = {(column.table, column.name) for column in extract.columns}
    asks = question.unit == VICTIMS and question.filters.ages is None
    if not asks or not known >= {("crimes", "offence_code"), ("victims", "age")}:
        return False
    adults = AgeBand(f"{ADULT} and over", Extent.between(ADULT, OLDEST))
    of_children = OneOf("offence_code", tuple(sorted(offences_against_children())))
    filters = replace(question.filters, ages=adults, one_of=(*question.filters.one_of, of_children))
    figure = engine.tabulate(extract, replace(question, filters=filters, breakdowns=(), extreme=None))[0]
    return isinstance(figure, RawTable) and figure.count() > 0


def _claims(questions: Questions) -> tuple[Claim, ...]:
    from nilreturn.release import Claim

    return tuple(
        Claim(exemption, question.number, reason)
        for question in questions.questions
        for exemption, reason in question.exemptions
    )


def _inputs(request: Request) -> tuple[tuple[str, str], ...]:
    """The hash of each file that the figures depend on besides the extract: earlier answers in the register too."""
    from nilreturn.disclosure.policy import policy_path
    from nilreturn.files import sha256
    from nilreturn.narrative.lexicon import SHIPPED

    files = {"questions": request.questions, "policy": policy_path(request.policy), "authority": request.authority}
    if request.lexicon and str(request.lexicon) not in SHIPPED:
        files["lexicon"] = request.lexicon
    if request.decisions:
        files["decisions"] = request.decisions
    if request.register:
        files |= {f"register {path.parent.name}": path for path in sorted(request.register.rglob(PUBLISHED))}
    return tuple((name, sha256(path)) for name, path in files.items())


def _answered_on(questions: Questions, request: Request) -> date:
    day = request.answered_on or questions.replied_on
    if day is None:
        raise QuestionError(
            f"{request.questions}: has no 'replied_on', the letter's date; add it, or give --answered-on. It is never "
            "today's by itself, so that a second run writes the same letter"
        )
    return day


def _answered(
    question: Question,
    extract: Extract,
    policy: Policy,
    protection: Protection,
    counted: Counted,
    searched: Search | None,
) -> AnsweredQuestion:
    from nilreturn.questions import describe
    from nilreturn.release import AnsweredQuestion, MentionSearch

    how = None
    if searched and question.mentions:
        text, found = extract.manifest["free_text"], searched.found
        how = MentionSearch(
            tuple(text["fields"]),
            text["characters"] or found.cut_at,
            question.mentions,
            found.rule,
            tuple(found.ambiguous[keyword] for keyword in question.mentions if keyword in found.ambiguous),
            tuple(_forms(question, policy, counted, searched)),
        )
    return AnsweredQuestion(
        question.number,
        question.words,
        describe(question),
        tuple(table for table in protection.tables if table.question == question.number),
        tuple(extreme for extreme in protection.extremes if extreme.question == question.number),
        how,
        _expansions(question),
    )


def _forms(
    question: Question, policy: Policy, counted: Counted, searched: Search
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each keyword's spellings among the records counted: those that stand in as many as the policy asks of a count."""
    import pyarrow.compute as pc

    name = records_name(question)
    rule = policy.rule(name, ["crime.mentions"])
    behind = counted.records[name]
    for keyword in question.mentions:
        references = behind.filter(pc.equal(behind["keyword"], keyword))["crime_ref"]
        forms = searched.found.forms(keyword)
        forms = forms.filter(pc.is_in(forms["crime_ref"], value_set=references.combine_chunks()))
        records = forms.group_by("form").aggregate([("crime_ref", "count_distinct")])
        if told := sorted(
            form for form, number in zip(*records.to_pydict().values(), strict=True) if not rule.is_small(number)
        ):
            yield keyword, tuple(told)


def _expansions(question: Question) -> tuple[ClassExpansion, ...]:
    from nilreturn.offences import expand
    from nilreturn.release import ClassExpansion

    dates = question.filters.dates
    if dates is None:
        return ()
    return tuple(
        ClassExpansion(reading.code, expand(reading.code, dates.period))
        for reading in question.filters.offences
        if reading.kind == "class"
    )


def _rules(policy: Policy, protection: Protection) -> list[TableRule]:
    from nilreturn.release import TableRule

    rules = []
    for table in protection.tables:
        restricted = [variable for variable, _ in table.population.extents]
        rule = policy.rule(table.name, [dimension.variable for dimension in table.dimensions], restricted)
        rules.append(TableRule(table.name, rule.threshold, rule.reason, hides_zeros=not rule.zeros_printed))
    return rules
