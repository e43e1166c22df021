"""
Review by form: what a person sees of each form before its count is published. It identifies no
person.

A snippet keeps the ordinary words around a form. Words with a digit become #. Links, rare words,
words in no list of ordinary words, and words that are also names of people or places ("mark",
"rose") become an ellipsis.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nilreturn.errors import FileError
from nilreturn.files import atomic_file
from nilreturn.narrative.index import Flags, Index, Occurrences, occurrences_of, settle, union
from nilreturn.narrative.lexicon import FUNCTION_WORD, Lexicon, is_name, kind_of
from nilreturn.narrative.matching import SOME_CONTEXT, Candidate, Matcher
from nilreturn.narrative.mentions import decided, rule_of
from nilreturn.narrative.review.decisions import Decision, verdicts
from nilreturn.narrative.text import Gap, Token
from nilreturn.narrative.tokens import Integers
from nilreturn.progress import Progress, no_progress

# A word in fewer records is left out of snippets and of discovery.
RARE = 10

SNIPPETS = 3
# Words shown on each side of the form.
AROUND = 6

# Records, evenly spaced, in which the context of a form that does not need any is weighed for the
# reviewer.
SAMPLE = 200

ELLIPSIS = "…"
_KEPT_KINDS = ("ordinary word", FUNCTION_WORD, "police shorthand")
_LINK = frozenset(("http", "https", "www", "ftp"))

# The columns of a review file. `in_context` is the share of the form's records whose words speak of
# the platform.
COLUMNS = (
    "form", "platform", "records", "counted", "in_context", "rule", "why", "nearest_word",
    "snippet_1", "snippet_2", "snippet_3", "decision", "by", "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reviewed:
    """
    One row of a review: a form and keyword that occur in the text, and the decision that holds, if
    there is one.
    """

    form: str
    candidate: Candidate
    records: int
    counted: int
    in_context: float
    snippets: tuple[str, ...]
    decision: Decision | None

    @property
    def keyword(self) -> str:
        return self.candidate.entry.name

    @property
    def is_open(self) -> bool:
        """
        Whether a reviewer should look: it is not the name as written, and there is no decision yet.
        """
        return self.decision is None and not self.candidate.written

    @property
    def rule(self) -> str:
        """When the form counts, in words."""
        return rule_of(self.candidate, self.decision.verdict if self.decision else None)


def review(
    index: Index,
    matcher: Matcher,
    decisions: Sequence[Decision] = (),
    *,
    progress: Progress = no_progress,
) -> tuple[Reviewed, ...]:
    """Every form that occurs in the text and may mean an entry, those in most records first."""
    seen = occurrences_of(index, matcher, progress=progress)
    holding = {decision.key: decision for decision in decisions}
    counts = decided(seen, index, matcher, verdicts(decisions))
    agreeing = _agreeing(index, matcher, seen, progress)
    scrub = Scrubber(index, matcher)
    found = []
    for number, (form, candidate) in enumerate(seen.pairs):
        rows = seen.rows_of(number)
        if len(rows):
            decision = holding.get((form, candidate.entry.name))
            found.append(
                Reviewed(
                    form,
                    candidate,
                    len(rows),
                    int(counts[seen.places(number)].sum()),
                    agreeing[number],
                    scrub.snippets(form, rows),
                    decision,
                )
            )
    found.sort(key=lambda row: (-row.records, row.form, row.keyword))
    return tuple(found)


def _agreeing(
    index: Index, matcher: Matcher, seen: Occurrences, progress: Progress
) -> Mapping[int, float]:
    """
    For each pair, the share of its records in which the context agrees; a sample of records where
    the form needs no context.
    """
    asking = {
        form: tuple(
            replace(one, context_threshold=max(one.context_threshold, SOME_CONTEXT))
            for one in means
        )
        for form, means in seen.candidates().items()
    }
    samples = {}
    for number, (_, candidate) in enumerate(seen.pairs):
        if candidate.context_threshold == 0:
            rows = seen.rows_of(number)
            samples[number] = rows[_evenly(len(rows), SAMPLE)]
    agreed = settle(index, matcher, asking, union(samples.values()), progress=progress)
    found = {}
    for number, (form, candidate) in enumerate(seen.pairs):
        if number in samples:
            where = agreed.get((form, candidate.entry.name), np.zeros(0, np.int64))
            flags: Flags = np.isin(samples[number], where, assume_unique=True)
        else:
            flags = seen.counts[seen.places(number)]
        found[number] = float(flags.mean()) if len(flags) else 0.0
    return found


def _evenly(count: int, most: int) -> Integers:
    """At most `most` places out of `count`, evenly spaced, including the first."""
    return np.unique(np.linspace(0, max(0, count - 1), min(count, most)).astype(np.int64))


def lexicon_words(lexicon: Lexicon) -> frozenset[str]:
    """The words of a lexicon: those of its aliases, and its cues."""
    forms = (form for entry in lexicon.entries for form in (*entry.aliases, *entry.context_aliases))
    return frozenset(lexicon.cues) | {word for form in forms for word in form.split(" ")}


class Scrubber:
    """Shows words of records without identifying a person."""

    def __init__(self, index: Index, matcher: Matcher) -> None:
        self._index = index
        self._known = lexicon_words(matcher.lexicon)

    def snippets(self, form: str, rows: Integers) -> tuple[str, ...]:
        """Up to SNIPPETS different scrubbed snippets of the form from the given records."""
        found: dict[str, None] = {}
        for row in rows[_evenly(len(rows), 4 * SNIPPETS)].tolist():
            tokens, numbers = self._index.record(row)
            first = _place(tokens, form.split(" "))
            found[self._snippet(tokens, numbers, first, first + form.count(" ") + 1)] = None
            if len(found) == SNIPPETS:
                break
        return tuple(found)

    def _snippet(
        self, tokens: Sequence[Token], numbers: Sequence[int], first: int, past: int
    ) -> str:
        start, end = max(0, first - AROUND), min(len(tokens), past + AROUND)
        shown: list[str] = [ELLIPSIS] if start else []
        link = False
        for place in range(start, end):
            token = tokens[place]
            # The words of an address follow one another without a blank; where one begins is all
            # that is known.
            link = token.form in _LINK or (link and token.adjacent)
            word = (
                token.form
                if first <= place < past
                else ELLIPSIS
                if link
                else self.word(token.form, numbers[place])
            )
            if place == first:
                word = "[" + word
            if place == past - 1:
                word += "]"
            if token.gap is Gap.LIST and shown:
                shown[-1] += ","
            if not (word == ELLIPSIS and shown and shown[-1] == ELLIPSIS):
                shown.append(word)
        if end < len(tokens) and shown[-1] != ELLIPSIS:
            shown.append(ELLIPSIS)
        return " ".join(shown)

    def word(self, form: str, number: int) -> str:
        """A word in the form in which it may be shown."""
        if any(character.isdigit() for character in form):
            return "#"
        if self._index.records_with[number] < RARE:
            return ELLIPSIS
        if form in self._known or (kind_of(form) in _KEPT_KINDS and not is_name(form)):
            return form
        return ELLIPSIS


def _place(tokens: Sequence[Token], form: Sequence[str]) -> int:
    """The first place of a form in a record that has it."""
    words = [token.form for token in tokens]
    return next(
        first
        for first in range(len(words))
        if words[first : first + len(form)] == list(form)
        and all(token.adjacent for token in tokens[first + 1 : first + len(form)])
    )


def write_review(path: Path, rows: Sequence[Reviewed]) -> None:
    """
    Write the review file: CSV that a spreadsheet opens. Raises `FileError` when it cannot be
    written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        snippets = (*row.snippets, *[""] * (SNIPPETS - len(row.snippets)))
        said = (
            (row.decision.verdict.value, row.decision.by, row.decision.on.isoformat())
            if row.decision
            else ("",) * 3
        )
        writer.writerow((row.form, row.keyword, row.records, row.counted, f"{row.in_context:.2f}",
                         row.rule, row.candidate.why, row.candidate.nearest_word, *snippets,
                         *said))  # fmt: skip
    try:
        with atomic_file(path) as part:
            # The mark makes Excel read UTF-8.
            part.write_text(text.getvalue(), encoding="utf-8-sig")
    except OSError as error:
        raise FileError(f"{path}: the review cannot be written: {error.strerror}") from error
