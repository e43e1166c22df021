"""The letter: an `Answer` as neutral blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nilreturn.release.answer import Answer, AnsweredQuestion, MentionSearch
from nilreturn.release.layout import wide
from nilreturn.release.letter.blocks import Block, Bullets, Heading, Lines, Paragraph, Terms
from nilreturn.release.letter.sentences import extreme_sentence, table_blocks
from nilreturn.release.library import HELD_BACK, Engaged, caveats_of, engaged, legends, said
from nilreturn.release.library import symbol_library as library
from nilreturn.wording import counted, day

SEARCHED = "How we searched"
KEPT_UNDER_REFERENCE = (
    "Under this reference we keep which extract was counted and the certificate of disclosure "
    "control. It was made with"
    " a key of ours from what is printed here, so that nothing else can be worked out from it."
)
_ANNEX = (
    "Each of these was searched for, in capitals or not, in one piece or in two, and misspellings "
    "of them that are"
    " near enough by a fixed measure. Which of them the records have, and what was decided on any "
    "of them at a review,"
    " is not said: it could tell how many records there are."
)


def letter(answer: Answer) -> tuple[Block, ...]:
    """The whole letter, from the authority's name to the right to the Commissioner."""
    return (
        *_opening(answer),
        *_request(answer),
        Heading(2, "Our answer"),
        *(block for question in answer.questions for block in _answer(answer, question)),
        *_search(answer),
        Heading(2, "What to bear in mind"),
        Bullets(tuple(said(caveat, answer) for caveat in caveats_of(answer))),
        *_held_back(answer),
        *_rights(answer),
        *_annex(answer),
    )


def title(answer: Answer) -> str:
    return f"Freedom of Information request {answer.reference}"


def _opening(answer: Answer) -> Iterator[Block]:
    authority = answer.authority
    yield Heading(1, title(answer))
    yield Lines(
        (authority.name, authority.department, *authority.address, f"Email: {authority.email}")
    )
    yield Paragraph(day(answer.answered_on))
    yield Paragraph(
        f"We received your request on {day(answer.received_on)}."
        " This letter answers it under the Freedom of Information Act 2000 (the Act)."
    )
    if engaged(answer):
        yield Paragraph(
            "We hold the information you asked for. We give it below and in the enclosed tables, "
            "except for a part that"
            f' is exempt: "{HELD_BACK}" says which part, under which exemption and why.'
        )
    else:
        yield Paragraph(
            "We hold the information you asked for, and give it below and in the enclosed tables."
        )


def _request(answer: Answer) -> Iterator[Block]:
    yield Heading(2, "Your request")
    yield Paragraph("You asked, in your own words:")
    yield Terms(
        tuple((f"Question {question.number}", question.words) for question in answer.questions)
    )


def _answer(answer: Answer, question: AnsweredQuestion) -> Iterator[Block]:
    yield Heading(3, f"Question {question.number}")
    for table in question.tables:
        yield from table_blocks(table, answer.table_number(table), is_whole=question.is_whole)
    marks = tuple(dict.fromkeys(mark for table in question.tables for mark in wide(table).marks))
    for sentence in legends(marks, prints_zeros=answer.prints_zeros(question.tables)):
        yield Paragraph(sentence)
    for extreme in question.extremes:
        yield Paragraph(extreme_sentence(extreme, is_whole=question.is_whole))


def _search(answer: Answer) -> Iterator[Block]:
    extract = answer.extract
    yield Heading(2, SEARCHED)
    yield Paragraph(
        f"The figures were counted from an extract of {extract.system} as it stood on "
        f"{day(extract.as_at)},"
        " by the criteria below."
    )
    shared = _shared_criteria(answer)
    if shared:
        yield Heading(3, "Every question")
        yield Terms(shared)
    for question in answer.questions:
        own = (*(pair for pair in question.criteria if pair not in shared), *_expansions(question))
        search = _keyword_search(question.mentions) if question.mentions is not None else ()
        if own or search:
            yield Heading(3, f"Question {question.number}: criteria")
            yield Terms((*own, *search))
    yield Heading(3, "To count the figures again")
    yield Paragraph("The same software, extract and questions give the same figures.")
    reference = (
        (("Reference of this release", answer.release_reference),)
        if answer.release_reference
        else ()
    )
    yield Terms((("Software", answer.software), *reference))
    if reference:
        yield Paragraph(KEPT_UNDER_REFERENCE)


def _shared_criteria(answer: Answer) -> tuple[tuple[str, str], ...]:
    """
    The criteria that several questions have in common, in the order of the first, so that they are
    printed once.
    """
    first, *others = answer.questions
    return tuple(
        pair
        for pair in first.criteria
        if others and all(pair in other.criteria for other in others)
    )


def _expansions(question: AnsweredQuestion) -> Iterator[tuple[str, str]]:
    """What the criteria, which name the codes of each class, do not state about them."""
    for expansion in question.expansions:
        undated = _codes(part.undated for part in expansion.parts)
        earlier = _codes(part.predecessors for part in expansion.parts)
        if undated:
            yield (
                f"Class {expansion.offence_class}, codes taken as valid throughout",
                f"{undated}; first day not known",
            )
        if earlier:
            yield (
                f"Class {expansion.offence_class}, earlier codes",
                f"{earlier}; not counted with the class",
            )


def _codes(parts: Iterable[tuple[str, ...]]) -> str:
    return ", ".join(dict.fromkeys(code for codes in parts for code in codes))


def _keyword_search(search: MentionSearch) -> tuple[tuple[str, str], ...]:
    if search.character_limit is None:
        length = "The whole text, as the extract has it"
    else:
        length = (
            f"The first {counted(search.character_limit, 'character')} of the text, and "
            f"nothing after them"
        )
    return (
        ("Text searched", ", ".join(search.fields)),
        ("Length searched", length),
        ("When a word is counted", search.rule),
        *((f"Words with other meanings: {words}", rule) for words, rule in search.ambiguous),
    )


def _held_back(answer: Answer) -> Iterator[Block]:
    found = engaged(answer)
    if not found:
        return
    yield Heading(2, HELD_BACK)
    yield Paragraph(
        "For the part of your request named here this is a refusal notice under section 17 of the "
        "Act."
    )
    for each in found:
        yield from _refusal(each)


def _refusal(engaged: Engaged) -> Iterator[Block]:
    yield Heading(3, engaged.exemption.heading)
    yield Paragraph("We are not giving:")
    yield Bullets(engaged.withheld)
    for text in engaged.exemption.text:
        yield Paragraph(text)
    yield Paragraph("Why it applies here, as recorded when the decision was taken:")
    yield Bullets(engaged.reasons)
    yield Paragraph(
        "As it applies here this is an absolute exemption, so there is no public interest test."
    )


def _rights(answer: Answer) -> Iterator[Block]:
    rights, authority = library("rights"), answer.authority
    yield Heading(2, "If you are not content with this response")
    yield from map(Paragraph, rights["review"])
    yield Lines(
        (
            authority.department,
            authority.name,
            *authority.address,
            f"Email: {authority.review_email or authority.email}",
        )
    )
    yield from map(Paragraph, rights["commissioner"])
    yield Lines(tuple(rights["commissioner_address"]))


def _annex(answer: Answer) -> Iterator[Block]:
    searches = [
        (question.number, question.mentions) for question in answer.questions if question.mentions
    ]
    if not any(search.spellings for _, search in searches):
        return
    yield Heading(2, "Annex: what was searched for")
    yield Paragraph(_ANNEX)
    for number, search in searches:
        if search.spellings:
            yield Heading(3, f"Question {number}: names and spellings")
            yield Terms(
                tuple((keyword, ", ".join(spellings)) for keyword, spellings in search.spellings)
            )
