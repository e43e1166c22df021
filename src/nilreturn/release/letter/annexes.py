"""What stands behind the letter: how the records were searched, and for which spellings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nilreturn.release.answer import Answer, AnsweredQuestion, MentionSearch
from nilreturn.release.letter.blocks import Block, Heading, Paragraph, Terms
from nilreturn.release.wording import Wording
from nilreturn.wording import counted


def annexes(answer: Answer) -> Iterator[Block]:
    """Both annexes; nothing where nothing was counted."""
    questions = tuple(question for question in answer.questions if question.is_counted)
    if questions:
        yield from _search(answer, questions)
        yield from _again(answer)
        yield from _spellings(answer.wording, questions)


def _search(answer: Answer, questions: tuple[AnsweredQuestion, ...]) -> Iterator[Block]:
    wording, extract = answer.wording, answer.extract
    yield Heading(2, wording.say("search.heading"))
    yield Paragraph(
        wording.say("search.source", system=extract.system, as_at=wording.day(extract.as_at))
    )
    shared = _shared_criteria(questions)
    if shared:
        yield Heading(3, wording.say("search.every_question"))
        yield Terms(shared)
    for question in questions:
        own = (
            *(pair for pair in question.criteria if pair not in shared),
            *_expansions(wording, question),
        )
        search = _keyword_search(wording, question.mentions) if question.mentions else ()
        if own or search:
            yield Heading(3, wording.say("search.criteria", number=question.number))
            yield Terms((*own, *search))


def _again(answer: Answer) -> Iterator[Block]:
    say = answer.wording.say
    yield Heading(3, say("search.again"))
    yield Paragraph(say("search.same_figures"))
    yield Terms(((say("search.software"), answer.software),))


def _shared_criteria(questions: tuple[AnsweredQuestion, ...]) -> tuple[tuple[str, str], ...]:
    """The criteria that all of several questions have, in the first one's order: said once."""
    first, *others = questions
    return tuple(
        pair
        for pair in first.criteria
        if others and all(pair in other.criteria for other in others)
    )


def _expansions(wording: Wording, question: AnsweredQuestion) -> Iterator[tuple[str, str]]:
    """What the criteria, which name the codes of each class, do not say of them."""
    for expansion in question.expansions:
        name = expansion.offence_class
        undated = _codes(part.undated for part in expansion.parts)
        earlier = _codes(part.predecessors for part in expansion.parts)
        if undated:
            yield (
                wording.say("search.undated", offence_class=name),
                wording.say("search.undated_codes", codes=undated),
            )
        if earlier:
            yield (
                wording.say("search.predecessors", offence_class=name),
                wording.say("search.predecessor_codes", codes=earlier),
            )


def _codes(parts: Iterable[tuple[str, ...]]) -> str:
    return ", ".join(dict.fromkeys(code for codes in parts for code in codes))


def _keyword_search(wording: Wording, search: MentionSearch) -> tuple[tuple[str, str], ...]:
    say = wording.say
    length = say("search.whole_text")
    if search.character_limit is not None:
        characters = counted(search.character_limit, "character")
        length = say("search.first_characters", characters=characters)
    return (
        (say("search.text"), ", ".join(search.fields)),
        (say("search.length"), length),
        (say("search.rule"), search.rule),
        *((say("search.ambiguous", words=words), rule) for words, rule in search.ambiguous),
    )


def _spellings(wording: Wording, questions: tuple[AnsweredQuestion, ...]) -> Iterator[Block]:
    searches = [
        (question.number, question.mentions.spellings)
        for question in questions
        if question.mentions and question.mentions.spellings
    ]
    if not searches:
        return
    yield Heading(2, wording.say("spellings.heading"))
    yield Paragraph(wording.say("spellings.lead"))
    for number, spellings in searches:
        yield Heading(3, wording.say("spellings.question", number=number))
        yield Terms(tuple((keyword, ", ".join(written)) for keyword, written in spellings))
