"""
Which records mention which keyword: the look-up that an answer is counted from.

A form counts as the matcher says, unless a reviewer decided otherwise. Nothing here changes a
record or a flag that an officer set: it says what the text holds, and the two are reported side by
side.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from nilreturn.files import atomic_file
from nilreturn.narrative.index import (
    Flags,
    Index,
    Occurrences,
    TokenStore,
    find_occurrences,
    occurrences_of,
    settle,
    union,
)
from nilreturn.narrative.matching import SOME_CONTEXT, Candidate, Matcher
from nilreturn.narrative.tokens import Integers
from nilreturn.progress import Progress, no_progress

MENTIONS = pa.schema(
    [("crime_ref", pa.string()), ("keyword", pa.string()), ("written", pa.bool_())]
)
FORMS_NAMED = pa.schema(
    [("crime_ref", pa.string()), ("keyword", pa.string()), ("form", pa.string())]
)


class Verdict(enum.Enum):
    """What a reviewer decided about a form."""

    ACCEPT = "accept"  # it counts wherever it stands
    REJECT = "reject"  # it never counts
    ONLY_IN_CONTEXT = "only in context"  # it counts where the words around it agree


Verdicts = Mapping[tuple[str, str], Verdict]
"""By form and keyword."""


@dataclass(frozen=True)
class Mentions:
    """
    What was found, for the counts and for the words of an answer.

    table: a row a record and keyword; `written` where the name itself or an alias that stands alone
    is in the text, not `written` where only another form is.
    by_form: a row a record, keyword and form that counted.
    forms: a row a form and keyword of those that stand in the text: `how` it matched, `rule` in
    words, in how many `records` it stands and in how many it `counted`.
    searched: the records, `with_text` those of them that hold any word, `naming` those that mention
    a keyword.
    """

    table: pa.Table
    by_form: pa.Table
    forms: pa.Table
    keywords: tuple[str, ...]
    searched: int
    with_text: int
    naming: int

    @property
    def naming_none(self) -> int:
        """Records in which none of the keywords was found."""
        return self.searched - self.naming


def find_mentions(
    index: Index,
    matcher: Matcher,
    verdicts: Verdicts | None = None,
    keywords: Sequence[str] | None = None,
    *,
    progress: Progress = no_progress,
) -> Mentions:
    """
    The mentions of `keywords` (names of lexicon entries in any case; all of them when None) in an
    indexed extract.

    Raises `LexiconError` for a keyword that is no entry.
    """
    seen = occurrences_of(index, matcher, progress=progress)
    return _looked_up(index, index.references, seen, matcher, verdicts or {}, keywords)


def find_in_batch(
    stream: TokenStore, references: pa.Array, matcher: Matcher, verdicts: Verdicts | None = None,
    keywords: Sequence[str] | None = None,
) -> Mentions:  # fmt: skip
    """
    The same of a batch in memory (`index.open_batch`), whose records have the given references.
    """
    return _looked_up(
        stream, references, find_occurrences(stream, matcher), matcher, verdicts or {}, keywords
    )


def write_mentions(mentions: Mentions, path: Path) -> None:
    """Writes the table as the Parquet file that the engines count from."""
    with atomic_file(path) as part:
        pq.write_table(mentions.table, part)


def as_written(candidate: Candidate) -> bool:
    """Whether it is the name itself, or an alias that needs no context to be understood."""
    return candidate.match_kind == "exact" or (
        candidate.match_kind == "alias" and candidate.context_threshold == 0
    )


def decided(seen: Occurrences, stream: TokenStore, matcher: Matcher, verdicts: Verdicts) -> Flags:
    """
    Which sightings count, the reviewer's verdicts applied. A verdict on one form can change what
    the words around another say, so every record that holds a form decided on is settled again.
    """
    touched = [number for number, pair in enumerate(seen.pairs) if _key(pair) in verdicts]
    if not touched:
        return seen.counts
    rows = union(seen.rows_of(number) for number in touched)
    counted = settle(stream, matcher, _adjusted(seen, verdicts), rows)
    counts = seen.counts.copy()
    for number, pair in enumerate(seen.pairs):
        mine = seen.rows_of(number)
        again = np.isin(mine, rows, assume_unique=True)
        if again.any():
            where = counted.get(_key(pair), rows[:0])
            counts[seen.places(number)][again] = np.isin(mine[again], where, assume_unique=True)
    return counts


def rule_of(candidate: Candidate, verdict: Verdict | None) -> str:
    """When a form counts, in words."""
    if verdict is Verdict.REJECT:
        return "never, by review"
    if verdict is Verdict.ACCEPT:
        return "wherever it stands, by review"
    if verdict is Verdict.ONLY_IN_CONTEXT:
        return "only in context, by review"
    return "only in context" if candidate.context_threshold > 0 else "wherever it stands"


def _key(pair: tuple[str, Candidate]) -> tuple[str, str]:
    return pair[0], pair[1].entry.name


def _adjusted(seen: Occurrences, verdicts: Verdicts) -> dict[str, tuple[Candidate, ...]]:
    found: dict[str, tuple[Candidate, ...]] = {}
    for form, candidate in seen.pairs:
        verdict = verdicts.get((form, candidate.entry.name))
        if verdict is Verdict.REJECT:
            continue
        if verdict is Verdict.ACCEPT:
            candidate = replace(candidate, context_threshold=0.0, overlaps=False)
        elif verdict is Verdict.ONLY_IN_CONTEXT:
            candidate = replace(
                candidate, context_threshold=max(candidate.context_threshold, SOME_CONTEXT)
            )
        found[form] = (*found.get(form, ()), candidate)
    return found


def _looked_up(
    stream: TokenStore, references: pa.Array | pa.ChunkedArray, seen: Occurrences, matcher: Matcher,
    verdicts: Verdicts, keywords: Sequence[str] | None,
) -> Mentions:  # fmt: skip
    lexicon = matcher.lexicon
    entries = lexicon.entries if keywords is None else [lexicon.entry(name) for name in keywords]
    names = tuple(dict.fromkeys(entry.name for entry in entries))
    place = {name: number for number, name in enumerate(names)}
    keyword = np.array(
        [place.get(candidate.entry.name, -1) for _, candidate in seen.pairs], np.int64
    )
    counts = decided(seen, stream, matcher, verdicts)
    kept = (
        np.flatnonzero(counts & (keyword[seen.pair] >= 0))
        if len(seen.pair)
        else np.zeros(0, np.int64)
    )
    rows, pair = seen.rows[kept], seen.pair[kept].astype(np.int64)
    table, naming = _table(rows, pair, keyword, seen, names, references)
    return Mentions(table, _by_form(rows, pair, keyword, seen, names, references),
                    _forms(seen, counts, keyword, verdicts), names, len(stream),
                    int(np.count_nonzero(np.diff(stream.bounds))), naming)  # fmt: skip


def _table(
    rows: Integers, pair: Integers, keyword: Integers, seen: Occurrences, names: tuple[str, ...],
    references: pa.Array | pa.ChunkedArray,
) -> tuple[pa.Table, int]:  # fmt: skip
    """A row a record and keyword, in that order; and how many records there are in it."""
    written = np.array([as_written(candidate) for _, candidate in seen.pairs], bool)
    keys, at = np.unique(rows * len(names) + keyword[pair], return_inverse=True)
    any_written = np.zeros(len(keys), bool)
    np.logical_or.at(any_written, at, written[pair])
    found = keys // max(1, len(names))
    columns = [
        references.take(pa.array(found)),
        pa.array(names, pa.string()).take(pa.array(keys % max(1, len(names)))),
        pa.array(any_written),
    ]
    return pa.table(columns, schema=MENTIONS), len(np.unique(found))


def _by_form(
    rows: Integers, pair: Integers, keyword: Integers, seen: Occurrences, names: tuple[str, ...],
    references: pa.Array | pa.ChunkedArray,
) -> pa.Table:  # fmt: skip
    order = np.lexsort((pair, rows))
    forms = pa.array([form for form, _ in seen.pairs], pa.string())
    keywords = pa.array(names, pa.string()).take(pa.array(keyword[pair[order]]))
    columns = [references.take(pa.array(rows[order])), keywords, forms.take(pa.array(pair[order]))]
    return pa.table(columns, schema=FORMS_NAMED)


def _forms(seen: Occurrences, counts: Flags, keyword: Integers, verdicts: Verdicts) -> pa.Table:
    standing = np.bincount(seen.pair, minlength=len(seen.pairs))
    counted = np.bincount(seen.pair[counts], minlength=len(seen.pairs))
    shown = [
        number for number in range(len(seen.pairs)) if keyword[number] >= 0 and standing[number]
    ]
    shown.sort(key=lambda number: (keyword[number], -standing[number], seen.pairs[number][0]))
    pairs = [seen.pairs[number] for number in shown]
    return pa.table(
        {
            "keyword": pa.array([candidate.entry.name for _, candidate in pairs], pa.string()),
            "form": pa.array([form for form, _ in pairs], pa.string()),
            "how": pa.array([candidate.match_kind for _, candidate in pairs], pa.string()),
            "written": pa.array([as_written(candidate) for _, candidate in pairs], pa.bool_()),
            "rule": pa.array(
                [rule_of(pair[1], verdicts.get(_key(pair))) for pair in pairs], pa.string()
            ),
            "why": pa.array([candidate.why for _, candidate in pairs], pa.string()),
            "nearest_word": pa.array(
                [candidate.nearest_word for _, candidate in pairs], pa.string()
            ),
            "records": pa.array(standing[shown], pa.int64()),
            "counted": pa.array(counted[shown], pa.int64()),
        }
    )
