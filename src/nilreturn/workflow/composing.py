"""
Composes what a reply states from the questions and the safe figures.

Nothing here reads a record or a true count. What a reply states besides its figures follows only
from the questions, the policy and the lexicon: a sentence whose presence depended on the records
would disclose something about them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import nilreturn

if TYPE_CHECKING:
    from nilreturn.disclosure import Policy, Protection
    from nilreturn.narrative import KeywordSearch
    from nilreturn.questions import Question, Questions
    from nilreturn.release import (
        Answer,
        AnsweredQuestion,
        Authority,
        Claim,
        ClassExpansion,
        MentionSearch,
        TableRule,
        Wording,
    )
    from nilreturn.schema import Extract
    from nilreturn.workflow.lacking import Care

SOFTWARE = f"nilreturn {nilreturn.__version__}"


def compose(
    questions: Questions,
    extract: Extract,
    policy: Policy,
    authority: Authority,
    protection: Protection,
    searched: KeywordSearch | None,
    answered_on: date,
    *,
    key: bytes | None = None,
    earlier: tuple[str, ...] = (),
    wording: Wording | None = None,
) -> Answer:
    """
    What the workbook and the letter say: safe figures, how they were counted, and under which
    policy. Of the records nothing goes in but the statements of `protection`; with a `key` the
    answer bears its own reference, and `earlier` has those of the releases that it was checked
    against. `wording` are the force's own words, None for the shipped ones.
    """
    from nilreturn.release import (
        Answer,
        AnsweredQuestion,
        ExtractFacts,
        PolicyFacts,
        shipped_wording,
        with_reference,
    )
    from nilreturn.workflow.lacking import care_of
    from nilreturn.workflow.remarks import remarks_of

    care = care_of(protection.tables, policy)
    composed = Answer(
        reference=questions.reference,
        received_on=questions.received_on,
        answered_on=answered_on,
        authority=authority,
        questions=tuple(
            _answered(question, extract, protection, care, searched)
            if question.is_counted
            else AnsweredQuestion(question.number, question.words, (), in_words=question.in_words)
            for question in questions.questions
        ),
        remarks=remarks_of(questions.counted, extract, protection, care),
        extract=ExtractFacts(
            extract.manifest["system"], date.fromisoformat(extract.manifest["as_at"][:10])
        ),
        policy=PolicyFacts(policy.name, policy.version, tuple(_rules(policy, protection))),
        software=SOFTWARE,
        claims=claims_of(questions),
        earlier_releases=earlier,
        addressee=questions.addressee,
        salutation=questions.salutation,
        your_reference=questions.your_reference,
        wording=shipped_wording() if wording is None else wording,
    )
    return composed if key is None else with_reference(composed, key)


def claims_of(questions: Questions) -> tuple[Claim, ...]:
    """The exemptions that a person relies on, in the order of the questions."""
    from nilreturn.release import Claim

    return tuple(
        Claim(exemption, question.number, reason)
        for question in questions.questions
        for exemption, reason in question.exemptions
    )


def _caveats(question: Question, extract: Extract) -> tuple[str, ...]:
    """
    The caveats that a question calls for. They never depend on the records, since a caveat's
    presence would disclose something about them.
    """
    known = {(column.table, column.name) for column in extract.columns}
    has_both = known >= {("crimes", "offence_code"), ("victims", "age")}
    return ("ages-referred",) if has_both and _may_count_adults(question) else ()


def _may_count_adults(question: Question) -> bool:
    """
    Whether a question asks for victims of any age of an offence whose victim is always a child.
    """
    from nilreturn.questions import VICTIMS, selected_offences
    from nilreturn.recording import offences_against_children

    if question.unit != VICTIMS or question.filters.ages is not None:
        return False
    offences = selected_offences(question.filters)
    return offences is None or not offences_against_children().keys().isdisjoint(
        {code for _, code in offences.known_pairs}
    )


def _answered(
    question: Question,
    extract: Extract,
    protection: Protection,
    care: Care,
    searched: KeywordSearch | None,
) -> AnsweredQuestion:
    from nilreturn.engines import not_covered as rows_not_covered
    from nilreturn.engines import plan
    from nilreturn.questions import (
        answerable,
        describe,
        offence_extent,
        reach_of,
        selected_offences,
    )
    from nilreturn.release import AnsweredQuestion, statements_of
    from nilreturn.workflow.lacking import may_lack_records
    from nilreturn.workflow.remarks import cells_not_in_use

    reach = reach_of(question, extract)
    not_covered = [
        row for facet in plan(question, extract).facets for row in rows_not_covered(facet)
    ]
    question = answerable(question, extract)
    asked = selected_offences(question.filters)
    offences = offence_extent(asked.known_pairs) if asked else None
    statements = statements_of(
        question.number,
        protection.tables,
        protection.extremes,
        offences=offences,
        not_covered=not_covered,
        not_in_use={
            table.name: cells_not_in_use(table.name, protection.known)
            for table in protection.tables
        },
    )
    return AnsweredQuestion(
        question.number,
        question.words,
        describe(question, extract),
        statements.tables,
        statements.extremes,
        _mention_search(question, extract, searched) if searched and question.mentions else None,
        _expansions(question),
        _caveats(question, extract),
        reach is not None and reach.is_whole and not may_lack_records(question, extract, care),
        question.in_words,
    )


def _mention_search(question: Question, extract: Extract, found: KeywordSearch) -> MentionSearch:
    """
    How the text was searched, by the lexicon and the mapping, without anything that was found in
    it.
    """
    from nilreturn.release import MentionSearch

    text = extract.manifest["free_text"]
    return MentionSearch(
        tuple(text["fields"]),
        text["characters"],
        question.mentions,
        found.rule,
        tuple(
            found.ambiguous[keyword] for keyword in question.mentions if keyword in found.ambiguous
        ),
        tuple((keyword, found.spellings[keyword]) for keyword in question.mentions),
    )


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
        rule = policy.rule(
            table.name, [dimension.variable for dimension in table.dimensions], restricted
        )
        rules.append(
            TableRule(table.name, rule.threshold, rule.reason, hides_zeros=not rule.zeros_printed)
        )
    return rules
