"""
The steps of an answer, on objects: search, count, protect, compose. Nothing in here reads or writes
a release.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.errors import DisclosureError, TableError
from nilreturn.extras import require
from nilreturn.progress import Progress, no_progress
from nilreturn.workflow.objects import Counted, Inputs, Prepared, TextSearch

if TYPE_CHECKING:
    import pyarrow as pa

    from nilreturn.disclosure import Policy, Protection, PublishedTable
    from nilreturn.engines import Engine
    from nilreturn.narrative.lexicon import Lexicon
    from nilreturn.narrative.review import Decision
    from nilreturn.questions import Question, Questions
    from nilreturn.schema import Extract
    from nilreturn.tables import RawExtreme


def prepared(
    inputs: Inputs, earlier: Sequence[PublishedTable] = (), *, progress: Progress = no_progress
) -> Prepared:
    """
    Count, protect, audit and compose an answer; nothing is written. `earlier` is what readers have
    of earlier releases, as a register gives it.

    Raises the `UserError` of whichever part refuses.
    """
    from nilreturn.disclosure import references_of_earlier
    from nilreturn.release import check_claims, chosen_formats, writable_formats
    from nilreturn.workflow.composing import claims_of, compose
    from nilreturn.workflow.lacking import care_of
    from nilreturn.workflow.row_statements import known_zeros, lacking_statements, row_statements

    questions, extract, policy = inputs.questions, inputs.extract, inputs.policy
    formats = chosen_formats(inputs.formats or writable_formats())
    key = policy.key() if policy.key_file is not None else None
    check_claims(claims_of(questions))
    with tempfile.TemporaryDirectory(prefix="nilreturn-") as scratch:
        searched = search(
            extract,
            questions,
            Path(scratch),
            lexicon=inputs.lexicon,
            decisions=inputs.decisions,
            progress=progress,
        )
        counted = count(inputs.engine, extract, questions, searched, progress=progress)
    care = care_of(counted.tables, policy)
    rows = (
        *row_statements(questions.counted, extract, counted.tables, earlier),
        *lacking_statements(questions.counted, extract, counted.tables, care, earlier),
    )
    zeros = known_zeros(questions.counted, extract, counted.tables)
    protection = protect(counted, policy, (*earlier, *zeros), rows=rows, progress=progress)
    references = (
        {} if key is None else references_of_earlier(earlier, key, request=questions.reference)
    )
    composed = compose(
        questions,
        extract,
        policy,
        inputs.authority,
        protection,
        searched.found if searched else None,
        inputs.answered_on,
        key=key,
        earlier=tuple(sorted(references.values())),
        wording=inputs.wording,
    )
    report = _report(protection, extract, searched, key, questions)
    return Prepared(
        replace(inputs, formats=formats), counted, protection, composed, report, references
    )


def search(
    extract: Extract,
    questions: Questions,
    scratch: Path,
    *,
    lexicon: Lexicon | None = None,
    decisions: Sequence[Decision] = (),
    progress: Progress = no_progress,
) -> TextSearch | None:
    """
    The mentions of every keyword asked for, written into `scratch` for the engines; None where no
    question asks.

    The index is made at the first search of an extract and kept with it.
    """
    from nilreturn.narrative import search_keywords, write_mentions
    from nilreturn.narrative.lexicon import load_lexicon
    from nilreturn.narrative.review import verdicts

    keywords = tuple(
        dict.fromkeys(keyword for question in questions.counted for keyword in question.mentions)
    )
    if not keywords:
        return None
    require("text")
    found = search_keywords(
        extract.crimes,
        extract.index,
        keywords,
        source=extract.manifest["files"][extract.crimes.name]["sha256"],
        lexicon=lexicon or load_lexicon(),
        verdicts=verdicts(decisions),
        progress=progress,
    )
    mentions = scratch / "mentions.parquet"
    write_mentions(found.mentions, mentions)
    return TextSearch(found, mentions)


def count(
    engine: Engine,
    extract: Extract,
    questions: Questions,
    searched: TextSearch | None,
    *,
    progress: Progress = no_progress,
) -> Counted:
    """
    Every table and extreme of every question, on the engine; nothing of it may be printed yet.
    """
    import pyarrow as pa

    from nilreturn.tables import RawTable

    mentions = searched.mentions if searched else None
    figures: list[RawTable | RawExtreme] = []
    records, forms = {}, {}
    for number, question in enumerate(questions.counted):
        progress("Counting", number, len(questions.counted))
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
    known: Sequence[PublishedTable],
    *,
    rows: Sequence[PublishedTable] = (),
    progress: Progress = no_progress,
) -> Protection:
    """
    All tables of the answer made safe together, beside what earlier answers printed and what the
    tables' `rows` tell by being there (`row_statements`); audited before it comes out.
    """
    from nilreturn.disclosure import in_questions, protect_and_propose

    try:
        return protect_and_propose(
            counted.tables,
            policy,
            extremes=counted.extremes,
            statements=rows,
            known=known,
            progress=progress,
        )
    except (DisclosureError, TableError) as refusal:
        raise in_questions(refusal, counted.tables, known) from refusal


def records_name(question: Question) -> str:
    """What the set of records behind a question's counts of mentions is called."""
    return f"q{question.number}"


def _report(
    protection: Protection,
    extract: Extract,
    searched: TextSearch | None,
    key: bytes | None,
    questions: Questions,
) -> Mapping[str, Any]:
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
            f"many texts are exactly {length} long and none is longer, as if the report cut them "
            f"off: if it does,"
            " say so in the mapping ('text_characters'), so that the letter says it"
        )
    notes += _words_with_numbers(questions)
    return {**report, "notes": notes}


def _words_with_numbers(questions: Questions) -> Iterator[str]:
    """Nothing protects a number that a person writes into an answer in words."""
    for question in questions.questions:
        if any(re.search(r"\d", text) for each in question.in_words for text in each.texts):
            yield (
                f"question {question.number} is answered in words that have numbers: they are "
                "printed as written and are not checked. Make sure that none is a count of this "
                "extract, or tells one that is hidden"
            )


def _forms(question: Question, behind: pa.Table, searched: TextSearch) -> pa.Table:
    """
    Each keyword's spellings among the records counted, those in most records first: for the
    reviewer alone.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    found = []
    for keyword in question.mentions:
        references = behind.filter(pc.equal(behind["keyword"], keyword))["crime_ref"]
        forms = searched.found.forms(keyword)
        forms = forms.filter(pc.is_in(forms["crime_ref"], value_set=references.combine_chunks()))
        records = forms.group_by("form").aggregate([("crime_ref", "count_distinct")])
        counts = zip(
            records["form"].to_pylist(),
            records["crime_ref_count_distinct"].to_pylist(),
            strict=True,
        )
        found += [(keyword, *each) for each in sorted(counts, key=lambda each: (-each[1], each[0]))]
    columns = list(zip(*found, strict=True)) or [(), (), ()]
    types = (pa.string(), pa.string(), pa.int64())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return pa.table(arrays, ["keyword", "form", "records"])
