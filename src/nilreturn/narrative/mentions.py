"""
Finds which records mention which keyword; answers are counted from this.

A form counts as the matcher decides, unless a reviewer decided otherwise. Records and the flags
that officers set are not changed; both are reported side by side.
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

# The columns of a file of mentions: one row for each record and keyword.
MENTIONS = pa.schema(
    [("crime_ref", pa.string()), ("keyword", pa.string()), ("written", pa.bool_())]
)
FORMS_NAMED = pa.schema(
    [("crime_ref", pa.string()), ("keyword", pa.string()), ("form", pa.string())]
)


class Verdict(enum.Enum):
    """What a reviewer decided about a form."""

    ACCEPT = "accept"  # it counts wherever it occurs
    REJECT = "reject"  # it never counts
    ONLY_IN_CONTEXT = "only in context"  # it counts where the words around it agree


# The verdict on each (form, keyword).
Verdicts = Mapping[tuple[str, str], Verdict]


@dataclass(frozen=True)
class Mentions:
    """
    The mentions that were found.

    Attributes
    ----------
    table
        Columns `crime_ref`, `keyword` and `written`; one row for each record and keyword. `written`
        is True where the text has the name or an alias that needs no context, and False where it
        has only another form.
    by_form
        Columns `crime_ref`, `keyword` and `form`; one row for each record, keyword and form that
        counted.
    forms
        One row for each form and keyword in the text: `how` it matched, the `rule` in words, the
        number of `records` that have it, and the number in which it `counted`.
    keywords
        The names of the entries searched for.
    searched
        The number of records.
    with_text
        The number of records with at least one word.
    naming
        The number of records that mention a keyword.
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
        """The number of records in which none of the keywords was found."""
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
    Find the mentions of keywords in an indexed extract.

    `keywords` are names of lexicon entries, in any case; None: all of them. Raises `LexiconError`
    for a keyword that is not an entry.
    """
    seen = occurrences_of(index, matcher, progress=progress)
    return _looked_up(index, index.references, seen, matcher, verdicts or {}, keywords)


def find_in_batch(
    stream: TokenStore, references: pa.Array, matcher: Matcher, verdicts: Verdicts | None = None,
    keywords: Sequence[str] | None = None,
) -> Mentions:  # fmt: skip
    """
    Find the mentions in a batch of texts in memory.

    Parameters
    ----------
    stream
        The texts as `index.open_batch` makes them.
    references
        The records' references, (records,) strings.
    matcher
        The matcher of the lexicon.
    verdicts
        What reviewers decided about forms.
    keywords
        Names of lexicon entries, in any case; None: all of them.

    Returns
    -------
    Mentions
        What was found in these records.

    Raises
    ------
    LexiconError
        When a keyword is not an entry.
    """
    return _looked_up(
        stream, references, find_occurrences(stream, matcher), matcher, verdicts or {}, keywords
    )


def write_mentions(mentions: Mentions, path: Path) -> None:
    """
    Write the mentions as the Parquet file that the engines count from.

    Parameters
    ----------
    mentions
        What was found.
    path
        The file to create or replace; its columns are those of `MENTIONS`.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    with atomic_file(path) as part:
        pq.write_table(mentions.table, part)


def as_written(candidate: Candidate) -> bool:
    """Whether the form is the name itself, or an alias that needs no context."""
    return candidate.match_kind == "exact" or (
        candidate.match_kind == "alias" and candidate.context_threshold == 0
    )


def decided(seen: Occurrences, stream: TokenStore, matcher: Matcher, verdicts: Verdicts) -> Flags:
    """
    Which occurrences count, with the reviewer's verdicts applied. A verdict on one form can change
    what the words around another indicate, so every record with a form decided on is settled again.
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
    """One row for each record and keyword, in that order; and the number of records in it."""
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
