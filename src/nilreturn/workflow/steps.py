"""
The steps of an answer, on objects: search, count, protect, compose. No release is read or written
here.
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
    Count, protect, audit and compose an answer; nothing is written.

    Parameters
    ----------
    inputs
        What the answer is made from.
    earlier
        What readers have of earlier releases, as a register gives it.
    progress
        Called with the work done so far.

    Returns
    -------
    Prepared
        The answer, ready to be written.

    Raises
    ------
    UserError
        Of the kind of the part that refuses.
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
    Find the mentions of every keyword that the questions ask for.

    The text's index is built at the first search of an extract and kept with it.

    Parameters
    ----------
    extract
        The records to search.
    questions
        The request.
    scratch
        The folder in which the file of mentions is written.
    lexicon
        What is searched for; None: the lexicon of platforms that comes with the software.
    decisions
        Reviewers' decisions on spellings.
    progress
        Called with the work done so far.

    Returns
    -------
    TextSearch or None
        None where no question asks for keywords.

    Raises
    ------
    LexiconError
        When a keyword cannot be searched.
    ExtraError
        When the extra "text" is not installed.
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
    Count every table and extreme of every question. The result may not be printed yet.

    Parameters
    ----------
    engine
        What counts.
    extract
        The records to count.
    questions
        The request.
    searched
        The mentions, where a question asks for keywords; else None.
    progress
        Called with the work done so far.

    Returns
    -------
    Counted
        The true figures.

    Raises
    ------
    QuestionError
        When a question asks for more than can be counted.
    EngineError
        When the engine cannot be reached.
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
    Make all tables of an answer safe together, and audit them.

    Parameters
    ----------
    counted
        The true figures.
    policy
        The disclosure policy.
    known
        What earlier answers printed.
    rows
        What a reader learns from the tables having certain rows (`row_statements`).
    progress
        Called with the work done so far.

    Returns
    -------
    Protection
        The safe tables and extremes, with the certificate.

    Raises
    ------
    DisclosureError
        When the tables cannot be made safe; the message names the questions.
    TableError
        When the tables do not fit each other.
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
    """The name of the set of records behind a question's counts of mentions."""
    return f"q{question.number}"


def _report(
    protection: Protection,
    extract: Extract,
    searched: TextSearch | None,
    key: bytes | None,
    questions: Questions,
) -> Mapping[str, Any]:
    """
    How the tables were made safe, and what else the force should know and a reply may not say.
    """
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
    Each keyword's spellings among the records counted, those in most records first. Only the
    reviewer sees them.
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
