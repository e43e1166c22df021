"""
The keys of a question file: which may be given, which must be, and what each means.

The reader, the JSON Schema and the reference page take the keys from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nilreturn.periods import BREAKDOWN_GRAINS
from nilreturn.questions.in_words import AnswerKind
from nilreturn.questions.model import UNITS

# Editors read "4.10" and "yes" as a number and a truth value; the reader takes the text that stands
# there.
SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
SCALARS: dict[str, Any] = {"anyOf": [SCALAR, {"type": "array", "items": SCALAR, "minItems": 1}]}
STRINGS: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
DAY: dict[str, Any] = {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its JSON Schema, an example from a file, and what it means."""

    name: str
    schema: dict[str, Any]
    example: str
    meaning: str
    is_required: bool = False


FILE = (
    Key(
        "reference",
        SCALAR,
        '"20210999"',
        "The request's reference, as it stands on the letter.",
        True,
    ),
    Key(
        "force",
        SCALAR,
        "Northamptonshire Police",
        "The public authority that the request was made to.",
        True,
    ),
    Key("received_on", DAY, "2021-05-28", "The day the request was received.", True),
    Key(
        "replied_on",
        DAY,
        "2021-06-29",
        "The day of the reply; printed on the letter where it is given.",
    ),
    Key(
        "addressee",
        SCALARS,
        "[Ms R Jones, 1 High Street, Exampleton]",
        "Whom the letter is to, line by line: the name first.",
    ),
    Key("salutation", SCALAR, "Dear Ms Jones", "How the letter greets them."),
    Key("your_reference", SCALAR, "RJ/7", "The requester's own reference, where they gave one."),
    Key(
        "subject",
        SCALAR,
        "Sexual communication with a child",
        "What the request is about, in a line.",
    ),
    Key(
        "questions",
        {"type": "array", "items": {"$ref": "#/$defs/question"}, "minItems": 1},
        "a list, see below",
        "The numbered questions, in the order of the request.",
        True,
    ),
)

_TEXTS_OF_TEST = {"for": STRINGS, "against": STRINGS, "balance": SCALAR}
ANSWER = (
    Key(
        "answer",
        {"enum": [kind.value for kind in AnswerKind]},
        "not held",
        "How the question is answered in words instead of a count: `not held`, `refused`, "
        "`neither confirmed nor denied`, `published`, `statement` or `advice`. The keys below "
        "give the words.",
    ),
    Key(
        "reason",
        SCALAR,
        "Convictions are recorded by the courts.",
        "Why it is not held, or why the exemption applies: the harm, or how the information is "
        "of the class.",
    ),
    Key(
        "exemption",
        SCALARS,
        "[s31(1)(a), s31(1)(b)]",
        "What is relied on, with `refused` or `neither confirmed nor denied`: an "
        "[exemption](exemptions.md), or section 12 or 14.",
    ),
    Key(
        "public_interest",
        {
            "type": "object",
            "properties": _TEXTS_OF_TEST,
            "required": list(_TEXTS_OF_TEST),
            "additionalProperties": False,
        },
        "{for: […], against: […], balance: …}",
        "The public interest test of a qualified exemption: what speaks `for` disclosure (or for "
        "confirming), what speaks `against` it, and the `balance`.",
    ),
    Key(
        "estimate",
        {
            "type": "object",
            "properties": {"hours": SCALAR, "basis": SCALAR},
            "required": ["hours", "basis"],
            "additionalProperties": False,
        },
        '{hours: 40, basis: "1,200 records, 2 minutes each"}',
        "With section 12: the hours it would take, over 18, and what the estimate rests on.",
    ),
    Key(
        "earlier_request",
        SCALAR,
        "FOI 12/26, answered on 3 May 2026",
        "With section 14(2): the earlier request that was complied with.",
    ),
    Key(
        "where",
        SCALAR,
        "https://www.police.uk/data",
        "With `published`: where the requester finds it (section 21).",
    ),
    Key("statement", SCALAR, "There are two such officers.", "With `statement`: the answer."),
    Key(
        "advice",
        SCALAR,
        "The Ministry of Justice publishes convictions.",
        "Advice and assistance (section 16), by itself with `advice` or beside another answer. A "
        "refusal under section 12 must say how the request could be narrowed.",
    ),
)

QUESTION = (
    Key("number", SCALAR, "2", "The question's number in the request; no two are the same.", True),
    Key(
        "words",
        SCALAR,
        "Please tell me …",
        "The requester's own words. The letter restates them.",
        True,
    ),
    Key(
        "unit",
        {"enum": list(UNITS)},
        "victims",
        "What is counted: `crimes`, `victims`, or `records` that mention keywords (one record is "
        "one crime). A question has `unit`, or it has `answer`.",
    ),
    Key(
        "filters",
        {"$ref": "#/$defs/filters"},
        "keys, see below",
        "Which records are counted; all that are recorded where left out.",
    ),
    Key(
        "breakdowns",
        {"type": "array", "items": {"$ref": "#/$defs/breakdown"}, "minItems": 1, "maxItems": 4},
        "[online_flag]",
        "What the count is broken down by, all at once: up to four, see below.",
    ),
    Key(
        "extreme",
        {
            "anyOf": [
                {"enum": ["youngest victim", "oldest victim"]},
                {
                    "type": "object",
                    "properties": {
                        "of": {"enum": ["youngest victim", "oldest victim"]},
                        "also": STRINGS,
                    },
                    "required": ["of"],
                    "additionalProperties": False,
                },
            ]
        },
        "{of: youngest victim, also: [sex]}",
        "The age of the `youngest victim` or `oldest victim`, and `also` other columns of that "
        "victim.",
    ),
    Key(
        "mentions",
        SCALARS,
        "[WhatsApp, Kik]",
        "Keywords to look for in the free text, counted each by itself.",
    ),
    Key(
        "exemptions",
        {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
        '{"s44(1)": Counts by sex could identify a complainant.}',
        "Exemptions that a person decided to rely on for what is not given, each with the reason; "
        "the letter states them. Section 40(2) for hidden figures is not written here: it follows "
        "from the tables. A qualified exemption goes under `in_words`.",
    ),
    Key(
        "in_words",
        {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "what": SCALAR,
                    **{key.name: key.schema for key in ANSWER},
                },
                "required": ["answer"],
                "additionalProperties": False,
            },
        },
        "[{answer: not held, what: the schools, reason: …}]",
        "Beside a count: what of the question is answered in words. Each has `answer` with its "
        "keys, and `what` it is about.",
    ),
    *ANSWER,
)

FILTERS = (
    Key(
        "offences",
        SCALARS,
        "[71/17, 88A]",
        "Home Office offence codes and classes, in any usual spelling. A crime counts when its "
        "code is one of the codes or the class stored on it is one of the classes; where no class "
        "is stored, when its code belongs to one of the classes and to no other. What is both a "
        "code and a class must say which: `004/10`, `class 4/10`.",
    ),
    Key(
        "period",
        SCALAR,
        "1 July 2020 to 31 March 2021",
        "The days counted, both ends included; also `2020/21`, "
        "`Q1 2020/21`, `July 2020` or `2020-07-01 to 2021-03-31`.",
    ),
    Key(
        "date",
        SCALAR,
        "recorded_on",
        "The day that must lie in the period; `recorded_on` where left out. A record without that "
        "day is not counted.",
    ),
    Key(
        "status",
        SCALARS,
        "[Recorded]",
        "Which records are counted: only `Recorded` where left out, so that cancelled and "
        "transferred records are not counted.",
    ),
    Key("age", SCALAR, "17 and under", "Ages of victims; a victim of unknown age is not counted."),
)

BREAKDOWN_KEYS = ("age", *(grain.value for grain in BREAKDOWN_GRAINS))
