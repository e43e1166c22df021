"""
A refusal in the words of the request: questions by their numbers in place of tables by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from nilreturn.disclosure.model import PublishedTable
from nilreturn.errors import UserError
from nilreturn.tables import RawTable
from nilreturn.wording import listed

Refusal = TypeVar("Refusal", bound=UserError)

# How an answer calls the tables of its questions.
_NUMBERED = re.compile(r"q(\d+(?:_\d+)*)(?:_[a-z_]+)?")


def in_questions(
    refusal: Refusal, tables: Sequence[RawTable], known: Sequence[PublishedTable] = ()
) -> Refusal:
    """
    The same refusal with each table of the answer called "question 1", and each of an earlier one
    "question 1 of 20210999". Where its details name two questions or more, the message says that
    they clash.
    """
    names = {**dict(_earlier(known)), **_own(tables)}
    if not names:
        return refusal
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    spelt = re.compile(rf"(?:\btables? )?(?<!\w)({longest_first})(?!\w)")
    details = tuple(spelt.sub(lambda found: names[found[1]], detail) for detail in refusal.details)
    message = spelt.sub(lambda found: names[found[1]], str(refusal))
    asked = dict.fromkeys(
        names[found[1]] for detail in refusal.details for found in spelt.finditer(detail)
    )
    if len(asked) > 1:
        message = f"{message}; {listed(asked)} clash"
    return type(refusal)(message, details=details)


def _own(tables: Sequence[RawTable]) -> Mapping[str, str]:
    questions = [table.question for table in tables]
    return {
        table.name: f"question {table.question}"
        + (f" ({table.title})" if questions.count(table.question) > 1 else "")
        for table in tables
        if table.question
    }


def _earlier(known: Sequence[PublishedTable]) -> Iterator[tuple[str, str]]:
    for table in known:
        if table.release:
            numbered = _NUMBERED.fullmatch(table.name)
            name = f"question {numbered[1].replace('_', '.')}" if numbered else table.name
            yield table.labels, f"{name} of {table.release}"
