"""The letter: an `Answer` as neutral blocks."""

from __future__ import annotations

from collections.abc import Iterator

from nilreturn.questions import AnswerInWords, AnswerKind
from nilreturn.release.answer import Answer, AnsweredQuestion
from nilreturn.release.layout import wide
from nilreturn.release.letter.annexes import annexes
from nilreturn.release.letter.blocks import Block, Bullets, Heading, Lines, Paragraph, Terms
from nilreturn.release.letter.refusals import refusal_blocks
from nilreturn.release.letter.sentences import extreme_sentence, table_blocks
from nilreturn.release.library import (
    Caveat,
    applies,
    caveats_of,
    decision,
    decisions_of,
    legends,
    said,
)

# What a caveat says of one figure and not of all: it stands beside that figure.
_OF_A_FIGURE = ("breakdowns", "offences", "across", "changed")


def letter(answer: Answer) -> tuple[Block, ...]:
    """The whole letter, from the authority's name to the annexes."""
    stated: dict[str, str] = {}
    return (
        *_opening(answer),
        *_request(answer),
        *_decision(answer),
        Heading(2, answer.wording.say("answer.heading")),
        *(block for question in answer.questions for block in _answer(answer, question, stated)),
        *_general_notes(answer),
        *_rights(answer),
        *_closing(answer),
        *annexes(answer),
    )


def title(answer: Answer) -> str:
    """The letter's title, which its file has too."""
    return answer.wording.say("opening.title", reference=answer.reference)


def _opening(answer: Answer) -> Iterator[Block]:
    authority, wording = answer.authority, answer.wording
    yield Heading(1, title(answer))
    phone = (wording.say("opening.phone", phone=authority.phone),) if authority.phone else ()
    email = wording.say("opening.email", email=authority.email)
    yield Lines((authority.name, authority.department, *authority.address, *phone, email))
    if answer.addressee:
        yield Lines(answer.addressee)
    yours = (
        (wording.say("opening.your_reference", reference=answer.your_reference),)
        if answer.your_reference
        else ()
    )
    ours = wording.say("opening.our_reference", reference=answer.reference)
    yield Lines((wording.day(answer.answered_on), ours, *yours))
    yield Paragraph(_salutation(answer))
    yield Paragraph(wording.say("opening.received", received_on=wording.day(answer.received_on)))


def _salutation(answer: Answer) -> str:
    if answer.salutation:
        return answer.salutation
    if answer.addressee:
        return answer.wording.say("opening.salutation", name=answer.addressee[0])
    return answer.wording.say("opening.salutation_unnamed")


def _request(answer: Answer) -> Iterator[Block]:
    say = answer.wording.say
    yield Heading(2, say("request.heading"))
    yield Paragraph(say("request.lead"))
    yield Terms(
        tuple(
            (say("part.question", number=question.number), question.words)
            for question in answer.questions
        )
    )


def _decision(answer: Answer) -> Iterator[Block]:
    yield Heading(2, answer.wording.say("decision.heading"))
    yield Paragraph(decision(answer))
    parts = tuple(part for question in answer.questions for part in decisions_of(answer, question))
    if len(parts) > 1:
        yield Terms(parts)


def _answer(answer: Answer, question: AnsweredQuestion, stated: dict[str, str]) -> Iterator[Block]:
    wording = answer.wording
    yield Heading(3, wording.say("part.question", number=question.number))
    for table in question.tables:
        number = answer.table_number(table)
        yield from table_blocks(wording, table, number, is_whole=question.is_whole)
    marks = tuple(dict.fromkeys(mark for table in question.tables for mark in wide(table).marks))
    prints_zeros = answer.prints_zeros(question.tables)
    for sentence in legends(wording, marks, prints_zeros=prints_zeros):
        yield Paragraph(sentence)
    for extreme in question.extremes:
        yield Paragraph(extreme_sentence(wording, extreme, is_whole=question.is_whole))
    for each in question.in_words:
        yield from _in_words(answer, each)
    yield from refusal_blocks(answer, question, stated)
    for each in question.in_words:
        if each.advised:
            yield Paragraph(wording.say("answer.advice", advice=each.advised))
    notes = tuple(said(caveat, answer) for caveat in _notes_of(answer, question))
    if notes:
        yield Paragraph(wording.say("answer.notes"))
        yield Bullets(notes)


def _in_words(answer: Answer, each: AnswerInWords) -> Iterator[Block]:
    say = answer.wording.say
    text = {
        AnswerKind.NOT_HELD: lambda: say("answer.not_held", reason=each.reason),
        AnswerKind.PUBLISHED: lambda: say("answer.published", where=each.where),
        AnswerKind.STATEMENT: lambda: each.statement,
    }.get(each.kind)
    if text is not None:
        if each.what:
            yield Paragraph(say("answer.part_lead", what=each.what))
        yield Paragraph(text())


def _notes_of(answer: Answer, question: AnsweredQuestion) -> Iterator[Caveat]:
    """The caveats that belong to the figures of this question."""
    for caveat in caveats_of(answer):
        if _is_of_a_figure(caveat) and _is_of(caveat, question):
            yield caveat


def _general_notes(answer: Answer) -> Iterator[Block]:
    """The caveats of all figures; none where nothing was counted."""
    general = tuple(
        said(caveat, answer)
        for caveat in caveats_of(answer)
        if not any(
            _is_of_a_figure(caveat) and _is_of(caveat, question) for question in answer.questions
        )
    )
    if general and any(question.is_counted for question in answer.questions):
        yield Heading(2, answer.wording.say("notes.heading"))
        yield Bullets(general)


def _is_of_a_figure(caveat: Caveat) -> bool:
    return bool(caveat.questions) or any(condition in caveat.when for condition in _OF_A_FIGURE)


def _is_of(caveat: Caveat, question: AnsweredQuestion) -> bool:
    if caveat.questions:
        return len(caveat.questions) == 1 and question.number in caveat.questions
    return any(applies(caveat, table, question) for table in question.tables)


def _rights(answer: Answer) -> Iterator[Block]:
    wording, authority = answer.wording, answer.authority
    yield Heading(2, wording.of("rights.heading"))
    yield from map(Paragraph, wording.paragraphs["rights.review"])
    email = wording.say("opening.email", email=authority.review_email or authority.email)
    yield Lines((authority.department, authority.name, *authority.address, email))
    yield from map(Paragraph, wording.paragraphs["rights.commissioner"])
    yield Lines(wording.paragraphs["rights.commissioner_address"])


def _closing(answer: Answer) -> Iterator[Block]:
    authority = answer.authority
    yield Paragraph(answer.wording.say("closing.words"))
    yield Lines((*authority.signature, authority.department, authority.name))
