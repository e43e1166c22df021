"""
Where the candidates of a lexicon occur in an index, and whether each counts there; worked out once
for each lexicon.

Matching looks at distinct forms. Only records with a form that needs context are read, once each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nilreturn.narrative.index import versions
from nilreturn.narrative.index.token_store import Index, TokenStore, read_arrow
from nilreturn.narrative.lexicon import Lexicon
from nilreturn.narrative.matching import LEAST_LETTERS, Candidate, Matcher, NameFragments
from nilreturn.narrative.text import LONGEST_PHRASE, Gap, Token
from nilreturn.narrative.tokens import GAPS, Integers
from nilreturn.progress import Progress, no_progress

Candidates = Mapping[str, tuple[Candidate, ...]]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Occurrences:
    """
    The occurrences of a lexicon's candidates in an index.

    pairs: each form with one of the candidates that it may mean. rows, pair, counts: one item for
    each record and pair, ordered by pair and then row: the form of the pair occurs in the record,
    and `counts` tells whether it is a mention there.
    """

    pairs: tuple[tuple[str, Candidate], ...]
    rows: Integers
    pair: npt.NDArray[np.int32]
    counts: Flags

    @cached_property
    def _bounds(self) -> Integers:
        bounds: Integers = np.searchsorted(self.pair, np.arange(len(self.pairs) + 1))
        return bounds

    def places(self, number: int) -> slice:
        """The slice with the occurrences of a pair."""
        return slice(int(self._bounds[number]), int(self._bounds[number + 1]))

    def rows_of(self, number: int) -> Integers:
        """The records with a pair's form, in order."""
        return self.rows[self.places(number)]

    def candidates(self) -> dict[str, tuple[Candidate, ...]]:
        """The candidates that each form may mean."""
        found: dict[str, tuple[Candidate, ...]] = {}
        for form, candidate in self.pairs:
            found[form] = (*found.get(form, ()), candidate)
        return found


def occurrences_of(
    index: Index, matcher: Matcher, *, progress: Progress = no_progress
) -> Occurrences:
    """
    The occurrences of the matcher's lexicon in an index. They are kept beside the index and worked
    out only if they are missing.
    """
    folder = index.kept / f"lexicon-{_key(index, matcher.lexicon)}"
    if not folder.exists():
        found = find_occurrences(index, matcher, progress=progress)
        try:
            with index.keeping(folder) as part:
                _write(part / "pairs.arrow", _pairs_table(found.pairs))
                _write(
                    part / "sightings.arrow",
                    pa.table({"row": found.rows, "pair": found.pair, "counts": found.counts}),
                )
        except FileExistsError:
            pass  # another run was quicker and found the same
    pairs = _read_pairs(read_arrow(folder / "pairs.arrow"), matcher.lexicon)
    table = read_arrow(folder / "sightings.arrow")
    return Occurrences(pairs, *(table[name].to_numpy() for name in ("row", "pair", "counts")))


def find_occurrences(
    stream: TokenStore, matcher: Matcher, *, progress: Progress = no_progress
) -> Occurrences:
    """The occurrences of the matcher's lexicon in a stream of records."""
    candidates = matcher.candidates(
        [*stream.words, *sorted(possible_runs(stream, matcher.name_fragments))]
    )
    holding = stream.holding(candidates)
    uncertain = [
        form for form, means in candidates.items() if any(one.needs_context for one in means)
    ]
    rows = union(holding[form] for form in uncertain)
    counted = settle(stream, matcher, candidates, rows, progress=progress)
    pairs: list[tuple[str, Candidate]] = []
    parts = []
    for form in sorted(candidates):
        for candidate in candidates[form]:
            mine = holding[form]
            if candidate.needs_context:
                counts = np.isin(
                    mine, counted.get((form, candidate.entry.name), ()), assume_unique=True
                )
            else:
                counts = np.ones(len(mine), bool)
            parts.append((mine, np.full(len(mine), len(pairs), np.int32), counts))
            pairs.append((form, candidate))
    none = (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, bool))
    return Occurrences(
        tuple(pairs), *(np.concatenate(column) for column in zip(none, *parts, strict=True))
    )


def settle(
    stream: TokenStore,
    matcher: Matcher,
    candidates: Candidates,
    rows: Integers,
    *,
    progress: Progress = no_progress,
) -> dict[tuple[str, str], Integers]:
    """For each form and entry's name, those of the given records in which it counts, in order."""
    finder = _Finder(stream, candidates)
    found: dict[tuple[str, str], list[int]] = {}
    for done, row in enumerate(rows.tolist()):
        mentions = matcher.resolve_found(*finder.candidates_in(row))
        for key in {(mention.form, mention.entry.name) for mention in mentions}:
            found.setdefault(key, []).append(row)
        if done % 10_000 == 0:
            progress("reading ambiguous words in context", done, len(rows))
    return {key: np.array(where, np.int64) for key, where in found.items()}


class _Finder:
    """Finds candidates among the numbered tokens of a record without building every run of them."""

    def __init__(self, stream: TokenStore, candidates: Candidates) -> None:
        self._stream = stream
        self._by_first: dict[int, list[tuple[list[int], tuple[Candidate, ...]]]] = {}
        for form in sorted(candidates, key=lambda form: form.count(" ")):
            numbers = [stream.number[word] for word in form.split(" ") if word in stream.number]
            if len(numbers) == form.count(" ") + 1:
                self._by_first.setdefault(numbers[0], []).append((numbers, candidates[form]))

    def candidates_in(self, row: int) -> tuple[list[Token], list[tuple[int, int, Candidate]]]:
        """
        The tokens of a record, and the candidates among them as (first, past the last, candidate).
        """
        tokens, numbers = self._stream.record(row)
        found = []
        for first, number in enumerate(numbers):
            for form, means in self._by_first.get(number, ()):
                past = first + len(form)
                if len(form) > 1 and (
                    numbers[first:past] != form
                    or not all(token.adjacent for token in tokens[first + 1 : past])
                ):
                    continue
                found += [(first, past, candidate) for candidate in means]
        return tokens, found


def union(rows: Iterable[Integers]) -> Integers:
    """The rows that are in at least one of the arrays, in order."""
    return np.unique(np.concatenate([np.zeros(0, np.int64), *rows]))


# -- runs of tokens --------------------------------------------------------------------------------


def possible_runs(stream: TokenStore, parts: NameFragments) -> set[str]:
    """
    The distinct runs of 2 to LONGEST_PHRASE adjacent tokens, one space apart, that may be
    candidates: all tokens except at most one are parts of names at their places.
    """
    letters = np.fromiter(map(len, stream.words), np.int64, len(stream.words))
    roles = [_held(stream, tokens) for tokens in (parts.first, parts.between, parts.last)]
    found: set[str] = set()
    for tokens, _ in stream.pieces():
        numbers, joined = (tokens >> 2).astype(np.int64), (tokens & 3) == GAPS.index(Gap.JOIN)
        for length in range(2, LONGEST_PHRASE + 1):
            for run in _distinct(_runs(numbers, joined, roles, letters, length), len(stream.words)):
                form = " ".join(stream.words[number] for number in run)
                found.add(form)
    return found


def _held(stream: TokenStore, tokens: Iterable[str]) -> Flags:
    held = np.zeros(len(stream.words), bool)
    held[[stream.number[token] for token in tokens if token in stream.number]] = True
    return held


def _runs(
    numbers: Integers, joined: Flags, roles: Sequence[Flags], letters: Integers, length: int
) -> Integers:
    """The runs of one length as rows of form numbers, with repeats."""
    ends = len(numbers) - length + 1
    if ends <= 0:
        return np.zeros((0, length), np.int64)
    adjacent = np.ones(ends, bool)
    right = np.zeros(ends, np.int8)
    for place in range(length):
        role = roles[0] if place == 0 else roles[2] if place == length - 1 else roles[1]
        right += role[numbers[place : place + ends]]
        if place:
            adjacent &= joined[place : place + ends]
    starts = np.flatnonzero(adjacent & (right >= length - 1))
    runs: Integers = numbers[starts[:, None] + np.arange(length)]
    size = letters[runs].sum(axis=1)
    exact = right[starts] == length
    worth: Integers = runs[exact | (size >= LEAST_LETTERS)]
    return worth


def _distinct(runs: Integers, forms: int) -> Iterator[tuple[int, ...]]:
    if not len(runs):
        return
    bits = max(1, forms.bit_length())
    if bits * runs.shape[1] < 63:
        keys = runs[:, 0]
        for place in range(1, runs.shape[1]):
            keys = keys << bits | runs[:, place]
        _, at = np.unique(keys, return_index=True)
        runs = runs[at]
    else:
        runs = np.unique(runs, axis=0)
    yield from map(tuple, runs.tolist())


# -- keeping ---------------------------------------------------------------------------------------


def _key(index: Index, lexicon: Lexicon) -> str:
    """
    A key of the text, the lexicon, the word lists, and the version of the code that decides what a
    form means.
    """
    asked = (versions.MATCHING, index.folder.name, lexicon.entries, sorted(lexicon.cues.items()))
    digest = hashlib.sha256(repr(asked).encode())
    data = resources.files("nilreturn.narrative.lexicon").joinpath("data")
    for item in sorted(data.iterdir(), key=lambda item: item.name):
        if item.is_file():
            digest.update(item.read_bytes())
    return digest.hexdigest()[:16]


_PLAIN = ("match_kind", "cost", "context_threshold", "spelling", "why", "nearest_word", "overlaps")


def _pairs_table(pairs: Sequence[tuple[str, Candidate]]) -> pa.Table:
    columns = {
        "form": [form for form, _ in pairs],
        "keyword": [candidate.entry.name for _, candidate in pairs],
    }
    columns |= {name: [getattr(candidate, name) for _, candidate in pairs] for name in _PLAIN}
    return pa.table(columns)


def _read_pairs(table: pa.Table, lexicon: Lexicon) -> tuple[tuple[str, Candidate], ...]:
    return tuple(
        (
            row["form"],
            Candidate(
                entry=lexicon.by_name[row["keyword"]], **{name: row[name] for name in _PLAIN}
            ),
        )
        for row in table.to_pylist()
    )


def _write(path: object, table: pa.Table) -> None:
    with pa.ipc.new_file(str(path), table.schema) as file:
        file.write_table(table)
