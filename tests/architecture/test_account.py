"""
What a renderer can reach is listed here, field by field, with the reason why it tells nothing of
the records.

Whoever adds a field to `Answer` or to anything in it has to say here why it is safe: it follows
from the request, the policy, the authority, the lexicon or public facts; or it is a statement,
which is in the account of disclosure control and held equal by
`tests/generative/release/test_non_interference.py`.
"""

import dataclasses
import re
import types
import typing

from nilreturn.release import Answer
from tests.architecture.source import SOURCE

REQUEST = "written by the requester, or by who answers"
POLICY = "the policy, a file of the force"
REFERENCE = "the published lists of offences"
LEXICON = "the lexicon and the mapping, files that do not depend on the records"
PUBLIC = "a public fact: which system, as of which day, by which software"
EXTRACT = "by the question and by which days the extract covers, a fact of the extract as a whole"
STATEMENT = "a statement: what disclosure control lets out, in the account"
QUESTION = "by the question alone: what was asked of which columns and days"
KEYED = "keyed, of what is printed alone"
WORDING = "the folder of fixed words, shipped or the force's"
HOLDER = "holds what is listed here"

ALLOWED = {
    "Answer.reference": REQUEST,
    "Answer.received_on": REQUEST,
    "Answer.answered_on": REQUEST,
    "Answer.authority": HOLDER,
    "Answer.questions": HOLDER,
    "Answer.extract": HOLDER,
    "Answer.policy": HOLDER,
    "Answer.software": PUBLIC,
    "Answer.remarks": HOLDER,
    "Answer.claims": HOLDER,
    "Answer.release_reference": KEYED,
    "Answer.earlier_releases": KEYED,
    "Answer.addressee": REQUEST,
    "Answer.salutation": REQUEST,
    "Answer.your_reference": REQUEST,
    "Answer.wording": HOLDER,
    "Wording.sentences": WORDING,
    "Wording.paragraphs": WORDING,
    "Wording.templates": WORDING,
    "AnsweredQuestion.in_words": HOLDER,
    **dict.fromkeys(
        (
            *("AnswerInWords.kind", "AnswerInWords.what", "AnswerInWords.reason"),
            *("AnswerInWords.where", "AnswerInWords.statement", "AnswerInWords.advice"),
            *("AnswerInWords.line", "Refusal.exemptions", "Refusal.reason", "Refusal.advice"),
            *("Refusal.earlier_request", "Refusal.denies", "Estimate.hours", "Estimate.basis"),
            *("PublicInterest.favour", "PublicInterest.against", "PublicInterest.balance"),
        ),
        "written by who answers, in the request's file, before anything is counted",
    ),
    **dict.fromkeys(
        (
            "AnswerInWords.refusal",
            "Refusal.public_interest",
            "Refusal.estimate",
        ),
        HOLDER,
    ),
    "Authority.name": REQUEST,
    "Authority.department": REQUEST,
    "Authority.address": REQUEST,
    "Authority.email": REQUEST,
    "Authority.review_email": REQUEST,
    "Authority.phone": REQUEST,
    "Authority.signature": REQUEST,
    "AnsweredQuestion.number": REQUEST,
    "AnsweredQuestion.words": REQUEST,
    "AnsweredQuestion.criteria": QUESTION,
    "AnsweredQuestion.tables": HOLDER,
    "AnsweredQuestion.extremes": HOLDER,
    "AnsweredQuestion.mentions": HOLDER,
    "AnsweredQuestion.expansions": HOLDER,
    "AnsweredQuestion.caveats": "keys of the library, by the question and the columns of the "
    "records system",
    "AnsweredQuestion.is_whole": STATEMENT,
    "Remark.key": EXTRACT,
    "Remark.values": STATEMENT,
    "Remark.questions": QUESTION,
    "ExtractFacts.system": PUBLIC,
    "ExtractFacts.as_at": PUBLIC,
    "PolicyFacts.name": POLICY,
    "PolicyFacts.version": POLICY,
    "PolicyFacts.rules": HOLDER,
    "TableRule.table": QUESTION,
    "TableRule.threshold": POLICY,
    "TableRule.reason": POLICY,
    "TableRule.hides_zeros": POLICY,
    "Claim.exemption": REQUEST,
    "Claim.question": REQUEST,
    "Claim.reason": REQUEST,
    "MentionSearch.fields": LEXICON,
    "MentionSearch.character_limit": LEXICON,
    "MentionSearch.keywords": REQUEST,
    "MentionSearch.rule": "one sentence for all searches",
    "MentionSearch.ambiguous": LEXICON,
    "MentionSearch.spellings": LEXICON,
    "ClassExpansion.offence_class": QUESTION,
    "ClassExpansion.parts": HOLDER,
    "Expansion.period": QUESTION,
    "Expansion.codes": REFERENCE,
    "Expansion.undated": REFERENCE,
    "Expansion.predecessors": REFERENCE,
    "Period.first_on": QUESTION,
    "Period.last_on": QUESTION,
    "PrintedTable.name": QUESTION,
    "PrintedTable.title": QUESTION,
    "PrintedTable.unit": QUESTION,
    "PrintedTable.question": QUESTION,
    "PrintedTable.method": STATEMENT,
    "PrintedTable.dimensions": HOLDER,
    "PrintedTable.restricted_to": QUESTION,
    "PrintedTable.changed": "by the method of the policy: it marks every count or none",
    "PrintedTable.counts": STATEMENT,
    "PrintedTable.not_covered": HOLDER,
    "PrintedTable.not_in_use": STATEMENT,
    "NotCovered.variable": QUESTION,
    "NotCovered.label": EXTRACT,
    "NotCovered.after": EXTRACT,
    "Dimension.variable": QUESTION,
    "Dimension.title": QUESTION,
    "Dimension.categories": "the rows, a statement (see `statements` in the glossary); holds what "
    "is listed here",
    "Dimension.additive": QUESTION,
    "Dimension.qualifies": QUESTION,
    "Category.label": STATEMENT,
    "Category.parent": STATEMENT,
    "Category.covers": "by the label, the question and the lists of offences",
    "Extent.ranges": QUESTION,
    "Extent.values": QUESTION,
    "Extent.none_of": QUESTION,
    "SafeExtreme.name": QUESTION,
    "SafeExtreme.title": QUESTION,
    "SafeExtreme.question": QUESTION,
    "SafeExtreme.value": STATEMENT,
    "SafeExtreme.also": STATEMENT,
    "SafeExtreme.refusal": STATEMENT,
}


def classes_in(hint):
    """The dataclasses that a type is made of."""
    if dataclasses.is_dataclass(hint):
        yield hint
    for argument in typing.get_args(hint):
        if not isinstance(argument, types.EllipsisType):
            yield from classes_in(argument)


def reachable(cls, seen=None):
    """Every dataclass that an object of the class can hold, itself the first."""
    seen = {} if seen is None else seen
    if cls not in seen:
        seen[cls] = typing.get_type_hints(cls)
        for hint in seen[cls].values():
            for inner in classes_in(hint):
                reachable(inner, seen)
    return seen


def test_every_field_that_a_renderer_can_reach_is_listed_with_its_reason():
    fields = {
        f"{cls.__name__}.{field.name}"
        for cls in reachable(Answer)
        for field in dataclasses.fields(cls)
        if field.name != "_key"  # the token of who may make one
    }
    assert fields == set(ALLOWED)


def test_a_field_of_any_kind_of_object_would_not_be_seen_and_is_not_there():
    hints = [
        hint
        for found in reachable(Answer).values()
        for name, hint in found.items()
        if name != "_key"
    ]
    assert not {typing.Any, object} & {
        part for hint in hints for part in (hint, *typing.get_args(hint))
    }


# What a renderer must not be able to name: records, true counts, how they were hidden, and who
# knows of them.
KEPT_OUT = re.compile(
    r"\b(?:SafeTable|SafeCell|CellStatus|RawTable|RawExtreme|Extract|Protection|Searched|pyarrow|polars|duckdb)\b"
    r"|nilreturn\.(?:disclosure|engines|narrative|sources|workflow|composing)"
)
INTERNAL = {"provenance.py", "internal.py"}  # they write the papers that stay with the force


def test_no_renderer_names_records_or_how_counts_were_hidden():
    for path in sorted((SOURCE / "release").rglob("*.py")):
        if path.name in INTERNAL:
            continue
        text = re.sub(r'"""(?:.|\n)*?"""|#.*', "", path.read_text(encoding="utf-8"))
        found = set(KEPT_OUT.findall(text))
        # The one door: a safe table goes in and what readers have of it comes out.
        assert found <= ({"SafeTable"} if path.name == "statements.py" else set()), path.name


def test_no_renderer_reads_the_internal_papers():
    for path in sorted((SOURCE / "release").rglob("*.py")):
        if path.name not in {*INTERNAL, "__init__.py"}:
            assert not re.search(
                r"release(?:\.| import .*\b)(?:internal|provenance)\b",
                path.read_text(encoding="utf-8"),
            ), path.name
