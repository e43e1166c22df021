"""
Answers in words read from a question file: what stands there, and what each kind of answer must
have and must not have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeVar

import yaml

from nilreturn import foi
from nilreturn.authored import Mistakes, Node
from nilreturn.errors import did_you_mean
from nilreturn.questions import keys, nodes
from nilreturn.questions.in_words import AnswerInWords, AnswerKind

_Read = TypeVar("_Read")
# The keys of each kind of answer, and whether one must be there. Of a refusal the Act decides.
_REFUSAL = dict.fromkeys(
    ("exemption", "reason", "public_interest", "estimate", "earlier_request", "advice"), False
)
_OF_KIND: Mapping[AnswerKind, Mapping[str, bool]] = {
    AnswerKind.NOT_HELD: {"reason": True, "advice": False},
    AnswerKind.REFUSED: _REFUSAL,
    AnswerKind.DENIED: dict.fromkeys(("exemption", "reason", "public_interest", "advice"), False),
    AnswerKind.PUBLISHED: {"where": True, "advice": False},
    AnswerKind.STATEMENT: {"statement": True},
    AnswerKind.ADVICE: {"advice": True},
}
_ANSWER_KEYS = {key.name for key in keys.ANSWER}
# A statement or advice may be about the question as a whole.
_OF_A_PART = (AnswerKind.NOT_HELD, AnswerKind.REFUSED, AnswerKind.DENIED, AnswerKind.PUBLISHED)


def read_answer(
    found: Mapping[str, Node], node: Node, what: str, mistakes: Mistakes
) -> AnswerInWords | None:
    """
    The answer in words of a question, or of an entry of its `in_words`.

    `found` are its keys, 'answer' among them; a missing key is reported at `node`; `what` names
    it in messages. None after noting that the kind of answer is unknown.
    """
    kind = _kind(found["answer"], what, mistakes)
    if kind is None:
        return None
    _check_keys(kind, found, node, what, mistakes)

    def text(name: str) -> str:
        return _text(found, name, what, mistakes) if name in _OF_KIND[kind] else ""

    is_refusal = kind in (AnswerKind.REFUSED, AnswerKind.DENIED)
    return AnswerInWords(
        kind,
        _text(found, "what", what, mistakes),
        "" if is_refusal else text("reason"),
        _refusal(kind, found, node, what, mistakes) if is_refusal else None,
        text("where"),
        text("statement"),
        "" if is_refusal else text("advice"),
        nodes.line_of(found["answer"]),
    )


def read_beside_a_count(node: Node, what: str, mistakes: Mistakes) -> tuple[AnswerInWords, ...]:
    """The list 'in_words' of a question that is also counted."""
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        mistakes.add(node, f"{what}, in_words must be a list, each beginning with '- answer:'")
        return ()
    answers = []
    known = {"answer": True, "what": False} | dict.fromkeys(
        (key.name for key in keys.ANSWER if key.name != "answer"), False
    )
    for place, item in enumerate(node.value, 1):
        name = f"{what}, in_words {place}"
        found = nodes.fields(item, name, known, mistakes)
        answer = read_answer(found, item, name, mistakes) if "answer" in found else None
        if answer is None:
            continue
        if answer.kind in _OF_A_PART and not answer.what and "what" not in found:
            mistakes.add(
                item, f"{name} lacks 'what'; say what of the question is {answer.kind.value}"
            )
        answers.append(answer)
    return tuple(answers)


def read_claims(node: Node, what: str, mistakes: Mistakes) -> tuple[tuple[str, str], ...]:
    """
    The exemptions relied on, beside section 40(2), for the hidden figures of a count: by key, with
    the reason.
    """
    found = nodes.fields(node, f"{what}, exemptions", {}, mistakes, others="s44(1)")
    claims: dict[str, str] = {}
    for name, value in found.items():
        reason = nodes.text(value, f"{what}, exemption {name}", mistakes)
        try:
            cited = foi.cite(name)
            _check_claim(cited, claims)
        except ValueError as error:
            mistakes.add(value, f"{what}, exemptions: {error}")
            continue
        if reason:
            claims[cited.key] = reason
    return tuple(claims.items())


def _check_claim(cited: foi.Citation, claims: Mapping[str, str]) -> None:
    if cited.key in claims:
        raise ValueError(f"has {cited.key} twice; keep one")
    if why := foi.unclaimable(cited):
        raise ValueError(why)


def _kind(node: Node, what: str, mistakes: Mistakes) -> AnswerKind | None:
    text = nodes.text(node, f"{what}, answer", mistakes)
    if text is None:
        return None
    known = [kind.value for kind in AnswerKind]
    if text.casefold() in known:
        return AnswerKind(text.casefold())
    hint = did_you_mean(text, known) or f"; it may be {', '.join(known)}"
    mistakes.add(node, f"{what}: no answer '{text[:40]}'{hint}")
    return None


def _check_keys(
    kind: AnswerKind, found: Mapping[str, Node], node: Node, what: str, mistakes: Mistakes
) -> None:
    allowed = _OF_KIND[kind]
    for name, value in found.items():
        if name in _ANSWER_KEYS - {"answer", *allowed}:
            mistakes.add(value, f"{what}: '{name}' does not go with '{kind.value}'; remove it")
    for name, is_required in allowed.items():
        if is_required and name not in found:
            mistakes.add(node, f"{what}: '{kind.value}' needs '{name}'; add it")


def _refusal(
    kind: AnswerKind, found: Mapping[str, Node], node: Node, what: str, mistakes: Mistakes
) -> foi.Refusal:
    denies = kind is AnswerKind.DENIED
    reported: set[str] = set()

    def read(name: str, reader: Callable[[str], _Read]) -> _Read:
        before = len(mistakes.found)
        value = reader(name)
        if len(mistakes.found) > before:
            reported.add(name)
        return value

    def text(name: str) -> str:
        return _text(found, name, what, mistakes)

    refusal = foi.Refusal(
        read("exemption", lambda _: _exemptions(found, denies, what, mistakes)),
        read("reason", text),
        read("public_interest", lambda _: _public_interest(found, what, mistakes)),
        read("estimate", lambda _: _estimate(found, what, mistakes)),
        read("advice", text),
        read("earlier_request", text),
        denies=denies,
    )
    for each in foi.missing(refusal):
        if each.key not in reported:  # a key that could not be read has its mistake already
            mistakes.add(found.get(each.key, node), f"{what}: {each.what}")
    return refusal


def _exemptions(
    found: Mapping[str, Node], denies: bool, what: str, mistakes: Mistakes
) -> tuple[str, ...]:
    if "exemption" not in found:
        return ()
    keys_: list[str] = []
    for text, item in nodes.texts(found["exemption"], f"{what}, exemption", mistakes):
        try:
            key = (foi.cite_denial if denies else foi.cite)(text).key
        except ValueError as error:
            mistakes.add(item, f"{what}: {error}")
            continue
        if key in keys_:
            mistakes.add(item, f"{what}, exemption has '{key}' twice; keep one")
        else:
            keys_.append(key)
    return tuple(keys_)


def _public_interest(
    found: Mapping[str, Node], what: str, mistakes: Mistakes
) -> foi.PublicInterest | None:
    if "public_interest" not in found:
        return None
    what = f"{what}, public_interest"
    node = found["public_interest"]
    test = nodes.fields(node, what, dict.fromkeys(("for", "against", "balance"), True), mistakes)

    def factors(name: str) -> tuple[str, ...]:
        if name not in test:
            return ()
        return tuple(text for text, _ in nodes.texts(test[name], f"{what}, {name}", mistakes))

    return foi.PublicInterest(
        factors("for"), factors("against"), _text(test, "balance", what, mistakes)
    )


def _estimate(found: Mapping[str, Node], what: str, mistakes: Mistakes) -> foi.Estimate | None:
    if "estimate" not in found:
        return None
    what = f"{what}, estimate"
    given = nodes.fields(found["estimate"], what, {"hours": True, "basis": True}, mistakes)
    basis = _text(given, "basis", what, mistakes)
    written = _text(given, "hours", what, mistakes)
    if not written:
        return None
    try:
        hours = float(written)
    except ValueError:
        hours = math.nan
    if not (math.isfinite(hours) and hours > 0 and written.isascii()):
        mistakes.add(given["hours"], f"{what}: hours '{written[:20]}' is not a number of hours")
        return None
    return foi.Estimate(hours, basis)


def _text(found: Mapping[str, Node], name: str, what: str, mistakes: Mistakes) -> str:
    if name not in found:
        return ""
    return nodes.text(found[name], f"{what}, {name}", mistakes) or ""
